import { valueError } from '../errors.js';

/** Day 0 of $HOROLOG is 1840-12-31, this many days before 1970-01-01. */
const HOROLOG_EPOCH_DAYS = 47_117;
const SECONDS_PER_DAY = 86_400;
const MICROS_PER_SECOND = 1_000_000n;
/** %PosixTime keeps times from 1970 on as microseconds plus 2^60, earlier ones as microseconds minus 3*2^61. */
const POSIX_POSITIVE_BIAS = 2n ** 60n;
const POSIX_NEGATIVE_BIAS = 3n * 2n ** 61n;

const DATE_TEXT = /^(\d{4})-(\d{2})-(\d{2})$/;
const TIME_TEXT = /^(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?$/;
const TIMESTAMP_TEXT = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?)$/;

const MONTH_LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** `YYYY-MM-DD` for a $HOROLOG day number. @throws IrisError IRIS_VALUE outside the years 1 to 9999 */
export function horologToDate(day: number): string {
  return dateOfUnixDay(day - HOROLOG_EPOCH_DAYS);
}

/** The $HOROLOG day number of `YYYY-MM-DD`. @throws IrisError IRIS_VALUE for anything that is no date */
export function dateToHorolog(date: string): number {
  return unixDayOfDate(date) + HOROLOG_EPOCH_DAYS;
}

/** `HH:MM:SS[.f]` for seconds since midnight. @throws IrisError IRIS_VALUE outside one day */
export function horologToTime(secondsOfDay: number): string {
  if (!(secondsOfDay >= 0 && secondsOfDay < SECONDS_PER_DAY)) {
    throw valueError(`${secondsOfDay} is no second of a day`, 'A time is from 0 to 86399.999999.');
  }
  const whole = Math.floor(secondsOfDay);
  const fraction = secondsOfDay === whole ? '' : secondsOfDay.toFixed(6).split('.')[1]?.replace(/0+$/, '');
  return clock(whole) + (fraction === undefined || fraction === '' ? '' : `.${fraction}`);
}

/** Seconds since midnight of `HH:MM:SS[.f]`. @throws IrisError IRIS_VALUE for anything that is no time */
export function timeToHorolog(time: string): number {
  const { seconds, fraction } = parseTime(time);
  return fraction === '' ? seconds : Number(`${seconds}.${fraction}`);
}

/** `YYYY-MM-DD HH:MM:SS[.ffffff]` in UTC for the int64 of a %PosixTime. @throws IrisError IRIS_VALUE outside the years 1 to 9999 */
export function posixTimeToText(value: bigint): string {
  const micros = value > 0n ? value - POSIX_POSITIVE_BIAS : value + POSIX_NEGATIVE_BIAS;
  const second = floorDiv(micros, MICROS_PER_SECOND);
  const fraction = micros - second * MICROS_PER_SECOND;
  const day = floorDiv(second, BigInt(SECONDS_PER_DAY));
  const ofDay = Number(second - day * BigInt(SECONDS_PER_DAY));
  const tail = fraction === 0n ? '' : `.${fraction.toString().padStart(6, '0').replace(/0+$/, '')}`;
  return `${dateOfUnixDay(Number(day))} ${clock(ofDay)}${tail}`;
}

/** The int64 of a %PosixTime for `YYYY-MM-DD HH:MM:SS[.f]` in UTC; digits below a microsecond are cut. @throws IrisError IRIS_VALUE */
export function textToPosixTime(text: string): bigint {
  const match = TIMESTAMP_TEXT.exec(text);
  if (match?.[1] === undefined || match[2] === undefined) throw notA('timestamp', text);
  const { seconds, fraction } = parseTime(match[2]);
  const second = BigInt(unixDayOfDate(match[1])) * BigInt(SECONDS_PER_DAY) + BigInt(seconds);
  const micros = second * MICROS_PER_SECOND + BigInt(fraction.slice(0, 6).padEnd(6, '0'));
  return micros >= 0n ? micros + POSIX_POSITIVE_BIAS : micros - POSIX_NEGATIVE_BIAS;
}

function parseTime(text: string): { seconds: number; fraction: string } {
  const match = TIME_TEXT.exec(text);
  const [hour, minute, second] = [Number(match?.[1]), Number(match?.[2]), Number(match?.[3])];
  if (match === null || hour > 23 || minute > 59 || second > 59) throw notA('time', text);
  return { seconds: hour * 3600 + minute * 60 + second, fraction: match[4] ?? '' };
}

function unixDayOfDate(text: string): number {
  const match = DATE_TEXT.exec(text);
  const [year, month, day] = [Number(match?.[1]), Number(match?.[2]), Number(match?.[3])];
  if (match === null || year < 1 || month < 1 || month > 12 || day < 1 || day > monthLength(year, month)) {
    throw notA('date', text);
  }
  const time = new Date(0);
  time.setUTCFullYear(year, month - 1, day);
  return Math.round(time.getTime() / (SECONDS_PER_DAY * 1000));
}

function monthLength(year: number, month: number): number {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return month === 2 && leap ? 29 : (MONTH_LENGTHS[month - 1] ?? 0);
}

function dateOfUnixDay(day: number): string {
  const time = new Date(day * SECONDS_PER_DAY * 1000);
  const year = time.getUTCFullYear();
  if (!Number.isInteger(day) || !(year >= 1 && year <= 9999)) {
    throw valueError(`Day ${day} is outside the years 1 to 9999`, 'Read the column as text.');
  }
  return `${pad(year, 4)}-${pad(time.getUTCMonth() + 1, 2)}-${pad(time.getUTCDate(), 2)}`;
}

function clock(secondOfDay: number): string {
  const minute = Math.floor(secondOfDay / 60);
  return `${pad(Math.floor(minute / 60), 2)}:${pad(minute % 60, 2)}:${pad(secondOfDay % 60, 2)}`;
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

function floorDiv(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by < 0n ? quotient - 1n : quotient;
}

function notA(what: string, text: string): Error {
  return valueError(
    `'${text}' is no ${what}`,
    'Expected forms: YYYY-MM-DD, HH:MM:SS[.f], YYYY-MM-DD HH:MM:SS[.f].',
  );
}
