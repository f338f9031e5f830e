import type { ListItem } from '@iris-devtools/protocol';
import { decimalToText } from '@iris-devtools/protocol';
import { valueError } from '../errors.js';

/** What class methods, globals and properties take. Numbers that are no integers become doubles; bigints beyond int64 text. */
export type NativeValue = null | undefined | boolean | number | bigint | string | Uint8Array | Oref;

/** What they give: decimals as exact text, objects as {@link Oref}. */
export type NativeResult = null | number | bigint | string | Oref;

/** A reference to an object that lives in the server process of this connection. */
export class Oref {
  /** As the server gave it, e.g. `7@%SQL.Statement`. */
  readonly id: string;

  constructor(id: string) {
    this.id = id;
  }

  toString(): string {
    return this.id;
  }
}

/** An argument that the method may change; afterwards `value` holds what it was changed to. */
export class ByReference {
  value: NativeValue;

  constructor(value: NativeValue = null) {
    this.value = value;
  }
}

export type NativeArgument = NativeValue | ByReference;

/** null and undefined go out as the empty string, as the official addon sends them. */
export function encodeNative(value: NativeArgument): ListItem {
  if (value instanceof ByReference) return { ...encodeNative(value.value), byReference: true };
  if (value === null || value === undefined) return { type: 'string', value: '' };
  switch (typeof value) {
    case 'string':
      return { type: 'string', value };
    case 'boolean':
      return { type: 'integer', value: value ? 1 : 0 };
    case 'bigint':
      return { type: 'integer', value };
    case 'number':
      return Number.isSafeInteger(value) && !Object.is(value, -0)
        ? { type: 'integer', value }
        : { type: 'double', value };
    default:
      if (value instanceof Oref) return { type: 'oref', value: value.id };
      if (value instanceof Uint8Array) return { type: 'bytes', value };
      throw valueError(
        'An argument is an object that ObjectScript has no form for',
        'Pass text, numbers, bytes or an Oref.',
      );
  }
}

/** Undefined and empty items are null; `$C(0)` stays what it is, because ObjectScript tells the two apart. */
export function decodeNative(item: ListItem | undefined): NativeResult {
  switch (item?.type) {
    case undefined:
    case 'undefined':
    case 'null':
      return null;
    case 'string':
      return item.value;
    case 'bytes':
      return Buffer.from(item.value).toString('latin1');
    case 'integer':
    case 'double':
      return item.value;
    case 'decimal':
      return decimalToText(item.value);
    case 'oref':
      return new Oref(item.value);
  }
}
