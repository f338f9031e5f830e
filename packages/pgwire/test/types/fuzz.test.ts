import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PgError } from '../../src/pg-error.js';
import { tryDecode } from '../../src/types/decode.js';
import { encode } from '../../src/types/encode.js';
import { ARRAY_ELEMENT_OID, OID } from '../../src/types/oids.js';
import { textStyle } from '../../src/types/text-style.js';

const oids = [...Object.values(OID), ...ARRAY_ELEMENT_OID.keys(), 999_999];
const style = textStyle(new Map());

/** Bytes that look like a type's binary form more often than chance would have it. */
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 64 }),
  fc
    .array(fc.constantFrom(0, 0, 0, 1, 2, 4, 8, 16, 0x17, 0x7f, 0x80, 0xff), { maxLength: 48 })
    .map((items) => Uint8Array.from(items)),
);
const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc
    .array(
      fc.constantFrom('{', '}', '[', ']', ',', '"', '\\', '1', '-', ':', '.', 'e', ' ', 'NULL', 'x', '\0'),
      { maxLength: 24 },
    )
    .map((parts) => parts.join('')),
);

/** The value, or nothing when it was refused in the way that clients are told of. */
function valueOf<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    expect(error).toBeInstanceOf(PgError);
    return undefined;
  }
}

describe('what a client may send as a value', () => {
  it.each([1, 0] as const)('is read or refused, in format %i', (format) => {
    const anything = format === 1 ? bytes : texts.map((text) => new Uint8Array(Buffer.from(text)));
    const property = fc.property(fc.constantFrom(...oids), anything, (oid, sent) => {
      const read = valueOf(() => tryDecode(sent, oid, format));
      if (read === undefined || oid === OID.void || oid === 999_999) return;
      // Whatever we took, we can give back, and it reads the same again.
      for (const back of [0, 1] as const) {
        const written = valueOf(() => encode(read.value, oid, -1, back, style));
        if (written === undefined) continue;
        expect(tryDecode(written, oid, back)).toEqual(read);
      }
    });
    fc.assert(property, { numRuns: 20_000 });
  });

  it('no count promises more than the bytes hold', () => {
    const head = Buffer.alloc(20);
    head.writeInt32BE(1, 0);
    head.writeUInt32BE(OID.int4, 8);
    head.writeInt32BE(0x7fffffff, 12);
    expect(() => tryDecode(head, 1007, 1)).toThrow(PgError);
    const vector = Buffer.from([0xff, 0xff, 0, 0]);
    expect(() => tryDecode(vector, OID.vector, 1)).toThrow(PgError);
  });
});
