import { sqlError } from '@iris-devtools/core';
import type { EngineParameter, SqlOutcome } from './engine.js';
import type { Prepared } from './prepared.js';
import { isAdminStatement, runAdmin } from './run-admin.js';
import { runCall } from './run-call.js';
import { isDdlStatement, runDdl } from './run-ddl.js';
import { runExplain } from './run-explain.js';
import { isSecurityStatement, runSecurity } from './run-security.js';
import { isTransactionStatement, runTransaction } from './run-transaction.js';
import { runTruncate } from './run-truncate.js';
import type { SessionState } from './session-state.js';

/** Everything that is neither a query nor INSERT, UPDATE, DELETE. */
export async function runStatement(
  prepared: Prepared,
  parameters: readonly EngineParameter[],
  session: SessionState,
): Promise<SqlOutcome> {
  const { statement, parameterCount } = prepared.parsed;
  if (isTransactionStatement(statement)) return runTransaction(statement, session);
  if (isDdlStatement(statement)) return runDdl(statement, prepared.sql, session);
  if (isSecurityStatement(statement)) return runSecurity(statement, session);
  if (isAdminStatement(statement)) return runAdmin(statement, session);
  switch (statement.kind) {
    case 'truncate-table':
      return runTruncate(statement, session);
    case 'explain':
      return runExplain(statement, parameterCount, session);
    case 'call':
      return runCall(statement, parameters, session);
    default:
      throw sqlError(-400, `'${statement.kind}' cannot be run as a statement`);
  }
}
