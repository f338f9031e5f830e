import { sqlError } from '@iris-devtools/core';
import type { IsolationLevel, Statement, TransactionModes } from '../sql/ast.js';
import type { SqlOutcome } from './engine.js';
import { startTransaction } from './session-state.js';
import type { SessionState } from './session-state.js';
import { toSqlError } from './sql-errors.js';
import { NO_SETTINGS } from './storage/storage.js';

const DONE: SqlOutcome = { sqlcode: 0, rows: [], rowCount: -1 };
const MAX_SAVEPOINTS = 255;

type TransactionStatement = Extract<
  Statement,
  { kind: 'start-transaction' | 'set-transaction' | 'commit' | 'rollback' | 'savepoint' | 'in-transaction' }
>;

const KINDS = ['start-transaction', 'set-transaction', 'commit', 'rollback', 'savepoint', 'in-transaction'];
export const isTransactionStatement = (statement: Statement): statement is TransactionStatement =>
  KINDS.includes(statement.kind);

export async function runTransaction(
  statement: TransactionStatement,
  session: SessionState,
): Promise<SqlOutcome> {
  switch (statement.kind) {
    case 'start-transaction':
      applyModes(statement.modes, session);
      // A second START TRANSACTION does nothing but to set its modes.
      startTransaction(session);
      return DONE;
    case 'set-transaction':
      applyModes(statement.modes, session);
      return DONE;
    case 'commit':
      await commit(session);
      return DONE;
    case 'rollback':
      if (statement.savepoint === undefined) await rollback(session);
      else await rollbackTo(statement.savepoint.name, session);
      return DONE;
    case 'savepoint':
      await savepoint(statement.savepoint.name, session);
      return DONE;
    case 'in-transaction':
      return { ...DONE, sqlcode: session.transaction === undefined ? 100 : 0 };
  }
}

/** @throws IrisError -92 for READ UNCOMMITTED or READ VERIFIED with READ WRITE */
function applyModes(modes: TransactionModes, session: SessionState): void {
  const weak: readonly (IsolationLevel | undefined)[] = ['READ UNCOMMITTED', 'READ VERIFIED'];
  if (modes.access === 'READ WRITE' && weak.includes(modes.isolation)) {
    throw sqlError(
      -92,
      ' Level of isolation cannot be READ UNCOMMITTED or READ VERIFIED if READ WRITE specified',
    );
  }
  if (modes.commitMode !== undefined) session.commitMode = modes.commitMode;
  if (modes.isolation !== undefined) session.isolation = modes.isolation;
  else if (modes.access !== undefined)
    session.isolation = modes.access === 'READ WRITE' ? 'READ COMMITTED' : 'READ UNCOMMITTED';
}

export async function commit(session: SessionState): Promise<void> {
  const { transaction, core } = session;
  if (transaction === undefined) return;
  if (transaction.wrote) {
    await forget(session, transaction.id);
  }
  session.transaction = undefined;
  core.transactions.end(transaction);
}

export async function rollback(session: SessionState): Promise<void> {
  const { transaction, core } = session;
  if (transaction === undefined) return;
  try {
    if (transaction.wrote) await undo(session, transaction.id, '0');
  } catch (error) {
    // DDL in between can make old rows impossible: the transaction ends all the same, or its locks would stay for ever.
    await forget(session, transaction.id);
    throw toSqlError(error, core.catalog, 'ddl');
  } finally {
    session.transaction = undefined;
    core.transactions.end(transaction);
  }
}

async function forget(session: SessionState, transaction: number): Promise<void> {
  await session.core.storage.run([
    { sql: 'DELETE FROM iris_sys.undo WHERE txn = $1::int8', parameters: [String(transaction)] },
  ]);
}

async function undo(session: SessionState, transaction: number, afterSeq: string): Promise<void> {
  await session.core.storage.run(
    [
      {
        sql: 'SELECT iris_sys.undo_transaction($1::int8, $2::int8)',
        parameters: [String(transaction), afterSeq],
      },
    ],
    { settings: NO_SETTINGS },
  );
}

/** @throws IrisError -302 reserved name, -400 too many */
async function savepoint(name: string, session: SessionState): Promise<void> {
  if (name.toUpperCase().startsWith('SYS')) {
    throw sqlError(-302, ` Savepoint names starting with "SYS" are reserved: '${name}'`);
  }
  const transaction = startTransaction(session);
  if (transaction.savepoints.length >= MAX_SAVEPOINTS)
    throw sqlError(-400, '<TRANSACTION LEVEL>: too many savepoints');
  let afterSeq = '0';
  if (transaction.wrote) {
    const [result] = await session.core.storage.run([
      {
        sql: 'SELECT coalesce(max(seq), 0) FROM iris_sys.undo WHERE txn = $1::int8',
        parameters: [String(transaction.id)],
      },
    ]);
    afterSeq = result?.rows[0]?.[0] ?? '0';
  }
  // A second point of that name takes the place of the first, which no statement can name any more.
  const older = transaction.savepoints.findIndex((point) => point.name === name.toUpperCase());
  if (older >= 0) transaction.savepoints.splice(older, 1);
  transaction.savepoints.push({ name: name.toUpperCase(), afterSeq });
}

/** The savepoint goes, too. @throws IrisError -375 for an unknown one, after rolling back the whole transaction */
async function rollbackTo(name: string, session: SessionState): Promise<void> {
  const { transaction } = session;
  const index = transaction?.savepoints.findLastIndex((point) => point.name === name.toUpperCase()) ?? -1;
  const found = transaction?.savepoints[index];
  if (transaction === undefined || found === undefined) {
    await rollback(session);
    throw sqlError(-375, ` Cannot ROLLBACK to unestablished savepoint '${name}'`);
  }
  if (transaction.wrote) await undo(session, transaction.id, found.afterSeq);
  transaction.savepoints.length = index;
}
