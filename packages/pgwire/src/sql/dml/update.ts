import type { UpdateStmt } from '@pgsql/types';
import type { ArrayRow } from '@iris-devtools/core';
import { as } from '../ast.js';
import type { Env } from '../context.js';
import { asValue } from '../expr.js';
import { assign } from '../expression/cast.js';
import { EMPTY, identifier, join, sql, type Sql } from '../fragment.js';
import type { Plan, PlanResult } from '../plan.js';
import { both, translateFrom } from '../query/from.js';
import { withCommonTables } from '../query/with.js';
import { executionOf, Statement, withInputs, type Execution } from '../run/statement.js';
import { atomically } from '../run/transaction.js';
import { Scope } from '../scope.js';
import { assignmentsOf, translateAssignments } from './assignments.js';
import { counted } from './insert.js';
import { returningOf, type Returning } from './returning.js';
import {
  inputBinding,
  placeholder,
  requireTable,
  rowIdInput,
  targetEnv,
  targetOf,
  typeOfColumn,
  type Target,
} from './target.js';
import { valueText } from '../../types/value-text.js';

/** UPDATE, with FROM and RETURNING. */
export function translateUpdate(node: UpdateStmt, outer: Env): Plan {
  const env = withCommonTables(node.withClause, outer);
  const target = targetOf(node.relation, env);
  refuseReturningOfOthers(node, env);
  const returning = returningOf(node.returningClause, target, env);
  if ((node.fromClause ?? []).length > 0) return updateFrom(node, target, returning, env);
  const inner = targetEnv(target, env);
  const set = assignmentsOf(node.targetList ?? [], target, inner);
  const condition = inner.filter(node.whereClause);
  if (returning !== undefined) return updateReturning(set, condition, target, returning, env);
  const tail = condition === undefined ? EMPTY : sql` WHERE ${condition}`;
  const statement = new Statement(sql`UPDATE ${target.aliased} SET ${set}${tail}`, env.context);
  return updatePlan([statement], async (execution) => counted(await statement.execute(execution)));
}

function updatePlan(
  statements: readonly Statement[],
  run: (execution: Execution) => Promise<PlanResult>,
): Plan {
  return {
    tag: 'UPDATE',
    tagHasCount: true,
    changesCatalog: false,
    irisSql: statements.map((each) => each.text),
    run: (planRun) => {
      const execution = executionOf(planRun);
      return statements.length === 1 ? run(execution) : atomically(planRun.session, () => run(execution));
    },
  };
}

/** RETURNING sees the columns of FROM too, which are not there any more when the row is read again. */
function refuseReturningOfOthers(node: UpdateStmt, env: Env): void {
  if ((node.fromClause ?? []).length === 0 || node.returningClause === undefined) return;
  for (const each of node.returningClause.exprs ?? []) {
    const fields = as(as(each, 'ResTarget')?.val, 'ColumnRef')?.fields ?? [];
    const qualifier = fields.length > 1 ? as(fields[0], 'String')?.sval : undefined;
    const own = node.relation?.alias?.aliasname ?? node.relation?.relname;
    if (qualifier !== own) {
      throw env.refuse('RETURNING with FROM', each, 'Qualify every returned column with the updated table.');
    }
  }
}

/** The rows are found first, updated one by one under the same condition, and read again. */
function updateReturning(
  set: Sql,
  condition: Sql | undefined,
  target: Target,
  returning: Returning,
  env: Env,
): Plan {
  const where = condition === undefined ? EMPTY : sql` WHERE ${condition}`;
  const still = condition === undefined ? EMPTY : sql` AND (${condition})`;
  const find = new Statement(sql`SELECT ${target.rowId} FROM ${target.aliased}${where}`, env.context);
  const update = new Statement(
    sql`UPDATE ${target.aliased} SET ${set} WHERE ${target.rowId} = ${rowIdInput(0)}${still}`,
    env.context,
  );
  return updatePlan([find, update, returning.statement], async (execution) => {
    const results: ArrayRow[] = [];
    let count = 0;
    for (const [id = null] of await find.rows(execution)) {
      if ((await update.execute(withInputs(execution, [id]))) === 0) continue;
      count++;
      results.push(...(await returning.read(execution, id)));
    }
    return { rows: results, rowCount: () => count };
  });
}

/** UPDATE .. FROM: the new values are computed by a join, then written by row id; of several matches one counts. */
function updateFrom(node: UpdateStmt, target: Target, returning: Returning | undefined, env: Env): Plan {
  requireTable(target, 'UPDATE .. FROM', env);
  const from = translateFrom(node.fromClause, env);
  if (from === undefined) throw env.refuse('UPDATE .. FROM');
  const own = { relations: [target.relation], columns: target.relation.columns };
  const inner = env.withScope(new Scope(both(own, from.table), env.scope));
  const assignments = translateAssignments(node.targetList ?? [], target, inner);
  const values = assignments.map((each) =>
    asValue(assign(inner.expression(each.node), typeOfColumn(each.column), env)),
  );
  const where = inner.filter(node.whereClause);
  const condition = where === undefined ? EMPTY : sql` WHERE ${where}`;
  const columns = join([
    target.rowId,
    ...values.map((each, index) => sql`${each} AS ${identifier(`value_${index + 1}`)}`),
  ]);
  const find = new Statement(
    sql`SELECT ${columns} FROM ${target.aliased}, ${from.sql}${condition}`,
    env.context,
  );
  const set = join(
    assignments.map(({ column }, index) => {
      const bound = placeholder(inputBinding(index + 1, typeOfColumn(column)), column);
      return sql`${identifier(column.irisName)} = ${bound}`;
    }),
  );
  const update = new Statement(
    sql`UPDATE ${target.aliased} SET ${set} WHERE ${target.rowId} = ${rowIdInput(0)}`,
    env.context,
  );
  const statements = [find, update, ...(returning === undefined ? [] : [returning.statement])];
  return updatePlan(statements, async (execution) => {
    const results: ArrayRow[] = [];
    const seen = new Set<string>();
    for (const row of await find.rows(execution)) {
      const id = row[0] ?? null;
      if (seen.has(valueText(id))) continue;
      seen.add(valueText(id));
      await update.execute(withInputs(execution, row));
      if (returning !== undefined) results.push(...(await returning.read(execution, id)));
    }
    return { rows: results, rowCount: () => seen.size };
  });
}
