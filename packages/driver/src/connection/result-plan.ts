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
  readonly names: readonly string[];
  readonly hasProtoColumn: boolean;
  /** Positions of the columns whose cells are LOB handles. */
  readonly lobColumns: readonly number[];
}

/** What a server says about a result. */
export interface Described {
  readonly columns: readonly WireColumn[];
  readonly feature: StatementFeature;
}

export type ReadOptions = Pick<ResolvedOptions, 'bigint' | 'parsers'>;

export function isLob(column: Column): boolean {
  return column.type === 'LONGVARCHAR' || column.type === 'LONGVARBINARY';
}

export function makePlan(statementId: number, described: Described, options: ReadOptions): ResultPlan {
  const { columns, feature } = described;
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
    names: columns.map((column) => column.name),
    hasProtoColumn: columns.some((column) => column.name === '__proto__'),
    readers: cellReaders(columns, { bigint: options.bigint, parsers }),
    lobColumns: columns.flatMap((column, index) => (isLob(column) ? [index] : [])),
  };
}

export type AnyRow = ObjectRow | ArrayRow;
export type RowMode = 'object' | 'array';

/** Appends the rows of a page, at most up to `maxRows` in `into` (0: all). LOB cells are still handles: see `resolveLobs`. */
export function readPage(
  payload: Buffer,
  plan: ResultPlan,
  mode: RowMode,
  into: AnyRow[],
  maxRows: number,
  limits: ProtocolLimits,
): void {
  const reader = new RowReader(payload, plan.layout, limits);
  const readRow = mode === 'array' ? arrayRow : plan.hasProtoColumn ? definedRow : objectRow;
  while (reader.nextRow()) {
    if (maxRows > 0 && into.length >= maxRows) return;
    into.push(readRow(reader, plan));
  }
}

function arrayRow(reader: RowReader, { readers }: ResultPlan): ArrayRow {
  const { cell } = reader;
  const row: SqlValue[] = [];
  for (let i = 0; i < readers.length; i++) {
    reader.column(i);
    const read = readers[i];
    row.push(read === undefined ? null : read(cell));
  }
  return row;
}

/** Of two equal column names the last wins. */
function objectRow(reader: RowReader, { readers, names }: ResultPlan): ObjectRow {
  const { cell } = reader;
  const row: ObjectRow = {};
  for (let i = 0; i < readers.length; i++) {
    reader.column(i);
    const read = readers[i];
    const name = names[i];
    if (read !== undefined && name !== undefined) row[name] = read(cell);
  }
  return row;
}

/** As {@link objectRow}; `__proto__` as a column name becomes a property, not a prototype. */
function definedRow(reader: RowReader, plan: ResultPlan): ObjectRow {
  const cells = arrayRow(reader, plan).map((value, index): [string, SqlValue] => [
    plan.names[index] ?? '',
    value,
  ]);
  return Object.fromEntries(cells);
}

/** The value of one column in a row of either form. */
export function cellOf(row: AnyRow, plan: ResultPlan, index: number): SqlValue | undefined {
  return Array.isArray(row) ? row[index] : row[plan.names[index] ?? ''];
}

export function setCell(row: AnyRow, plan: ResultPlan, index: number, value: SqlValue): void {
  if (Array.isArray(row)) row[index] = value;
  else row[plan.names[index] ?? ''] = value;
}
