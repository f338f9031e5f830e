import { PgError } from '../pg-error.js';
import { timeZone, type TimeZone } from './time-zone.js';

export type DateStyle = 'ISO' | 'SQL' | 'Postgres' | 'German';
export type DateOrder = 'MDY' | 'DMY' | 'YMD';
export type IntervalStyle = 'postgres' | 'postgres_verbose' | 'sql_standard' | 'iso_8601';

/** The settings of a session that change how PostgreSQL prints values. */
export interface TextStyle {
  readonly dateStyle: DateStyle;
  readonly dateOrder: DateOrder;
  readonly timeZone: TimeZone;
  readonly intervalStyle: IntervalStyle;
  /** -15 to 3; above 0 means the shortest digits that read back the same. */
  readonly extraFloatDigits: number;
  readonly byteaOutput: 'hex' | 'escape';
}

const DATE_STYLES: readonly DateStyle[] = ['ISO', 'SQL', 'Postgres', 'German'];
const INTERVAL_STYLES: readonly IntervalStyle[] = [
  'postgres',
  'postgres_verbose',
  'sql_standard',
  'iso_8601',
];

function settingOf(settings: ReadonlyMap<string, string>, name: string, fallback: string): string {
  const exact = settings.get(name);
  if (exact !== undefined) return exact;
  // Setting names are case-insensitive and sessions may keep them in either form.
  for (const [key, value] of settings) if (key.toLowerCase() === name.toLowerCase()) return value;
  return fallback;
}

function oneOf<Word extends string>(words: readonly Word[], value: string, setting: string): Word {
  const found = words.find((word) => word.toLowerCase() === value.trim().toLowerCase());
  if (found !== undefined) return found;
  throw new PgError({ sqlstate: '22023', message: `invalid value for parameter "${setting}": "${value}"` });
}

/** The order words are kept apart in SHOW: `ISO, MDY`. German and ISO print the same whatever the order. */
function parseDateStyle(value: string): Pick<TextStyle, 'dateStyle' | 'dateOrder'> {
  let dateStyle: DateStyle = 'ISO';
  let dateOrder: DateOrder = 'MDY';
  for (const word of value.split(',').map((part) => part.trim().toUpperCase())) {
    if (word === 'DMY' || word.startsWith('EURO')) dateOrder = 'DMY';
    else if (word === 'MDY' || word === 'US' || word.startsWith('NONEURO')) dateOrder = 'MDY';
    else if (word === 'YMD') dateOrder = 'YMD';
    else if (word !== '') dateStyle = oneOf(DATE_STYLES, word, 'DateStyle');
  }
  return { dateStyle, dateOrder };
}

/**
 * Reads the session's settings once, for any number of values. Missing ones have PostgreSQL's defaults, the zone is UTC.
 * @throws PgError 22023 for a value that PostgreSQL does not have
 */
export function textStyle(settings: ReadonlyMap<string, string>): TextStyle {
  const digits = Number(settingOf(settings, 'extra_float_digits', '1'));
  return {
    ...parseDateStyle(settingOf(settings, 'DateStyle', 'ISO, MDY')),
    timeZone: timeZone(settingOf(settings, 'TimeZone', 'UTC')),
    intervalStyle: oneOf(INTERVAL_STYLES, settingOf(settings, 'IntervalStyle', 'postgres'), 'IntervalStyle'),
    extraFloatDigits: Number.isInteger(digits) ? digits : 1,
    byteaOutput: oneOf(
      ['hex', 'escape'] as const,
      settingOf(settings, 'bytea_output', 'hex'),
      'bytea_output',
    ),
  };
}
