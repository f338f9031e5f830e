import type { SqlTypeName } from '@iris-devtools/core';

/** SQL type codes of column and parameter metadata (caretdev/go-irisnative sql.go, caretdev/typeorm-iris IRISNative.ts). */
export const TYPE_CODE = {
  RESULT_SET: -51,
  GUID: -11,
  WLONGVARCHAR: -10,
  WVARCHAR: -9,
  WCHAR: -8,
  BIT: -7,
  TINYINT: -6,
  BIGINT: -5,
  LONGVARBINARY: -4,
  VARBINARY: -3,
  BINARY: -2,
  LONGVARCHAR: -1,
  CHAR: 1,
  NUMERIC: 2,
  DECIMAL: 3,
  INTEGER: 4,
  SMALLINT: 5,
  FLOAT: 6,
  REAL: 7,
  DOUBLE: 8,
  VARCHAR: 12,
  DATE: 91,
  TIME: 92,
  TIMESTAMP: 93,
  DATE_HOROLOG: 1091,
  TIME_HOROLOG: 1092,
  TIMESTAMP_POSIX: 1093,
} as const;

const NAMES: ReadonlyMap<number, SqlTypeName> = new Map<number, SqlTypeName>([
  [TYPE_CODE.GUID, 'GUID'],
  [TYPE_CODE.WLONGVARCHAR, 'LONGVARCHAR'],
  [TYPE_CODE.WVARCHAR, 'VARCHAR'],
  [TYPE_CODE.WCHAR, 'CHAR'],
  [TYPE_CODE.BIT, 'BIT'],
  [TYPE_CODE.TINYINT, 'TINYINT'],
  [TYPE_CODE.BIGINT, 'BIGINT'],
  [TYPE_CODE.LONGVARBINARY, 'LONGVARBINARY'],
  [TYPE_CODE.VARBINARY, 'VARBINARY'],
  [TYPE_CODE.BINARY, 'BINARY'],
  [TYPE_CODE.LONGVARCHAR, 'LONGVARCHAR'],
  [TYPE_CODE.CHAR, 'CHAR'],
  [TYPE_CODE.NUMERIC, 'NUMERIC'],
  [TYPE_CODE.DECIMAL, 'DECIMAL'],
  [TYPE_CODE.INTEGER, 'INTEGER'],
  [TYPE_CODE.SMALLINT, 'SMALLINT'],
  [TYPE_CODE.FLOAT, 'FLOAT'],
  [TYPE_CODE.REAL, 'REAL'],
  [TYPE_CODE.DOUBLE, 'DOUBLE'],
  [TYPE_CODE.VARCHAR, 'VARCHAR'],
  [TYPE_CODE.DATE, 'DATE'],
  [TYPE_CODE.TIME, 'TIME'],
  [TYPE_CODE.TIMESTAMP, 'TIMESTAMP'],
  [TYPE_CODE.DATE_HOROLOG, 'DATE'],
  [TYPE_CODE.TIME_HOROLOG, 'TIME'],
  [TYPE_CODE.TIMESTAMP_POSIX, 'POSIXTIME'],
]);

/** The name of a type code; `UNKNOWN` for one that is not in the table. */
export function typeName(typeCode: number): SqlTypeName {
  return NAMES.get(typeCode) ?? 'UNKNOWN';
}

/** ODBC 2 codes 9, 10, 11 stand for 91, 92, 93 (go-irisnative sql.go). */
export function normalizeTypeCode(typeCode: number): number {
  return typeCode >= 9 && typeCode <= 11 ? typeCode + 82 : typeCode;
}
