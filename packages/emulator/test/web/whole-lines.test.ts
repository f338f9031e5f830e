import { PassThrough } from 'node:stream';
import { finished } from 'node:stream/promises';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { wholeLines } from '../../src/web/whole-lines.js';

it('gives the same lines however the text is cut', async () => {
  const pieces = fc.array(fc.string({ unit: fc.constantFrom('a', 'ж', '\n', ' '), maxLength: 5 }));
  await fc.assert(
    fc.asyncProperty(pieces, async (texts) => {
      const output = new PassThrough();
      const lines: string[] = [];
      wholeLines(output, (line) => lines.push(line));
      for (const text of texts) output.write(text);
      output.end();
      await finished(output);
      const wanted = texts.join('').split('\n');
      if (wanted.at(-1) === '') wanted.pop();
      expect(lines).toEqual(wanted);
    }),
  );
});
