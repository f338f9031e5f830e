import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { objectScriptText } from '@iris-devtools/connections';

/** Evaluates what we emit, and nothing else: "plain" and $CHAR(n) joined by `_`. */
function evaluate(expression: string): string {
  return expression
    .split('_')
    .map((part) => {
      const literal = /^"([A-Za-z0-9]*)"$/.exec(part);
      if (literal) return literal[1] ?? '';
      const code = /^\$CHAR\((\d{1,5})\)$/.exec(part);
      if (!code) throw new Error(`not an ObjectScript text: ${part}`);
      return String.fromCharCode(Number(code[1]));
    })
    .join('');
}

it('writes any text so that it cannot end its literal', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 128 }), (text) => {
      const expression = objectScriptText(text);
      expect(evaluate(expression)).toBe(text);
      expect(expression).toMatch(/^[\x20-\x7e]*$/);
    }),
  );
  expect(objectScriptText('a"b\nж')).toBe('"a"_$CHAR(34)_"b"_$CHAR(10)_$CHAR(1078)');
  expect(objectScriptText('')).toBe('""');
});

it('refuses what is longer than any name or password', () => {
  expect(() => objectScriptText('x'.repeat(4097))).toThrow(expect.objectContaining({ code: 'IRIS_LIMIT' }));
});
