import { sqlError } from '@iris-devtools/core';
import type { IrisType } from '../../sql/types.js';
import type { EmitContext, FunctionDefinition } from '../registry-types.js';
import {
  BIGINT,
  constant,
  DATE,
  define,
  INTEGER,
  isNumber,
  named,
  NUMERIC,
  textOf,
  TIME,
  TIMESTAMP,
  typeAt,
  VARCHAR,
} from './define.js';

/** The name of a day or month. */
const NAME: IrisType = { name: 'VARCHAR', length: 15 };
/** What the clock says without a fraction: 19 characters. */
const CLOCK_TIMESTAMP: IrisType = { name: 'TIMESTAMP', precision: 19, scale: 0 };

/** Names and abbreviations of date parts, as `iris.part_name` has them for words that come as values. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  year: ['yyyy', 'yy'],
  quarter: ['qq', 'q'],
  month: ['mm', 'm'],
  week: ['wk', 'ww'],
  weekday: ['dw', 'w'],
  day: ['dd', 'd'],
  dayofyear: ['dy', 'y'],
  hour: ['hh', 'h'],
  minute: ['mi', 'n'],
  second: ['ss', 's'],
  millisecond: ['ms'],
  microsecond: ['mcs'],
  nanosecond: ['ns'],
  sqltimestamp: ['sts'],
};

const PART_NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries(PARTS).flatMap(([name, short]) =>
    [name, ...short].map((word): [string, string] => [word, name]),
  ),
);

const INTERVALS: ReadonlyMap<string, string> = new Map([
  ['SQL_TSI_FRAC_SECOND', 'millisecond'],
  ['SQL_TSI_SECOND', 'second'],
  ['SQL_TSI_MINUTE', 'minute'],
  ['SQL_TSI_HOUR', 'hour'],
  ['SQL_TSI_DAY', 'day'],
  ['SQL_TSI_WEEK', 'week'],
  ['SQL_TSI_MONTH', 'month'],
  ['SQL_TSI_QUARTER', 'quarter'],
  ['SQL_TSI_YEAR', 'year'],
]);

/**
 * The date part, which is always the first argument, as PostgreSQL text.
 * @throws IrisError -8 for a word that is none; a value that is none gives NULL, as does a quoted word of DATEDIFF
 */
function partText(arg: string, name: string, context: EmitContext): string {
  const word = context.words[0];
  if (word === undefined) return `iris.part_name(${textOf(arg, typeAt(context, 0))})`;
  const part = PART_NAMES.get(word.toLowerCase());
  if (part !== undefined && (part !== 'sqltimestamp' || name === 'DATEPART')) return constant(part);
  if (name === 'DATEDIFF' && context.quoted[0] === true) return 'NULL::text';
  throw badPart(word, name);
}

function intervalText(name: string, context: EmitContext): string {
  const word = context.words[0] ?? '';
  const part = INTERVALS.get(word.toUpperCase());
  if (part === undefined) throw badPart(word, name);
  return constant(part);
}

const badPart = (word: string, name: string) =>
  sqlError(-8, ` '${word}' is not a recognized ${name} option`, {
    hint: 'Use year, quarter, month, week, day, hour, minute, second or their abbreviations.',
  });

/** An argument of kind `any` as a timestamp of PostgreSQL; `failure` is the message for a text that is none. */
function moment(arg: string, type: IrisType, failure?: string): string {
  if (type.name === 'DATE' || isNumber(type)) return `iris.day_moment((${arg})::numeric)`;
  if (type.name === 'TIME') return `iris.time_moment(${arg})`;
  const text = textOf(arg, type);
  return failure === undefined
    ? `iris.moment(${text})`
    : `iris.moment_or_fail(${text}, ${constant(failure)})`;
}

/** The same for TIMESTAMPADD and TIMESTAMPDIFF, which are stricter and have codes of their own for a text that is no timestamp. */
function timestampOrFail(arg: string, type: IrisType, sqlstate: 'IR400' | 'IR008'): string {
  if (type.name === 'DATE' || type.name === 'TIME' || isNumber(type)) return moment(arg, type);
  return `iris.odbc_timestamp_or_fail(${textOf(arg, type)}, '${sqlstate}')`;
}

/** What a function makes of a text that is no date: NULL or an error, which a wrong time in it may be, too. */
type Strictness = 'null' | 'fail' | 'fail-on-time';

const ODBC_DAY: Readonly<Record<Strictness, string>> = {
  null: 'iris.odbc_day',
  fail: 'iris.odbc_day_or_fail',
  'fail-on-time': 'iris.odbc_moment_or_fail',
};

/** Nanoseconds beyond the microseconds that a timestamp of PostgreSQL holds. */
function nanos(arg: string, type: IrisType): string {
  if (type.name === 'DATE' || type.name === 'TIME' || isNumber(type)) return '0';
  return `iris.nanos(${textOf(arg, type)})`;
}

const isNanoseconds = (part: string): boolean => part === `'nanosecond'`;

/** An argument of kind `any` as a date of PostgreSQL, by the stricter rules of YEAR, MONTH and their like. */
function day(arg: string, type: IrisType, strictness: Strictness): string {
  if (type.name === 'DATE' || isNumber(type)) return `iris.day_moment((${arg})::numeric)::date`;
  return `${ODBC_DAY[strictness]}(${textOf(arg, type)})`;
}

function clock(arg: string, context: EmitContext): string {
  const type = typeAt(context, 0);
  if (type.name === 'DATE') return `(0 * ${arg})::numeric`;
  if (type.name === 'TIME' || isNumber(type)) return `(${arg})::numeric`;
  return `iris.clock_seconds(${textOf(arg, type)})`;
}

/** POSIXTIME stays POSIXTIME. */
const timestampAt =
  (index: number) =>
  (types: readonly IrisType[]): IrisType =>
    types[index]?.name === 'POSIXTIME' ? { name: 'POSIXTIME' } : TIMESTAMP;

const illegal = '<ILLEGAL VALUE>';

/** A function of one date that gives a whole number. */
const ofDay = (
  name: string,
  strictness: Strictness,
  emit: (day: string) => string,
  braceOnly = true,
): FunctionDefinition =>
  define(name, 1, ['any'], INTEGER, ([x = ''], context) => emit(day(x, typeAt(context, 0), strictness)), {
    braceOnly,
  });

const ofClock = (name: string, emit: (seconds: string) => string, result: IrisType): FunctionDefinition =>
  define(name, 1, ['any'], result, ([x = ''], context) => emit(clock(x, context)), { braceOnly: true });

const dayOfMonth = define('DAYOFMONTH', 1, ['any'], INTEGER, ([x = ''], context) => {
  const type = typeAt(context, 0);
  const isDay = type.name === 'DATE' || isNumber(type);
  return isDay ? `extract(day FROM ${day(x, type, 'null')})::int4` : `iris.day_of_month(${textOf(x, type)})`;
});

const toDate = define('TO_DATE', [1, 2], ['string'], DATE, (args) => `iris.to_date(${args.join(', ')})`);
const toChar = define('TO_CHAR', [1, 2], ['string'], VARCHAR, (args) => `iris.to_char(${args.join(', ')})`);

const toTimestamp = (name: string, result: IrisType): FunctionDefinition =>
  define(name, [1, 2], ['string'], result, ([x = '', format = `'DD MON YYYY HH:MI:SS'`]) => {
    return `iris.${name.toLowerCase()}(${x}, ${format})`;
  });

/** DATEPART gives numbers, but a timestamp for `sqltimestamp`. */
function datePart([part = '', x = '']: readonly string[], context: EmitContext): string {
  const name = partText(part, 'DATEPART', context);
  const failure = `Invalid input to DATEPART() function: DATEPART('${context.words[0] ?? '?'}',...)`;
  const when = moment(x, typeAt(context, 1), failure);
  if (name === `'sqltimestamp'`) return `iris.moment_text(date_trunc('second', ${when}))`;
  const value = `iris.datepart(${name}, ${when})`;
  return isNanoseconds(name) ? `(${value} + ${nanos(x, typeAt(context, 1))})` : value;
}

function datePartType(_types: readonly IrisType[], words: readonly (string | undefined)[] = []): IrisType {
  const part = PART_NAMES.get(words[0]?.toLowerCase() ?? '');
  if (part === 'sqltimestamp') return TIMESTAMP;
  return part === 'second' ? { name: 'NUMERIC', precision: 11, scale: 9 } : INTEGER;
}

export const DATE_DEFINITIONS: readonly FunctionDefinition[] = [
  ofDay('YEAR', 'fail-on-time', (d) => `extract(year FROM ${d})::int4`, false),
  ofDay('MONTH', 'fail', (d) => `extract(month FROM ${d})::int4`, false),
  ofDay('QUARTER', 'fail-on-time', (d) => `extract(quarter FROM ${d})::int4`),
  ofDay('WEEK', 'null', (d) => `iris.week(${d})`),
  ofDay('DAYOFWEEK', 'null', (d) => `(extract(dow FROM ${d}) + 1)::int4`),
  ofDay('DAYOFYEAR', 'null', (d) => `extract(doy FROM ${d})::int4`),
  ...named(['DAYOFMONTH', 'DAY'], dayOfMonth),
  { ...ofDay('DAYNAME', 'fail', (d) => `to_char(${d}, 'FMDay')`), resultType: () => NAME },
  { ...ofDay('MONTHNAME', 'fail', (d) => `to_char(${d}, 'FMMonth')`), resultType: () => NAME },
  ofClock('HOUR', (s) => `(trunc(${s})::int4 / 3600 % 24)`, INTEGER),
  ofClock('MINUTE', (s) => `(trunc(${s})::int4 / 60 % 60)`, INTEGER),
  ofClock('SECOND', (s) => `trim_scale(mod(${s}, 60))`, { name: 'NUMERIC', precision: 11, scale: 9 }),
  define('DATEPART', 2, ['word', 'any'], datePartType, datePart),
  define('DATENAME', 2, ['word', 'any'], { name: 'VARCHAR', length: 20 }, ([part = '', x = ''], context) => {
    const name = partText(part, 'DATENAME', context);
    const when = moment(x, typeAt(context, 1));
    if (!isNanoseconds(name)) return `iris.datename(${name}, ${when})`;
    return `(iris.datepart(${name}, ${when}) + ${nanos(x, typeAt(context, 1))})::int8::text`;
  }),
  define('DATEADD', 3, ['word', 'number', 'any'], timestampAt(2), ([part = '', n = '', x = ''], context) => {
    const when = moment(x, typeAt(context, 2), illegal);
    return `iris.dateadd(${partText(part, 'DATEADD', context)}, ${n}, ${when}, ${nanos(x, typeAt(context, 2))})`;
  }),
  define('DATEDIFF', 3, ['word', 'any', 'any'], BIGINT, ([part = '', a = '', b = ''], context) => {
    const name = partText(part, 'DATEDIFF', context);
    const [first, second] = [typeAt(context, 1), typeAt(context, 2)];
    const difference = `iris.datediff(${name}, ${moment(a, first)}, ${moment(b, second)})`;
    return isNanoseconds(name) ? `(${difference} + ${nanos(b, second)} - ${nanos(a, first)})` : difference;
  }),
  define('DATE_TRUNC', 2, ['word', 'any'], timestampAt(1), ([part = '', x = ''], context) => {
    return `iris.date_trunc(${partText(part, 'DATE_TRUNC', context)}, ${moment(x, typeAt(context, 1), illegal)})`;
  }),
  define(
    'TIMESTAMPADD',
    3,
    ['word', 'number', 'any'],
    timestampAt(2),
    ([, n = '', x = ''], context) =>
      `iris.dateadd(${intervalText('TIMESTAMPADD', context)}, ${n}, ${timestampOrFail(x, typeAt(context, 2), 'IR400')}, ${nanos(x, typeAt(context, 2))})`,
    { braceOnly: true },
  ),
  define(
    'TIMESTAMPDIFF',
    3,
    ['word', 'any', 'any'],
    BIGINT,
    ([, a = '', b = ''], context) =>
      `iris.datediff(${intervalText('TIMESTAMPDIFF', context)}, ${timestampOrFail(a, typeAt(context, 1), 'IR008')}, ${timestampOrFail(b, typeAt(context, 2), 'IR008')})`,
    { braceOnly: true },
  ),
  define('LAST_DAY', 1, ['any'], DATE, ([x = ''], context) => {
    const type = typeAt(context, 0);
    return `CASE WHEN ${x} IS NOT NULL THEN iris.last_day(${day(x, type, 'null')}) END`;
  }),
  define('DATE', 1, ['any'], DATE, ([x = ''], context) => {
    const type = typeAt(context, 0);
    const isDay = type.name === 'DATE' || isNumber(type);
    return isDay ? `trunc(${x})::int4` : `iris.date(${textOf(x, type)})`;
  }),
  ...named(['TO_DATE', 'TODATE'], toDate),
  ...named(['TO_CHAR', 'TOCHAR'], toChar),
  toTimestamp('TO_TIMESTAMP', TIMESTAMP),
  toTimestamp('TO_POSIXTIME', { name: 'POSIXTIME' }),
  define('UNIX_TIMESTAMP', [0, 1], ['any'], NUMERIC, ([x], context) => {
    if (x === undefined) return 'trunc(extract(epoch FROM now()))';
    return `trim_scale(extract(epoch FROM ${moment(x, typeAt(context, 0), illegal)}))`;
  }),
];

const niladic = { niladic: true, volatile: true } as const;
const nowText = ([digits = '0']: readonly string[]): string => `iris.now_text(${digits}, false)`;

/** What the clock says. Time zones: the local one of the storage's session. */
export const CLOCK_DEFINITIONS: readonly FunctionDefinition[] = [
  define('CURRENT_DATE', 0, [], DATE, () => 'iris.now_day(false)', niladic),
  define('CURDATE', 0, [], DATE, () => 'iris.now_day(false)', { braceOnly: true, volatile: true }),
  define(
    'CURRENT_TIME',
    [0, 1],
    ['integer'],
    TIME,
    ([digits = '0']) => `iris.now_seconds(${digits}, false)`,
    niladic,
  ),
  define('CURTIME', 0, [], TIME, () => 'iris.now_seconds(0, false)', { braceOnly: true, volatile: true }),
  define('CURRENT_TIMESTAMP', [0, 1], ['integer'], CLOCK_TIMESTAMP, nowText, niladic),
  define('SYSDATE', 0, [], CLOCK_TIMESTAMP, nowText, niladic),
  define('NOW', 0, [], CLOCK_TIMESTAMP, nowText, { volatile: true }),
  define('GETDATE', [0, 1], ['integer'], CLOCK_TIMESTAMP, nowText, { volatile: true }),
  define(
    'GETUTCDATE',
    [0, 1],
    ['integer'],
    CLOCK_TIMESTAMP,
    ([digits = '0']) => `iris.now_text(${digits}, true)`,
    {
      volatile: true,
    },
  ),
  ...named(
    ['$HOROLOG', '$H'],
    define(
      '$HOROLOG',
      0,
      [],
      VARCHAR,
      () => `iris.now_day(false) || ',' || iris.now_seconds(0, false)`,
      niladic,
    ),
  ),
  ...named(
    ['$ZTIMESTAMP', '$ZTS'],
    define(
      '$ZTIMESTAMP',
      0,
      [],
      VARCHAR,
      () => `iris.now_day(true) || ',' || iris.now_seconds(3, true)`,
      niladic,
    ),
  ),
];
