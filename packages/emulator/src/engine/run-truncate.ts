import { sqlError } from '@iris-devtools/core';
import { resolveTarget } from '../compile/dml-target.js';
import { CompileContext } from '../compile/context.js';
import { counterSequence, physicalTable, rowIdSequence } from '../catalog/model.js';
import { displayName } from '../catalog/names.js';
import type { TruncateStatement } from '../sql/ast.js';
import type { SqlOutcome } from './engine.js';
import { checkKeywords, checkPrivileges } from './privileges.js';
import { factsOf, withLocks } from './run-compiled.js';
import type { SessionState } from './session-state.js';
import { isLockConflict, toSqlError } from './sql-errors.js';
import type { StorageRequest } from './storage/statement-names.js';

/** All rows go and the counters start again. @throws IrisError -30, -124 rows of another table refer to it */
export async function runTruncate(statement: TruncateStatement, session: SessionState): Promise<SqlOutcome> {
  const { core } = session;
  const context = new CompileContext({
    catalog: core.catalog,
    session: factsOf(session),
    parameterCount: 0,
    kinds: [],
  });
  const { table } = resolveTarget({ kind: 'table', name: statement.table }, 'DELETE', context);
  if (context.relation(statement.table).kind === 'view')
    throw sqlError(-30, ` Table '${statement.table.name.name}' is a view`);
  checkPrivileges(context.privileges, session);
  // It fires no triggers, which takes a right of its own.
  checkKeywords([...statement.keywords, '%NOTRIGGER'], session);
  const own = table.temporary ? ` WHERE sid = ${session.id}` : '';
  const counters = [
    rowIdSequence(table),
    ...table.columns
      .filter((column) => column.generation === 'serial' || column.generation === 'auto-increment')
      .map((column) => counterSequence(table, column)),
  ];
  const requests: StorageRequest[] = [
    { sql: `DELETE FROM ${physicalTable(table)}${own}`, once: true },
    ...counters.map((name) => ({ sql: `SELECT setval('${name}', 1, false)`, once: true })),
  ];
  // Outside of START TRANSACTION it belongs to no transaction, whatever the commit mode.
  if (session.transaction !== undefined) session.transaction.wrote = true;
  await withLocks(session, table.id, 'TRUNCATE', displayName(table), async () => {
    try {
      return await core.storage.run(requests, {
        settings: {
          transaction: session.transaction === undefined ? '' : String(session.transaction.id),
          others: core.transactions.othersWrote(session.transaction),
          unchecked: statement.keywords.includes('%NOCHECK'),
        },
      });
    } catch (error) {
      if (isLockConflict(error)) throw error;
      throw toSqlError(error, core.catalog, 'delete');
    }
  });
  return { sqlcode: 0, rows: [], rowCount: -1 };
}
