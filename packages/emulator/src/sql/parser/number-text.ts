const PARTS = /^(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/** Largest exponent that may be written. */
const MAX_EXPONENT = 308;

/**
 * The canonical form of an unsigned numeric literal: no leading zeros, no trailing zeros after the point, no point
 * without digits, exponents written out. `0.250` is `.25`, `1E3` is `1000`.
 *
 * @returns undefined when the exponent or the value is out of range (-7)
 */
export function canonicalNumber(text: string): string | undefined {
  const parts = PARTS.exec(text);
  if (parts === null) return undefined;
  const [, whole = '', fraction = '', exponentText = '0'] = parts;
  const exponent = Number(exponentText);
  if (Math.abs(exponent) > MAX_EXPONENT || !Number.isFinite(Number(text))) return undefined;
  const digits = whole + fraction;
  const point = whole.length + exponent;
  const shiftedWhole = point <= 0 ? '' : digits.slice(0, point).padEnd(point, '0');
  const shiftedFraction = point < 0 ? '0'.repeat(-point) + digits : digits.slice(Math.max(0, point));
  return trimmed(shiftedWhole, shiftedFraction);
}

function trimmed(whole: string, fraction: string): string {
  const keptWhole = whole.replace(/^0+/, '');
  const keptFraction = withoutTrailingZeros(fraction);
  if (keptFraction !== '') return `${keptWhole}.${keptFraction}`;
  return keptWhole === '' ? '0' : keptWhole;
}

/** Not /0+$/, which takes quadratic time on long runs of zeros. */
function withoutTrailingZeros(text: string): string {
  let end = text.length;
  while (end > 0 && text.charAt(end - 1) === '0') end--;
  return text.slice(0, end);
}
