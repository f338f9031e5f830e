import { decimalToText, fitsDecimalItem, normalizeDecimal, parseDecimal } from '@iris-devtools/protocol';
import type { ListItem } from '@iris-devtools/protocol';
import { Decimal, Oref } from '../globals/native-value.js';
import type { NativeValue } from '../globals/native-value.js';
import type { CallArgument } from '../classes/call-arguments.js';

/** SQL's marker for the empty string has no meaning here: $C(0) stays $C(0). */
export function nativeValue(item: ListItem): NativeValue {
  switch (item.type) {
    case 'undefined':
      return undefined;
    case 'null':
      return '';
    case 'string':
    case 'integer':
    case 'double':
      return item.value;
    case 'bytes':
      return Buffer.from(item.value).toString('latin1');
    case 'decimal':
      return new Decimal(decimalToText(item.value));
    case 'oref':
      return orefOf(item.value);
  }
}

/** `7@Some.Class`, or the number alone, as the official addon sends it back. */
export function orefOf(text: string): Oref {
  const [id = '', className = ''] = text.split('@', 2);
  return new Oref(Number.parseInt(id, 10), className);
}

export function listItem(value: NativeValue): ListItem {
  if (value === undefined) return { type: 'undefined' };
  if (typeof value === 'string') return { type: 'string', value };
  if (typeof value === 'bigint') return { type: 'integer', value };
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) ? { type: 'integer', value } : { type: 'double', value };
  }
  if (value instanceof Oref) return { type: 'oref', value: value.toString() };
  const parsed = parseDecimal(value.text);
  const decimal = parsed === undefined ? undefined : normalizeDecimal(parsed);
  if (decimal === undefined || !fitsDecimalItem(decimal)) return { type: 'string', value: value.text };
  return { type: 'decimal', value: decimal };
}

export function callArgument(item: ListItem): CallArgument {
  return { value: nativeValue(item), byReference: item.byReference === true };
}
