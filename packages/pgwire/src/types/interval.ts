import { MICROS_PER_SECOND, parseFraction, printFraction } from './calendar.js';
import { codec, requireLength, trimBlanks, unexpectedValue, type IrisValue } from './codec.js';
import type { TextStyle } from './text-style.js';

export interface Interval {
  readonly months: number;
  readonly days: number;
  readonly micros: bigint;
}

/** The fields that PostgreSQL prints; all with the sign of the part that they come from. */
interface Fields {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: bigint;
  readonly minute: number;
  readonly second: number;
  readonly fraction: bigint;
}

const SIGNED_CLOCK = /^([+-]?)(\d+):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?$/;
const SECONDS = /^([+-]?)(\d+)(?:\.(\d{1,6}))?$/;
const PART = /^([+-]?\d+)$/;
const UNITS: ReadonlyMap<string, { months?: number; days?: number; seconds?: bigint }> = new Map([
  ['year', { months: 12 }],
  ['mon', { months: 1 }],
  ['month', { months: 1 }],
  ['week', { days: 7 }],
  ['day', { days: 1 }],
  ['hour', { seconds: 3_600n }],
  ['minute', { seconds: 60n }],
  ['min', { seconds: 60n }],
  ['second', { seconds: 1n }],
  ['sec', { seconds: 1n }],
]);

function parseClock(word: string): bigint | undefined {
  const match = SIGNED_CLOCK.exec(word);
  if (match === null) return undefined;
  const [, sign, hours = '0', minutes = '0', seconds = '0', fraction] = match;
  if (Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  const whole = BigInt(hours) * 3_600n + BigInt(minutes) * 60n + BigInt(seconds);
  const micros = whole * MICROS_PER_SECOND + parseFraction(fraction);
  return sign === '-' ? -micros : micros;
}

function parseSeconds(word: string): bigint | undefined {
  const match = SECONDS.exec(word);
  if (match === null) return undefined;
  const [, sign, whole = '0', fraction] = match;
  const micros = BigInt(whole) * MICROS_PER_SECOND + parseFraction(fraction);
  return sign === '-' ? -micros : micros;
}

/** `1 year 2 mons -3 days 04:05:06.7`; everything else is left to PostgreSQL. */
function parseVerbose(text: string): Interval | undefined {
  const words = trimBlanks(text).toLowerCase().split(/ +/);
  let [months, days, micros] = [0, 0, 0n];
  const seen = new Set<string>();
  while (words.length > 0) {
    const word = words.shift() ?? '';
    const clock = parseClock(word);
    const unitWord = clock === undefined ? (words.shift() ?? '').replace(/s$/, '') : 'clock';
    if (seen.has(unitWord)) return undefined;
    seen.add(unitWord);
    const unit = UNITS.get(unitWord);
    if (clock !== undefined) micros += clock;
    else if (unit?.seconds === 1n) {
      const seconds = parseSeconds(word);
      if (seconds === undefined) return undefined;
      micros += seconds;
    } else if (unit === undefined || !PART.test(word)) return undefined;
    else {
      months += Number(word) * (unit.months ?? 0);
      days += Number(word) * (unit.days ?? 0);
      micros += BigInt(word) * (unit.seconds ?? 0n) * MICROS_PER_SECOND;
    }
  }
  return { months, days, micros };
}

/** A number alone is a number of seconds, as PostgreSQL reads it. */
function fromIris(value: IrisValue): Interval {
  const isNumber = typeof value === 'number' || typeof value === 'bigint';
  const text = isNumber ? String(value) : typeof value === 'string' ? value.trim() : '';
  const seconds = parseSeconds(text);
  const interval = seconds === undefined ? parseVerbose(text) : { months: 0, days: 0, micros: seconds };
  if (interval === undefined) throw unexpectedValue('interval', value);
  return interval;
}

function fieldsOf({ months, days, micros }: Interval): Fields {
  const seconds = micros / MICROS_PER_SECOND;
  return {
    year: Math.trunc(months / 12),
    month: months % 12,
    day: days,
    hour: seconds / 3_600n,
    minute: Number((seconds / 60n) % 60n),
    second: Number(seconds % 60n),
    fraction: micros % MICROS_PER_SECOND,
  };
}

const absolute = (value: bigint): bigint => (value < 0n ? -value : value);

function secondsText({ second, fraction }: Fields, width: number): string {
  return String(Math.abs(second)).padStart(width, '0') + printFraction(absolute(fraction));
}

function clockText(fields: Fields, hourWidth: number): string {
  const hour = String(absolute(fields.hour)).padStart(hourWidth, '0');
  return `${hour}:${String(Math.abs(fields.minute)).padStart(2, '0')}:${secondsText(fields, 2)}`;
}

function printPostgres(interval: Interval): string {
  const fields = fieldsOf(interval);
  const parts: string[] = [];
  let afterNegative = false;
  for (const [value, unit] of [
    [fields.year, 'year'],
    [fields.month, 'mon'],
    [fields.day, 'day'],
  ] as const) {
    if (value === 0) continue;
    parts.push(`${afterNegative && value > 0 ? '+' : ''}${value} ${unit}${value === 1 ? '' : 's'}`);
    afterNegative = value < 0;
  }
  if (parts.length === 0 || interval.micros !== 0n) {
    const sign = interval.micros < 0n ? '-' : afterNegative ? '+' : '';
    parts.push(sign + clockText(fields, 2));
  }
  return parts.join(' ');
}

function printIso({ months, days, micros }: Interval): string {
  if (months === 0 && days === 0 && micros === 0n) return 'PT0S';
  const fields = fieldsOf({ months, days, micros });
  const part = (value: number | bigint, letter: string): string =>
    Number(value) === 0 ? '' : `${value}${letter}`;
  const date = part(fields.year, 'Y') + part(fields.month, 'M') + part(fields.day, 'D');
  if (micros === 0n) return `P${date}`;
  const hasSeconds = fields.second !== 0 || fields.fraction !== 0n;
  const seconds = hasSeconds ? `${micros < 0n ? '-' : ''}${secondsText(fields, 1)}S` : '';
  return `P${date}T${part(fields.hour, 'H')}${part(fields.minute, 'M')}${seconds}`;
}

/** The first part that is not zero decides about `ago`; the others are relative to it. */
function printVerbose(interval: Interval): string {
  const fields = fieldsOf(interval);
  let ago: boolean | undefined;
  let text = '@';
  const units = [
    [fields.year, 'year'],
    [fields.month, 'mon'],
    [fields.day, 'day'],
    [Number(fields.hour), 'hour'],
    [fields.minute, 'min'],
  ] as const;
  for (const [value, unit] of units) {
    if (value === 0) continue;
    ago ??= value < 0;
    const shown = ago ? -value : value;
    text += ` ${shown} ${unit}${shown === 1 ? '' : 's'}`;
  }
  if (fields.second !== 0 || fields.fraction !== 0n) {
    const negative = interval.micros < 0n;
    ago ??= negative;
    const one = Math.abs(fields.second) === 1 && fields.fraction === 0n;
    text += ` ${negative === ago ? '' : '-'}${secondsText(fields, 1)} sec${one ? '' : 's'}`;
  }
  return ago === undefined ? `${text} 0` : ago ? `${text} ago` : text;
}

function printSqlStandard(interval: Interval): string {
  const { months, days, micros } = interval;
  const fields = fieldsOf(interval);
  const negative = months < 0 || days < 0 || micros < 0n;
  const positive = months > 0 || days > 0 || micros > 0n;
  if (!negative && !positive) return '0';
  const hasTime = days !== 0 || micros !== 0n;
  const yearMonth = `${Math.abs(fields.year)}-${Math.abs(fields.month)}`;
  if ((negative && positive) || (months !== 0 && hasTime)) {
    const signs = [months < 0, days < 0, micros < 0n].map((minus) => (minus ? '-' : '+'));
    return `${signs[0] ?? ''}${yearMonth} ${signs[1] ?? ''}${Math.abs(days)} ${signs[2] ?? ''}${clockText(fields, 1)}`;
  }
  const sign = negative ? '-' : '';
  if (months !== 0) return sign + yearMonth;
  return sign + (days === 0 ? '' : `${Math.abs(days)} `) + clockText(fields, 1);
}

function print(interval: Interval, { intervalStyle }: Pick<TextStyle, 'intervalStyle'>): string {
  if (intervalStyle === 'iso_8601') return printIso(interval);
  if (intervalStyle === 'postgres_verbose') return printVerbose(interval);
  if (intervalStyle === 'sql_standard') return printSqlStandard(interval);
  return printPostgres(interval);
}

/** IRIS has no such type: parameters and results of date arithmetic can be of it, as PostgreSQL's own text. */
export const interval = codec<Interval>({
  name: 'interval',
  fromIris,
  toIris: printPostgres,
  fromText: parseVerbose,
  toText: print,
  fromBinary: (bytes) => {
    requireLength(bytes, 16, 'interval');
    return { micros: bytes.readBigInt64BE(0), days: bytes.readInt32BE(8), months: bytes.readInt32BE(12) };
  },
  toBinary: ({ months, days, micros }) => {
    const bytes = Buffer.allocUnsafe(16);
    bytes.writeBigInt64BE(micros, 0);
    bytes.writeInt32BE(days, 8);
    bytes.writeInt32BE(months, 12);
    return bytes;
  },
});
