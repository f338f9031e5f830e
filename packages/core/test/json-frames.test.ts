import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodeJsonFrame, JsonFrameReader, MAX_JSON_FRAME_BYTES } from '@iris-devtools/core';

function read(chunks: readonly Buffer[]): { messages: unknown[]; nonsense: number } {
  const messages: unknown[] = [];
  let nonsense = 0;
  const reader = new JsonFrameReader(
    (message) => messages.push(message),
    () => {
      nonsense += 1;
    },
  );
  for (const chunk of chunks) reader.push(chunk);
  return { messages, nonsense };
}

describe('JSON messages with a length in front', () => {
  it('arrive whole and in order, however the bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.array(fc.nat(40)), (sent, cuts) => {
        // JSON has no -0.
        const values = JSON.parse(JSON.stringify(sent)) as unknown[];
        let rest = Buffer.concat(values.map(encodeJsonFrame));
        const chunks = cuts.map((cut) => {
          const chunk = rest.subarray(0, cut);
          rest = rest.subarray(cut);
          return chunk;
        });
        expect(read([...chunks, rest])).toEqual({ messages: values, nonsense: 0 });
      }),
    );
  });

  it('after nonsense nothing counts, and it is told once', () => {
    const huge = Buffer.alloc(4);
    huge.writeUInt32LE(MAX_JSON_FRAME_BYTES + 1);
    const broken = Buffer.concat([Buffer.of(1, 0, 0, 0), Buffer.from('{')]);
    for (const bad of [huge, broken]) {
      expect(read([encodeJsonFrame(1), bad, encodeJsonFrame(2), bad])).toEqual({
        messages: [1],
        nonsense: 1,
      });
    }
  });

  it('a message that no peer would take is not sent', () => {
    expect(() => encodeJsonFrame('x'.repeat(MAX_JSON_FRAME_BYTES))).toThrow(
      expect.objectContaining({ code: 'IRIS_LIMIT' }),
    );
  });
});
