import { badBinary, codec, trimBlanks, unexpectedValue, type IrisValue } from './codec.js';

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;
const SPECIAL: ReadonlyMap<string, string> = new Map([
  ['nan', 'NaN'],
  ['infinity', 'Infinity'],
  ['+infinity', 'Infinity'],
  ['inf', 'Infinity'],
  ['+inf', 'Infinity'],
  ['-infinity', '-Infinity'],
  ['-inf', '-Infinity'],
]);
/** Beyond it PostgreSQL has to say whether the value still fits. */
const MAX_EXPONENT = 1_000;
const MAX_DIGITS = 100_000;

const BINARY_SIGN: ReadonlyMap<string, number> = new Map([
  ['NaN', 0xc000],
  ['Infinity', 0xd000],
  ['-Infinity', 0xf000],
]);
const NEGATIVE = 0x4000;
/** numeric_send gives the infinities a display scale, for no reason that its readers know. */
const INFINITY_SCALE = 0x20;
/** PostgreSQL keeps four decimal digits in each 16-bit digit. */
const GROUP = 4;

/** `-12.50`, with at least one digit before the point and no sign on zero; `undefined` for what is not a plain number. */
export function plainDecimal(text: string): string | undefined {
  const word = trimBlanks(text);
  const match = DECIMAL.exec(word);
  if (match === null) return SPECIAL.get(word.toLowerCase());
  const [, sign, whole = '', fraction = '', exponentText = '0'] = match;
  const exponent = Number(exponentText);
  if (whole + fraction === '' || text.length > MAX_DIGITS || Math.abs(exponent) > MAX_EXPONENT)
    return undefined;
  const digits = whole + fraction;
  const point = whole.length + exponent;
  const padded = point < 0 ? '0'.repeat(-point) + digits : digits.padEnd(point, '0');
  const at = Math.max(point, 0);
  const integer = padded.slice(0, at).replace(/^0+(?=\d)/, '') || '0';
  const decimals = padded.slice(at);
  const isZero = /^0*$/.test(integer + decimals);
  return (sign === '-' && !isZero ? '-' : '') + integer + (decimals === '' ? '' : `.${decimals}`);
}

/** Rounds half away from zero, as PostgreSQL rounds numeric, or fills up with zeros. */
export function toScale(decimal: string, scale: number): string {
  if (SPECIAL.has(decimal.toLowerCase())) return decimal;
  const negative = decimal.startsWith('-');
  const [whole = '0', fraction = ''] = decimal.replace('-', '').split('.');
  const kept = BigInt(whole + fraction.slice(0, scale).padEnd(scale, '0'));
  const rounded = kept + ((fraction[scale] ?? '0') >= '5' ? 1n : 0n);
  const digits = String(rounded).padStart(scale + 1, '0');
  const at = digits.length - scale;
  const sign = negative && rounded !== 0n ? '-' : '';
  return sign + digits.slice(0, at) + (scale > 0 ? `.${digits.slice(at)}` : '');
}

/** The scale of numeric(p, s); `undefined` for a column without modifiers. */
function scaleOf(typeModifier: number): number | undefined {
  if (typeModifier < 4) return undefined;
  const scale = (typeModifier - 4) & 0x7ff;
  // 11 bits with a sign; a negative scale prints no decimals.
  return scale >= 0x400 ? 0 : scale;
}

function withModifier(decimal: string, typeModifier: number): string {
  const scale = scaleOf(typeModifier);
  return scale === undefined ? decimal : toScale(decimal, scale);
}

function fromIris(value: IrisValue): string {
  const isNumber = typeof value === 'number' || typeof value === 'bigint' || typeof value === 'string';
  const decimal = isNumber
    ? plainDecimal(String(value))
    : typeof value === 'boolean'
      ? String(Number(value))
      : undefined;
  if (decimal === undefined) throw unexpectedValue('numeric', value);
  return decimal;
}

/** Layout: PostgreSQL's numeric_send: count of groups, weight of the first, sign, display scale, groups. */
function toBinary(decimal: string): Buffer {
  const special = BINARY_SIGN.get(decimal);
  if (special !== undefined) return binary([], 0, special, decimal === 'NaN' ? 0 : INFINITY_SCALE);
  const [whole = '', fraction = ''] = decimal.replace('-', '').split('.');
  const left = whole.replace(/^0+/, '');
  const wholeGroups = Math.ceil(left.length / GROUP);
  const padded =
    left.padStart(wholeGroups * GROUP, '0') +
    fraction.padEnd(Math.ceil(fraction.length / GROUP) * GROUP, '0');
  const groups = (padded.match(/\d{4}/g) ?? []).map(Number);
  let weight = wholeGroups - 1;
  while (groups[0] === 0) {
    groups.shift();
    weight -= 1;
  }
  while (groups.at(-1) === 0) groups.pop();
  if (groups.length === 0) weight = 0;
  return binary(groups, weight, decimal.startsWith('-') ? NEGATIVE : 0, fraction.length);
}

function binary(groups: readonly number[], weight: number, sign: number, scale: number): Buffer {
  const bytes = Buffer.allocUnsafe(8 + 2 * groups.length);
  bytes.writeUInt16BE(groups.length, 0);
  bytes.writeInt16BE(weight, 2);
  bytes.writeUInt16BE(sign, 4);
  bytes.writeUInt16BE(scale, 6);
  for (const [index, group] of groups.entries()) bytes.writeUInt16BE(group, 8 + 2 * index);
  return bytes;
}

function fromBinary(bytes: Buffer): string {
  if (bytes.length < 8) throw badBinary('numeric');
  const count = bytes.readUInt16BE(0);
  const weight = bytes.readInt16BE(2);
  const sign = bytes.readUInt16BE(4);
  const scale = bytes.readUInt16BE(6);
  if (bytes.length !== 8 + 2 * count) throw badBinary('numeric');
  for (const [name, mark] of BINARY_SIGN) if (mark === sign) return name;
  if ((sign !== 0 && sign !== NEGATIVE) || scale > 0x3fff || weight > MAX_DIGITS / GROUP)
    throw badBinary('numeric');
  const groups = Array.from({ length: count }, (_, index) => bytes.readUInt16BE(8 + 2 * index));
  if (groups.some((group) => group > 9_999)) throw badBinary('numeric');
  const text = (from: number, to: number): string =>
    Array.from({ length: Math.max(to - from, 0) }, (_, index) =>
      String(groups[from + index] ?? 0).padStart(4, '0'),
    ).join('');
  const whole = text(0, weight + 1);
  // Groups before the first one stored are zeros: 0.00001234 has weight -2.
  const leading = '0'.repeat(Math.max(-1 - weight, 0) * GROUP);
  const fraction = (leading + text(Math.max(weight + 1, 0), Math.max(count, weight + 1)))
    .slice(0, scale)
    .padEnd(scale, '0');
  const decimal = plainDecimal(`${whole === '' ? '0' : whole}${scale > 0 ? `.${fraction}` : ''}`) ?? '0';
  return sign === NEGATIVE && /[1-9]/.test(decimal) ? `-${decimal}` : decimal;
}

/** The datum is plain decimal text: exact, whatever the number of digits. */
export const numeric = codec<string>({
  name: 'numeric',
  fromIris,
  toIris: (datum) => datum,
  fromText: plainDecimal,
  toText: (datum, _style, typeModifier) => withModifier(datum, typeModifier),
  fromBinary,
  toBinary: (datum, typeModifier) => toBinary(withModifier(datum, typeModifier)),
});
