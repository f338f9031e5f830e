import type { SqlParameter } from '@iris-devtools/core';
import { PgError } from '../../pg-error.js';
import type { Binding } from '../fragment.js';
import { categoryOf, isFloat, isInteger, type PgType } from '../pg-types.js';
import { valueText } from '../../types/value-text.js';

/** IRIS keeps dates as days since 1840-12-31 and would turn an earlier one into that day without a word. */
const FIRST_DATE = '1840-12-31';

/** The client's parameter as IRIS takes it. */
export function bindingFor(index: number, type: PgType): Binding {
  const convert = converterFor(type);
  return (run) => convert(run.parameters[index] ?? null);
}

/** A conversion from a decoded PostgreSQL value of a type to what is bound in IRIS. */
export function converterFor(type: PgType): (value: SqlParameter) => SqlParameter {
  switch (categoryOf(type)) {
    case 'boolean':
      return (value) => (typeof value === 'boolean' ? Number(value) : value);
    case 'vector':
      return (value) => (value === null || value === undefined ? null : vectorText(value));
    case 'date':
      return (value) => checkedDate(value, 10);
    case 'timestamp':
    case 'timestamptz':
      return (value) => checkedDate(value, 26);
    case 'number':
      return (value) => numberValue(value, type);
    default:
      return (value) => value;
  }
}

/** `[1,2,3]`, `1,2,3` or numbers, as TO_VECTOR reads them: the 4-byte floats that pgvector keeps. */
export function vectorText(value: SqlParameter): string {
  if (value instanceof Float32Array || value instanceof Float64Array || Array.isArray(value)) {
    return Array.from(value as ArrayLike<number>).join(',');
  }
  const list = typeof value === 'string' ? value.trim().replace(/^\[/, '').replace(/\]$/, '') : '';
  const numbers = list.split(',').map((each) => (each.trim() === '' ? NaN : Math.fround(Number(each))));
  if (!numbers.every(Number.isFinite)) {
    throw new PgError({ sqlstate: '22P02', message: 'invalid input syntax for type vector' });
  }
  return numbers.join(',');
}

function checkedDate(value: SqlParameter, length: number): SqlParameter {
  if (value === null || value === undefined) return null;
  const text = value instanceof Date ? value.toISOString().replace('T', ' ').replace('Z', '') : value;
  if (typeof text !== 'string') throw new PgError({ sqlstate: '22007', message: 'invalid date or time' });
  if (!/^\d{4}-/.test(text) || text < FIRST_DATE) {
    throw new PgError({
      sqlstate: '22008',
      message: `date or time out of range for IRIS: ${text}`,
      hint: `IRIS keeps dates from ${FIRST_DATE} to 9999-12-31.`,
    });
  }
  return text.replace('T', ' ').slice(0, length);
}

/** Numbers as numbers, so that IRIS does not compare text; exact decimals stay text for TO_NUMBER. */
function numberValue(value: SqlParameter, type: PgType): SqlParameter {
  if (value === null || value === undefined) return null;
  const unknown =
    typeof value === 'number' ? !Number.isFinite(value) : /^[+-]?[A-Za-z]/.test(valueText(value));
  if (unknown) {
    throw new PgError({
      sqlstate: '22003',
      message: `${valueText(value)} cannot be kept in IRIS`,
      hint: 'IRIS columns hold no NaN and no infinity.',
    });
  }
  if (typeof value !== 'string') return value;
  if (isFloat(type)) return Number(value);
  if (!isInteger(type)) return value;
  const integer = Number(value);
  return Number.isSafeInteger(integer) ? integer : BigInt(value);
}
