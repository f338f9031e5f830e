import { PgError } from '../pg-error.js';
import { civilOf, daysOf, isCivil, type CivilDate } from './calendar.js';
import { codec, requireLength, unexpectedValue } from './codec.js';
import type { TextStyle } from './text-style.js';

const ISO_DATE = /^ *(\d{4})-(\d{1,2})-(\d{1,2}) *$/;
const MAX_INT32 = 0x7fffffff;
const MIN_INT32 = -0x80000000;

export function parseIsoDate(text: string): number | undefined {
  const [, year, month, day] = ISO_DATE.exec(text) ?? [];
  const civil = { year: Number(year), month: Number(month), day: Number(day) };
  return civil.year >= 1 && isCivil(civil) ? daysOf(civil) : undefined;
}

/** Years before 1 are counted from 1 BC on and get ` BC` at the very end of the text. */
export function yearAndEra({ year }: CivilDate): { year: string; era: '' | ' BC' } {
  const shown = year > 0 ? year : 1 - year;
  return { year: String(shown).padStart(4, '0'), era: year > 0 ? '' : ' BC' };
}

export function two(number: number): string {
  return String(number).padStart(2, '0');
}

/** The date part alone, in a style of DateStyle; the era comes after whatever follows. */
export function printCivil(civil: CivilDate, { dateStyle, dateOrder }: TextStyle): string {
  const { year } = yearAndEra(civil);
  const [month, day] = [two(civil.month), two(civil.day)];
  const inOrder = dateOrder === 'DMY' ? [day, month, year] : [month, day, year];
  if (dateStyle === 'SQL') return inOrder.join('/');
  if (dateStyle === 'German') return [day, month, year].join('.');
  if (dateStyle === 'Postgres') return inOrder.join('-');
  return [year, month, day].join('-');
}

/** @throws PgError 22008: IRIS has the years 1 to 9999 and no infinity */
export function irisDate(days: number): string {
  const civil = Number.isFinite(days) ? civilOf(days) : undefined;
  if (civil === undefined || civil.year < 1 || civil.year > 9_999) {
    throw new PgError({
      sqlstate: '22008',
      message: 'date out of range',
      hint: 'IRIS keeps the years 1 to 9999.',
    });
  }
  return `${String(civil.year).padStart(4, '0')}-${two(civil.month)}-${two(civil.day)}`;
}

/** Days since 2000-01-01; the infinities are numbers of their own. */
export const date = codec<number>({
  name: 'date',
  fromIris: (value) => {
    if (value instanceof Date)
      return Math.floor(value.getTime() / 86_400_000) + daysOf({ year: 1970, month: 1, day: 1 });
    const days = typeof value === 'string' ? parseIsoDate(value) : undefined;
    if (days === undefined) throw unexpectedValue('date', value);
    return days;
  },
  toIris: irisDate,
  fromText: parseIsoDate,
  toText: (datum, style) => {
    if (!Number.isFinite(datum)) return datum > 0 ? 'infinity' : '-infinity';
    const civil = civilOf(datum);
    return printCivil(civil, style) + yearAndEra(civil).era;
  },
  fromBinary: (bytes) => {
    const days = requireLength(bytes, 4, 'date').readInt32BE();
    return days === MAX_INT32 ? Infinity : days === MIN_INT32 ? -Infinity : days;
  },
  toBinary: (datum) => {
    const bytes = Buffer.allocUnsafe(4);
    bytes.writeInt32BE(datum === Infinity ? MAX_INT32 : datum === -Infinity ? MIN_INT32 : datum);
    return bytes;
  },
});
