import { codec, requireLength, trimBlanks, unexpectedValue, type IrisValue } from './codec.js';
import { roundToDigits, shortestDouble, shortestSingle } from './shortest-digits.js';
import type { TextStyle } from './text-style.js';

const FLOAT_TEXT = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const SPECIAL: ReadonlyMap<string, number> = new Map([
  ['nan', Number.NaN],
  ['infinity', Infinity],
  ['+infinity', Infinity],
  ['-infinity', -Infinity],
  ['inf', Infinity],
  ['+inf', Infinity],
  ['-inf', -Infinity],
]);

/** Digits that a type guarantees, C's DBL_DIG and FLT_DIG; PostgreSQL switches to exponents from there. */
const DOUBLE_DIGITS = 15;
const SINGLE_DIGITS = 6;

function parseFloatText(text: string): number | undefined {
  const word = trimBlanks(text);
  return FLOAT_TEXT.test(word) ? Number(word) : SPECIAL.get(word.toLowerCase());
}

/** PostgreSQL refuses a number that its type would round to infinity or to zero. */
function inRange(value: number | undefined, text: string): number | undefined {
  if (value === undefined) return undefined;
  const overflow = !Number.isFinite(value) && /\d/.test(text);
  const underflow = value === 0 && /[1-9]/.test(text.split(/e/i)[0] ?? '');
  return overflow || underflow ? undefined : value;
}

function fromIris(name: string): (value: IrisValue) => number {
  return (value) => {
    if (typeof value === 'number') return value;
    if (typeof value === 'bigint') return Number(value);
    const parsed = typeof value === 'string' ? parseFloatText(value) : undefined;
    if (parsed === undefined) throw unexpectedValue(name, value);
    return parsed;
  };
}

/** C's `%.<precision>g`, or the shortest digits, in the notation that PostgreSQL chooses. */
function printDigits(scientific: string, exponentFrom: number): string {
  const [mantissa = '', exponentText = '0'] = scientific.split('e');
  const sign = mantissa.startsWith('-') ? '-' : '';
  const digits = mantissa.replace(/[-.]/g, '').replace(/(?<=.)0+$/, '');
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= exponentFrom) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : '';
    const size = String(Math.abs(exponent)).padStart(2, '0');
    return `${sign}${digits.slice(0, 1)}${fraction}e${exponent < 0 ? '-' : '+'}${size}`;
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  const fraction = digits.slice(exponent + 1);
  return sign + whole + (fraction === '' ? '' : `.${fraction}`);
}

function printSpecial(value: number): string | undefined {
  if (Number.isNaN(value)) return 'NaN';
  if (value === Infinity) return 'Infinity';
  if (value === -Infinity) return '-Infinity';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  return undefined;
}

function printWithPrecision(value: number, precision: number): string {
  const digits = Math.max(precision, 1);
  return printDigits(roundToDigits(value, digits), digits);
}

export function printDouble(
  value: number,
  { extraFloatDigits }: Pick<TextStyle, 'extraFloatDigits'>,
): string {
  const special = printSpecial(value);
  if (special !== undefined) return special;
  if (extraFloatDigits > 0) return printDigits(shortestDouble(value), DOUBLE_DIGITS);
  return printWithPrecision(value, DOUBLE_DIGITS + extraFloatDigits);
}

export function printSingle(
  value: number,
  { extraFloatDigits }: Pick<TextStyle, 'extraFloatDigits'>,
): string {
  const special = printSpecial(value);
  if (special !== undefined) return special;
  if (extraFloatDigits > 0) return printDigits(shortestSingle(value), SINGLE_DIGITS);
  return printWithPrecision(value, SINGLE_DIGITS + extraFloatDigits);
}

export const float8 = codec<number>({
  name: 'double precision',
  fromIris: fromIris('double precision'),
  toIris: (datum) => datum,
  fromText: (text) => inRange(parseFloatText(text), text),
  toText: printDouble,
  fromBinary: (bytes) => requireLength(bytes, 8, 'double precision').readDoubleBE(),
  toBinary: (datum) => {
    const bytes = Buffer.allocUnsafe(8);
    bytes.writeDoubleBE(datum);
    return bytes;
  },
});

export const float4 = codec<number>({
  name: 'real',
  fromIris: (value) => Math.fround(fromIris('real')(value)),
  toIris: (datum) => datum,
  fromText: (text) => {
    const value = parseFloatText(text);
    return inRange(value === undefined ? undefined : Math.fround(value), text);
  },
  toText: printSingle,
  fromBinary: (bytes) => requireLength(bytes, 4, 'real').readFloatBE(),
  toBinary: (datum) => {
    const bytes = Buffer.allocUnsafe(4);
    bytes.writeFloatBE(datum);
    return bytes;
  },
});
