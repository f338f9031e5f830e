import { describe, expect, it } from '@jest/globals';
import { isIrisError } from '@iris-devtools/core';
import {
  decodeItems,
  decodeList,
  encodeItems,
  encodeList,
  ListReader,
  ListWriter,
  type ListItem,
} from '@iris-devtools/protocol';
import fc from 'fast-check';
import { toJson } from './json.js';
import { readVectors } from './vectors.js';

const vectors = readVectors('list-items.jsonl');

const item: fc.Arbitrary<ListItem> = fc.oneof(
  fc.constant<ListItem>({ type: 'undefined' }),
  fc.constant<ListItem>({ type: 'null' }),
  fc
    .string({ unit: 'binary', maxLength: 400 })
    .map((value): ListItem =>
      /[^\u0000-\u00ff]/.test(value) ? { type: 'string', value, wide: true } : { type: 'string', value },
    ),
  fc.maxSafeInteger().map((value): ListItem => ({ type: 'integer', value })),
  fc
    .bigInt(-(2n ** 63n), 2n ** 63n - 1n)
    .filter((value) => !Number.isSafeInteger(Number(value)))
    .map((value): ListItem => ({ type: 'integer', value })),
  fc
    .record({
      mantissa: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
      exponent: fc.integer({ min: -128, max: 127 }),
    })
    .map((value): ListItem => ({ type: 'decimal', value })),
  fc.double().map((value): ListItem => ({ type: 'double', value })),
  fc.string({ unit: 'grapheme-ascii' }).map((value): ListItem => ({ type: 'oref', value })),
);

function typedOrValid(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    if (!isIrisError(error)) throw error;
    expect(['IRIS_PROTOCOL', 'IRIS_LIMIT']).toContain(error.code);
  }
}

describe('$LIST items as real clients write them', () => {
  it.each(vectors)('$name is read', ({ hex, message }) => {
    expect(decodeItems(Buffer.from(hex, 'hex')).map(toJson)).toEqual([message]);
  });

  it.each(vectors.filter((vector) => vector.readOnly !== true))(
    '$name is written',
    ({ hex, compactDoubles }) => {
      const items = decodeItems(Buffer.from(hex, 'hex'));
      expect(encodeItems(items, { compactDoubles: compactDoubles === true }).toString('hex')).toBe(hex);
    },
  );

  it.each(vectors)('$name with any byte changed or cut off gives a value or a typed error', ({ hex }) => {
    const bytes = Buffer.from(hex, 'hex');
    for (let at = 0; at < bytes.length; at++) {
      typedOrValid(() => decodeItems(bytes.subarray(0, at)));
      for (let value = 0; value < 256; value++) {
        const changed = Buffer.from(bytes);
        changed[at] = value;
        typedOrValid(() => decodeItems(changed));
      }
    }
  });

  it.each([
    [252, 'fe01'],
    [253, 'ff01'],
    [254, '00ff0001'],
    [255, '00000101'],
    [65_534, '00ffff01'],
    [65_535, '0000000000010001'],
    [70_000, '0000007111010001'],
  ])('a string of %d characters has the prefix %s', (length, prefix) => {
    const bytes = encodeList(['x'.repeat(length)]);
    expect(bytes.subarray(0, prefix.length / 2).toString('hex')).toBe(prefix);
    expect(decodeList(bytes)).toEqual(['x'.repeat(length)]);
  });

  it('reads back every item that it writes, compact or not', () => {
    fc.assert(
      fc.property(fc.array(item, { maxLength: 20 }), fc.boolean(), (items, compactDoubles) => {
        expect(decodeItems(encodeItems(items, { compactDoubles }))).toEqual(items);
      }),
    );
  });

  it('survives arbitrary bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        typedOrValid(() => decodeItems(bytes));
        typedOrValid(() => decodeList(bytes));
      }),
      { numRuns: 5000 },
    );
  });

  it('does not read past a slice into the bytes behind it', () => {
    const reader = new ListReader(Buffer.from('05016162ff', 'hex'), 0, 4);
    expect(() => reader.readText()).toThrow(/past the end/);
  });

  it.each([
    ['decimal without exponent', '0206', /no exponent/],
    ['odd number of bytes in a Unicode string', '030241', /odd number/],
    ['long form that counts no type', '0000000000000001', /no type/],
    ['unknown type', '030a00', /not supported/],
    ['double of nine bytes', '0b08000000000000000000', /more than 8/],
  ])('%s is refused', (_name, hex, message) => {
    expect(() => decodeItems(Buffer.from(hex, 'hex'))).toThrow(message);
  });

  it('keeps numbers exact', () => {
    const values = [0, -1, 2 ** 53 - 1, -(2 ** 53 - 1), 2n ** 63n - 1n, 2n ** 64n, 0.1, -0, '12.50'];
    const read = decodeList(encodeList(values));
    expect(read).toEqual([
      0,
      -1,
      2 ** 53 - 1,
      -(2 ** 53 - 1),
      2n ** 63n - 1n,
      '18446744073709551616',
      0.1,
      -0,
      '12.50',
    ]);
  });

  it('nests lists of any size', () => {
    for (const size of [0, 1, 253, 254, 300, 65_534, 65_535, 70_000]) {
      const [inner] = decodeList(encodeList([['x'.repeat(size), 1]]));
      expect(decodeList(Buffer.from(String(inner), 'latin1'))).toEqual(['x'.repeat(size), 1]);
    }
  });

  it('writes decimal text as a decimal where that is exact and as text where not', () => {
    const write = (text: string): ListItem[] => decodeItems(new ListWriter().numeric(text).finish());
    expect(write('12.50')).toEqual([{ type: 'decimal', value: { mantissa: 125n, exponent: -1 } }]);
    expect(write('99999999999999999999.5')).toEqual([{ type: 'string', value: '99999999999999999999.5' }]);
    expect(write('-0.05')).toEqual([{ type: 'decimal', value: { mantissa: -5n, exponent: -2 } }]);
  });

  it('refuses a number that is no integer as an integer', () => {
    expect(() => new ListWriter().integer(1.5)).toThrow(/no exact integer/);
  });

  it('stops at the item limit', () => {
    expect(() =>
      decodeList(Buffer.alloc(10, 1), { ...new ListReader(Buffer.alloc(0)).limits, maxItems: 9 }),
    ).toThrow(/exceeds the limit of 9/);
  });
});
