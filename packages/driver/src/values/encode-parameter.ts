import type { SqlParameter } from '@iris-devtools/core';
import type { ListItem } from '@iris-devtools/protocol';
import { valueError } from '../errors.js';

const NULL_ITEM: ListItem = { type: 'string', value: '' };
/** The empty string of SQL is `$C(0)`; an empty item would be NULL. So the wire cannot tell one zero byte, or `'\\0'`, from it. */
const EMPTY_ITEM: ListItem = { type: 'string', value: '\0' };

/**
 * A bound value as a list item. Times of a Date go out in UTC; vectors and arrays of numbers as `1,2,3`, which TO_VECTOR reads.
 * @throws IrisError IRIS_VALUE for a value that SQL has no form for
 */
export function encodeParameter(value: SqlParameter): ListItem {
  switch (typeof value) {
    case 'undefined':
      return NULL_ITEM;
    case 'string':
      return value === '' ? EMPTY_ITEM : { type: 'string', value };
    case 'number':
      // -0, fractions and numbers beyond 2^53 are doubles.
      return Number.isSafeInteger(value) && !Object.is(value, -0)
        ? { type: 'integer', value }
        : { type: 'double', value };
    case 'bigint':
      return { type: 'integer', value };
    case 'boolean':
      return { type: 'integer', value: value ? 1 : 0 };
    default:
      return value === null ? NULL_ITEM : encodeObject(value);
  }
}

function encodeObject(
  value: Exclude<SqlParameter, null | undefined | boolean | number | bigint | string>,
): ListItem {
  if (value instanceof Date) return { type: 'string', value: dateText(value) };
  if (value instanceof Float32Array || value instanceof Float64Array)
    return { type: 'string', value: vectorText(value) };
  // unverified on a live server: an empty binary value is taken to be the empty string.
  if (value instanceof Uint8Array) return value.length === 0 ? EMPTY_ITEM : { type: 'bytes', value };
  if (Array.isArray(value)) return { type: 'string', value: vectorText(value) };
  throw valueError(
    'A parameter is an object that SQL has no form for',
    'Bind text, a number, a Date, bytes, or a vector.',
  );
}

function dateText(value: Date): string {
  const year = value.getUTCFullYear();
  if (!(year >= 1 && year <= 9999))
    throw valueError('A Date is invalid or outside the years 1 to 9999', 'Bind another date.');
  return value.toISOString().replace('T', ' ').replace('Z', '');
}

function vectorText(values: ArrayLike<unknown>): string {
  let text = '';
  for (let i = 0; i < values.length; i++) {
    const element = values[i];
    if (typeof element !== 'number' || !Number.isFinite(element)) {
      throw valueError(
        `Element ${i} of a vector is not a finite number`,
        'Vectors hold finite numbers only.',
      );
    }
    text += i === 0 ? String(element) : `,${String(element)}`;
  }
  return text;
}
