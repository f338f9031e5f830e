import { PgError } from '../pg-error.js';

/** A zone as the session's TimeZone names it. */
export interface TimeZone {
  /** Seconds east of Greenwich at a moment (milliseconds since 1970). */
  offsetAt(epochMs: number): number;
  /** What non-ISO date styles print after the time: `CET`, `+02`. */
  abbreviationAt(epochMs: number): string;
}

/** `<+02>-02`, `UTC-3`, `<-05>+05`: POSIX counts west of Greenwich as positive. */
const POSIX = /^(?:<([+-]?\w+)>|([A-Za-z]{3,}))([+-]?)(\d{1,2})(?::(\d{2}))?(?::(\d{2}))?$/;
/** `SET TIME ZONE -7` and `+02:00`: east is positive in numbers that stand alone. */
const NUMERIC = /^([+-]?)(\d{1,2})(?:\.5|:(\d{2}))?$/;

function fixed(eastSeconds: number, abbreviation: string): TimeZone {
  return { offsetAt: () => eastSeconds, abbreviationAt: () => abbreviation };
}

function posix(name: string): TimeZone | undefined {
  const match = POSIX.exec(name);
  if (match === null) return undefined;
  const [, bracketed, word = '', sign, hours = '0', minutes = '0', seconds = '0'] = match;
  const west = Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds);
  return fixed(sign === '-' ? west : -west, bracketed ?? word);
}

function numeric(name: string): TimeZone | undefined {
  const match = NUMERIC.exec(name);
  if (match === null) return undefined;
  const [, sign, hours = '0', minutes] = match;
  const half = name.includes('.5') ? 1_800 : 0;
  const east = Number(hours) * 3_600 + (minutes === undefined ? half : Number(minutes) * 60);
  const signed = sign === '-' ? -east : east;
  return fixed(signed, `${sign === '-' ? '-' : '+'}${hours.padStart(2, '0')}`);
}

/** Node's copy of the IANA data base, through Intl. */
function iana(name: string): TimeZone | undefined {
  let clock: Intl.DateTimeFormat;
  try {
    clock = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    return undefined;
  }
  const short = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'short' });
  return {
    offsetAt: (epochMs) => offsetFromClock(clock, epochMs),
    abbreviationAt: (epochMs) => abbreviation(short, epochMs),
  };
}

function offsetFromClock(clock: Intl.DateTimeFormat, epochMs: number): number {
  const whole = Math.floor(epochMs / 1_000) * 1_000;
  const parts = new Map(clock.formatToParts(whole).map(({ type, value }) => [type, value]));
  const part = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type));
  const year = parts.get('era') === 'BC' ? 1 - part('year') : part('year');
  const local = new Date(0);
  local.setUTCFullYear(year, part('month') - 1, part('day'));
  local.setUTCHours(part('hour'), part('minute'), part('second'));
  return (local.getTime() - whole) / 1_000;
}

function abbreviation(short: Intl.DateTimeFormat, epochMs: number): string {
  const name = short.formatToParts(epochMs).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  if (/^[A-Z]{2,5}$/.test(name)) return name;
  throw new PgError({
    sqlstate: '0A000',
    message: 'the abbreviation of this time zone is not supported',
    hint: 'SET DateStyle = ISO, or use a zone such as UTC or America/New_York.',
  });
}

/** @throws PgError 22023 for a zone that is not known */
export function timeZone(name: string): TimeZone {
  const trimmed = name.trim();
  if (/^(utc|gmt|z|zulu|etc\/utc)$/i.test(trimmed)) {
    return fixed(0, /^gmt$/i.test(trimmed) ? 'GMT' : 'UTC');
  }
  // Intl would take `+02:00` too, with the other sign than POSIX.
  const zone = (/^[A-Za-z]/.test(trimmed) ? iana(trimmed) : undefined) ?? posix(trimmed) ?? numeric(trimmed);
  if (zone !== undefined) return zone;
  throw new PgError({ sqlstate: '22023', message: `invalid value for parameter "TimeZone": "${name}"` });
}

/** `+02`, `+05:30`, `-00:25:21`: minutes and seconds only where there are any. */
export function printOffset(eastSeconds: number): string {
  const size = Math.abs(eastSeconds);
  const parts = [Math.floor(size / 3_600), Math.floor(size / 60) % 60, size % 60];
  while (parts.length > 1 && parts.at(-1) === 0) parts.pop();
  return (eastSeconds < 0 ? '-' : '+') + parts.map((part) => String(part).padStart(2, '0')).join(':');
}
