import { notSupported } from '../../pg-error.js';
import { warn } from '../client.js';
import type { Client } from '../client.js';
import { queryText } from '../query-text.js';
import { canonicalSettingName } from '../settings.js';
import type { IsolationLevel } from '../transaction.js';

export type SettingScope = 'session' | 'local';
/** Refuses a value, or returns it as it is to be kept. `undefined`: PostgreSQL's own rules are enough. */
type Rule = (value: string, client: Client) => string | undefined;

const UTF8_NAMES: ReadonlySet<string> = new Set(['UTF8', 'UTF-8', 'UNICODE']);
const ON: ReadonlySet<string> = new Set(['on', 'true', '1', 'yes']);

/** Settings that mean something here; the others are checked and kept by PostgreSQL's rules alone. */
const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['client_encoding', requireUtf8],
  ['standard_conforming_strings', requireStandardStrings],
  ['default_transaction_isolation', requireIsolation],
  ['session_authorization', requireSameRole],
  ['role', (value, client) => (value === 'none' ? 'none' : requireSameRole(value, client))],
  ['lock_timeout', warnAboutLockTimeout],
]);

/**
 * SET: PostgreSQL checks the value and gives its canonical form, then it is kept for this client.
 * @throws PgError 42704 for a setting that does not exist, 22023 for a bad value, 55P02 for one that cannot change
 */
export async function assignSetting(
  client: Client,
  name: string,
  value: string,
  scope: SettingScope,
): Promise<void> {
  const key = canonicalSettingName(name);
  if (scope === 'local' && !client.transaction.open) {
    warn(client, '25P01', 'SET LOCAL can only be used in transaction blocks');
    return;
  }
  const { transaction, settings, services } = client;
  if (key === 'transaction_isolation') {
    transaction.modes = { ...transaction.modes, isolation: requireIsolation(value) };
    return;
  }
  const kept = RULES.get(key)?.(value, client) ?? (await services.oracle.checkSetting(key, value));
  if (key === 'transaction_read_only') transaction.modes = { ...transaction.modes, readOnly: kept === 'on' };
  else settings.set(key, kept, scope);
}

/** The value that SHOW prints. @throws PgError 42704 */
export async function showSetting(client: Client, name: string): Promise<string> {
  const key = canonicalSettingName(name);
  const own = ownValue(client, key);
  if (own !== undefined) return own;
  const [row] = await queryText(client, 'SELECT pg_catalog.current_setting($1)', [key]);
  return row?.[0] ?? '';
}

/** Values that belong to this server or client and not to the PostgreSQL that checks for us. */
export function ownValue(client: Client, key: string): string | undefined {
  switch (key) {
    case 'transaction_isolation':
      return client.transaction.modes.isolation;
    case 'transaction_read_only':
      return client.transaction.modes.readOnly ? 'on' : 'off';
    case 'session_authorization':
      return client.user;
    default:
      return client.settings.get(key);
  }
}

function requireUtf8(value: string): string {
  // PostgreSQL looks at letters and digits only; asyncpg sends the name in quotes.
  if (UTF8_NAMES.has(value.replace(/[^A-Za-z0-9]/g, '').toUpperCase())) return 'UTF8';
  throw notSupported(`client_encoding ${value}`, { hint: 'Text is sent as UTF8.' });
}

function requireStandardStrings(value: string): string {
  if (ON.has(value.toLowerCase())) return 'on';
  throw notSupported('standard_conforming_strings off', { hint: "Write E'...' for backslash escapes." });
}

/** IRIS has neither snapshots nor predicate locks. */
function requireIsolation(value: string): IsolationLevel {
  const level = value.toLowerCase();
  if (level === 'read committed' || level === 'read uncommitted') return level;
  throw notSupported(`isolation level ${value}`, { hint: 'Use READ COMMITTED.' });
}

function requireSameRole(value: string, client: Client): string {
  if (value === client.user) return value;
  throw notSupported(`becoming the role "${value}"`, { hint: 'Connect as that user.' });
}

function warnAboutLockTimeout(value: string, client: Client): undefined {
  if (Number.parseFloat(value) === 0) return;
  warn(client, '01000', 'lock_timeout has no effect: IRIS decides how long a statement waits for a lock');
}
