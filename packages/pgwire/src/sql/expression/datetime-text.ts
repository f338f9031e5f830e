import type { Env } from '../context.js';

const DATE_SHAPE = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;
const TIME_SHAPE = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?$/;
const ZONE_SHAPE = /^(.*?)\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)$/i;
const ISO_HINT = 'Use ISO 8601: 2026-01-31, 13:45:00 or 2026-01-31 13:45:00.';

const pad = (text: string): string => text.padStart(2, '0');

/** An ISO date that IRIS can keep, in canonical form. */
export function dateFromText(text: string, env: Env, location?: number): string {
  const match = DATE_SHAPE.exec(text.trim());
  if (match === null) throw env.refuse(`the date '${text}'`, location, ISO_HINT);
  const [, year = '', month = '', day = ''] = match;
  const date = `${year}-${pad(month)}-${pad(day)}`;
  if (date < '1840-12-31') {
    throw env.refuse(`the date '${text}'`, location, 'IRIS keeps dates from 1840-12-31 on.');
  }
  return date;
}

export function timeFromText(text: string, env: Env, location?: number): string {
  const match = TIME_SHAPE.exec(text.trim());
  if (match === null) throw env.refuse(`the time '${text}'`, location, ISO_HINT);
  const [, hour = '', minute = '', second = '00', fraction] = match;
  const digits = fraction?.replace(/0+$/, '');
  return `${pad(hour)}:${minute}:${second}${digits === undefined || digits === '' ? '' : `.${digits}`}`;
}

/**
 * An ISO timestamp in canonical form. With time zone: in UTC, which is how timestamptz columns are kept; a text without
 * a zone means the session's time zone.
 */
export function timestampFromText(text: string, withZone: boolean, env: Env, location?: number): string {
  const zoned = ZONE_SHAPE.exec(text.trim());
  // The last digits of a date look like a zone: 2026-01-31.
  const hasZone = zoned !== null && /:|Z$|UTC$|GMT$/i.test(text) && !DATE_SHAPE.test(text.trim());
  const [body, zone] = hasZone ? [zoned[1] ?? '', zoned[2] ?? ''] : [text.trim(), undefined];
  const [datePart = '', timePart = '00:00:00'] = body.split(/[ T]+/);
  const local = `${dateFromText(datePart, env, location)} ${timeFromText(timePart, env, location)}`;
  if (!withZone) return local;
  if (zone === undefined) {
    if (!isUtc(env)) {
      throw env.refuse(`the timestamp '${text}' without a zone`, location, 'Write its zone, e.g. +00.');
    }
    return local;
  }
  return shifted(local, zoneMinutes(zone));
}

function zoneMinutes(zone: string): number {
  const match = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone);
  if (match === null) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  return match[1] === '-' ? -minutes : minutes;
}

function shifted(local: string, zone: number): string {
  if (zone === 0) return local;
  const [seconds = '', fraction] = local.split('.');
  const moved = new Date(Date.parse(`${seconds.replace(' ', 'T')}Z`) - zone * 60_000);
  const text = moved.toISOString().slice(0, 19).replace('T', ' ');
  return fraction === undefined ? text : `${text}.${fraction}`;
}

/** Is the session's time zone UTC, so that timestamptz values need no conversion? */
export function isUtc(env: Env): boolean {
  const zone = settingOf(env, 'timezone') ?? 'UTC';
  return /^(utc|gmt|etc\/utc|etc\/gmt|zulu|z|universal)$/i.test(zone);
}

/** A client setting; PostgreSQL compares their names without case. */
export function settingOf(env: Env, name: string): string | undefined {
  for (const [key, setting] of env.context.input.settings) if (key.toLowerCase() === name) return setting;
  return undefined;
}

/** bytea in hex (`\x6162`) or escape format. */
export function bytesFromText(text: string, env: Env, location?: number): Uint8Array {
  if (text.startsWith('\\x')) return Uint8Array.from(Buffer.from(text.slice(2).replace(/\s/g, ''), 'hex'));
  const bytes: number[] = [];
  for (const piece of text.matchAll(/\\\\|\\([0-3][0-7]{2})|[^\\]/gu)) {
    if (piece[0] === '\\\\') bytes.push(0x5c);
    else if (piece[1] !== undefined) bytes.push(Number.parseInt(piece[1], 8));
    else bytes.push(...Buffer.from(piece[0], 'utf8'));
  }
  if (text.replace(/\\\\|\\[0-3][0-7]{2}/g, '').includes('\\')) {
    throw env.context.error('22P02', 'invalid input syntax for type bytea', location);
  }
  return Uint8Array.from(bytes);
}
