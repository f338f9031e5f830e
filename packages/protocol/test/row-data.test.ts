import { describe, expect, it } from '@jest/globals';
import {
  readRows,
  RowReader,
  RowWriter,
  type ListItem,
  type StatementFeature,
} from '@iris-devtools/protocol';
import fc from 'fast-check';

const fast = (maxRowItemCount: number): StatementFeature => ({ option: 1, maxRowItemCount });
const plain: StatementFeature = { option: 0, maxRowItemCount: 0 };
const cell = fc.oneof(
  fc.constant<ListItem>({ type: 'undefined' }),
  fc.integer().map((value): ListItem => ({ type: 'integer', value })),
  fc.string({ unit: 'grapheme-ascii', maxLength: 300 }).map((value): ListItem => ({ type: 'string', value })),
);

describe('rows of a page', () => {
  it('come back as they were written, plain and with fast select', () => {
    const table = fc
      .integer({ min: 1, max: 6 })
      .chain((width) =>
        fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 10 }),
      );
    fc.assert(
      fc.property(table, fc.boolean(), (rows, isFast) => {
        const columnCount = rows[0]?.length ?? 0;
        const feature = isFast ? fast(columnCount) : plain;
        const writer = new RowWriter(feature);
        for (const row of rows) writer.row((out) => out.items(row));
        expect(writer.rowCount).toBe(rows.length);
        expect(readRows(writer.finish(), { feature, columnCount })).toEqual(rows);
      }),
    );
  });

  it('fast select finds each column at its slot', () => {
    const writer = new RowWriter(fast(4));
    writer.row((out) => out.text('a').text('b').text('c').text('d'));
    writer.row((out) => out.text('e').text('f'));
    writer.row(() => undefined);
    const rows = readRows(writer.finish(), { feature: fast(4), columnCount: 3, slots: [4, 1, 3] });
    const texts = rows.map((row) => row.map((item) => (item.type === 'string' ? item.value : item.type)));
    expect(texts).toEqual([
      ['d', 'a', 'c'],
      ['undefined', 'e', 'undefined'],
      ['undefined', 'undefined', 'undefined'],
    ]);
  });

  it('a row that ends in the middle is an error', () => {
    const writer = new RowWriter(plain);
    writer.row((out) => out.integer(1).integer(2));
    expect(() => readRows(writer.finish(), { feature: plain, columnCount: 3 })).toThrow(/missing/);
    expect(() => new RowReader(writer.finish(), { feature: plain, columnCount: 0 })).toThrow(
      /without columns/,
    );
    expect(() =>
      readRows(Buffer.from([4, 1, 3, 4]), { feature: fast(1), columnCount: 1, slots: [0] }),
    ).toThrow(/no slot/);
  });
});
