import { decodeList, encodeList } from '@iris-devtools/protocol';
import { textOf } from '../globals/native-value.js';
import { nativeError } from './native-error.js';
import type { NativeValue } from '../globals/native-value.js';

/** Names and values, as a multidimensional ObjectScript array `p("Name")=value` holds them. */
export type PropertyArray = ReadonlyMap<string, string>;

/**
 * The Security and Config classes take and give arrays by reference. The wire has one item per by-reference argument, so
 * the emulator carries an array as a $LIST of name, value, name, value, ...
 * unverified on a live server: how, or whether, IRIS lets a native client pass such arrays.
 */
export function readPropertyArray(value: NativeValue): PropertyArray {
  const bytes = Buffer.from(textOf(value), 'latin1');
  const items = decodeList(bytes);
  if (items.length % 2 !== 0)
    throw nativeError('LIST', undefined, 'Pass a $LIST of names and values by turns.');
  const properties = new Map<string, string>();
  for (let index = 0; index < items.length; index += 2) {
    properties.set(textOf(items[index] ?? ''), textOf(items[index + 1] ?? ''));
  }
  return properties;
}

export function writePropertyArray(properties: Iterable<readonly [string, string | number]>): string {
  return encodeList([...properties].flat()).toString('latin1');
}
