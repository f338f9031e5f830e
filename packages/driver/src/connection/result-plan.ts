import type { ArrayRow, Column, ObjectRow, SqlValue } from '@iris-devtools/core';
import {
  RowReader,
  type ProtocolLimits,
  type RowLayout,
  type StatementFeature,
  type WireColumn,
} from '@iris-devtools/protocol';
import type { ResolvedOptions } from '../options/resolve-options.js';
import { cellReaders, type CellReader } from '../values/read-value.js';

/** How to turn the pages of one statement into rows. Made once per statement, used for every page. */
export interface ResultPlan {
  readonly statementId: number;
  readonly columns: readonly Column[];
  readonly layout: RowLayout;
  readonly readers: readonly CellReader[];
  /** Positions of the columns whose cells are LOB handles to be read. */
  readonly lobColumns: readonly number[];
}

export type ReadOptions = Pick<ResolvedOptions, 'bigint' | 'parsers' | 'lobs'>;

export function isLob(column: Column): boolean {
  return column.type === 'LONGVARCHAR' || column.type === 'LONGVARBINARY';
}

export function makePlan(
  statementId: number,
  described: { readonly columns: readonly WireColumn[]; readonly feature: StatementFeature },
  options: ReadOptions,
): ResultPlan {
  const { columns, feature } = described;
  const readLobs = options.lobs === 'read';
  // A parser of a LOB column gets the content, so the handle must pass it by.
  const { LONGVARCHAR: _text, LONGVARBINARY: _binary, ...parsers } = options.parsers;
  return {
    statementId,
    columns,
    layout: {
      feature,
      columnCount: columns.length,
      ...((feature.option & 1) === 0
        ? {}
        : { slots: columns.map((column, index) => column.slot ?? index + 1) }),
    },
    readers: cellReaders(columns, { bigint: options.bigint, parsers }),
    lobColumns: readLobs ? columns.flatMap((column, index) => (isLob(column) ? [index] : [])) : [],
  };
}

/** Appends the rows of a page, at most up to `maxRows` in `into` (0: all). */
export function readPage(
  payload: Buffer,
  plan: ResultPlan,
  into: ArrayRow[],
  maxRows: number,
  limits: ProtocolLimits,
): void {
  const reader = new RowReader(payload, plan.layout, limits);
  const { readers } = plan;
  const { cell } = reader;
  while (reader.nextRow()) {
    if (maxRows > 0 && into.length >= maxRows) return;
    const row: SqlValue[] = [];
    for (let i = 0; i < readers.length; i++) {
      reader.column(i);
      const read = readers[i];
      row.push(read === undefined ? null : read(cell));
    }
    into.push(row);
  }
}

/** Rows as objects; of two equal column names the last wins. */
export function toObjects(rows: readonly ArrayRow[], columns: readonly Column[]): ObjectRow[] {
  const names = columns.map((column) => column.name);
  // `__proto__` as a column name must become a property, not a prototype.
  const plain = !names.includes('__proto__');
  return rows.map((row) =>
    plain ? toObject(row, names) : Object.fromEntries(names.map((name, i) => [name, row[i] ?? null])),
  );
}

function toObject(row: ArrayRow, names: readonly string[]): ObjectRow {
  const object: ObjectRow = {};
  for (let i = 0; i < names.length; i++) {
    const name = names[i];
    if (name !== undefined) object[name] = row[i] ?? null;
  }
  return object;
}
