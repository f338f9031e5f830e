import type { Column, SqlTypeName, SqlValue } from '@iris-devtools/core';
import {
  decimalToText,
  horologToDate,
  horologToTime,
  ITEM_TYPE,
  type ListReader,
  parseDecimal,
  posixTimeToText,
  protocolError,
} from '@iris-devtools/protocol';
import { valueError } from '../errors.js';
import type { BigintMode, TypeParsers } from '../options/option-table.js';
import { readVector } from './vector.js';

/** Reads the current cell of a row. NULL was ruled out before. */
export type CellReader = (cell: ListReader) => SqlValue;

type NonNull = Exclude<SqlValue, null>;
type NonNullReader = (cell: ListReader) => NonNull;

const ALL_DIGITS = /^-?\d+$/;

/** The reader for each column of a result: the driver's own form by type, then the caller's parser if there is one. */
export function cellReaders(
  columns: readonly Column[],
  options: { readonly bigint: BigintMode; readonly parsers: TypeParsers },
): CellReader[] {
  return columns.map((column) => {
    const read = column.type === 'VECTOR' ? vectorReader(column) : readerOf(column.type, options.bigint);
    const parse = options.parsers[column.type];
    if (parse === undefined) return (cell) => (cell.currentIsNull ? null : read(cell));
    return (cell) => (cell.currentIsNull ? null : parse(read(cell), column));
  });
}

function readerOf(type: Exclude<SqlTypeName, 'VECTOR'>, bigint: BigintMode): NonNullReader {
  switch (type) {
    case 'BIT':
      return (cell) => Number(cell.currentValue()) !== 0;
    case 'BIGINT':
      return bigintReader(bigint);
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
      return readInteger;
    case 'DOUBLE':
    case 'FLOAT':
    case 'REAL':
      return readDouble;
    case 'NUMERIC':
    case 'DECIMAL':
      return readDecimal;
    case 'DATE':
      return (cell) => readTemporal(cell, (day) => horologToDate(day));
    case 'TIME':
      return (cell) => readTemporal(cell, horologToTime);
    case 'POSIXTIME':
      return readPosixTime;
    case 'BINARY':
    case 'VARBINARY':
      return readBytes;
    case 'UNKNOWN':
      return readAnything;
    case 'CHAR':
    case 'VARCHAR':
    case 'GUID':
    case 'TIMESTAMP':
    case 'LONGVARCHAR':
    case 'LONGVARBINARY':
      return readText;
  }
}

/** Typed arrays; text where the elements are exact decimals or times, and where the value is no list of numbers after all. */
function vectorReader({ vectorElement = '' }: Column): NonNullReader {
  return (cell) => {
    const text = readText(cell);
    return readVector(text, vectorElement) ?? text;
  };
}

/** `$C(0)` is SQL's empty string. */
function readText(cell: ListReader): string {
  const text = cell.currentText();
  return text === '\0' ? '' : text;
}

function readBytes(cell: ListReader): Buffer {
  const bytes = cell.currentBytes();
  if (bytes.length === 1 && bytes[0] === 0) return Buffer.alloc(0);
  // A copy: a view would keep the whole page in memory.
  return Buffer.from(
    cell.itemType === ITEM_TYPE.WIDE_STRING ? Buffer.from(cell.currentText(), 'latin1') : bytes,
  );
}

function readAnything(cell: ListReader): NonNull {
  const value = cell.currentValue();
  return typeof value === 'string' ? readText(cell) : (value ?? '');
}

function readInteger(cell: ListReader): NonNull {
  const value = cell.currentValue();
  if (typeof value === 'number') return value;
  const number = Number(value);
  if (value !== '' && Number.isSafeInteger(number)) return number;
  return typeof value === 'bigint' ? value : readText(cell);
}

function readDouble(cell: ListReader): NonNull {
  const value = cell.currentValue();
  if (typeof value === 'number') return value;
  const text = String(value);
  const number = Number(text);
  if (!Number.isNaN(number)) return number;
  const special = /^([+-]?)(INF|INFINITY|NAN)$/i.exec(text);
  if (special === null) throw protocolError(`'${text}' is no number`, cell.dataStart);
  if (special[2]?.toUpperCase() === 'NAN') return Number.NaN;
  return special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** Exact text in canonical form, `1.5` for 1.50 as IRIS itself shows it; text of the server is left as it is. */
function readDecimal(cell: ListReader): string {
  switch (cell.itemType) {
    case ITEM_TYPE.POSITIVE_DECIMAL:
    case ITEM_TYPE.NEGATIVE_DECIMAL:
      return cell.currentDecimalText();
    case ITEM_TYPE.DOUBLE:
    case ITEM_TYPE.COMPACT_DOUBLE: {
      const decimal = parseDecimal(cell.currentText());
      return decimal === undefined ? cell.currentText() : decimalToText(decimal);
    }
    default:
      return readText(cell);
  }
}

function bigintReader(mode: BigintMode): NonNullReader {
  return (cell) => {
    const value = cell.currentValue();
    if (typeof value === 'number' && mode !== 'string' && Number.isSafeInteger(value)) {
      return mode === 'number' ? value : BigInt(value);
    }
    const text = String(value);
    if (mode === 'string' || !ALL_DIGITS.test(text)) return text;
    if (mode === 'bigint') return BigInt(text);
    const number = Number(text);
    if (Number.isSafeInteger(number)) return number;
    throw valueError(`${text} is not exact as a number`, "Use the option bigint: 'bigint' or 'string'.");
  };
}

/** ISO text, or a $HOROLOG number in any item type. */
function readTemporal(cell: ListReader, convert: (horolog: number) => string): string {
  const value = cell.currentValue();
  if (typeof value === 'number') return convert(value);
  const text = readText(cell);
  return /^\d+(\.\d+)?$/.test(text) ? convert(Number(text)) : text;
}

/** The int64 of %PosixTime, or text. */
function readPosixTime(cell: ListReader): string {
  const value = cell.currentValue();
  if (typeof value === 'bigint' || typeof value === 'number') return posixTimeToText(BigInt(value));
  const text = readText(cell);
  return ALL_DIGITS.test(text) ? posixTimeToText(BigInt(text)) : text;
}
