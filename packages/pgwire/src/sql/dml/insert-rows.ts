import type { Node } from '@pgsql/types';
import { as, listItems } from '../ast.js';
import type { Env } from '../context.js';
import type { Expr } from '../expr.js';
import { assign } from '../expression/cast.js';
import { identifier, join, raw, sql, type Sql } from '../fragment.js';
import type { MirrorColumn } from '../plan.js';
import { columnValueOf, typeOfColumn, type Target } from './target.js';

/** One row to insert: the columns that get a value, and their values in IRIS SQL. */
export interface RowToInsert {
  readonly columns: readonly MirrorColumn[];
  readonly values: readonly Sql[];
  /** The same values with their types, as ON CONFLICT may use them in expressions. */
  readonly proposed: readonly Expr[];
}

/** The rows of a VALUES list; a column with DEFAULT is left out of its row. */
export function rowsOfValues(
  lists: readonly Node[],
  columns: readonly MirrorColumn[],
  target: Target,
  env: Env,
): RowToInsert[] {
  return lists.map((list) => {
    const cells = listItems(list);
    if (cells.length > columns.length) {
      throw env.context.error(
        '42601',
        'INSERT has more expressions than target columns',
        cells[columns.length],
      );
    }
    const given = columns.slice(0, cells.length).map((column, index) => ({ column, cell: cells[index] }));
    const written = given.flatMap(({ column, cell }) => {
      if (cell === undefined || as(cell, 'SetToDefault') !== undefined) return [];
      const expr = env.expression(cell);
      return [{ column, expr, value: columnValueOf(expr, column, target, env) }];
    });
    return {
      columns: written.map((each) => each.column),
      values: written.map((each) => each.value),
      proposed: written.map(({ expr, column }) => assign(expr, typeOfColumn(column), env)),
    };
  });
}

/** `INSERT INTO t (a, b) VALUES (?, ?)`; with a subquery among the values as INSERT .. SELECT, which IRIS wants then. */
export function insertStatement(row: RowToInsert, target: Target): Sql {
  if (row.columns.length === 0) return sql`INSERT INTO ${target.name} DEFAULT VALUES`;
  const names = join(row.columns.map((column) => identifier(column.irisName)));
  const values = join(row.values);
  if (values.has('subquery')) return sql`INSERT INTO ${target.name} (${names}) SELECT ${values}`;
  return sql`INSERT INTO ${target.name} (${names}) VALUES (${values})`;
}

export const LAST_IDENTITY: Sql = raw('SELECT LAST_IDENTITY()');
