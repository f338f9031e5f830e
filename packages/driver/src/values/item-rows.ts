import type { Column, SqlValue } from '@iris-devtools/core';
import { encodeItems, ListReader, type ListItem } from '@iris-devtools/protocol';
import type { BigintMode, TypeParsers } from '../options/option-table.js';
import { cellReaders } from './read-value.js';

/**
 * Reads rows whose cells come as list items from elsewhere than the wire, so that another client of IRIS gives exactly
 * the values that this driver gives.
 * @returns a function from the items of one row, in column order, to its values
 */
export function itemRowReader(
  columns: readonly Column[],
  options: { readonly bigint?: BigintMode; readonly parsers?: TypeParsers } = {},
): (items: readonly ListItem[]) => SqlValue[] {
  const readers = cellReaders(columns, {
    bigint: options.bigint ?? 'bigint',
    parsers: options.parsers ?? {},
  });
  return (items) => {
    const cell = new ListReader(encodeItems(items));
    return readers.map((read) => {
      cell.next();
      return read(cell);
    });
  };
}
