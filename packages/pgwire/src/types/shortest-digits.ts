/**
 * The fewest decimal digits from which a binary number can be read back, nearest to it among equals.
 *
 * JavaScript and PostgreSQL both print them, and differ in one thing: PostgreSQL (Ryu, with `acceptBounds` off) wants a
 * decimal strictly between the two halfway points to the neighbours, JavaScript also takes one exactly on such a point
 * when that would round to the right side. All numbers here are finite and not zero.
 */

const EXACT_INTEGERS_FROM = 2 ** 53;
/** A halfway point between doubles has more than 17 digits from here on, whatever its factors of 5. */
const HALFWAY_UNTIL = 1e45;
const DOUBLE_MAX_DIGITS = 17;
const SINGLE_MAX_DIGITS = 9;
/** Any two decimals of this length are further apart than two neighbouring single-precision numbers. */
const SINGLE_SURE_DIGITS = 6;
const SMALLEST_NORMAL_SINGLE = 2 ** -126;

/**
 * In scientific notation with so many digits. An exact half goes to the even digit, as in C; toExponential rounds it up.
 */
export function roundToDigits(value: number, digits: number): string {
  const rounded = value.toExponential(digits - 1);
  // A half ends one digit later, so a number that cannot be written with that many is none. Usual, and quickly seen.
  if (value.toExponential().replace(/e.*|\D/g, '').length > digits + 1) return rounded;
  // 100 decimals are the most that JavaScript gives; a half that ends later than that is no half for anybody.
  const exact = value.toExponential(100);
  const cut = exact.indexOf('.') + digits - (digits === 1 ? 1 : 0);
  const kept = exact.slice(0, cut);
  const isHalf = /^\.?50*e/.test(exact.slice(cut));
  const isEven = '02468'.includes(kept.charAt(kept.length - 1));
  return isHalf && isEven ? kept + exact.slice(exact.indexOf('e')) : rounded;
}

/** In scientific notation, `1.25e+2`. */
export function shortestDouble(value: number): string {
  const size = Math.abs(value);
  if (size < EXACT_INTEGERS_FROM || size >= HALFWAY_UNTIL) return value.toExponential();
  return (value < 0 ? '-' : '') + shortestInteger(size);
}

function neighbourDouble(value: number, step: 1n | -1n): number {
  const bits = new BigInt64Array(new Float64Array([value]).buffer);
  return new Float64Array(new BigInt64Array([(bits[0] ?? 0n) + step]).buffer)[0] ?? value;
}

/** Doubles from 2^53 on are integers, so the comparison with the halfway points is exact in integers of twice the size. */
function shortestInteger(value: number): string {
  const exact = BigInt(value);
  const low = exact + BigInt(neighbourDouble(value, -1n));
  const high = exact + BigInt(neighbourDouble(value, 1n));
  const length = String(exact).length;
  for (let digits = 1; digits < DOUBLE_MAX_DIGITS; digits += 1) {
    const unit = 10n ** BigInt(length - digits);
    const below = (exact / unit) * unit;
    const twice = 2n * (exact - below);
    const isDown = twice < unit || (twice === unit && (below / unit) % 2n === 0n);
    const nearer = isDown ? [below, below + unit] : [below + unit, below];
    const found = nearer.find((candidate) => 2n * candidate > low && 2n * candidate < high);
    if (found !== undefined) return scientific(found);
  }
  return value.toExponential(DOUBLE_MAX_DIGITS - 1);
}

function scientific(integer: bigint): string {
  const text = String(integer);
  const digits = text.replace(/0+$/, '');
  return `${digits.slice(0, 1)}${digits.length > 1 ? `.${digits.slice(1)}` : ''}e+${text.length - 1}`;
}

/** In scientific notation; `value` must be a single-precision number. */
export function shortestSingle(value: number): string {
  const size = Math.abs(value);
  const sign = value < 0 ? '-' : '';
  // With more than ten digits (all leading zeros counted off) no shorter decimal is exactly halfway.
  const mayTie = String(size).length < 18;
  const first = size < SMALLEST_NORMAL_SINGLE ? 1 : SINGLE_SURE_DIGITS;
  for (let digits = first; digits < SINGLE_MAX_DIGITS; digits += 1) {
    const nearest = mayTie ? roundToDigits(size, digits) : size.toExponential(digits - 1);
    const found = readsBackAs(Number(nearest), size) ? nearest : nextDecimal(size, nearest, digits);
    if (found !== undefined) return sign + found;
  }
  return sign + size.toExponential(SINGLE_MAX_DIGITS - 1);
}

/** Strictly between the halfway points: on one of them its mirror image is the neighbour, a single-precision number. */
function readsBackAs(decimal: number, value: number): boolean {
  if (Math.fround(decimal) !== value) return false;
  const mirrored = 2 * decimal - value;
  return decimal === value || Math.fround(mirrored) !== mirrored;
}

/** Where the interval is narrower below (at powers of two) the nearest decimal may lie outside and the next one inside. */
function nextDecimal(value: number, nearest: string, digits: number): string | undefined {
  if (!Number.isInteger(Math.log2(value))) return undefined;
  const [mantissa = '', exponent = '0'] = nearest.split('e');
  const next = Number(mantissa.replace('.', '')) + (Number(nearest) < value ? 1 : -1);
  const decimal = Number(`${next}e${Number(exponent) - digits + 1}`);
  return next > 0 && readsBackAs(decimal, value) ? decimal.toExponential(digits - 1) : undefined;
}
