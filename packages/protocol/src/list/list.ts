import { limitError } from '../errors.js';
import { DEFAULT_LIMITS, type ProtocolLimits } from '../limits.js';
import type { ListItem, ListValue } from './list-item.js';
import { ListReader } from './list-reader.js';
import { ListWriter, type ListWriterOptions } from './list-writer.js';

function readAll<T>(bytes: Uint8Array, limits: ProtocolLimits, read: (reader: ListReader) => T): T[] {
  const reader = new ListReader(
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    0,
    bytes.length,
    limits,
  );
  const out: T[] = [];
  while (!reader.atEnd) {
    if (out.length >= limits.maxItems) {
      throw limitError('Items of a list', out.length + 1, limits.maxItems, reader.offset);
    }
    out.push(read(reader));
  }
  return out;
}

/** The elements of a $LIST with their wire forms. @throws IrisError IRIS_PROTOCOL, IRIS_LIMIT */
export function decodeItems(bytes: Uint8Array, limits: ProtocolLimits = DEFAULT_LIMITS): ListItem[] {
  return readAll(bytes, limits, (reader) => reader.readItem());
}

/**
 * The elements of a $LIST as plain values: text, numbers (bigint where a number would not be exact), decimals as exact text.
 * A nested list is the 8-bit string of its bytes; decode it with `Buffer.from(text, 'latin1')`.
 * @throws IrisError IRIS_PROTOCOL, IRIS_LIMIT
 */
export function decodeList(bytes: Uint8Array, limits: ProtocolLimits = DEFAULT_LIMITS): ListValue[] {
  return readAll(bytes, limits, (reader) => reader.readValue());
}

export function encodeItems(items: Iterable<ListItem>, options?: ListWriterOptions): Buffer {
  return new ListWriter(options).items(items).finish();
}

/**
 * Builds a $LIST, as `$LISTBUILD` does. Numbers that are integers become integers, others doubles; bytes and Buffers become
 * 8-bit strings, arrays nested lists; `null` and `undefined` leave the element undefined.
 */
export function encodeList(values: readonly ListInput[], options?: ListWriterOptions): Buffer {
  const out = new ListWriter(options);
  for (const value of values) writeValue(out, value);
  return out.finish();
}

export type ListInput = ListValue | boolean | Uint8Array | readonly ListInput[];

function writeValue(out: ListWriter, value: ListInput): void {
  if (value === null || value === undefined) out.undefined();
  else if (typeof value === 'string') out.text(value);
  else if (typeof value === 'boolean') out.integer(value ? 1 : 0);
  else if (typeof value === 'bigint') out.integer(value);
  else if (typeof value === 'number') {
    // -0 is only a double; an integer item would lose its sign.
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) out.integer(value);
    else out.double(value);
  } else if (value instanceof Uint8Array) out.bytes(value);
  else
    out.list((inner) => {
      for (const element of value) writeValue(inner, element);
    });
}
