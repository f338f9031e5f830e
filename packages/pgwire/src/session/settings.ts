import { PgError } from '../pg-error.js';

type Values = ReadonlyMap<string, string>;

/** Settings as they were at BEGIN or SAVEPOINT. */
export interface SettingsSnapshot {
  readonly session: Values;
  readonly local: Values;
}

/** Settings that PostgreSQL 15 reports with ParameterStatus, under the names it uses. */
export const REPORTED_SETTINGS = [
  'application_name',
  'client_encoding',
  'DateStyle',
  'default_transaction_read_only',
  'in_hot_standby',
  'integer_datetimes',
  'IntervalStyle',
  'is_superuser',
  'server_encoding',
  'server_version',
  'session_authorization',
  'standard_conforming_strings',
  'TimeZone',
] as const;

const MIXED_CASE_NAMES = new Map(
  ['DateStyle', 'IntervalStyle', 'TimeZone'].map((name) => [name.toLowerCase(), name]),
);

/** Names of settings do not depend on case; this is the form that pg_settings shows. */
export function canonicalSettingName(name: string): string {
  const folded = name.toLowerCase();
  return MIXED_CASE_NAMES.get(folded) ?? folded;
}

/**
 * A client's settings in three layers: what the connection began with, SET, and SET LOCAL.
 * Values here are already checked; who checks them is not this class's business.
 */
export class Settings {
  #initial: Values;
  #session: Values = new Map();
  #local: Values = new Map();
  #effective: Values | undefined;

  /** @param initial the server's own values */
  constructor(initial: Values) {
    this.#initial = initial;
  }

  get(name: string): string | undefined {
    return this.effective.get(canonicalSettingName(name));
  }

  /** Every value that differs from PostgreSQL's own default, for the oracle and the encoders. */
  get effective(): Values {
    this.#effective ??= new Map([...this.#initial, ...this.#session, ...this.#local]);
    return this.#effective;
  }

  set(name: string, value: string, scope: 'session' | 'local'): void {
    const key = canonicalSettingName(name);
    if (scope === 'local') this.#change(this.#session, new Map(this.#local).set(key, value));
    // SET after SET LOCAL of the same name wins at once, as in PostgreSQL.
    else this.#change(new Map(this.#session).set(key, value), without(this.#local, key));
  }

  reset(name: string, scope: 'session' | 'local'): void {
    const key = canonicalSettingName(name);
    const initial = this.#initial.get(key);
    if (scope === 'local' && initial !== undefined) this.set(key, initial, 'local');
    else this.#change(without(this.#session, key), without(this.#local, key));
  }

  resetAll(): void {
    this.#change(new Map(), new Map());
  }

  /** What was set so far becomes what RESET goes back to: the settings of the startup packet. */
  makeInitial(): void {
    this.#initial = new Map([...this.#initial, ...this.#session]);
    this.#change(new Map(), new Map());
  }

  snapshot(): SettingsSnapshot {
    return { session: this.#session, local: this.#local };
  }

  restore(snapshot: SettingsSnapshot): void {
    this.#change(snapshot.session, snapshot.local);
  }

  /** The end of a transaction that was kept: SET LOCAL was for it alone. */
  endTransaction(): void {
    this.#change(this.#session, new Map());
  }

  /** Milliseconds of a time setting such as statement_timeout; 0: off. */
  durationMs(name: string): number {
    const value = this.get(name);
    return value === undefined ? 0 : parseDurationMs(value);
  }

  /** Schemas of search_path in order; `$user` stands for the user's own schema. */
  searchPath(user: string): string[] {
    const path = parseIdentifierList(this.get('search_path') ?? '"$user", public');
    return path.map((schema) => (schema === '$user' ? user : schema));
  }

  #change(session: Values, local: Values): void {
    this.#session = session;
    this.#local = local;
    this.#effective = undefined;
  }
}

function without(values: Values, key: string): Values {
  if (!values.has(key)) return values;
  const rest = new Map(values);
  rest.delete(key);
  return rest;
}

const UNIT_MS = new Map([
  ['us', 0.001],
  ['', 1],
  ['ms', 1],
  ['s', 1000],
  ['min', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);

/** `30s`, `5min`, `250`: numbers without a unit are milliseconds. */
export function parseDurationMs(text: string): number {
  const number = Number.parseFloat(text);
  const unit = text
    .trim()
    .replace(/^[-+.\deE]+/, '')
    .trim();
  const factor = UNIT_MS.get(unit);
  if (Number.isNaN(number) || factor === undefined) {
    throw new PgError({ sqlstate: '22023', message: `invalid duration: "${text}"` });
  }
  return Math.max(0, Math.round(number * factor));
}

/** A comma-separated list of names as search_path holds it: unquoted ones are folded to lower case. */
export function parseIdentifierList(text: string): string[] {
  const names: string[] = [];
  const pattern = /\s*(?:"((?:[^"]|"")*)"|([^",\s]+))\s*(?:,|$)/gy;
  for (let match = pattern.exec(text); match !== null && match[0] !== ''; match = pattern.exec(text)) {
    const [, quoted, plain = ''] = match;
    names.push(quoted === undefined ? plain.toLowerCase() : quoted.replaceAll('""', '"'));
  }
  return names.filter((name) => name !== '');
}

/** As quote_identifier: plain lower-case names stay as they are. */
export function quoteIdentifier(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
