import type { DeleteStmt } from '@pgsql/types';
import type { ArrayRow } from '@iris-devtools/core';
import type { Env } from '../context.js';
import { EMPTY, sql, type Sql } from '../fragment.js';
import type { Plan, PlanResult } from '../plan.js';
import { both, translateFrom } from '../query/from.js';
import { withCommonTables } from '../query/with.js';
import { finishRow } from '../run/query-plan.js';
import { executionOf, Statement, withInputs, type Execution } from '../run/statement.js';
import { atomically } from '../run/transaction.js';
import { Scope } from '../scope.js';
import { counted } from './insert.js';
import { returningOf, type Returning } from './returning.js';
import { requireTable, rowIdInput, targetEnv, targetOf, type Target } from './target.js';
import { valueText } from '../../types/value-text.js';

/** DELETE, with USING and RETURNING. */
export function translateDelete(node: DeleteStmt, outer: Env): Plan {
  const env = withCommonTables(node.withClause, outer);
  const target = targetOf(node.relation, env);
  if ((node.usingClause ?? []).length > 0) return deleteUsing(node, target, env);
  const returning = returningOf(node.returningClause, target, env);
  const where = targetEnv(target, env).filter(node.whereClause);
  const condition = where === undefined ? EMPTY : sql` WHERE ${where}`;
  if (returning !== undefined) return deleteFound(target, EMPTY, condition, returning, env);
  const statement = new Statement(sql`DELETE FROM ${target.aliased}${condition}`, env.context);
  return {
    tag: 'DELETE',
    tagHasCount: true,
    changesCatalog: false,
    irisSql: [statement.text],
    run: async (run) => counted(await statement.execute(executionOf(run))),
  };
}

function deleteUsing(node: DeleteStmt, target: Target, env: Env): Plan {
  requireTable(target, 'DELETE .. USING', env);
  const from = translateFrom(node.usingClause, env);
  if (from === undefined) throw env.refuse('DELETE .. USING');
  if (node.returningClause !== undefined) {
    const hint = 'Use WHERE .. IN (SELECT ..).';
    throw env.refuse('RETURNING with USING', node.returningClause.exprs?.[0], hint);
  }
  const own = { relations: [target.relation], columns: target.relation.columns };
  const where = env.withScope(new Scope(both(own, from.table), env.scope)).filter(node.whereClause);
  const condition = where === undefined ? EMPTY : sql` WHERE ${where}`;
  return deleteFound(target, sql`, ${from.sql}`, condition, undefined, env);
}

/** The rows are found, and for RETURNING read, before each is deleted by its row id. */
function deleteFound(
  target: Target,
  others: Sql,
  condition: Sql,
  returning: Returning | undefined,
  env: Env,
): Plan {
  const columns = returning === undefined ? EMPTY : sql`, ${returning.columns}`;
  const find = new Statement(
    sql`SELECT ${target.rowId}${columns} FROM ${target.aliased}${others}${condition}`,
    env.context,
  );
  const remove = new Statement(
    sql`DELETE FROM ${target.aliased} WHERE ${target.rowId} = ${rowIdInput(0)}`,
    env.context,
  );
  return {
    tag: 'DELETE',
    tagHasCount: true,
    changesCatalog: false,
    irisSql: [find.text, remove.text],
    run: (run) => atomically(run.session, () => deleteRows(find, remove, returning, executionOf(run))),
  };
}

async function deleteRows(
  find: Statement,
  remove: Statement,
  returning: Returning | undefined,
  execution: Execution,
): Promise<PlanResult> {
  const results: ArrayRow[] = [];
  const seen = new Set<string>();
  let count = 0;
  for (const [id = null, ...rest] of await find.rows(execution)) {
    if (seen.has(valueText(id))) continue;
    seen.add(valueText(id));
    if ((await remove.execute(withInputs(execution, [id]))) === 0) continue;
    count++;
    if (returning !== undefined) results.push(finishRow(rest, returning.finish));
  }
  return { rows: results, rowCount: () => count };
}
