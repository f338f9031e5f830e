import { IrisError, type Column, type SqlParameter } from '@iris-devtools/core';
import { encodeParameter } from '@iris-devtools/driver';
import {
  decimalToText,
  normalizeDecimal,
  normalizeTypeCode,
  parseDecimal,
  typeName,
  type ListItem,
} from '@iris-devtools/protocol';
import type { BridgeColumn, BridgeValue } from './messages.js';

const SQL_EMPTY_STRING = '\0';
const NULL_ITEM: ListItem = { type: 'undefined' };
/** Every decimal of up to so many digits comes through a double unchanged. */
const EXACT_DIGITS = 15;

/** A parameter in the driver's own form, for a bridge. @throws IrisError IRIS_VALUE as the driver does */
export function toBridge(value: SqlParameter): BridgeValue {
  const item = encodeParameter(value);
  switch (item.type) {
    case 'string':
      if (item.value === '') return null;
      return item.value === SQL_EMPTY_STRING ? '' : item.value;
    case 'bytes':
      return { bytes: Buffer.from(item.value).toString('base64') };
    case 'integer':
      return Number.isSafeInteger(Number(item.value))
        ? Number(item.value)
        : { integer: item.value.toString() };
    case 'double':
      return { double: Object.is(item.value, -0) ? '-0.0' : String(item.value) };
    default:
      throw new IrisError(`A parameter of kind ${item.type} cannot be sent`, { code: 'IRIS_VALUE' });
  }
}

/**
 * A cell as a list item, so that the driver's readers make the same value of it as of one that came over the wire.
 * @throws IrisError IRIS_VALUE where the bridge gave a double for a NUMERIC that may have had more digits than a double
 *   keeps; IRIS_UNSUPPORTED for LOBs, which come as references
 */
export function toItem(value: BridgeValue, column: Column): ListItem {
  if (value === null) return NULL_ITEM;
  if (column.type === 'LONGVARCHAR' || column.type === 'LONGVARBINARY') throw noLobs(column);
  if (typeof value === 'string') return { type: 'string', value: value === '' ? SQL_EMPTY_STRING : value };
  if (typeof value === 'number') return { type: 'integer', value };
  if ('integer' in value) return { type: 'integer', value: BigInt(value.integer) };
  if ('decimal' in value) return decimalItem(value.decimal);
  if ('bytes' in value) return bytesItem(Buffer.from(value.bytes, 'base64'));
  return doubleItem(Number(pythonNumber(value.double)), column);
}

/** Python writes inf and nan in small letters. */
function pythonNumber(text: string): string {
  return text.replace(/^([+-]?)inf$/i, '$1Infinity').replace(/^nan$/i, 'NaN');
}

function doubleItem(value: number, column: Column): ListItem {
  if (column.type !== 'NUMERIC' && column.type !== 'DECIMAL') return { type: 'double', value };
  const integerDigits = Math.abs(value) < 1 ? 0 : Math.floor(Math.log10(Math.abs(value))) + 1;
  if (integerDigits + column.scale > EXACT_DIGITS) throw notExact(column);
  return decimalItem(value.toFixed(column.scale));
}

function decimalItem(text: string): ListItem {
  const decimal = parseDecimal(text);
  // Canonical, as the driver shows a decimal item: 1.5 for 1.50.
  return { type: 'string', value: decimal === undefined ? text : decimalToText(normalizeDecimal(decimal)) };
}

function bytesItem(bytes: Buffer): ListItem {
  return { type: 'string', value: bytes.length === 0 ? SQL_EMPTY_STRING : bytes.toString('latin1') };
}

/** The column in core's words. */
export function toColumn(column: BridgeColumn): Column {
  const typeCode = normalizeTypeCode(column.ODBCType);
  return {
    name: column.colName,
    label: column.label,
    type: typeName(typeCode),
    typeCode,
    precision: column.precision,
    scale: column.scale,
    nullable: column.isNullable === 2 ? undefined : column.isNullable === 1,
    table: column.tableName,
    schema: column.schemaName,
    catalog: '',
    isAutoIncrement: column.isAutoIncrement === 1,
    isCaseSensitive: column.isCaseSensitive === 1,
    isReadOnly: column.isReadOnly === 1,
    isUnique: column.isUnique === 1,
    isAliased: column.isAliased === 1,
    isExpression: column.isExpression === 1,
    isHidden: column.isHidden === 1,
    isIdentity: column.isIdentity === 1,
    isKey: column.isKeyColumn === 1,
    isRowId: column.isRowId === 1,
  };
}

function notExact({ name, precision, scale }: Column): IrisError {
  return new IrisError(
    `A value of ${name}, NUMERIC(${precision},${scale}), may have lost digits: this client gets it as a double`,
    {
      code: 'IRIS_VALUE',
      hint: `Select CAST(${name} AS VARCHAR(40)), or use the driver "wire", which gets it exactly.`,
    },
  );
}

function noLobs({ name, type }: Column): IrisError {
  return new IrisError(`${name} is ${type}, which this client cannot read`, {
    code: 'IRIS_UNSUPPORTED',
    hint: 'Select CAST(column AS VARCHAR(n)), or use the driver "wire".',
  });
}
