/** An exact decimal number: mantissa x 10^exponent. */
export interface DecimalNumber {
  readonly mantissa: bigint;
  readonly exponent: number;
}

const CANONICAL = /^(?:0|-?(?:[1-9]\d*(?:\.\d*[1-9])?|\.\d*[1-9]))$/;
const LEADING_NUMBER = /^([+-]*)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?/;
/** IRIS keeps about 19 digits; a longer run of digits is text to its collation. */
const MAX_CANONICAL_DIGITS = 18;

/** True for the one spelling that ObjectScript gives a number: no leading zeros, no `-0`, no trailing fraction zeros. */
export function isCanonicalNumber(text: string): boolean {
  if (!CANONICAL.test(text)) return false;
  let digits = text.length;
  if (text.includes('.')) digits -= 1;
  if (text.startsWith('-')) digits -= 1;
  return digits <= MAX_CANONICAL_DIGITS;
}

/** The numeric value of a string as ObjectScript reads it: the number it starts with, else 0. */
export function leadingNumber(text: string): DecimalNumber {
  const [, signs = '', whole = '', fraction = '', power] = LEADING_NUMBER.exec(text) ?? [];
  if (whole === '' && fraction === '') return { mantissa: 0n, exponent: 0 };
  const minuses = signs.length - signs.replaceAll('-', '').length;
  const digits = BigInt(whole + fraction);
  return {
    mantissa: minuses % 2 === 1 ? -digits : digits,
    exponent: (power === undefined ? 0 : Number(power)) - fraction.length,
  };
}

export function addDecimals(a: DecimalNumber, b: DecimalNumber): DecimalNumber {
  const exponent = Math.min(a.exponent, b.exponent);
  return { mantissa: scaleTo(a, exponent) + scaleTo(b, exponent), exponent };
}

/** Canonical text: `.5`, `-12`, `1500`. */
export function decimalText(value: DecimalNumber): string {
  if (value.mantissa === 0n) return '0';
  const negative = value.mantissa < 0n;
  let digits = (negative ? -value.mantissa : value.mantissa).toString();
  let text: string;
  if (value.exponent >= 0) {
    text = digits + '0'.repeat(value.exponent);
  } else {
    const places = -value.exponent;
    digits = digits.padStart(places, '0');
    const fraction = digits.slice(digits.length - places).replace(/0+$/, '');
    text = digits.slice(0, digits.length - places) + (fraction === '' ? '' : `.${fraction}`);
  }
  return negative ? `-${text}` : text;
}

function scaleTo(value: DecimalNumber, exponent: number): bigint {
  return value.mantissa * 10n ** BigInt(value.exponent - exponent);
}
