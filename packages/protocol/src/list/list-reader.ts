import { limitError, protocolError } from '../errors.js';
import { DEFAULT_LIMITS, type ProtocolLimits } from '../limits.js';
import { canonicalDecimalText, decimalToText, parseDecimal, type Decimal } from '../values/decimal.js';
import { BY_REFERENCE, ITEM_TYPE, UNDEFINED_ITEM } from './item-type.js';
import type { ListItem, ListValue } from './list-item.js';
import { readCompactDoubleData, readDoubleData, readInt64Data, readIntegerData } from './scalars.js';

/**
 * Reads $LIST items, and the few raw fields beside them, from a slice of a buffer. It never looks past the end of the slice.
 *
 * Two styles: `readText`, `readInteger`, `readItem`, ... consume one item each; the fast path calls `next()` and then looks at
 * `itemType`, `dataStart` and `dataEnd`, or calls the `current...` methods, without allocating.
 * Every method throws IrisError IRIS_PROTOCOL on malformed data.
 */
export class ListReader {
  readonly bytes: Buffer;
  /** Nothing at or after this offset is read. */
  end: number;
  readonly limits: ProtocolLimits;
  /** Where the next item starts. */
  offset: number;
  /** Type byte of the current item without the by-reference flag; -1 for an undefined item. */
  itemType: number = UNDEFINED_ITEM;
  dataStart = 0;
  dataEnd = 0;
  byReference = false;

  constructor(bytes: Buffer, start = 0, end = bytes.length, limits: ProtocolLimits = DEFAULT_LIMITS) {
    this.bytes = bytes;
    this.offset = start;
    this.end = end;
    this.limits = limits;
  }

  get atEnd(): boolean {
    return this.offset >= this.end;
  }

  get remaining(): number {
    return this.end - this.offset;
  }

  /** Makes the next item current. */
  next(): void {
    const { bytes, offset, end } = this;
    if (offset >= end) throw protocolError('A list item is missing', offset);
    const first = bytes[offset] ?? 0;
    if (first === 1) {
      this.itemType = UNDEFINED_ITEM;
      this.byReference = false;
      this.dataStart = this.dataEnd = this.offset = offset + 1;
      return;
    }
    let typeAt = offset + 1;
    let itemEnd = offset + first;
    if (first === 0) {
      typeAt = this.#longFormTypeOffset();
      itemEnd = typeAt + this.#longFormLength(typeAt);
    }
    if (itemEnd > end) throw protocolError('A list item reaches past the end of its message', offset);
    const type = bytes[typeAt] ?? 0;
    this.byReference = type >= BY_REFERENCE && type < 2 * BY_REFERENCE;
    this.itemType = this.byReference ? type - BY_REFERENCE : type;
    this.dataStart = typeAt + 1;
    this.dataEnd = itemEnd;
    this.offset = itemEnd;
  }

  /** SQL NULL: undefined, type 00, or an empty string. */
  get currentIsNull(): boolean {
    return (
      this.itemType === UNDEFINED_ITEM ||
      this.itemType === ITEM_TYPE.NULL ||
      (this.dataStart === this.dataEnd &&
        (this.itemType === ITEM_TYPE.STRING || this.itemType === ITEM_TYPE.WIDE_STRING))
    );
  }

  /** The current item as text; `''` for NULL. Numbers give their decimal text. */
  currentText(): string {
    switch (this.itemType) {
      case ITEM_TYPE.STRING:
      case ITEM_TYPE.OREF:
        return this.bytes.toString('latin1', this.dataStart, this.dataEnd);
      case ITEM_TYPE.WIDE_STRING:
        this.#requireWholeUnits();
        return this.bytes.toString('utf16le', this.dataStart, this.dataEnd);
      default: {
        const value = this.currentValue();
        return value === null || value === undefined ? '' : String(value);
      }
    }
  }

  /** The current item as a plain value: decimals as exact text, `undefined` for an undefined item. */
  currentValue(): ListValue {
    const { bytes, dataStart, dataEnd } = this;
    switch (this.itemType) {
      case UNDEFINED_ITEM:
        return undefined;
      case ITEM_TYPE.NULL:
        return null;
      case ITEM_TYPE.STRING:
      case ITEM_TYPE.OREF:
      case ITEM_TYPE.WIDE_STRING:
        return this.currentText();
      case ITEM_TYPE.POSITIVE_INTEGER:
        return readIntegerData(bytes, dataStart, dataEnd, false);
      case ITEM_TYPE.NEGATIVE_INTEGER:
        return readIntegerData(bytes, dataStart, dataEnd, true);
      case ITEM_TYPE.POSITIVE_DECIMAL:
      case ITEM_TYPE.NEGATIVE_DECIMAL:
        return decimalToText(this.currentDecimal());
      case ITEM_TYPE.DOUBLE:
        this.#requireAtMost8();
        return readDoubleData(bytes, dataStart, dataEnd);
      case ITEM_TYPE.COMPACT_DOUBLE:
        this.#requireAtMost8();
        return readCompactDoubleData(bytes, dataStart, dataEnd);
      default:
        throw protocolError(`List items of type ${this.itemType} are not supported`, dataStart - 1);
    }
  }

  /** The current item, which must be of type 06 or 07. */
  currentDecimal(): Decimal {
    if (this.dataStart === this.dataEnd)
      throw protocolError('A decimal item has no exponent', this.dataStart);
    const negative = this.itemType === ITEM_TYPE.NEGATIVE_DECIMAL;
    return {
      mantissa: readInt64Data(this.bytes, this.dataStart + 1, this.dataEnd, negative),
      exponent: this.bytes.readInt8(this.dataStart),
    };
  }

  /** The current item, which must be of type 06 or 07, as canonical text: `1.5` for 1.50. */
  currentDecimalText(): string {
    if (this.dataStart === this.dataEnd)
      throw protocolError('A decimal item has no exponent', this.dataStart);
    const negative = this.itemType === ITEM_TYPE.NEGATIVE_DECIMAL;
    const mantissa = readIntegerData(this.bytes, this.dataStart + 1, this.dataEnd, negative);
    return canonicalDecimalText(mantissa, this.bytes.readInt8(this.dataStart));
  }

  /** The data bytes of the current item, a view into the message. */
  currentBytes(): Buffer {
    return this.bytes.subarray(this.dataStart, this.dataEnd);
  }

  /** A reader over the list that the current item holds. */
  currentList(): ListReader {
    return new ListReader(this.bytes, this.dataStart, this.dataEnd, this.limits);
  }

  skip(count = 1): void {
    for (let i = 0; i < count; i++) this.next();
  }

  readValue(): ListValue {
    this.next();
    return this.currentValue();
  }

  readText(): string {
    this.next();
    return this.currentText();
  }

  readBytes(): Buffer {
    this.next();
    return this.currentBytes();
  }

  /** An integer in any form that carries one: peers send counts as doubles or text too. NULL reads as 0, as in ObjectScript. */
  readInteger(what = 'An integer'): number {
    const at = this.offset;
    this.next();
    if (this.currentIsNull) return 0;
    const value = this.currentValue();
    const number = typeof value === 'string' ? integerOfText(value) : Number(value);
    if (Number.isSafeInteger(number)) return number;
    throw protocolError(`${what} is expected`, at);
  }

  /** A count from 0 to `limit`, of which every element takes at least one byte. */
  readCount(what: string, limit: number): number {
    const at = this.offset;
    const count = this.readInteger(what);
    if (count < 0) throw protocolError(`${what} is negative`, at);
    if (count > limit) throw limitError(what, count, limit, at);
    if (count > this.remaining)
      throw protocolError(`${what} is ${count}, more than the message can hold`, at);
    return count;
  }

  readItem(): ListItem {
    this.next();
    return this.currentItem();
  }

  currentItem(): ListItem {
    const item = this.#plainItem();
    return this.byReference ? { ...item, byReference: true } : item;
  }

  readItems(count: number): ListItem[] {
    const items: ListItem[] = [];
    for (let i = 0; i < count; i++) items.push(this.readItem());
    return items;
  }

  /** A raw little-endian u16 that is not an item. */
  readRawUint16(): number {
    this.#requireRaw(2);
    const value = this.bytes.readUInt16LE(this.offset);
    this.offset += 2;
    return value;
  }

  /** A raw little-endian i32 that is not an item. */
  readRawInt32(): number {
    this.#requireRaw(4);
    const value = this.bytes.readInt32LE(this.offset);
    this.offset += 4;
    return value;
  }

  /** `length` raw bytes, a view into the message. */
  readRawBytes(length: number): Buffer {
    this.#requireRaw(length);
    const start = this.offset;
    this.offset += length;
    return this.bytes.subarray(start, this.offset);
  }

  expectEnd(): void {
    if (this.offset < this.end)
      throw protocolError(`${this.remaining} bytes too many in the message`, this.offset);
  }

  #plainItem(): ListItem {
    switch (this.itemType) {
      case UNDEFINED_ITEM:
        return { type: 'undefined' };
      case ITEM_TYPE.NULL:
        return { type: 'null' };
      case ITEM_TYPE.STRING:
        return { type: 'string', value: this.currentText() };
      case ITEM_TYPE.WIDE_STRING:
        return { type: 'string', value: this.currentText(), wide: true };
      case ITEM_TYPE.OREF:
        return { type: 'oref', value: this.currentText() };
      case ITEM_TYPE.POSITIVE_DECIMAL:
      case ITEM_TYPE.NEGATIVE_DECIMAL:
        return { type: 'decimal', value: this.currentDecimal() };
      case ITEM_TYPE.DOUBLE:
      case ITEM_TYPE.COMPACT_DOUBLE:
        return { type: 'double', value: Number(this.currentValue()) };
      default: {
        const value = this.currentValue();
        return { type: 'integer', value: typeof value === 'bigint' ? value : Number(value) };
      }
    }
  }

  #longFormTypeOffset(): number {
    const { offset } = this;
    if (offset + 4 > this.end) throw protocolError('A list item is cut off', offset);
    return this.bytes.readUInt16LE(offset + 1) === 0 ? offset + 7 : offset + 3;
  }

  #longFormLength(typeAt: number): number {
    const { offset } = this;
    if (typeAt >= this.end) throw protocolError('A list item is cut off', offset);
    const length =
      typeAt === offset + 3 ? this.bytes.readUInt16LE(offset + 1) : this.bytes.readUInt32LE(offset + 3);
    if (length === 0) throw protocolError('A list item has no type', offset);
    return length;
  }

  #requireWholeUnits(): void {
    if ((this.dataEnd - this.dataStart) % 2 !== 0) {
      throw protocolError('A Unicode string has an odd number of bytes', this.dataStart);
    }
  }

  #requireAtMost8(): void {
    if (this.dataEnd - this.dataStart > 8)
      throw protocolError('A double has more than 8 bytes', this.dataStart);
  }

  #requireRaw(length: number): void {
    if (length < 0 || length > this.remaining) throw protocolError('A raw field is cut off', this.offset);
  }
}

function integerOfText(text: string): number {
  return parseDecimal(text) === undefined ? Number.NaN : Number(text);
}
