import type { CommitMode, IsolationLevel } from '../sql/ast.js';
import type { SessionParameter } from '../compile/context.js';
import type { EngineCore } from './core.js';
import type { OpenTransaction } from './transactions.js';

/** What one IRIS process remembers between statements. */
export interface SessionState {
  readonly core: EngineCore;
  /** $JOB. */
  readonly id: number;
  readonly user: string;
  namespace: string;
  commitMode: CommitMode;
  isolation: IsolationLevel;
  delimitedIdentifiers: boolean;
  lockTimeoutSeconds: number;
  transaction: OpenTransaction | undefined;
  lastIdentity: string;
  /** %ROWCOUNT of the statement before. */
  rowCount: number;
  /** Aborted by cancel(). */
  signal: AbortSignal;
  /** It has written rows of global temporary tables, which go with it. */
  readonly temporaryTables: Set<number>;
}

/** Inside a transaction, or where every change belongs to one that COMMIT ends. */
export function startTransaction(session: SessionState): OpenTransaction {
  session.transaction ??= session.core.transactions.begin();
  return session.transaction;
}

/** $TLEVEL: each savepoint is a level. */
export const transactionLevel = ({ transaction }: SessionState): number =>
  transaction === undefined ? 0 : 1 + transaction.savepoints.length;

/** The value that a function such as USER or LAST_IDENTITY() has for this session. */
export function sessionValue(
  parameter: SessionParameter,
  session: SessionState,
  values: readonly (string | null)[] = [],
): string | null {
  if (parameter.kind === 'constant') return parameter.value;
  const { core } = session;
  switch (parameter.name) {
    case 'session-id':
    case 'job':
      return String(session.id);
    case 'user':
      return session.user;
    case 'roles':
      return core.isPrivileged(session.user) ? '%All' : rolesOf(session).join(',');
    case 'namespace':
      return session.namespace;
    case 'version':
      return core.versionText;
    case 'transaction-level':
      return String(transactionLevel(session));
    case 'last-identity':
      return session.lastIdentity === '' ? null : session.lastIdentity;
    case 'default-schema':
      return core.settings.defaultSchema;
    case 'rowcount':
      return String(session.rowCount);
    case 'option':
      return optionValue(argumentOf(parameter, values), session);
    default:
      return null;
  }
}

function argumentOf(
  parameter: Extract<SessionParameter, { kind: 'fact' }>,
  values: readonly (string | null)[],
): string {
  if (parameter.argumentIndex !== undefined) return values[parameter.argumentIndex] ?? '';
  return parameter.argument ?? '';
}

/** The user's roles, and the roles that these have. */
export function rolesOf({ core: { catalog }, user }: SessionState): readonly string[] {
  const found = new Map<string, string>();
  const visit = (roles: readonly string[]): void => {
    for (const role of roles) {
      if (found.has(role.toUpperCase())) continue;
      found.set(role.toUpperCase(), role);
      visit(catalog.principal('role', role)?.roles ?? []);
    }
  };
  visit(catalog.principal('user', user)?.roles ?? []);
  return [...found.values()];
}

/** %SYSTEM_SQL.Util_GetOption. */
function optionValue(name: string, session: SessionState): string {
  const { settings } = session.core;
  switch (name.toUpperCase()) {
    case 'DEFAULTSCHEMA':
      return settings.defaultSchema;
    case 'LOCKTIMEOUT':
      return String(session.lockTimeoutSeconds);
    case 'FASTDISTINCT':
      return settings.fastDistinct ? '1' : '0';
    case 'DELIMITEDIDENTIFIERS':
    case 'SUPPORTDELIMITEDIDENTIFIERS':
      return session.delimitedIdentifiers ? '1' : '0';
    case 'ISOLATIONMODE':
      return ISOLATION_MODES[session.isolation];
    case 'AUTOCOMMIT':
      return AUTO_COMMIT[session.commitMode];
    default:
      return DEFAULT_OPTIONS[name.toUpperCase()] ?? '';
  }
}

const ISOLATION_MODES = { 'READ UNCOMMITTED': '0', 'READ COMMITTED': '1', 'READ VERIFIED': '3' } as const;
const AUTO_COMMIT = { NONE: '0', IMPLICIT: '1', EXPLICIT: '2' } as const;

/** The defaults of the [SQL] section of iris.cpf. */
const DEFAULT_OPTIONS: Readonly<Record<string, string>> = {
  ADAPTIVEMODE: '1',
  ALLOWROWIDUPDATE: '0',
  ANSIPRECEDENCE: '1',
  CLIENTMAXIDLETIME: '0',
  DDLDEFINEBITMAPEXTENT: '1',
  DDLFINAL: '1',
  DDLNO201: '0',
  DDLNO30: '0',
  DDLNO307: '0',
  DDLNO311: '0',
  DDLNO315: '0',
  DDLNO324: '0',
  DDLNO333: '0',
  DDLUSEEXTENTSET: '1',
  DDLUSESEQUENCE: '1',
  DROPDELETE: '1',
  EXTRINSICFUNCTIONS: '0',
  IDKEY: '1',
  LOCKTHRESHOLD: '1000',
  ODBCVARCHARMAXLEN: '4096',
  PKEYISIDKEY: '0',
  REFERENTIALCHECKS: '1',
  SELECTMODE: '1',
  SQLSECURITY: '1',
  TIMEPRECISION: '0',
  TODATEDEFAULTFORMAT: 'DD MON YYYY',
};
