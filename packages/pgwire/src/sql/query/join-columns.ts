import type { JoinType } from '@pgsql/types';
import { PgError } from '../../pg-error.js';
import type { Env } from '../context.js';
import { columnValue } from '../expression/column.js';
import { alike, compare } from '../expression/comparison.js';
import { join, raw, sql, type Sql } from '../fragment.js';
import type { RangeTable, ScopeColumn } from '../scope.js';

/** Both sides of a join, with NULL possible in the columns that an outer join can leave empty. */
export function nullExtended(left: RangeTable, right: RangeTable, kind: JoinType): RangeTable {
  const l = kind === 'JOIN_RIGHT' || kind === 'JOIN_FULL' ? emptied(left) : left;
  const r = kind === 'JOIN_LEFT' || kind === 'JOIN_FULL' ? emptied(right) : right;
  return { relations: [...l.relations, ...r.relations], columns: [...l.columns, ...r.columns] };
}

function emptied(table: RangeTable): RangeTable {
  const nullable = (column: ScopeColumn): ScopeColumn => ({ ...column, nullable: true });
  return {
    relations: table.relations.map((each) => ({ ...each, columns: each.columns.map(nullable) })),
    columns: table.columns.map(nullable),
  };
}

/**
 * USING and NATURAL: IRIS knows them but does not merge the columns, so they become an ON condition, and one merged
 * column stands first for each pair, as in PostgreSQL.
 * @param names `undefined`: all names that both sides have (NATURAL)
 */
export function mergeUsing(
  left: RangeTable,
  right: RangeTable,
  names: readonly string[] | undefined,
  kind: JoinType,
  env: Env,
): { readonly on: Sql; readonly table: RangeTable } {
  const rightNames = new Set(right.columns.map((each) => each.name));
  const shared = names ?? left.columns.map((each) => each.name).filter((name) => rightNames.has(name));
  const pairs = shared.map((name) => ({ left: only(left, name), right: only(right, name) }));
  const conditions = pairs.map(
    (pair) => compare('=', columnValue(pair.left), columnValue(pair.right), env).sql,
  );
  const table = nullExtended(left, right, kind);
  const merged = pairs.map((pair) => mergedColumn(pair.left, pair.right, kind, env));
  const used = new Set(shared);
  const rest = table.columns.filter((each) => !used.has(each.name));
  return {
    on: conditions.length === 0 ? raw('1 = 1') : join(conditions, ' AND '),
    table: { relations: table.relations, columns: [...merged, ...rest] },
  };
}

function only(table: RangeTable, name: string): ScopeColumn {
  const [column, ...others] = table.columns.filter((each) => each.name === name);
  if (column === undefined) {
    throw new PgError({
      sqlstate: '42703',
      message: `column "${name}" specified in USING clause does not exist`,
    });
  }
  if (others.length > 0) {
    throw new PgError({ sqlstate: '42702', message: `common column name "${name}" appears more than once` });
  }
  return column;
}

function mergedColumn(left: ScopeColumn, right: ScopeColumn, kind: JoinType, env: Env): ScopeColumn {
  const { type } = alike(columnValue(left), columnValue(right), env)[0];
  switch (kind) {
    case 'JOIN_RIGHT':
      return { ...right, type };
    case 'JOIN_FULL': {
      const nullable = left.nullable && right.nullable;
      return { ...left, type, nullable, sql: sql`COALESCE(${left.sql}, ${right.sql})` };
    }
    case 'JOIN_LEFT':
      return { ...left, type };
    default:
      return { ...left, type, nullable: false };
  }
}
