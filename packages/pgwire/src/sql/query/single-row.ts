import type { SelectStmt } from '@pgsql/types';
import { as } from '../ast.js';
import type { Env, Query } from '../context.js';
import { asValue, orderable, type Expr } from '../expr.js';
import { sql, type Sql } from '../fragment.js';
import { categoryOf, isText } from '../pg-types.js';
import { plainCore, selectColumn } from './core.js';

/**
 * A query used as a value: PostgreSQL raises 21000 for a second row, IRIS takes the first one it finds. So the query
 * becomes an aggregate over its rows, which fails when there are several. `undefined`: at most one row is certain.
 */
export function singleRowQuery(node: SelectStmt, env: Env): Query | undefined {
  if (node.op !== undefined && node.op !== 'SETOP_NONE') throw refusal(env, node);
  if (node.valuesLists !== undefined || node.fromClause === undefined) return undefined;
  if (as(node.limitCount, 'A_Const')?.ival?.ival === 1) return undefined;
  const core = plainCore(node, env);
  const [item] = core.items;
  if (core.isGrouped && (node.groupClause ?? []).length === 0) return undefined;
  if (item === undefined || core.isGrouped || core.isDistinct || node.limitCount !== undefined)
    throw refusal(env, node);
  return {
    sql: core.assemble([selectColumn(guardedValue(item.expr, env), item.alias)]),
    columns: core.items,
  };
}

function refusal(env: Env, node: SelectStmt): Error {
  const hint = 'Make it return one row for certain: an aggregate, or LIMIT 1.';
  return env.refuse('a subquery as a value that may return several rows', node.targetList?.[0], hint);
}

function guardedValue(expr: Expr, env: Env): Expr {
  const failure = env.context.failure('cardinality', sql`CAST(COUNT(*) AS VARCHAR(20))`);
  const chosen = isText(expr.type) ? sql`SUBSTRING(MIN(${orderable(expr)}), 2)` : sql`MIN(${asValue(expr)})`;
  const fragment = sql`CASE WHEN COUNT(*) > 1 THEN ${typedFailure(expr, failure, env)} ELSE ${chosen} END`;
  return { ...expr, form: 'value', sql: fragment };
}

function typedFailure(expr: Expr, failure: Sql, env: Env): Sql {
  switch (categoryOf(expr.type)) {
    case 'number':
    case 'boolean':
      return sql`LENGTH(${failure})`;
    case 'date':
      return sql`CAST(${failure} AS DATE)`;
    case 'time':
      return sql`CAST(${failure} AS TIME)`;
    case 'timestamp':
    case 'timestamptz':
      return sql`CAST(${failure} AS TIMESTAMP)`;
    case 'text':
    case 'uuid':
    case 'json':
      return failure;
    default:
      throw env.refuse('a subquery of this type as a value', undefined, 'Add LIMIT 1.');
  }
}
