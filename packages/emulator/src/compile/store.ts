import { sqlError } from '@iris-devtools/core';
import type { ColumnDef, TableDef } from '../catalog/model.js';
import { asNumber, asText, asType, typedNull } from './coerce.js';
import type { IrisType } from '../sql/types.js';
import type { CompileContext } from './context.js';
import { isNumberText } from './numbers.js';
import type { Typed } from './typed.js';
import { isNull, quote } from './typed.js';
import { isNumeric, isStream, isTimestamp, storageType } from './types.js';

/** Which statement stores the value: it decides the SQLCODE of a refusal. */
export type StoreKind = 'INSERT' | 'UPDATE';

const CODE: Readonly<Record<StoreKind, number>> = { INSERT: -104, UPDATE: -105 };

export interface StoreTarget {
  readonly table: TableDef;
  readonly column: ColumnDef;
  readonly kind: StoreKind;
  /** %NOCHECK: convert, but do not validate. */
  readonly unchecked: boolean;
}

export const fieldName = (table: TableDef, column: ColumnDef): string =>
  `${table.schema}.${table.name}.${column.name}`;

/** The value as the column stores it, converted and validated. */
export function storeValue(value: Typed, target: StoreTarget, context: CompileContext): string {
  const { type } = target.column;
  if (value.origin === 'parameter') context.learnParameter(value.parameterIndex, type);
  if (target.kind === 'UPDATE' && isStream(value.type) && !isStream(type)) {
    throw sqlError(
      -303,
      ` No implicit conversion of Stream value to non-Stream field '${target.column.name}'`,
    );
  }
  if (isNull(value)) return typedNull(type);
  if (isNumeric(type)) return storeNumber(value, target, context);
  if (type.name === 'VECTOR') return storeVector(value, target, context);
  const converted = asType(value, type, context).sql;
  if (target.unchecked) return converted;
  const field = fieldArguments(target);
  switch (type.name) {
    case 'DATE':
      return type.minValue === undefined
        ? converted
        : `iris_sys.store_date(${converted}, ${type.minValue}, ${field})`;
    case 'TIME':
      return `iris_sys.store_time(${
        type.scale === undefined ? converted : `round(${converted}, ${type.scale})`
      }, ${field})`;
    case 'VARCHAR':
      return storeText(converted, type, field);
    case 'GUID':
      return `iris_sys.store_guid(${converted}, ${field})`;
    case 'VARBINARY':
      return type.length === undefined
        ? converted
        : `iris_sys.store_bytes(${converted}, ${type.length}, ${field})`;
    default:
      return isTimestamp(type) ? storeTimestamp(converted, target) : converted;
  }
}

function storeText(converted: string, { length, truncate, valueList }: IrisType, field: string): string {
  let text = converted;
  if (length !== undefined)
    text =
      truncate === true ? `left(${text}, ${length})` : `iris_sys.store_text(${text}, ${length}, ${field})`;
  if (valueList === undefined) return text;
  return `iris_sys.store_listed(${text}, ARRAY[${valueList.map(quote).join(', ')}]::text[], ${field})`;
}

const fieldArguments = (target: StoreTarget): string =>
  `${quote(fieldName(target.table, target.column))}, '${target.kind === 'INSERT' ? 'IR104' : 'IR105'}'`;

/** Digits of a fraction that are kept. */
const TIMESTAMP_DIGITS = 9;
const POSIXTIME_DIGITS = 6;

function storeTimestamp(converted: string, target: StoreTarget): string {
  const { name, minValue, maxValue, className } = target.column.type;
  const bound = (text: string | undefined): string => (text === undefined ? 'NULL' : quote(text));
  const digits = name === 'POSIXTIME' ? POSIXTIME_DIGITS : TIMESTAMP_DIGITS;
  // DATETIME is less exact about the form of a text, for applications of Transact-SQL.
  const value = className === '%Library.DateTime' ? `iris_sys.imprecise_timestamp(${converted})` : converted;
  return `iris_sys.store_moment(${value}, ${bound(minValue)}, ${bound(maxValue)}, ${digits}, ${fieldArguments(target)})`;
}

function storeNumber(value: Typed, target: StoreTarget, context: CompileContext): string {
  const { type } = target.column;
  const number = checkedNumber(value, target, context);
  const storage = storageType(type);
  if (type.name === 'BIT') {
    return target.unchecked
      ? `(${number} <> 0)::int4::int2`
      : `iris_sys.store_bit(${number}::numeric, ${fieldArguments(target)})`;
  }
  if (type.name === 'DOUBLE') return `${number}::float8`;
  // INTEGER and BIGINT have the bounds of their storage: PostgreSQL refuses what does not fit.
  if (target.unchecked || type.name === 'BIGINT' || type.name === 'INTEGER') {
    if (type.minValue === undefined || type.minValue === '-2147483648') {
      return storage === 'numeric' ? rounded(number, type.scale) : `${number}::${storage}`;
    }
  }
  const scale = type.name === 'NUMERIC' ? String(type.scale ?? 0) : '0';
  const bounds = `${type.minValue ?? 'NULL'}, ${type.maxValue ?? 'NULL'}, ${scale}`;
  return `iris_sys.store_number(${number}::numeric, ${bounds}, ${fieldArguments(target)})::${storage}`;
}

const rounded = (number: string, scale: number | undefined): string =>
  `round(${number}::numeric, ${scale ?? 0})`;

/** A text must be a number as a whole. @throws IrisError -104 for a literal that is none */
function checkedNumber(value: Typed, target: StoreTarget, context: CompileContext): string {
  if (value.origin === 'literal' && !isNumeric(value.type)) {
    const text = value.literal ?? '';
    if (!isNumberText(text)) {
      throw sqlError(
        CODE[target.kind],
        ` Field '${fieldName(target.table, target.column)}' (value '${text}') failed validation`,
      );
    }
    return asNumber(value, context).sql;
  }
  const isText = value.type.name === 'VARCHAR' || value.type.name === 'UNKNOWN' || value.type.name === 'GUID';
  const kind = value.origin === 'parameter' ? context.parameterKind(value.parameterIndex) : 'string';
  if (!isText || kind === 'integer-text' || kind === 'null') return asNumber(value, context).sql;
  return `iris_sys.store_number_text(${asText(value, context).sql}, ${fieldArguments(target)})`;
}

/** Only a vector of the column's own element type is accepted. */
function storeVector(value: Typed, target: StoreTarget, context: CompileContext): string {
  const { type } = target.column;
  if (value.type.name !== 'VECTOR') {
    if (value.origin === 'parameter' && context.parameterKind(value.parameterIndex) === 'null')
      return typedNull(type);
    // At prepare nothing is known about a parameter; its value decides later.
    if (value.origin === 'parameter' && context.parameterKind(value.parameterIndex) === 'unknown')
      return typedNull(type);
    throw sqlError(
      CODE[target.kind],
      ` Field '${fieldName(target.table, target.column)}' failed validation: not a vector`,
      {
        hint: 'Convert the value with TO_VECTOR(value, type).',
      },
    );
  }
  if (value.type.elementType !== type.elementType) {
    throw sqlError(
      CODE[target.kind],
      ` Field '${fieldName(target.table, target.column)}' failed validation: vector of ${value.type.elementType ?? ''} for ${type.elementType ?? ''}`,
    );
  }
  if (target.unchecked || type.dimension === undefined) return value.sql;
  return `iris_sys.store_vector(${value.sql}, ${type.dimension}, ${fieldArguments(target)})`;
}
