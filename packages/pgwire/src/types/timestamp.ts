import {
  EPOCH_SHIFT_MICROS,
  MICROS_PER_DAY,
  MICROS_PER_SECOND,
  civilOf,
  printTimeOfDay,
  roundMicros,
  splitMicros,
  weekdayOf,
} from './calendar.js';
import { codec, requireLength, unexpectedValue, type Codec, type IrisValue } from './codec.js';
import { irisDate, parseIsoDate, printCivil, two, yearAndEra } from './date.js';
import type { TextStyle } from './text-style.js';
import { printOffset } from './time-zone.js';
import { parseClock, splitOffset } from './time.js';

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** How PostgreSQL marks the infinities on the wire. */
const INFINITY = 0x7fffffffffffffffn;
const MINUS_INFINITY = -0x8000000000000000n;
const DATE_AND_CLOCK = /^ *([\d-]+)(?:(?: +|T)(\d[\d:.]*))? *$/;

/** Without an offset; microseconds since 2000-01-01 00:00. */
function parseLocal(text: string): bigint | undefined {
  const [, date = '', clock = '00:00'] = DATE_AND_CLOCK.exec(text) ?? [];
  const days = parseIsoDate(date);
  const micros = parseClock(clock);
  return days === undefined || micros === undefined ? undefined : BigInt(days) * MICROS_PER_DAY + micros;
}

/** What IRIS keeps is taken as it is; for timestamptz it is UTC by our convention. */
function fromIris(name: string): (value: IrisValue) => bigint {
  return (value) => {
    if (value instanceof Date) return BigInt(value.getTime()) * 1_000n - EPOCH_SHIFT_MICROS;
    const micros = typeof value === 'string' ? parseLocal(value.replace(/Z$/, '')) : undefined;
    if (micros === undefined) throw unexpectedValue(name, value);
    return micros;
  };
}

function toIris(micros: bigint): string {
  if (micros === INFINITY || micros === MINUS_INFINITY) return irisDate(Infinity);
  const { days, timeOfDay } = splitMicros(micros);
  return `${irisDate(days)} ${printTimeOfDay(timeOfDay)}`;
}

/** `zone` is `+02` for ISO and ` CEST` for the other styles, or nothing. */
function printMoment(local: bigint, zone: string, style: TextStyle): string {
  const { days, timeOfDay } = splitMicros(local);
  const civil = civilOf(days);
  const { year, era } = yearAndEra(civil);
  const clock = printTimeOfDay(timeOfDay);
  if (style.dateStyle !== 'Postgres') return `${printCivil(civil, style)} ${clock}${zone}${era}`;
  const month = MONTHS[civil.month - 1] ?? '';
  const dayAndMonth = style.dateOrder === 'DMY' ? `${two(civil.day)} ${month}` : `${month} ${two(civil.day)}`;
  return `${WEEKDAYS[weekdayOf(days)] ?? ''} ${dayAndMonth} ${clock} ${year}${zone}${era}`;
}

function printInfinity(micros: bigint): string | undefined {
  return micros === INFINITY ? 'infinity' : micros === MINUS_INFINITY ? '-infinity' : undefined;
}

function round(micros: bigint, typeModifier: number): bigint {
  return printInfinity(micros) === undefined ? roundMicros(micros, typeModifier) : micros;
}

function printZoned(micros: bigint, style: TextStyle): string {
  const epochMs = Number((micros + EPOCH_SHIFT_MICROS) / 1_000n);
  const east = style.timeZone.offsetAt(epochMs);
  const local = micros + BigInt(east) * MICROS_PER_SECOND;
  const zone = style.dateStyle === 'ISO' ? printOffset(east) : ` ${style.timeZone.abbreviationAt(epochMs)}`;
  return printMoment(local, zone, style);
}

function readMicros(name: string): (bytes: Buffer) => bigint {
  return (bytes) => requireLength(bytes, 8, name).readBigInt64BE();
}

function writeMicros(micros: bigint, typeModifier: number): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigInt64BE(round(micros, typeModifier));
  return bytes;
}

export const timestamp: Codec = codec<bigint>({
  name: 'timestamp',
  fromIris: fromIris('timestamp'),
  toIris,
  // PostgreSQL reads an offset here and does nothing with it.
  fromText: (text) => parseLocal(splitOffset(text)?.clock ?? text),
  toText: (datum, style, typeModifier) =>
    printInfinity(datum) ?? printMoment(round(datum, typeModifier), '', style),
  fromBinary: readMicros('timestamp'),
  toBinary: writeMicros,
});

export const timestamptz: Codec = codec<bigint>({
  name: 'timestamp with time zone',
  fromIris: fromIris('timestamp with time zone'),
  toIris,
  // Without an offset the session's zone decides, which PostgreSQL itself has to apply.
  fromText: (text) => {
    const split = splitOffset(text);
    const local = split === undefined ? undefined : parseLocal(split.clock);
    return local === undefined || split === undefined
      ? undefined
      : local - BigInt(split.east) * MICROS_PER_SECOND;
  },
  toText: (datum, style, typeModifier) =>
    printInfinity(datum) ?? printZoned(round(datum, typeModifier), style),
  fromBinary: readMicros('timestamp with time zone'),
  toBinary: writeMicros,
});
