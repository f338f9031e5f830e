import type { SelectStmt } from '@pgsql/types';
import type { Env, Query } from '../context.js';
import { asValue, comparable, qualified, type Expr } from '../expr.js';
import { EMPTY, identifier, join, raw, sql, type Sql } from '../fragment.js';
import { plainCore, selectColumn } from './core.js';
import { limitsOf, topClause } from './limit.js';
import { orderBy, sortKeysOf, type OrderKey } from './order-by.js';

/** DISTINCT has a list with one empty node, DISTINCT ON its expressions. */
export function isDistinctOn(node: SelectStmt): boolean {
  const [first] = node.distinctClause ?? [];
  return first !== undefined && Object.keys(first).length > 0;
}

/** DISTINCT ON (a) .. ORDER BY a, b: the first row of each group in that order, found by ROW_NUMBER. */
export function distinctOnQuery(node: SelectStmt, env: Env): Query {
  const { distinctClause = [], ...plain } = node;
  const core = plainCore(plain, env);
  const inner = core.env;
  const limits = limitsOf(node, env);
  if (inner === undefined || core.isGrouped || limits.offset !== undefined) {
    throw env.refuse('DISTINCT ON with grouping or OFFSET', distinctClause[0]);
  }
  const keys = sortKeysOf(node.sortClause ?? [], core, env);
  const groups = sortKeysOf(
    distinctClause.map((each) => ({ SortBy: { node: each } })),
    core,
    env,
  ).map(({ key }) => key.expr);
  const alias = env.context.alias('d');
  const hidden = keys.map((_, index) => `key_${index + 1}_`);
  const columns = [
    ...core.items.map((item) => selectColumn(item.expr, item.alias)),
    ...keys.map(({ key }, index) => sql`${asValue(key.expr)} AS ${identifier(hidden[index] ?? '')}`),
    sql`ROW_NUMBER() OVER (${partition(groups)}${rowOrder(keys)}) AS "first_"`,
  ];
  const outer = core.items.map((item) => sql`${qualified(alias, item.alias)} AS ${identifier(item.alias)}`);
  const finalOrder = orderBy(
    keys.map(({ key }, index) => {
      const column: Expr = { ...key.expr, form: 'value', sql: qualified(alias, hidden[index] ?? '') };
      const { similarity: _similarity, ...plainColumn } = column;
      return { ...key, expr: plainColumn };
    }),
  );
  const top = topClause(limits);
  const head = top === undefined ? EMPTY : sql`${top} `;
  const tail = finalOrder === undefined ? EMPTY : sql` ORDER BY ${finalOrder}`;
  const source = sql`(${core.assemble(columns)}) AS ${identifier(alias)}`;
  const where = sql` WHERE ${qualified(alias, 'first_')} = 1`;
  return {
    sql: sql`SELECT ${head}${join(outer)} FROM ${source}${where}${tail}`,
    columns: core.items.map(({ name, alias: itemAlias, expr }) => ({ name, alias: itemAlias, expr })),
  };
}

function partition(groups: readonly Expr[]): Sql {
  return sql`PARTITION BY ${join(groups.map(comparable))}`;
}

function rowOrder(keys: readonly OrderKey[]): Sql {
  const order = orderBy(keys.map((each) => each.key));
  return order === undefined ? raw('') : sql` ORDER BY ${order}`;
}
