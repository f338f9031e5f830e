import { sqlError } from '@iris-devtools/core';
import type { TableDef } from '../catalog/model.js';
import { displayName } from '../catalog/names.js';
import { keysOf } from '../catalog/keys.js';
import type {
  BuildIndexStatement,
  CancelQueryStatement,
  CollectStatisticsStatement,
  CreateForeignTableStatement,
  DropExternalStatement,
  MaintenanceStatement,
  TuneTableStatement,
} from '../sql/ast.js';
import type { SqlOutcome } from './engine.js';
import { checkAdmin, hasPrivilege } from './privileges.js';
import { relationNamed, tableNamed } from './relation-named.js';
import type { SessionState } from './session-state.js';

const DONE: SqlOutcome = { sqlcode: 0, rows: [], rowCount: -1 };

/** Statistics change plans only, never results. @throws IrisError -30, -99 without %ALTER, -473 */
export async function collectStatistics(
  statement: TuneTableStatement | CollectStatisticsStatement,
  session: SessionState,
): Promise<SqlOutcome> {
  if (statement.table !== undefined) requireAlter(tableNamed(statement.table, session), session);
  else if (statement.kind === 'collect-statistics' && statement.schema !== undefined)
    requireSchema(statement.schema.name, session);
  await session.core.storage.run([{ sql: 'ANALYZE', once: true }]);
  return DONE;
}

function requireAlter(table: TableDef, session: SessionState): void {
  if (hasPrivilege('%ALTER', table, session)) return;
  throw sqlError(
    -99,
    ` User ${session.user} is not privileged for the operation: %ALTER on '${displayName(table)}'`,
  );
}

/** @throws IrisError -473 */
export function requireSchema(name: string, session: SessionState): void {
  if (session.core.catalog.schema(session.namespace, name) === undefined)
    throw sqlError(-473, ` Schema '${name}' not found`);
}

/** Indexes are never stale here; the answer counts the tables. @throws IrisError -99, -30, -473, -400 no such index */
export function buildIndex(statement: BuildIndexStatement, session: SessionState): SqlOutcome {
  checkAdmin('%BUILD_INDEX', session);
  const mayRead = (table: TableDef): boolean => hasPrivilege('SELECT', table, session);
  if (statement.table !== undefined) {
    const table = tableNamed(statement.table, session);
    if (!mayRead(table)) throw sqlError(-30, ` Table '${displayName(table)}' not found`);
    checkIndexes(statement, table);
    return { ...DONE, rowCount: 1 };
  }
  const { schema } = statement;
  if (schema !== undefined) requireSchema(schema.name, session);
  const tables = session.core.catalog
    .tables(session.namespace)
    .filter((table) => schema === undefined || table.schema.toUpperCase() === schema.name.toUpperCase());
  return { ...DONE, rowCount: tables.filter(mayRead).length };
}

function checkIndexes(statement: BuildIndexStatement, table: TableDef): void {
  const names = [...table.indexes, ...keysOf(table)].map((index) => index.name.toUpperCase());
  for (const { name } of statement.indexes) {
    if (!names.includes(name.toUpperCase())) {
      throw sqlError(-400, `ERROR #5066: Index name '${displayName(table)}:${name}' is invalid`);
    }
  }
}

/** There are no kept plans, so there is never one to freeze. */
export function runMaintenance({ action }: MaintenanceStatement): SqlOutcome {
  return action === 'PURGE CACHED QUERIES' ? DONE : { sqlcode: 100, rows: [], rowCount: 0 };
}

/** @throws IrisError -400 the process runs no statement */
export function cancelQuery({ process }: CancelQueryStatement, session: SessionState): SqlOutcome {
  const { running } = session.core;
  if (process === undefined) {
    for (const [id, cancel] of running) if (id !== session.id) cancel();
    return DONE;
  }
  const cancel = process === session.id ? undefined : running.get(process);
  if (cancel === undefined) throw sqlError(-400, `Process ${process} has no query to cancel`);
  cancel();
  return DONE;
}

/** @throws IrisError -30: there never is one */
export function dropExternal({ what, name, ifExists }: DropExternalStatement): SqlOutcome {
  const message = `${what} '${name.name.name}' does not exist`;
  if (ifExists) return { ...DONE, sqlcode: 1, message };
  throw sqlError(-30, ` ${message}`);
}

/** @throws IrisError -201 the name is taken, else -360: there is no foreign server */
export function createForeignTable(
  statement: CreateForeignTableStatement,
  session: SessionState,
): SqlOutcome {
  const taken = relationOrNone(statement, session);
  if (taken === undefined) throw sqlError(-360, ` Foreign server '${statement.server.name.name}' not found`);
  const message = `Table '${displayName(taken)}' already exists`;
  if (statement.ifNotExists) return { ...DONE, sqlcode: 1, message };
  throw sqlError(-201, ` ${message}`);
}

function relationOrNone(statement: CreateForeignTableStatement, session: SessionState) {
  try {
    return relationNamed(statement.table, session);
  } catch {
    return undefined;
  }
}
