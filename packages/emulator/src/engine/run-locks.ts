import { sqlError } from '@iris-devtools/core';
import { displayName } from '../catalog/names.js';
import type { TableDef } from '../catalog/model.js';
import type { LockTableStatement } from '../sql/ast.js';
import type { SqlOutcome } from './engine.js';
import { hasAnyPrivilege } from './privileges.js';
import { relationNamed } from './relation-named.js';
import type { SessionState } from './session-state.js';

const DONE: SqlOutcome = { sqlcode: 0, rows: [], rowCount: -1 };

/** What a lock lets others not do is what its holder must be allowed to do. */
const NEEDED = { SHARE: ['SELECT'], EXCLUSIVE: ['INSERT', 'UPDATE', 'DELETE'] } as const;

export async function runLock(statement: LockTableStatement, session: SessionState): Promise<SqlOutcome> {
  const table = lockable(statement, session);
  // No other process has rows of a temporary table.
  if (table.temporary) return DONE;
  if (statement.kind === 'unlock-table') unlock(table, statement, session);
  else await lock(table, statement, session);
  return DONE;
}

/** @throws IrisError -30, -400 for a view, -99 */
function lockable({ table: name, mode }: LockTableStatement, session: SessionState): TableDef {
  const relation = relationNamed(name, session);
  if (relation.kind !== 'table' || relation.system === true) {
    throw sqlError(-400, `'${displayName(relation)}' is not a table: only tables can be locked`);
  }
  if (!hasAnyPrivilege(NEEDED[mode], relation, session)) {
    throw sqlError(
      -99,
      ` User ${session.user} is not privileged for the operation: LOCK of '${displayName(relation)}'`,
    );
  }
  return relation;
}

async function lock(table: TableDef, statement: LockTableStatement, session: SessionState): Promise<void> {
  const { transactions } = session.core;
  const seconds = statement.waitSeconds ?? session.lockTimeoutSeconds;
  const deadlineMs = Date.now() + seconds * 1000;
  while (transactions.tableLocked(table.id, session.id, statement.mode)) {
    await transactions.change(
      deadlineMs,
      session.signal,
      ` Unable to acquire ${statement.mode} lock of table '${displayName(table)}'`,
    );
  }
  transactions.lockTable(table.id, session.id, statement.mode);
}

/** In a transaction the lock stays until its end, unless it is to go at once. */
function unlock(table: TableDef, { mode, immediate }: LockTableStatement, session: SessionState): void {
  const { transactions } = session.core;
  const release = (): void => {
    transactions.unlockTable(table.id, session.id, mode);
  };
  if (immediate || session.transaction === undefined) release();
  else session.transaction.atEnd.push(release);
}
