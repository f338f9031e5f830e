import type { Column } from '@iris-devtools/core';
import type { ListReader } from '../list/list-reader.js';
import type { ListWriter } from '../list/list-writer.js';
import { normalizeTypeCode, typeName } from '../values/type-codes.js';
import type { StatementFeature } from './statement-feature.js';

/** A column as it travels: what callers see, and what only the wire needs. */
export interface WireColumn extends Column {
  readonly isCurrency?: boolean;
  readonly isRowVersion?: boolean;
  /** 1-based position of the value in fast-select rows; default: the column's own position. */
  readonly slot?: number;
}

/** Order of the bytes in the flags string. 0 to 3 and 11: go-irisnative sql.go; 4 to 10 unverified on a live server. */
const FLAGS = [
  'isAutoIncrement',
  'isCaseSensitive',
  'isCurrency',
  'isReadOnly',
  'isRowVersion',
  'isUnique',
  'isAliased',
  'isExpression',
  'isHidden',
  'isIdentity',
  'isKey',
  'isRowId',
] as const satisfies readonly (keyof WireColumn)[];

export function writeColumns(
  out: ListWriter,
  columns: readonly WireColumn[],
  feature: StatementFeature,
): void {
  out.integer(columns.length);
  columns.forEach((column, index) => {
    writeColumn(out, column);
    if ((feature.option & 1) !== 0) out.integer(column.slot ?? index + 1);
  });
}

function writeColumn(out: ListWriter, column: WireColumn): void {
  out.text(column.name).integer(column.typeCode).integer(column.precision).integer(column.scale);
  out.integer(nullableCode(column.nullable));
  out.text(column.label).text(column.table).text(column.schema).text(column.catalog);
  out.bytes(Uint8Array.from(FLAGS, (flag) => (column[flag] === true ? 1 : 0)));
}

export function readColumns(body: ListReader, feature: StatementFeature): WireColumn[] {
  const count = body.readCount('The number of columns', body.limits.maxColumns);
  const columns: WireColumn[] = [];
  for (let i = 0; i < count; i++) columns.push(readColumn(body, i + 1, (feature.option & 1) !== 0));
  return columns;
}

function readColumn(body: ListReader, position: number, hasSlot: boolean): WireColumn {
  const name = body.readText();
  const typeCode = normalizeTypeCode(body.readInteger('A column type'));
  const precision = body.readInteger('A column precision');
  const scale = body.readInteger('A column scale');
  const nullable = nullableOf(body.readInteger('A column nullability'));
  const label = body.readText();
  const table = readName(body);
  const schema = readName(body);
  const catalog = readName(body);
  const flags = body.readBytes();
  const slot = hasSlot ? body.readInteger('A column slot') : position;
  // Old servers send fewer flag bytes: what is missing is false.
  const [autoIncrement, caseSensitive, currency, readOnly, rowVersion, unique, ...more] = FLAGS.map(
    (_, i) => flags[i] === 1,
  );
  const [aliased, expression, hidden, identity, key, rowId] = more;
  return {
    name,
    label: label === '' ? name : label,
    type: typeName(typeCode),
    typeCode,
    precision,
    scale,
    nullable,
    table,
    schema,
    catalog,
    slot,
    isAutoIncrement: autoIncrement === true,
    isCaseSensitive: caseSensitive === true,
    isCurrency: currency === true,
    isReadOnly: readOnly === true,
    isRowVersion: rowVersion === true,
    isUnique: unique === true,
    isAliased: aliased === true,
    isExpression: expression === true,
    isHidden: hidden === true,
    isIdentity: identity === true,
    isKey: key === true,
    isRowId: rowId === true,
  };
}

/** Servers send 0 where there is no table, schema or catalog. */
function readName(body: ListReader): string {
  const value = body.readValue();
  return value === null || value === undefined || value === 0 ? '' : String(value);
}

export function nullableCode(nullable: boolean | undefined): number {
  return nullable === undefined ? 2 : Number(nullable);
}

export function nullableOf(code: number): boolean | undefined {
  return code === 0 ? false : code === 1 ? true : undefined;
}
