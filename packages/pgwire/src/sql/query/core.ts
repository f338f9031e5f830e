import type { Node, SelectStmt } from '@pgsql/types';
import { as } from '../ast.js';
import type { Env } from '../context.js';
import { asValue, comparable, type Expr } from '../expr.js';
import { EMPTY, identifier, join, raw, sql, type Sql } from '../fragment.js';
import { NO_TABLES, Scope } from '../scope.js';
import { translateFrom } from './from.js';
import { translateItems, type Item } from './select-list.js';

/** A query without its ORDER BY and LIMIT, which can still be given other columns. */
export interface Core {
  readonly items: readonly Item[];
  /** Where expressions of ORDER BY are translated; `undefined` for set operations, which know only their columns. */
  readonly env: Env | undefined;
  /** ORDER BY must name a column, so that other keys need a query around this one. */
  readonly ordersByColumnsOnly: boolean;
  readonly isDistinct: boolean;
  readonly isGrouped: boolean;
  /** The query itself, for one that needs no other columns, order or limit. */
  readonly whole?: Sql;
  /** The SQL text. `top` goes before the columns, `orderBy` behind everything. */
  assemble(columns: readonly Sql[], top?: Sql, orderBy?: Sql): Sql;
}

export function selectColumn(expr: Expr, alias: string, shape: (expr: Expr) => Sql = asValue): Sql {
  return sql`${shape(expr)} AS ${identifier(alias)}`;
}

/** SELECT .. FROM .. WHERE .. GROUP BY .. HAVING. */
export function plainCore(node: SelectStmt, outer: Env): Core {
  refuseUnsupported(node, outer);
  const from = translateFrom(node.fromClause, outer);
  const env = outer.withScope(
    new Scope(from?.table ?? NO_TABLES, outer.scope, false),
    node.windowClause ?? [],
  );
  const items = translateItems(node.targetList ?? [], env);
  const where = env.filter(node.whereClause);
  const keys = groupKeys(node.groupClause ?? [], items, env);
  const having = env.filter(node.havingClause);
  const isGrouped = keys.length > 0 || items.some((each) => each.expr.sql.has('aggregate'));
  if (having !== undefined && keys.length === 0) {
    const hint = 'Filter the aggregate in a query around this one.';
    throw env.refuse('HAVING without GROUP BY', node.havingClause, hint);
  }
  if (isGrouped && items.some((each) => each.expr.sql.has('window'))) {
    throw env.refuse(
      'a window function over grouped rows',
      node.targetList?.[0],
      'Group in a query in FROM.',
    );
  }
  const tail = join(
    [
      from === undefined ? EMPTY : sql` FROM ${from.sql}`,
      where === undefined ? EMPTY : sql` WHERE ${where}`,
      keys.length === 0 ? EMPTY : sql` GROUP BY ${join(keys)}`,
      having === undefined ? EMPTY : sql` HAVING ${having}`,
    ],
    '',
  );
  const isDistinct = (node.distinctClause ?? []).length > 0;
  const distinct = raw(isDistinct ? 'DISTINCT ' : '');
  return {
    items,
    env,
    isDistinct,
    isGrouped,
    ordersByColumnsOnly: isDistinct,
    assemble: (columns, top, orderBy) =>
      sql`SELECT ${distinct}${top === undefined ? EMPTY : sql`${top} `}${join(columns)}${tail}${orderBy === undefined ? EMPTY : sql` ORDER BY ${orderBy}`}`,
  };
}

function refuseUnsupported(node: SelectStmt, env: Env): void {
  if (node.intoClause !== undefined) {
    throw env.refuse('SELECT INTO', node.intoClause.rel?.location, 'Use CREATE TABLE ... AS SELECT.');
  }
  if ((node.lockingClause ?? []).length > 0) {
    throw env.refuse(
      'FOR UPDATE or FOR SHARE',
      node.fromClause?.[0],
      'IRIS locks rows when they are changed, not when they are read.',
    );
  }
  if (node.groupDistinct === true) throw env.refuse('GROUP BY DISTINCT');
}

/** GROUP BY keys: a position or output name is replaced by its expression, since IRIS takes a number as a constant. */
function groupKeys(nodes: readonly Node[], items: readonly Item[], env: Env): Sql[] {
  return nodes.flatMap((node) => {
    if (as(node, 'GroupingSet') !== undefined) {
      throw env.refuse(
        'GROUP BY with ROLLUP, CUBE or GROUPING SETS',
        node,
        'Combine several queries with UNION ALL.',
      );
    }
    const expr = groupExpression(node, items, env);
    if (expr.constant !== undefined || expr.parameter !== undefined) return [];
    if (expr.sql.has('aggregate')) {
      throw env.context.error('42803', 'aggregate functions are not allowed in GROUP BY', node);
    }
    return [comparable(expr)];
  });
}

function groupExpression(node: Node, items: readonly Item[], env: Env): Expr {
  const position = as(node, 'A_Const')?.ival?.ival;
  if (position !== undefined) return itemAt(position, items, 'GROUP BY', env, node);
  const fields = as(node, 'ColumnRef')?.fields ?? [];
  const name = fields.length === 1 ? as(fields[0], 'String')?.sval : undefined;
  const isColumn = env.scope.table.columns.some((each) => each.name === name);
  const named = name === undefined || isColumn ? undefined : items.find((each) => each.name === name);
  return named?.expr ?? env.expression(node);
}

export function itemAt(position: number, items: readonly Item[], clause: string, env: Env, node: Node): Expr {
  const item = items[position - 1];
  if (item === undefined) {
    throw env.context.error('42P10', `${clause} position ${position} is not in select list`, node);
  }
  return item.expr;
}
