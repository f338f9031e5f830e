import { MICROS_PER_DAY, MICROS_PER_SECOND, parseFraction, printTimeOfDay, roundMicros } from './calendar.js';
import { badBinary, codec, requireLength, unexpectedValue, type IrisValue } from './codec.js';
import { printOffset } from './time-zone.js';
import { valueText } from './value-text.js';

const CLOCK = /^ *(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{0,12}))?)? *$/;
const CLOCK_WITH_OFFSET = /^(.*?) *(Z|[+-]\d{2}(?::?\d{2}(?::?\d{2})?)?) *$/i;
const OFFSET = /^([+-])(\d{2}):?(\d{2})?:?(\d{2})?$/;

/** Microseconds since midnight, up to 24:00:00. */
export function parseClock(text: string): bigint | undefined {
  const match = CLOCK.exec(text);
  if (match === null) return undefined;
  const [, hours = '0', minutes = '0', seconds = '0', fraction] = match;
  if (Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  const whole = BigInt(Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds)) * MICROS_PER_SECOND;
  const micros = whole + parseFraction(fraction);
  return micros > MICROS_PER_DAY ? undefined : micros;
}

/** Seconds east of Greenwich: `Z`, `+02`, `+0530`, `-00:25:21`. */
export function parseOffset(text: string): number | undefined {
  if (text.toUpperCase() === 'Z') return 0;
  const match = OFFSET.exec(text);
  if (match === null) return undefined;
  const [, sign, hours = '0', minutes = '0', seconds = '0'] = match;
  if (Number(hours) > 15 || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  const size = Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds);
  return sign === '-' ? -size : size;
}

/** Splits `12:30:00+02` or `2020-01-01 12:30+02`; the hyphens of a date are no offset. */
export function splitOffset(text: string): { clock: string; east: number } | undefined {
  const [, clock, offset] = CLOCK_WITH_OFFSET.exec(text) ?? [];
  if (clock === undefined || offset === undefined || !clock.includes(':')) return undefined;
  const east = parseOffset(offset);
  return east === undefined ? undefined : { clock, east };
}

/** IRIS's own form: seconds since midnight, `45296.789123`. */
function secondsOfDay(value: IrisValue): bigint | undefined {
  const [, whole, fraction] = /^(\d{1,5})(?:\.(\d*))?$/.exec(valueText(value)) ?? [];
  if (whole === undefined) return undefined;
  const micros = BigInt(whole) * MICROS_PER_SECOND + parseFraction(fraction);
  return micros > MICROS_PER_DAY ? undefined : micros;
}

export const time = codec<bigint>({
  name: 'time',
  fromIris: (value) => {
    const micros = secondsOfDay(value) ?? (typeof value === 'string' ? parseClock(value) : undefined);
    if (micros === undefined) throw unexpectedValue('time', value);
    return micros;
  },
  toIris: printTimeOfDay,
  fromText: parseClock,
  toText: (datum, _style, typeModifier) => printTimeOfDay(roundMicros(datum, typeModifier)),
  fromBinary: (bytes) => {
    const micros = requireLength(bytes, 8, 'time').readBigInt64BE();
    if (micros < 0n || micros > MICROS_PER_DAY) throw badBinary('time');
    return micros;
  },
  toBinary: (datum, typeModifier) => {
    const bytes = Buffer.allocUnsafe(8);
    bytes.writeBigInt64BE(roundMicros(datum, typeModifier));
    return bytes;
  },
});

interface ZonedTime {
  readonly micros: bigint;
  readonly east: number;
}

function parseZoned(text: string): ZonedTime | undefined {
  const split = splitOffset(text);
  const micros = split === undefined ? undefined : parseClock(split.clock);
  return split === undefined || micros === undefined ? undefined : { micros, east: split.east };
}

const printZoned = ({ micros, east }: ZonedTime): string => printTimeOfDay(micros) + printOffset(east);

/** IRIS has no such type: only parameters and expressions can be of it, as text. */
export const timetz = codec<ZonedTime>({
  name: 'time with time zone',
  fromIris: (value) => {
    const zoned = typeof value === 'string' ? parseZoned(value) : undefined;
    if (zoned === undefined) throw unexpectedValue('time with time zone', value);
    return zoned;
  },
  toIris: printZoned,
  fromText: parseZoned,
  toText: ({ micros, east }, _style, typeModifier) =>
    printZoned({ micros: roundMicros(micros, typeModifier), east }),
  fromBinary: (bytes) => {
    requireLength(bytes, 12, 'time with time zone');
    return { micros: bytes.readBigInt64BE(0), east: -bytes.readInt32BE(8) };
  },
  toBinary: ({ micros, east }, typeModifier) => {
    const bytes = Buffer.allocUnsafe(12);
    bytes.writeBigInt64BE(roundMicros(micros, typeModifier), 0);
    bytes.writeInt32BE(-east, 8);
    return bytes;
  },
});
