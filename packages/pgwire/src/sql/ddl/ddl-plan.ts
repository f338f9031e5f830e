import { isIrisError } from '@iris-devtools/core';
import type { Env } from '../context.js';
import { PgError } from '../../pg-error.js';
import type { Sql } from '../fragment.js';
import type { Plan } from '../plan.js';
import { executionOf, Statement } from '../run/statement.js';

export interface DdlStatement {
  readonly sql: Sql;
  /** SQLCODEs that mean "nothing to do" here: IF EXISTS and IF NOT EXISTS where IRIS has no such words. */
  readonly ignore?: readonly number[];
}

/**
 * A plan that changes definitions. IRIS does not undo DDL when a transaction is rolled back, and commits nothing early
 * either: a client that rolls back keeps the new definitions.
 */
export function ddlPlan(tag: string, statements: readonly DdlStatement[], env: Env): Plan {
  const prepared = statements.map((each) => ({ ...each, statement: new Statement(each.sql, env.context) }));
  return {
    tag,
    tagHasCount: false,
    changesCatalog: statements.length > 0,
    irisSql: prepared.map(({ statement }) => statement.text),
    run: async (run) => {
      const execution = executionOf(run);
      for (const { statement, ignore } of prepared) {
        try {
          await statement.execute(execution);
        } catch (error) {
          if (!isIgnored(error, ignore)) throw error;
        }
      }
      return { rows: [], rowCount: () => 0 };
    },
  };
}

function isIgnored(error: unknown, ignore: readonly number[] | undefined): boolean {
  const cause: unknown = error instanceof PgError ? error.cause : error;
  return isIrisError(cause) && cause.sqlcode !== undefined && (ignore ?? []).includes(cause.sqlcode);
}
