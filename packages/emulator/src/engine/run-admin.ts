import { sqlError } from '@iris-devtools/core';
import type { Statement } from '../sql/ast.js';
import type { SqlOutcome } from './engine.js';
import { createDatabase, dropDatabase, useDatabase } from './run-databases.js';
import { runLock } from './run-locks.js';
import {
  buildIndex,
  cancelQuery,
  collectStatistics,
  createForeignTable,
  dropExternal,
  requireSchema,
  runMaintenance,
} from './run-maintenance.js';
import { setOption } from './run-options.js';
import type { SessionState } from './session-state.js';

const DONE: SqlOutcome = { sqlcode: 0, rows: [], rowCount: -1 };

const KINDS = [
  'set-option',
  'lock-table',
  'unlock-table',
  'tune-table',
  'collect-statistics',
  'build-index',
  'maintenance',
  'schema-statistics',
  'cancel-query',
  'drop-external',
  'create-foreign-table',
  'unsupported',
  'cursor',
  'create-database',
  'drop-database',
  'use-database',
] as const;

type AdminStatement = Extract<Statement, { kind: (typeof KINDS)[number] }>;

export const isAdminStatement = (statement: Statement): statement is AdminStatement =>
  (KINDS as readonly string[]).includes(statement.kind);

export async function runAdmin(statement: AdminStatement, session: SessionState): Promise<SqlOutcome> {
  switch (statement.kind) {
    case 'set-option':
      return setOption(statement, session);
    case 'lock-table':
    case 'unlock-table':
      return runLock(statement, session);
    case 'tune-table':
    case 'collect-statistics':
      return collectStatistics(statement, session);
    case 'build-index':
      return buildIndex(statement, session);
    case 'maintenance':
      return runMaintenance(statement);
    case 'schema-statistics':
      requireSchema(statement.schema.name, session);
      return DONE;
    case 'cancel-query':
      return cancelQuery(statement, session);
    case 'drop-external':
      return dropExternal(statement);
    case 'create-foreign-table':
      return createForeignTable(statement, session);
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
      return dropDatabase(statement, session);
    case 'use-database':
      return useDatabase(statement.database.name, session);
  }
}

function unsupported(name: string): Error {
  if (name === 'LOAD DATA')
    return sqlError(-219, ' External Language Server required by this query could not be started');
  return sqlError(-400, `The emulator does not run ${name}`, {
    hint: 'Test this statement against IRIS itself.',
  });
}
