import { DEFAULT_LIMITS } from '../limits.js';
import { limitError, valueError } from '../errors.js';
import {
  fitsDecimalItem,
  normalizeDecimal,
  parseDecimal,
  requireDecimalItem,
  type Decimal,
} from '../values/decimal.js';
import { BY_REFERENCE, ITEM_TYPE } from './item-type.js';
import type { ListItem } from './list-item.js';
import { integerDataLength } from './scalars.js';

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;
/** Longest possible prefix: 00, u16 0, u32 length, type. */
const MAX_PREFIX_BYTES = 8;
const NOT_LATIN1 = /[^\u0000-\u00ff]/;

export interface ListWriterOptions {
  /** Bytes left free at the front, for a message header. */
  readonly reserveBytes?: number;
  /** Doubles in compact form; only for a server that announced it in the handshake. */
  readonly compactDoubles?: boolean;
  /** Growing beyond this is IrisError IRIS_LIMIT. */
  readonly maxBytes?: number;
}

/** Writes $LIST items and raw fields into one growing buffer. */
export class ListWriter {
  readonly #compactDoubles: boolean;
  readonly #maxBytes: number;
  readonly #reservedBytes: number;
  #bytes: Buffer;
  #length: number;

  constructor(options: ListWriterOptions = {}) {
    this.#length = options.reserveBytes ?? 0;
    this.#compactDoubles = options.compactDoubles ?? false;
    this.#maxBytes = options.maxBytes ?? DEFAULT_LIMITS.maxPayloadBytes;
    this.#reservedBytes = this.#length;
    this.#bytes = Buffer.allocUnsafe(256);
    this.#bytes.fill(0, 0, this.#length);
  }

  /** Bytes written so far, the reserved ones included. */
  get length(): number {
    return this.#length;
  }

  /** What was written, a view: write no more after this. */
  finish(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /** No value at all: `01`. */
  undefined(): this {
    this.#ensure(1);
    this.#bytes[this.#length++] = 1;
    return this;
  }

  /** SQL NULL: the empty 8-bit string, `02 01`. */
  null(): this {
    this.#prefix(0, ITEM_TYPE.STRING);
    return this;
  }

  /** Text, 8-bit when every character is at most U+00FF, else UTF-16. For SQL text use {@link ListWriter.sqlText}. */
  text(value: string, flags = 0): this {
    if (NOT_LATIN1.test(value)) return this.wideText(value, flags);
    this.#prefix(value.length, ITEM_TYPE.STRING | flags);
    this.#length += this.#bytes.write(value, this.#length, value.length, 'latin1');
    return this;
  }

  /** Text as UTF-16, whatever its characters. */
  wideText(value: string, flags = 0): this {
    this.#prefix(value.length * 2, ITEM_TYPE.WIDE_STRING | flags);
    this.#length += this.#bytes.write(value, this.#length, value.length * 2, 'utf16le');
    return this;
  }

  /** A string value of SQL: the empty string becomes `$C(0)`, because an empty item is NULL. */
  sqlText(value: string): this {
    return this.text(value === '' ? '\0' : value);
  }

  bytes(value: Uint8Array, flags = 0): this {
    this.#prefix(value.length, ITEM_TYPE.STRING | flags);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
    return this;
  }

  /** @throws IrisError IRIS_VALUE for a number that is no integer; a bigint beyond int64 goes as text, as the official addon sends it */
  integer(value: number | bigint, flags = 0): this {
    if (typeof value === 'bigint') return this.#bigInteger(value, flags);
    if (!Number.isSafeInteger(value)) {
      throw valueError(`${value} is no exact integer`, 'Use a double, a bigint or decimal text.');
    }
    if (value > 0xffff_ffff_ffff || value < -0xffff_ffff_ffff) return this.#bigInteger(BigInt(value), flags);
    let rest = value < 0 ? -1 - value : value;
    let length = 0;
    for (let left = rest; left >= 1; left /= 256) length++;
    const invert = value < 0 ? 0xff : 0;
    this.#prefix(length, (value < 0 ? ITEM_TYPE.NEGATIVE_INTEGER : ITEM_TYPE.POSITIVE_INTEGER) | flags);
    for (let i = 0; i < length; i++) {
      this.#bytes[this.#length++] = (rest % 256) ^ invert;
      rest = Math.floor(rest / 256);
    }
    return this;
  }

  /** @throws IrisError IRIS_VALUE when the number does not fit: see {@link ListWriter.numeric} */
  decimal(value: Decimal, flags = 0): this {
    const { mantissa, exponent } = requireDecimalItem(value);
    const length = integerDataLength(mantissa);
    this.#prefix(
      length + 1,
      (mantissa < 0n ? ITEM_TYPE.NEGATIVE_DECIMAL : ITEM_TYPE.POSITIVE_DECIMAL) | flags,
    );
    this.#length = this.#bytes.writeInt8(exponent, this.#length);
    this.#integerData(mantissa, length);
    return this;
  }

  /** A decimal number given as text: a decimal item where it fits exactly, else the text itself. */
  numeric(text: string): this {
    const value = parseDecimal(text);
    if (value === undefined) return this.text(text);
    const short = normalizeDecimal(value);
    return fitsDecimalItem(short) ? this.decimal(short) : this.text(text);
  }

  double(value: number, flags = 0): this {
    return this.#compactDoubles ? this.#compactDouble(value, flags) : this.#fullDouble(value, flags);
  }

  oref(value: string, flags = 0): this {
    this.#prefix(value.length, ITEM_TYPE.OREF | flags);
    this.#length += this.#bytes.write(value, this.#length, value.length, 'latin1');
    return this;
  }

  item(item: ListItem): this {
    const flags = item.byReference === true ? BY_REFERENCE : 0;
    switch (item.type) {
      case 'undefined':
        return this.undefined();
      case 'null':
        this.#prefix(0, ITEM_TYPE.NULL | flags);
        return this;
      case 'string':
        return item.wide === true ? this.wideText(item.value, flags) : this.text(item.value, flags);
      case 'bytes':
        return this.bytes(item.value, flags);
      case 'integer':
        return this.integer(item.value, flags);
      case 'decimal':
        return this.decimal(item.value, flags);
      case 'double':
        return this.double(item.value, flags);
      case 'oref':
        return this.oref(item.value, flags);
    }
  }

  items(items: Iterable<ListItem>): this {
    for (const item of items) this.item(item);
    return this;
  }

  /** One 8-bit item whose data is the list that `write` puts out. */
  list(write: (out: this) => void): this {
    const start = this.#length;
    this.#ensure(MAX_PREFIX_BYTES);
    this.#length += 2;
    write(this);
    const length = this.#length - start - 2;
    if (length <= 253) {
      this.#bytes[start] = length + 2;
      this.#bytes[start + 1] = ITEM_TYPE.STRING;
      return this;
    }
    const prefixLength = length <= 65_534 ? 4 : 8;
    // As much as #prefix asks for below, when the data lies beyond what it would carry over to a larger buffer.
    this.#ensure(MAX_PREFIX_BYTES);
    this.#bytes.copyWithin(start + prefixLength, start + 2, this.#length);
    this.#length = start;
    this.#prefix(length, ITEM_TYPE.STRING);
    this.#length += length;
    return this;
  }

  rawUint16(value: number): this {
    this.#ensure(2);
    this.#length = this.#bytes.writeUInt16LE(value, this.#length);
    return this;
  }

  rawInt32(value: number): this {
    this.#ensure(4);
    this.#length = this.#bytes.writeInt32LE(value, this.#length);
    return this;
  }

  rawBytes(value: Uint8Array): this {
    this.#ensure(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
    return this;
  }

  #bigInteger(value: bigint, flags: number): this {
    if (value < INT64_MIN || value > INT64_MAX) return this.text(value.toString(), flags);
    const length = integerDataLength(value);
    this.#prefix(length, (value < 0n ? ITEM_TYPE.NEGATIVE_INTEGER : ITEM_TYPE.POSITIVE_INTEGER) | flags);
    this.#integerData(value, length);
    return this;
  }

  #integerData(value: bigint, length: number): void {
    for (let i = 0; i < length; i++) {
      this.#bytes[this.#length++] = Number((value >> BigInt(8 * i)) & 0xffn);
    }
  }

  #fullDouble(value: number, flags: number): this {
    this.#prefix(8, ITEM_TYPE.DOUBLE | flags);
    this.#length = this.#bytes.writeDoubleLE(value, this.#length);
    return this;
  }

  /** Exact float32 as type 08, anything else (and NaN) as type 09; low-order zero bytes are left out. */
  #compactDouble(value: number, flags: number): this {
    const single = Object.is(Math.fround(value), value) && !Number.isNaN(value);
    const size = single ? 4 : 8;
    this.#ensure(MAX_PREFIX_BYTES + 2 * size);
    const scratchAt = this.#length + MAX_PREFIX_BYTES + size;
    if (single) this.#bytes.writeFloatLE(value, scratchAt);
    else this.#bytes.writeDoubleLE(value, scratchAt);
    let dropped = 0;
    while (dropped < size && this.#bytes[scratchAt + dropped] === 0) dropped++;
    this.#prefix(size - dropped, (single ? ITEM_TYPE.DOUBLE : ITEM_TYPE.COMPACT_DOUBLE) | flags);
    this.#bytes.copyWithin(this.#length, scratchAt + dropped, scratchAt + size);
    this.#length += size - dropped;
    return this;
  }

  /** Length, type, and room for `length` data bytes. */
  #prefix(length: number, type: number): void {
    this.#ensure(MAX_PREFIX_BYTES + length);
    const bytes = this.#bytes;
    if (length <= 253) {
      bytes[this.#length++] = length + 2;
    } else if (length <= 65_534) {
      bytes[this.#length++] = 0;
      this.#length = bytes.writeUInt16LE(length + 1, this.#length);
    } else {
      bytes.fill(0, this.#length, this.#length + 3);
      this.#length = bytes.writeUInt32LE(length + 1, this.#length + 3);
    }
    bytes[this.#length++] = type;
  }

  #ensure(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const payloadBytes = needed - this.#reservedBytes;
    if (payloadBytes > this.#maxBytes + MAX_PREFIX_BYTES) {
      throw limitError('Payload bytes of one message', payloadBytes, this.#maxBytes, this.#length);
    }
    const grown = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}
