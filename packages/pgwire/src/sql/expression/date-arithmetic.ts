import type { Env } from '../context.js';
import { value, type Expr } from '../expr.js';
import { raw, sql, type Sql } from '../fragment.js';
import { categoryOf, DATE, INT4, TIMESTAMP } from '../pg-types.js';
import { OID } from '../../types/oids.js';

/** `date + 7`, `date - 7`: DATEADD gives a timestamp in IRIS, PostgreSQL a date. */
export function shiftDate(operator: '+' | '-', date: Expr, days: Expr): Expr {
  const count = operator === '+' ? days.sql : sql`(- ${days.sql})`;
  const fragment = sql`CAST(DATEADD('day', ${count}, ${date.sql}) AS DATE)`;
  return value(fragment, DATE, { nullable: date.nullable || days.nullable });
}

/** `date - date` in days; DATEDIFF counts from its second argument to its third. */
export function dateDifference(left: Expr, right: Expr): Expr {
  const fragment = sql`DATEDIFF('day', ${right.sql}, ${left.sql})`;
  return value(fragment, INT4, { nullable: left.nullable || right.nullable });
}

interface Interval {
  months: number;
  days: number;
  seconds: number;
}

const UNITS: Readonly<Record<string, readonly [keyof Interval, number] | undefined>> = {
  year: ['months', 12],
  month: ['months', 1],
  mon: ['months', 1],
  week: ['days', 7],
  day: ['days', 1],
  hour: ['seconds', 3600],
  minute: ['seconds', 60],
  min: ['seconds', 60],
  second: ['seconds', 1],
  sec: ['seconds', 1],
};

/** `'1 day'`, `'2 hours 30 minutes'`, `'1:30:00'`; `undefined` for every other spelling. */
function parseInterval(text: string): Interval | undefined {
  const interval: Interval = { months: 0, days: 0, seconds: 0 };
  let rest = text.trim().toLowerCase();
  while (rest !== '') {
    const clock = /^([+-]?)(\d+):(\d{2})(?::(\d{2}))?(?:\s+|$)/.exec(rest);
    const amount = /^([+-]?\d+)\s*([a-z]+)(?:\s+|$)/.exec(rest);
    if (clock !== null) {
      const seconds = Number(clock[2]) * 3600 + Number(clock[3]) * 60 + Number(clock[4] ?? 0);
      interval.seconds += clock[1] === '-' ? -seconds : seconds;
    } else {
      const word = amount?.[2] ?? '';
      const unit = UNITS[word] ?? UNITS[word.replace(/s$/, '')];
      if (unit === undefined) return undefined;
      interval[unit[0]] += Number(amount?.[1]) * unit[1];
    }
    rest = rest.slice((clock ?? amount)?.[0].length);
  }
  return interval;
}

/** Adds a constant interval: months first (IRIS, like PostgreSQL, keeps the day within the month), then days, then seconds. */
export function addInterval(
  operator: '+' | '-',
  base: Expr,
  interval: Expr,
  env: Env,
  location?: number,
): Expr {
  const text = interval.constant?.kind === 'string' ? interval.constant.text : undefined;
  const parsed = text === undefined ? undefined : parseInterval(text);
  if (parsed === undefined) {
    const what = text === undefined ? 'an interval that is no constant' : `the interval '${text}'`;
    throw env.refuse(what, location, "Write whole units: interval '1 year 2 days 3 hours'.");
  }
  const sign = operator === '+' ? 1 : -1;
  const start = categoryOf(base.type) === 'date' ? sql`CAST(${base.sql} AS TIMESTAMP)` : base.sql;
  const type = base.type.oid === OID.timestamptz ? base.type : TIMESTAMP;
  let moved: Sql = start;
  for (const [unit, amount] of [
    ['month', parsed.months],
    ['day', parsed.days],
    ['second', parsed.seconds],
  ] as const) {
    if (amount !== 0) moved = sql`DATEADD(${raw(`'${unit}'`)}, ${raw(String(sign * amount))}, ${moved})`;
  }
  return value(moved, type, { nullable: base.nullable });
}
