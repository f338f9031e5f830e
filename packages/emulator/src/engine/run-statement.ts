import { sqlError } from '@iris-devtools/core';
import type { EngineParameter, SqlOutcome } from './engine.js';
import type { Prepared } from './prepared.js';
import { isDdlStatement, runDdl } from './run-ddl.js';
import { isTransactionStatement, runTransaction } from './run-transaction.js';
import type { SessionState } from './session-state.js';

/** Everything that is neither a query nor INSERT, UPDATE, DELETE. */
export async function runStatement(
  prepared: Prepared,
  _parameters: readonly EngineParameter[],
  session: SessionState,
): Promise<SqlOutcome> {
  const { statement } = prepared.parsed;
  if (isTransactionStatement(statement)) return runTransaction(statement, session);
  if (isDdlStatement(statement)) return runDdl(statement, session);
  throw sqlError(-400, `The emulator does not run '${statement.kind}' yet`);
}
