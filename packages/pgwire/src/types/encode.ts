import type { SqlValue } from '@iris-devtools/core';
import { notSupported } from '../pg-error.js';
import { isPgArray, printArray, writeArray, type PgArray } from './array.js';
import { unexpectedValue } from './codec.js';
import { ARRAY_ELEMENT_OID, OID } from './oids.js';
import { codecOf } from './registry.js';
import type { TextStyle } from './text-style.js';

/** A value on its way between IRIS and a client. */
export type PgValue = SqlValue | PgArray;

/**
 * Writes a value as PostgreSQL would.
 * @param value what IRIS gave (timestamptz in UTC; interval as PostgreSQL's text or in seconds), or an array
 * @param typeOid the described type of the field
 * @param typeModifier its modifier, -1 for none: scale of numeric, length of character, decimals of seconds
 * @param format 0 text, 1 binary
 * @param style of the session, from `textStyle(settings)`; binary does not depend on it
 * @returns `null` for NULL
 * @throws PgError 22003 a value that the type cannot hold, XX000 one that is none of the type's, 0A000 a type without codec
 */
export function encode(
  value: PgValue,
  typeOid: number,
  typeModifier: number,
  format: 0 | 1,
  style: TextStyle,
): Uint8Array | null {
  if (value === null) return null;
  if (typeOid === OID.void) return new Uint8Array();
  if (isPgArray(value)) return encodeArray(value, typeOid, typeModifier, format, style);
  const codec = codecOf(typeOid);
  if (codec !== undefined) {
    return format === 1
      ? codec.encodeBinary(value, typeModifier)
      : utf8(codec.encodeText(value, style, typeModifier));
  }
  // An array, a range, a regclass: no value of IRIS's, but its text may be right already.
  if (format === 0 && typeof value === 'string') return utf8(value);
  throw notSupported(`a value of type ${typeOid} in this format`, { hint: 'Ask for the text format.' });
}

function encodeArray(
  array: PgArray,
  typeOid: number,
  typeModifier: number,
  format: 0 | 1,
  style: TextStyle,
): Uint8Array {
  const elementOid = ARRAY_ELEMENT_OID.get(typeOid);
  const codec = elementOid === undefined ? undefined : codecOf(elementOid);
  if (codec === undefined || elementOid !== array.elementOid)
    throw unexpectedValue(`type ${typeOid}`, 'array');
  return format === 1
    ? writeArray(array, codec, typeModifier)
    : utf8(printArray(array, codec, style, typeModifier));
}

function utf8(text: string): Uint8Array {
  return Buffer.from(text, 'utf8');
}
