import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { readRows, RowWriter, type ListItem, type StatementFeature } from '@iris-devtools/protocol';

describe('a row of fast select, which is a list inside a list', () => {
  const feature: StatementFeature = { option: 1, maxRowItemCount: 3 };

  it('keeps its items at every length, wherever the buffer has to grow', () => {
    const lengths = [...Array.from({ length: 3000 }, (_, index) => index + 1), 65_530, 65_600, 200_000];
    for (const length of lengths) {
      const row: ListItem[] = [
        { type: 'integer', value: 7 },
        { type: 'string', value: 'x'.repeat(length) },
        { type: 'integer', value: 8 },
      ];
      const writer = new RowWriter(feature);
      writer.row((out) => out.items(row));
      // Compared as a truth value: a difference would print the whole text.
      const read = readRows(writer.finish(), { feature, columnCount: 3 });
      expect({ length, same: isDeepStrictEqual(read, [row]) }).toEqual({ length, same: true });
    }
  });
});
