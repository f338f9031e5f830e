import { asValue, type Expr } from '../expr.js';
import { raw, sql, textLiteral, type Sql } from '../fragment.js';
import { categoryOf, FLOAT8, NUMERIC, TEXT, TIMESTAMP, TIMESTAMPTZ, type PgType } from '../pg-types.js';
import { requireUtc } from './cast.js';
import { nowFunctions } from './now.js';
import {
  argument,
  constantText,
  result,
  type Call,
  type FunctionRule,
  type FunctionTable,
} from './function-rule.js';

const TRUNCATABLE: readonly string[] = ['second', 'minute', 'hour', 'day', 'month', 'quarter', 'year'];

/** date_trunc(unit, x); a week begins on Monday. */
const dateTrunc: FunctionRule = (call) => {
  const unit = constantText(call, 0).toLowerCase();
  const x = argument(call, 1);
  if (call.args.length > 2) throw call.env.refuse('date_trunc with a time zone', call.location);
  if (x.type.oid !== TIMESTAMP.oid) requireUtc(call.env, call.location);
  const stamp = categoryOf(x.type) === 'date' ? sql`CAST(${x.sql} AS TIMESTAMP)` : x.sql;
  const type = categoryOf(x.type) === 'date' ? TIMESTAMPTZ : x.type;
  if (unit === 'week') {
    const monday = sql`DATEADD('day', (- MOD({fn DAYOFWEEK(${stamp})} + 5, 7)), ${stamp})`;
    return result(call, sql`DATE_TRUNC('day', ${monday})`, type);
  }
  if (!TRUNCATABLE.includes(unit)) throw call.env.refuse(`date_trunc to ${unit}`, call.location);
  return result(call, sql`DATE_TRUNC(${raw(`'${unit}'`)}, ${stamp})`, type);
};

type Part = (x: Sql) => Sql;

const DATE_PARTS: Readonly<Record<string, Part | undefined>> = {
  year: (x) => sql`YEAR(${x})`,
  month: (x) => sql`MONTH(${x})`,
  day: (x) => sql`DAY(${x})`,
  quarter: (x) => sql`{fn QUARTER(${x})}`,
  doy: (x) => sql`{fn DAYOFYEAR(${x})}`,
  dow: (x) => sql`({fn DAYOFWEEK(${x})} - 1)`,
  isodow: (x) => sql`(MOD({fn DAYOFWEEK(${x})} + 5, 7) + 1)`,
  century: (x) => sql`((YEAR(${x}) + 99) \\ 100)`,
  decade: (x) => sql`(YEAR(${x}) \\ 10)`,
};

const TIME_PARTS: Readonly<Record<string, Part | undefined>> = {
  hour: (x) => sql`{fn HOUR(${x})}`,
  minute: (x) => sql`{fn MINUTE(${x})}`,
};

/** extract(field from x) is numeric, date_part double precision. */
const extract =
  (type: PgType): FunctionRule =>
  (call) => {
    const field = constantText(call, 0).toLowerCase();
    const x = argument(call, 1);
    const category = categoryOf(x.type);
    if (category === 'timestamptz') requireUtc(call.env, call.location);
    const facts = type.oid === NUMERIC.oid ? { scale: 0 } : {};
    if (field === 'epoch' && category === 'date') {
      const days = sql`DATEDIFF('day', CAST('1970-01-01' AS DATE), ${x.sql})`;
      return result(call, sql`(${days} * 86400)`, type, facts);
    }
    const dated = category === 'date' || category === 'timestamp' || category === 'timestamptz';
    const timed = category === 'time' || category === 'timestamp' || category === 'timestamptz';
    const part = (dated ? DATE_PARTS[field] : undefined) ?? (timed ? TIME_PARTS[field] : undefined);
    if (part === undefined) {
      throw call.env.refuse(`extracting ${field} from this type`, call.location);
    }
    return result(call, part(x.sql), type, facts);
  };

/** Templates of to_char that mean the same in PostgreSQL and IRIS. */
const CHAR_TEMPLATE = /^(?:YYYY|MM|DD|HH24|MI|SS|[-/:., ])+$/;

const toChar: FunctionRule = (call) => {
  const x = argument(call, 0);
  const template = constantText(call, 1);
  const dated = ['date', 'timestamp', 'timestamptz'].includes(categoryOf(x.type));
  if (!dated || !CHAR_TEMPLATE.test(template)) {
    throw call.env.refuse(
      'to_char with this template or type',
      call.location,
      'Templates: YYYY MM DD HH24 MI SS.',
    );
  }
  if (categoryOf(x.type) === 'timestamptz') requireUtc(call.env, call.location);
  return result(call, sql`TO_CHAR(${asValue(x)}, ${textLiteral(template)})`, TEXT);
};

/** `x AT TIME ZONE zone`: between a timestamp and a timestamptz, which is kept in UTC. */
const atTimeZone: FunctionRule = (call) => {
  const zone = call.args.length > 1 ? constantText(call, 0) : '';
  const x = argument(call, call.args.length - 1);
  const category = categoryOf(x.type);
  if (!/^(utc|gmt|etc\/utc|z)$/i.test(zone) || (category !== 'timestamp' && category !== 'timestamptz')) {
    throw call.env.refuse('AT TIME ZONE with another zone than UTC', call.location);
  }
  return { ...x, type: category === 'timestamp' ? TIMESTAMPTZ : TIMESTAMP };
};

/** PostgreSQL's date functions. What is missing here is refused. */
export const DATE_FUNCTIONS: FunctionTable = {
  date_trunc: dateTrunc,
  extract: extract(NUMERIC),
  date_part: extract(FLOAT8),
  to_char: toChar,
  timezone: atTimeZone,
  ...Object.fromEntries(
    Object.entries(nowFunctions).map(([name, emit]) => [
      name,
      (call: Call): Expr => emit(call.env, call.location),
    ]),
  ),
};
