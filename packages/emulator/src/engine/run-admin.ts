import { sqlError } from '@iris-devtools/core';
import { CompileContext } from '../compile/context.js';
import type { NamespaceDef, TableDef } from '../catalog/model.js';
import { displayName } from '../catalog/names.js';
import type { LockTableStatement, QualifiedName, SetOptionStatement, Statement } from '../sql/ast.js';
import type { SqlOutcome } from './engine.js';
import { checkAdmin } from './privileges.js';
import { factsOf } from './run-compiled.js';
import type { SessionState } from './session-state.js';

const DONE: SqlOutcome = { sqlcode: 0, rows: [], rowCount: -1 };

type AdminStatement = Extract<
  Statement,
  {
    kind:
      | 'set-option'
      | 'lock-table'
      | 'unlock-table'
      | 'tune-table'
      | 'collect-statistics'
      | 'build-index'
      | 'maintenance'
      | 'unsupported'
      | 'cursor'
      | 'create-database'
      | 'drop-database'
      | 'use-database';
  }
>;

const KINDS = [
  'set-option',
  'lock-table',
  'unlock-table',
  'tune-table',
  'collect-statistics',
  'build-index',
  'maintenance',
  'unsupported',
  'cursor',
  'create-database',
  'drop-database',
  'use-database',
];
export const isAdminStatement = (statement: Statement): statement is AdminStatement =>
  KINDS.includes(statement.kind);

export async function runAdmin(statement: AdminStatement, session: SessionState): Promise<SqlOutcome> {
  switch (statement.kind) {
    case 'set-option':
      return setOption(statement, session);
    case 'lock-table':
      return lockTable(statement, session);
    case 'unlock-table':
      session.core.transactions.unlockTable(
        tableNamed(statement.table, session).id,
        session.id,
        statement.mode,
      );
      return DONE;
    case 'tune-table':
      tableNamed(statement.table, session);
      return analyze(session);
    case 'collect-statistics':
    case 'build-index':
      if (statement.table !== undefined) checkIndexes(statement, tableNamed(statement.table, session));
      if (statement.schema !== undefined) requireSchema(statement.schema.name, session);
      return analyze(session);
    case 'maintenance':
      return DONE;
    case 'unsupported':
      throw unsupported(statement.name);
    case 'cursor':
      throw sqlError(
        -52,
        ` Cursor '${statement.cursor.name}': cursors are for Embedded SQL and SQL procedures`,
      );
    case 'create-database':
      return createDatabase(statement.database.name, session);
    case 'drop-database':
      return dropDatabase(statement.database.name, statement.ifExists, session);
    case 'use-database': {
      const namespace = session.core.catalog.namespace(statement.database.name);
      if (namespace === undefined) throw noDatabase(statement.database.name);
      session.namespace = namespace.name;
      return DONE;
    }
  }
}

function unsupported(name: string): Error {
  if (name === 'LOAD DATA')
    return sqlError(-219, ' External Language Server required by this query could not be started');
  return sqlError(-400, `The emulator does not run ${name}`, {
    hint: 'Test this statement against IRIS itself.',
  });
}

/** @throws IrisError -30 */
function tableNamed(name: QualifiedName, session: SessionState): TableDef {
  const context = new CompileContext({
    catalog: session.core.catalog,
    session: factsOf(session),
    parameterCount: 0,
    kinds: [],
  });
  const relation = context.relation(name);
  if (relation.kind !== 'table') throw sqlError(-30, ` Table '${displayName(relation)}' is a view`);
  return relation;
}

function requireSchema(name: string, session: SessionState): void {
  if (session.core.catalog.schema(session.namespace, name) === undefined)
    throw sqlError(-473, ` Schema '${name}' not found`);
}

function checkIndexes(statement: AdminStatement, table: TableDef): void {
  if (statement.kind !== 'build-index') return;
  for (const { name } of statement.indexes) {
    const found = [
      ...table.indexes,
      ...table.uniqueKeys,
      ...(table.primaryKey === undefined ? [] : [table.primaryKey]),
    ];
    if (!found.some((index) => index.name.toUpperCase() === name.toUpperCase())) {
      throw sqlError(-333, ` No such index defined: '${name}'`);
    }
  }
}

/** Statistics change plans only, never results. */
async function analyze(session: SessionState): Promise<SqlOutcome> {
  await session.core.storage.run([{ sql: 'ANALYZE', once: true }]);
  return DONE;
}

async function lockTable(statement: LockTableStatement, session: SessionState): Promise<SqlOutcome> {
  const { core } = session;
  const table = tableNamed(statement.table, session);
  const seconds = statement.waitSeconds ?? core.settings.lockTimeoutSeconds;
  const deadlineMs = Date.now() + seconds * 1000;
  while (core.transactions.tableLocked(table.id, session.id, statement.mode)) {
    await core.transactions.change(
      deadlineMs,
      session.signal,
      ` Unable to acquire ${statement.mode} lock of table '${displayName(table)}'`,
    );
  }
  core.transactions.lockTable(table.id, session.id, statement.mode);
  return DONE;
}

/** Options with the values that they take; most only matter to a real instance. */
const OPTIONS: Readonly<Record<string, RegExp>> = {
  ADAPTIVE_MODE: /^(TRUE|FALSE|0|1)$/i,
  AUTO_PARALLEL_THRESHOLD: /^\d+$/,
  COMPILEMODE: /^(DEFERRED|IMMEDIATE|INSTALL|NOCHECK)$/i,
  DEFAULT_SCHEMA: /./,
  EXACT_DISTINCT: /^(TRUE|FALSE|0|1)$/i,
  LOCK_ESCALATION_THRESHOLD: /^\d+$/,
  LOCK_TIMEOUT: /^\d+$/,
  PKEY_IS_IDKEY: /^(TRUE|FALSE|0|1)$/i,
  SUPPORT_DELIMITED_IDENTIFIERS: /^(TRUE|FALSE|0|1)$/i,
};

const LOCALE_OPTIONS: Readonly<Record<string, RegExp>> = {
  AM: /./,
  DATE_FORMAT: /^(-?1|\d|1[0-9])$/,
  DATE_MAXIMUM: /^\d+$/,
  DATE_MINIMUM: /^-?\d+$/,
  DATE_SEPARATOR: /^.$/,
  DECIMAL_SEPARATOR: /^.$/,
  MIDNIGHT: /./,
  MINUS_SIGN: /^.$/,
  MONTH_ABBR: /./,
  MONTH_NAME: /./,
  NOON: /./,
  NUMERIC_GROUP_SEPARATOR: /^.$/,
  NUMERIC_GROUP_SIZE: /^\d+$/,
  PM: /./,
  PLUS_SIGN: /^.$/,
  TIME_FORMAT: /^(-?1|[1-4])$/,
  TIME_PRECISION: /^(-1|\d)$/,
  TIME_SEPARATOR: /^.$/,
  WEEKDAY_ABBR: /./,
  WEEKDAY_NAME: /./,
  YEAR_OPTION: /^[0-6]$/,
};

const isTrue = (value: string): boolean => value === '1' || value.toUpperCase() === 'TRUE';

/** @throws IrisError -129 an invalid locale value, -1 an unknown option or value */
function setOption({ option, value }: SetOptionStatement, session: SessionState): SqlOutcome {
  const locale = LOCALE_OPTIONS[option];
  if (locale !== undefined && !locale.test(value)) {
    throw sqlError(-129, ` Illegal value '${value}' for SET OPTION locale property ${option}`);
  }
  if (locale === undefined && OPTIONS[option]?.test(value) !== true) {
    throw sqlError(
      -1,
      OPTIONS[option] === undefined
        ? ` Unknown option '${option}'`
        : ` Invalid value '${value}' for option ${option}`,
    );
  }
  const { settings } = session.core;
  settings.options.set(option, value);
  switch (option) {
    case 'DEFAULT_SCHEMA':
      settings.defaultSchema = value;
      break;
    case 'LOCK_TIMEOUT':
      settings.lockTimeoutSeconds = Number(value);
      break;
    case 'EXACT_DISTINCT':
      settings.fastDistinct = !isTrue(value);
      break;
    case 'SUPPORT_DELIMITED_IDENTIFIERS':
      session.delimitedIdentifiers = isTrue(value);
      break;
  }
  return DONE;
}

const noDatabase = (name: string): Error =>
  sqlError(-340, ` No such database (namespace) defined: '${name}'`);

async function createDatabase(name: string, session: SessionState): Promise<SqlOutcome> {
  checkAdmin('%CREATE_DATABASE', session);
  const { catalog, settings, storage } = session.core;
  if (!/^[%\p{L}][\p{L}\p{N}_-]*$/u.test(name)) throw sqlError(-343, ` Invalid database name '${name}'`);
  if (catalog.namespace(name) !== undefined) throw sqlError(-341, ` Database '${name}' already exists`);
  const created: NamespaceDef = { kind: 'namespace', id: catalog.newId(), name: name.toUpperCase() };
  const change = {
    put: [
      created,
      {
        kind: 'schema',
        id: catalog.newId(),
        namespace: created.name,
        explicit: false,
        name: settings.defaultSchema,
      } as const,
    ],
    remove: [],
  };
  await catalog.write(storage, change);
  catalog.apply(change);
  return DONE;
}

async function dropDatabase(name: string, ifExists: boolean, session: SessionState): Promise<SqlOutcome> {
  checkAdmin('%DROP_DATABASE', session);
  const { catalog, storage } = session.core;
  const namespace = catalog.namespace(name);
  if (namespace === undefined) {
    if (ifExists) return { ...DONE, sqlcode: 1, message: `Database '${name}' does not exist` };
    throw noDatabase(name);
  }
  if (['%SYS', 'USER'].includes(namespace.name))
    throw sqlError(-342, ` Cannot delete system namespace '${name}'`);
  if (namespace.name === session.namespace)
    throw sqlError(-344, ' Cannot drop database that you are currently using or connected to');
  const tables = catalog.tables(namespace.name);
  const entries = [
    ...tables,
    ...catalog.views(namespace.name),
    ...catalog.routines(namespace.name),
    ...catalog.triggers(namespace.name),
    ...catalog.privileges(namespace.name),
    ...catalog.schemas(namespace.name),
    namespace,
  ];
  const change = { put: [], remove: entries.map((entry) => entry.id) };
  await storage.transaction(async (access) => {
    if (tables.length > 0) {
      await access.run(
        tables.map((table) => ({ sql: `DROP TABLE iris_data.t${table.id} CASCADE`, once: true })),
      );
    }
    await catalog.write(access, change);
  });
  catalog.apply(change);
  storage.forgetStatements();
  return DONE;
}
