import type { Column, SqlTypeName } from '@iris-devtools/core';
import type { OutputColumn } from '../compile/output.js';
import type { IrisType } from '../sql/types.js';
import { canonicalNumber, leadingNumber } from '../compile/numbers.js';
import { isText, NUL_MARK } from '../compile/types.js';
import type { EngineValue, ParameterDescription } from './engine.js';
import type { PgCell } from './storage/pg-reader.js';

/** Turns the storage's text into a value in ODBC select mode. */
export type CellReader = (cell: PgCell) => EngineValue;

const DAY_MS = 86_400_000;
/** 1840-12-31, day 0 of $HOROLOG. */
const HOROLOG_EPOCH_MS = Date.UTC(1840, 11, 31);
const MAX_SAFE = 15;

export function cellReader(type: IrisType): CellReader {
  return (cell) => (cell === null ? null : readCell(cell, type));
}

function readCell(cell: string, type: IrisType): EngineValue {
  switch (type.name) {
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
    case 'BIT':
      return Number(cell);
    case 'BIGINT':
      return cell.length <= MAX_SAFE ? Number(cell) : BigInt(cell);
    case 'NUMERIC':
      return canonicalNumber(cell);
    case 'DOUBLE':
      return Number(cell);
    case 'DATE':
      return dateText(Number(cell));
    case 'TIME':
      return timeText(cell);
    case 'VARBINARY':
    case 'LONGVARBINARY':
      return Buffer.from(cell.slice(2), 'hex');
    case 'VECTOR':
      return type.elementType === 'STRING' ? textVectorText(cell) : vectorText(cell);
    case 'LIST':
    default:
      return cell.includes(NUL_MARK) ? cell.replaceAll(NUL_MARK, '\0') : cell;
  }
}

/** A day number as `YYYY-MM-DD`. */
export function dateText(day: number): string {
  const date = new Date(HOROLOG_EPOCH_MS + day * DAY_MS);
  const year = date.getUTCFullYear();
  return `${year < 0 ? '-' : ''}${String(Math.abs(year)).padStart(4, '0')}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** Seconds since midnight as `HH:MM:SS`; ODBC has no fraction in a TIME. */
function timeText(seconds: string): string {
  const whole = Math.trunc(Number(seconds));
  return `${two(Math.trunc(whole / 3600))}:${two(Math.trunc(whole / 60) % 60)}:${two(whole % 60)}`;
}

/** `{1,0.5}` as `1,.5`: the elements in canonical form, without brackets. */
function vectorText(cell: string): string {
  const elements = cell.slice(1, -1);
  // Exponents are rare, and looking at each of thousands of elements by itself is slow.
  if (!elements.includes('e')) return elements.replaceAll(LEADING_ZERO, '$1.');
  return elements.split(',').map(leadingNumber).join(',');
}

/** `{a,"b c"}` as `a,b c`. */
function textVectorText(cell: string): string {
  const elements = cell.slice(1, -1).matchAll(/"((?:[^"\\]|\\.)*)"|[^,]+/gs);
  return [...elements].map(([bare, quoted]) => quoted?.replaceAll(/\\(.)/gs, '$1') ?? bare).join(',');
}

const LEADING_ZERO = /((?:^|,)-?)0\./g;

const TYPE_CODES: Readonly<Record<IrisType['name'], { readonly type: SqlTypeName; readonly code: number }>> =
  {
    BIGINT: { type: 'BIGINT', code: -5 },
    BIT: { type: 'BIT', code: -7 },
    DATE: { type: 'DATE', code: 9 },
    DOUBLE: { type: 'DOUBLE', code: 8 },
    GUID: { type: 'GUID', code: -11 },
    INTEGER: { type: 'INTEGER', code: 4 },
    LIST: { type: 'VARCHAR', code: 12 },
    LONGVARBINARY: { type: 'LONGVARBINARY', code: -4 },
    LONGVARCHAR: { type: 'LONGVARCHAR', code: -1 },
    NUMERIC: { type: 'NUMERIC', code: 2 },
    POSIXTIME: { type: 'TIMESTAMP', code: 11 },
    SMALLINT: { type: 'SMALLINT', code: 5 },
    TIME: { type: 'TIME', code: 10 },
    TIMESTAMP: { type: 'TIMESTAMP', code: 11 },
    TINYINT: { type: 'TINYINT', code: -6 },
    UNKNOWN: { type: 'VARCHAR', code: 12 },
    VARBINARY: { type: 'VARBINARY', code: -3 },
    VARCHAR: { type: 'VARCHAR', code: 12 },
    VECTOR: { type: 'VARCHAR', code: 12 },
  };

/** ODBC type code; the server maps it to what a client of its protocol version expects. */
export const typeCode = (type: IrisType): number => TYPE_CODES[type.name].code;

/** Length that xDBC reports for a string without one. */
const DEFAULT_LENGTH = 4096;

const PRECISIONS: Partial<Record<IrisType['name'], number>> = {
  BIGINT: 19,
  BIT: 1,
  DATE: 10,
  DOUBLE: 15,
  GUID: 36,
  INTEGER: 10,
  LONGVARBINARY: 2147483647,
  LONGVARCHAR: 2147483647,
  POSIXTIME: 26,
  SMALLINT: 5,
  TIMESTAMP: 26,
  TINYINT: 3,
};

const SCALES: Partial<Record<IrisType['name'], number>> = { DOUBLE: 15, POSIXTIME: 6, TIMESTAMP: 6 };

/** `hh:mm:ss`, a point and the digits; without a number of digits the data decides. */
const timePrecision = (scale: number | undefined): number =>
  scale === undefined ? MAX_TIME_PRECISION : scale === 0 ? 8 : 9 + scale;
const MAX_TIME_PRECISION = 18;

export const precisionOf = (type: IrisType): number =>
  type.name === 'TIME'
    ? timePrecision(type.scale)
    : (type.precision ?? PRECISIONS[type.name] ?? type.length ?? DEFAULT_LENGTH);

export const scaleOf = (type: IrisType): number => type.scale ?? SCALES[type.name] ?? 0;

/** What a client learns about a value that it is to give. */
export const describeParameter = (type: IrisType): ParameterDescription => ({
  typeCode: typeCode(type),
  precision: precisionOf(type),
  scale: scaleOf(type),
  nullable: undefined,
});

/** What a client learns about a result column. */
export function describeColumn(output: OutputColumn, namespace: string): Column {
  const { source, type } = output;
  const relation = source?.relation;
  const column = source?.column;
  const definition = column === 'rowid' ? undefined : column;
  const isRowId = column === 'rowid' || definition?.generation === 'identity';
  const keyIds = relation?.kind === 'table' ? (relation.primaryKey?.columnIds ?? []) : [];
  const isKey = definition !== undefined && keyIds.includes(definition.id);
  const uniqueIds = relation?.kind === 'table' ? relation.uniqueKeys : [];
  const collation = output.collation?.name;
  return {
    name: output.isAliased && definition !== undefined ? definition.name : output.name,
    label: output.name,
    type: TYPE_CODES[type.name].type,
    typeCode: typeCode(type),
    precision: precisionOf(type),
    scale: scaleOf(type),
    nullable: definition === undefined ? !isRowId : !definition.notNull,
    table: relation?.name ?? '',
    schema: relation?.schema ?? '',
    catalog: relation === undefined ? '' : namespace,
    isAutoIncrement: definition?.generation !== undefined && definition.generation !== 'rowversion',
    isCaseSensitive: isText(type) && (collation === undefined || collation === '%EXACT'),
    isReadOnly: isRowId || definition?.generation === 'rowversion' || definition?.computed !== undefined,
    isUnique:
      isRowId ||
      (isKey && keyIds.length === 1) ||
      (definition !== undefined &&
        uniqueIds.some((key) => key.columnIds.length === 1 && key.columnIds[0] === definition.id)),
    isAliased: output.isAliased,
    isExpression: output.isExpression,
    isHidden: false,
    isIdentity: definition?.generation === 'identity',
    isKey,
    isRowId,
  };
}
