import type { ReturningClause } from '@pgsql/types';
import type { ArrayRow, SqlParameter, SqlValue } from '@iris-devtools/core';
import type { Env } from '../context.js';
import { join, sql } from '../fragment.js';
import { selectColumn } from '../query/core.js';
import { resultValue } from '../query/result-value.js';
import { translateItems } from '../query/select-list.js';
import { finishValue, type Finish } from '../run/output.js';
import { finishRow } from '../run/query-plan.js';
import { Statement, withInputs, type Execution } from '../run/statement.js';
import { requireTable, rowIdInput, targetEnv, type Target } from './target.js';

/** RETURNING, which IRIS lacks: the changed row is read again by its row id. */
export interface Returning {
  readonly statement: Statement;
  readonly read: (execution: Execution, rowId: SqlParameter) => Promise<ArrayRow[]>;
  /** The select list and what makes values of its columns, for DELETE, which must read before it deletes. */
  readonly columns: ReturnType<typeof join>;
  readonly finish: readonly Finish[];
}

export function returningOf(
  clause: ReturningClause | undefined,
  target: Target,
  env: Env,
): Returning | undefined {
  if (clause === undefined) return undefined;
  requireTable(target, 'RETURNING', env);
  if ((clause.options ?? []).length > 0) throw env.refuse('RETURNING WITH (OLD or NEW)');
  const items = translateItems(clause.exprs ?? [], targetEnv(target, env));
  const columns = join(items.map((item) => selectColumn(item.expr, item.alias, resultValue)));
  const finish = items.map((item, index) => finishValue(item.expr, index));
  const fragment = sql`SELECT ${columns} FROM ${target.aliased} WHERE ${target.rowId} = ${rowIdInput(0)}`;
  const statement = new Statement(fragment, env.context);
  return {
    statement,
    columns,
    finish,
    read: async (execution, rowId) => {
      const rows = await statement.rows(withInputs(execution, [rowId]));
      return rows.map((row) => finishRow(row, finish));
    },
  };
}

/** A value of a result as a parameter of the next statement. */
export function asParameter(value: SqlValue | undefined): SqlParameter {
  return value ?? null;
}
