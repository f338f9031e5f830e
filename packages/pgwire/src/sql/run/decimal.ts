import type { SqlValue } from '@iris-devtools/core';

/** An exact decimal: `unscaled` / 10^`scale`. */
export interface Decimal {
  readonly unscaled: bigint;
  readonly scale: number;
}

/** Reads a number as IRIS gives it: `-.5`, `12`, `1E-7`; `undefined` when it is none. */
export function parseDecimal(value: SqlValue): Decimal | undefined {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'bigint') return undefined;
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(String(value).trim());
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = '', exponentText = '0'] = match;
  if (whole === '' && fraction === '') return undefined;
  const exponent = Number(exponentText);
  const magnitude = BigInt(`${whole}${fraction}`);
  const unscaled = sign === '-' ? -magnitude : magnitude;
  const scale = fraction.length - exponent;
  return scale >= 0 ? { unscaled, scale } : { unscaled: unscaled * 10n ** BigInt(-scale), scale: 0 };
}

/** The number with exactly `scale` digits after the point, rounded half away from zero as PostgreSQL's numeric does. */
export function printDecimal(decimal: Decimal, scale: number): string {
  const unscaled =
    scale >= decimal.scale
      ? decimal.unscaled * 10n ** BigInt(scale - decimal.scale)
      : divideRounded(decimal.unscaled, 10n ** BigInt(decimal.scale - scale));
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  const sign = unscaled < 0n ? '-' : '';
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

function divideRounded(dividend: bigint, divisor: bigint): bigint {
  const negative = dividend < 0n !== divisor < 0n;
  const [n, d] = [dividend < 0n ? -dividend : dividend, divisor < 0n ? -divisor : divisor];
  const quotient = (2n * n + d) / (2n * d);
  return negative ? -quotient : quotient;
}

/** Digits that PostgreSQL's numeric division keeps at least (NUMERIC_MIN_SIG_DIGITS). */
const MIN_SIGNIFICANT_DIGITS = 16;

/** `dividend / divisor` with the digits that PostgreSQL gives it (select_div_scale in numeric.c); `undefined` for x / 0. */
export function divideNumeric(dividend: Decimal, divisor: Decimal): string | undefined {
  if (divisor.unscaled === 0n) return undefined;
  const [one, other] = [leading(dividend), leading(divisor)];
  let weight = one.weight - other.weight;
  if (one.digit <= other.digit) weight--;
  const scale = Math.max(MIN_SIGNIFICANT_DIGITS - weight * 4, dividend.scale, divisor.scale, 0);
  const shift = scale + divisor.scale - dividend.scale;
  const scaled = shift >= 0 ? dividend.unscaled * 10n ** BigInt(shift) : dividend.unscaled;
  const base = shift >= 0 ? divisor.unscaled : divisor.unscaled * 10n ** BigInt(-shift);
  return printDecimal({ unscaled: divideRounded(scaled, base), scale }, scale);
}

/** The first digit to the base 10,000 and its weight, as PostgreSQL stores a numeric. */
function leading({ unscaled, scale }: Decimal): { readonly digit: number; readonly weight: number } {
  if (unscaled === 0n) return { digit: 0, weight: 0 };
  const padded = (4 - (scale % 4)) % 4;
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString() + '0'.repeat(padded);
  const groups = Math.ceil(digits.length / 4);
  const head = digits.length - (groups - 1) * 4;
  return { digit: Number(digits.slice(0, head)), weight: groups - 1 - (scale + padded) / 4 };
}
