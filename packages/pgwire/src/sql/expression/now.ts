import type { SQLValueFunction } from '@pgsql/types';
import type { Env } from '../context.js';
import { value, type Expr } from '../expr.js';
import { bind, sql } from '../fragment.js';
import { DATE, TIME, TIMESTAMP, TIMESTAMPTZ, type PgType } from '../pg-types.js';
import { settingOf } from './datetime-text.js';

/** Date and time of day on the clocks of a time zone, as ISO text. */
function wallClock(now: Date, timeZone: string): { readonly date: string; readonly time: string } {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  const parts = new Map(format.formatToParts(now).map(({ type, value: text }) => [type, text]));
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '00';
  const milliseconds = String(now.getUTCMilliseconds()).padStart(3, '0');
  return {
    date: `${part('year')}-${part('month')}-${part('day')}`,
    time: `${part('hour')}:${part('minute')}:${part('second')}.${milliseconds}`,
  };
}

/** The session's zone under a name that Intl knows; others are refused where the local time matters. */
function zoneOf(env: Env, location: number | undefined): string {
  const zone = settingOf(env, 'timezone') ?? 'UTC';
  try {
    return new Intl.DateTimeFormat('en-CA', { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    throw env.refuse(
      `the current time in TimeZone ${zone}`,
      location,
      "SET TimeZone TO 'UTC' or a named zone.",
    );
  }
}

function clockValue(
  type: PgType,
  irisType: 'DATE' | 'TIME' | 'TIMESTAMP',
  read: (now: Date) => string,
): Expr {
  const placeholder = bind((run) => read(run.now));
  const typed = { DATE: sql`CAST(${placeholder} AS DATE)`, TIME: sql`CAST(${placeholder} AS TIME)` };
  const fragment = irisType === 'TIMESTAMP' ? sql`CAST(${placeholder} AS TIMESTAMP)` : typed[irisType];
  return value(fragment, type, { nullable: false });
}

const utc = (now: Date): string => now.toISOString().replace('T', ' ').replace('Z', '');

/** timestamptz is kept in UTC. */
const instant = (): Expr => clockValue(TIMESTAMPTZ, 'TIMESTAMP', utc);

type ClockFunction = (env: Env, location: number | undefined) => Expr;

/**
 * The time comes from this process and not from IRIS, whose functions give the server's local time in whole seconds,
 * so that all values of one transaction agree with the session's TimeZone.
 */
export const nowFunctions: Readonly<Record<string, ClockFunction>> = {
  now: instant,
  transaction_timestamp: instant,
  statement_timestamp: instant,
  clock_timestamp: instant,
};

export function translateValueFunction(node: SQLValueFunction, env: Env): Expr {
  const location = node.location;
  const precise = node.typmod !== undefined && node.typmod >= 0 && node.typmod < 3;
  if (precise) throw env.refuse('a clock function with a precision below 3', location);
  switch (node.op) {
    case 'SVFOP_CURRENT_TIMESTAMP':
    case 'SVFOP_CURRENT_TIMESTAMP_N':
      return instant();
    case 'SVFOP_CURRENT_DATE': {
      const zone = zoneOf(env, location);
      return clockValue(DATE, 'DATE', (now) => wallClock(now, zone).date);
    }
    case 'SVFOP_LOCALTIME':
    case 'SVFOP_LOCALTIME_N': {
      const zone = zoneOf(env, location);
      return clockValue(TIME, 'TIME', (now) => wallClock(now, zone).time);
    }
    case 'SVFOP_LOCALTIMESTAMP':
    case 'SVFOP_LOCALTIMESTAMP_N': {
      const zone = zoneOf(env, location);
      return clockValue(TIMESTAMP, 'TIMESTAMP', (now) => {
        const { date, time } = wallClock(now, zone);
        return `${date} ${time}`;
      });
    }
    default:
      throw env.refuse('this session function beside a table', location);
  }
}
