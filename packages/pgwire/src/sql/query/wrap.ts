import type { Env, Query } from '../context.js';
import { asValue, qualified, value, type Expr } from '../expr.js';
import { EMPTY, identifier, join, raw, sql, type Sql } from '../fragment.js';
import { selectColumn, type Core } from './core.js';
import type { Limits } from './limit.js';
import { orderBy, type SortKeys } from './order-by.js';
import type { Shape } from './query.js';
import { AliasSet } from './select-list.js';
import type { SortKey } from './sort-key.js';

interface Inner {
  readonly alias: string;
  /** The columns of the core, then the keys that it does not select. */
  readonly columns: readonly Sql[];
  readonly keys: readonly SortKey[];
}

/** The core's columns and, behind them, its sort keys, as a table that can be ordered by column. */
function innerTable(core: Core, keys: SortKeys, shape: Shape, env: Env): Inner {
  const alias = env.context.alias('s');
  const aliases = new AliasSet();
  for (const item of core.items) aliases.add(item.alias);
  const columns = core.items.map((item, index) =>
    selectColumn(item.expr, item.alias, (each) => shape(each, index)),
  );
  const outerKeys = keys.map(({ key, item }) => {
    if (item !== undefined) return { ...key, expr: columnOf(key.expr, alias, item.alias) };
    const name = aliases.add('sort_key');
    columns.push(sql`${asValue(key.expr)} AS ${identifier(name)}`);
    return { ...key, expr: columnOf(key.expr, alias, name) };
  });
  return { alias, columns, keys: outerKeys };
}

function columnOf(expr: Expr, alias: string, column: string): Expr {
  return value(qualified(alias, column), expr.type, { nullable: expr.nullable });
}

function outerColumns(core: Core, alias: string): Sql[] {
  return core.items.map((item) => sql`${qualified(alias, item.alias)} AS ${identifier(item.alias)}`);
}

/** `SELECT [TOP n] columns FROM (core with keys) ORDER BY keys`. */
export function wrapped(core: Core, keys: SortKeys, top: Sql | undefined, shape: Shape, env: Env): Sql {
  const inner = innerTable(core, keys, shape, env);
  const order = orderBy(inner.keys);
  const source = sql`(${core.assemble(inner.columns)}) AS ${identifier(inner.alias)}`.asSubquery();
  const head = top === undefined ? EMPTY : sql`${top} `;
  const tail = order === undefined ? EMPTY : sql` ORDER BY ${order}`;
  return sql`SELECT ${head}${join(outerColumns(core, inner.alias))} FROM ${source}${tail}`;
}

/** OFFSET inside a statement: rows are numbered in order, and those of the window kept. */
export function windowOfRows(core: Core, keys: SortKeys, limits: Limits, shape: Shape, env: Env): Query {
  const offset = limits.offset;
  if (offset === undefined || limits.limit?.known === undefined || typeof offset.known !== 'number') {
    throw env.refuse('OFFSET in a subquery without constant LIMIT and OFFSET');
  }
  const inner = innerTable(core, keys, shape, env);
  const numbered = env.context.alias('n');
  const order = orderBy(inner.keys);
  if (order === undefined) throw env.refuse('OFFSET in a subquery without ORDER BY');
  const source = sql`(${core.assemble(inner.columns)}) AS ${identifier(inner.alias)}`;
  const rows = sql`SELECT ${join(outerColumns(core, inner.alias))}, ROW_NUMBER() OVER (ORDER BY ${order}) AS "row_number_" FROM ${source}`;
  const position = qualified(numbered, 'row_number_');
  const last = offset.known + (limits.limit.known ?? 0);
  const kept = sql`SELECT ${join(outerColumns(core, numbered))} FROM (${rows}) AS ${identifier(numbered)} WHERE ${position} > ${raw(String(offset.known))} AND ${position} <= ${raw(String(last))}`;
  return { sql: kept, columns: core.items.map(({ name, alias, expr }) => ({ name, alias, expr })) };
}
