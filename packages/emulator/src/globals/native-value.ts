import { addDecimals, decimalText, leadingNumber } from './decimal.js';
import type { DecimalNumber } from './decimal.js';

/** An exact non-integer (or an integer beyond 64 bits) that arrived as a number and should leave as one. */
export class Decimal {
  /** Canonical text, e.g. `-12.5` or `.5`. */
  readonly text: string;

  constructor(text: string) {
    this.text = decimalText(leadingNumber(text));
  }

  toString(): string {
    return this.text;
  }
}

/** A reference to a server-side object. */
export class Oref {
  readonly id: number;
  readonly className: string;

  constructor(id: number, className: string) {
    this.id = id;
    this.className = className;
  }

  toString(): string {
    return `${this.id}@${this.className}`;
  }
}

/**
 * An ObjectScript value. `''` is ObjectScript's null string, `undefined` is "no value at all";
 * bytes and $LIST data are strings of characters up to U+00FF.
 */
export type NativeValue = undefined | string | number | bigint | Decimal | Oref;

const MAX_INT64 = 2n ** 63n - 1n;
const MIN_INT64 = -(2n ** 63n);

/** The value as ObjectScript would write it: numbers in canonical form. */
export function textOf(value: NativeValue): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return numberText(value);
  return String(value);
}

/** True unless the value is '', zero or does not start with a number other than zero. */
export function isTrue(value: NativeValue): boolean {
  return numericOf(value).mantissa !== 0n;
}

/** The value as a whole number, fractions dropped. */
export function integerOf(value: NativeValue): number {
  if (typeof value === 'number') return Math.trunc(value);
  return Math.trunc(Number(decimalText(numericOf(value))));
}

export function numericOf(value: NativeValue): DecimalNumber {
  return leadingNumber(textOf(value));
}

/** Exact sum. */
export function addValues(a: NativeValue, b: NativeValue): NativeValue {
  return fromDecimal(addDecimals(numericOf(a), numericOf(b)));
}

/** The narrowest value that holds this number exactly. */
export function fromDecimal(value: DecimalNumber): NativeValue {
  const text = decimalText(value);
  if (!/^-?\d+$/.test(text)) return new Decimal(text);
  const integer = BigInt(text);
  if (integer > MAX_INT64 || integer < MIN_INT64) return new Decimal(text);
  return Number.isSafeInteger(Number(integer)) ? Number(integer) : integer;
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return 'NAN';
  if (!Number.isFinite(value)) return value > 0 ? 'INF' : '-INF';
  return decimalText(leadingNumber(String(value)));
}
