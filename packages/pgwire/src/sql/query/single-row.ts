import type { Node, SelectStmt } from '@pgsql/types';
import { as, lastName } from '../ast.js';
import type { Env, Query } from '../context.js';
import { asValue, orderable, type Expr } from '../expr.js';
import { sql, type Sql } from '../fragment.js';
import { categoryOf, isText } from '../pg-types.js';
import type { Relation } from '../scope.js';
import { plainCore, selectColumn, type Core } from './core.js';

/**
 * A query used as a value: PostgreSQL raises 21000 for a second row, IRIS takes the first one it finds. So the query
 * becomes an aggregate over its rows, which fails when there are several. `undefined`: at most one row is certain.
 */
export function singleRowQuery(node: SelectStmt, env: Env): Query | undefined {
  if (node.op !== undefined && node.op !== 'SETOP_NONE') throw refusal(env, node);
  if (node.valuesLists !== undefined || node.fromClause === undefined) return undefined;
  if (as(node.limitCount, 'A_Const')?.ival?.ival === 1) return undefined;
  const core = plainCore(node, env);
  if (findsByKey(node, core)) return undefined;
  const [item] = core.items;
  if (core.isGrouped && (node.groupClause ?? []).length === 0) return undefined;
  if (item === undefined || core.isGrouped || core.isDistinct || node.limitCount !== undefined)
    throw refusal(env, node);
  return {
    sql: core.assemble([selectColumn(guardedValue(item.expr, env), item.alias)]),
    columns: core.items,
  };
}

/** Does the query read one table and fix its primary key? Then it has one row at most. */
function findsByKey(node: SelectStmt, core: Core): boolean {
  const relations = core.env?.scope.table.relations ?? [];
  const [relation] = relations;
  if (relation === undefined || relations.length > 1 || relation.table === undefined) return false;
  const keys = new Set(relation.columns.filter((each) => each.isKey === true).map((each) => each.name));
  const isKey = (side: Node | undefined): boolean => {
    const fields = as(side, 'ColumnRef')?.fields ?? [];
    const [first] = fields.length > 1 ? fields : [];
    const qualifier = first === undefined ? relation.name : as(first, 'String')?.sval;
    return (
      fields.length > 0 && fields.length < 3 && qualifier === relation.name && keys.has(lastName(fields))
    );
  };
  return conjuncts(node.whereClause).some((each) => {
    const test = as(each, 'A_Expr');
    if (test?.kind !== 'AEXPR_OP' || lastName(test.name) !== '=') return false;
    // `id = id` fixes nothing.
    return (
      isKey(test.lexpr) !== isKey(test.rexpr) &&
      !mentions(isKey(test.lexpr) ? test.rexpr : test.lexpr, relation)
    );
  });
}

function conjuncts(node: Node | undefined): readonly Node[] {
  if (node === undefined) return [];
  const and = as(node, 'BoolExpr');
  return and?.boolop === 'AND_EXPR' ? (and.args ?? []).flatMap(conjuncts) : [node];
}

/** Does the other side use a column of the table itself? Constants, parameters and outer columns do not. */
function mentions(node: Node | undefined, relation: Relation): boolean {
  if (node === undefined) return true;
  if (as(node, 'A_Const') !== undefined || as(node, 'ParamRef') !== undefined) return false;
  const cast = as(node, 'TypeCast');
  if (cast !== undefined) return mentions(cast.arg, relation);
  const fields = as(node, 'ColumnRef')?.fields;
  if (fields === undefined || fields.length !== 2) return true;
  return as(fields[0], 'String')?.sval === relation.name;
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
