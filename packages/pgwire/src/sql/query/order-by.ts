import type { Node } from '@pgsql/types';
import { as } from '../ast.js';
import type { Env } from '../context.js';
import type { Expr } from '../expr.js';
import { join, type Sql } from '../fragment.js';
import { itemAt, type Core } from './core.js';
import type { Item } from './select-list.js';
import { irisSortKeys, sortKeyOf, type SortKey } from './sort-key.js';

/** A key with the output column that it names, if it does. */
export interface OrderKey {
  readonly key: SortKey;
  readonly item: Item | undefined;
}

export type SortKeys = readonly OrderKey[];

/** The ORDER BY clause: positions, output names, and expressions over the query's tables. */
export function sortKeysOf(nodes: readonly Node[], core: Core, env: Env): OrderKey[] {
  return nodes.map((node) => {
    const sort = as(node, 'SortBy');
    if (sort?.node === undefined) throw env.refuseKind(node);
    const named = namedItem(sort.node, core, env);
    const expr = named?.expr ?? sortExpression(sort.node, core, env);
    return { key: sortKeyOf(sort, expr, env), item: named ?? selected(expr, core) };
  });
}

function namedItem(node: Node, core: Core, env: Env): Item | undefined {
  const position = as(node, 'A_Const')?.ival?.ival;
  if (position !== undefined) {
    itemAt(position, core.items, 'ORDER BY', env, node);
    return core.items[position - 1];
  }
  const fields = as(node, 'ColumnRef')?.fields ?? [];
  const name = fields.length === 1 ? as(fields[0], 'String')?.sval : undefined;
  return name === undefined ? undefined : core.items.find((each) => each.name === name);
}

function sortExpression(node: Node, core: Core, env: Env): Expr {
  if (core.env === undefined) {
    const hint = 'Add it to each SELECT, or order a query around this one.';
    throw env.refuse('ORDER BY an expression over a set operation', node, hint);
  }
  const expr = core.env.expression(node);
  if (!core.isDistinct) return expr;
  const same = selected(expr, core);
  if (same === undefined) throw env.refuse('ORDER BY an expression that DISTINCT does not select', node);
  return same.expr;
}

/** The output column with this very expression; parameters look alike without being equal. */
function selected(expr: Expr, core: Core): Item | undefined {
  const text = expr.sql.toString();
  return core.items.find((each) => !each.expr.sql.has('parameter') && each.expr.sql.toString() === text);
}

export function orderBy(keys: readonly SortKey[]): Sql | undefined {
  const written = keys.flatMap(irisSortKeys);
  return written.length === 0 ? undefined : join(written);
}

/** IRIS ignores subqueries as keys, and wants aggregates selected and DISTINCT columns named. */
export function needsWrapping(core: Core, keys: SortKeys): boolean {
  if (core.ordersByColumnsOnly) return true;
  return keys.some(({ key }) =>
    (['aggregate', 'window', 'subquery'] as const).some((flag) => key.expr.sql.has(flag)),
  );
}
