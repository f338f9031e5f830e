import { valueError } from '../errors.js';

/** An exact decimal number: `mantissa * 10 ** exponent`. Not normalised: 1.5 may be 15e-1 or 150e-2. */
export interface Decimal {
  readonly mantissa: bigint;
  readonly exponent: number;
}

const DECIMAL_TEXT = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,6}))?$/;
const TRAILING_ZEROS = /0+$/;

/** Plain decimal text without an exponent: `-0.05`, `1200`. Keeps the scale that the exponent implies. */
export function decimalToText({ mantissa, exponent }: Decimal): string {
  const negative = mantissa < 0n;
  const digits = (negative ? -mantissa : mantissa).toString();
  const sign = negative ? '-' : '';
  if (exponent >= 0) return mantissa === 0n ? '0' : sign + digits + '0'.repeat(exponent);
  const scale = -exponent;
  const padded = digits.padStart(scale + 1, '0');
  return `${sign}${padded.slice(0, padded.length - scale)}.${padded.slice(padded.length - scale)}`;
}

/**
 * Canonical text, without trailing zeros in the fraction: 150e-2 is `1.5`. A mantissa that is a number, as most are, needs no bigint
 * arithmetic, which matters for large results.
 */
export function canonicalDecimalText(mantissa: number | bigint, exponent: number): string {
  if (typeof mantissa === 'bigint' || exponent >= 0) {
    return decimalToText(normalizeDecimal({ mantissa: BigInt(mantissa), exponent }));
  }
  let digits = Math.abs(mantissa);
  let scale = -exponent;
  while (scale > 0 && digits % 10 === 0) {
    digits /= 10;
    scale--;
    if (digits === 0) scale = 0;
  }
  const text = String(digits);
  const sign = mantissa < 0 ? '-' : '';
  if (scale === 0) return sign + text;
  if (text.length > scale) return `${sign}${text.slice(0, -scale)}.${text.slice(-scale)}`;
  return `${sign}0.${text.padStart(scale, '0')}`;
}

/**
 * Reads decimal text such as `-12.50`, `.5`, `1e3`. The scale is kept: `1.50` is 150e-2.
 * @returns `undefined` when the text is no decimal number
 */
export function parseDecimal(text: string): Decimal | undefined {
  const match = DECIMAL_TEXT.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', power] = match;
  if (whole === '' && fraction === '') return undefined;
  const magnitude = BigInt(whole + fraction);
  return {
    mantissa: sign === '-' ? -magnitude : magnitude,
    exponent: (power === undefined ? 0 : Number(power)) - fraction.length,
  };
}

/** The same number with as few digits as possible: 150e-2 becomes 15e-1. */
export function normalizeDecimal({ mantissa, exponent }: Decimal): Decimal {
  if (mantissa === 0n) return { mantissa: 0n, exponent: 0 };
  const digits = mantissa.toString();
  const zeros = TRAILING_ZEROS.exec(digits)?.[0].length ?? 0;
  if (zeros === 0) return { mantissa, exponent };
  return { mantissa: BigInt(digits.slice(0, digits.length - zeros)), exponent: exponent + zeros };
}

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

/** True when a decimal item can carry the number as it is: an int64 mantissa and a power of ten from -128 to 127. */
export function fitsDecimalItem({ mantissa, exponent }: Decimal): boolean {
  return mantissa >= INT64_MIN && mantissa <= INT64_MAX && exponent >= -128 && exponent <= 127;
}

/** @throws IrisError IRIS_VALUE for a number that a decimal item cannot carry exactly */
export function requireDecimalItem(value: Decimal): Decimal {
  if (fitsDecimalItem(value)) return value;
  const shorter = normalizeDecimal(value);
  if (fitsDecimalItem(shorter)) return shorter;
  throw valueError(
    `The decimal ${shorter.mantissa.toString().length} digits long with exponent ${shorter.exponent} does not fit a $LIST decimal`,
    'Send the number as text.',
  );
}
