import type { Node, SortBy } from '@pgsql/types';
import { as } from '../ast.js';
import type { Env } from '../context.js';
import { asValue, orderable, type Expr } from '../expr.js';
import { sql, type Sql } from '../fragment.js';

/** One key of an ORDER BY with PostgreSQL's defaults made explicit. */
export interface SortKey {
  readonly expr: Expr;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

export function sortKeyOf(sort: SortBy, expr: Expr, env: Env): SortKey {
  if (sort.sortby_dir === 'SORTBY_USING') throw env.refuse('ORDER BY USING', sort.location);
  const descending = sort.sortby_dir === 'SORTBY_DESC';
  const explicit = sort.sortby_nulls === 'SORTBY_NULLS_FIRST' || sort.sortby_nulls === 'SORTBY_NULLS_LAST';
  const nullsFirst = explicit ? sort.sortby_nulls === 'SORTBY_NULLS_FIRST' : descending;
  return { expr, descending, nullsFirst };
}

/**
 * The key for IRIS's ORDER BY. NULL is IRIS's lowest value, PostgreSQL's highest, so a key that can be NULL gets a
 * second one before it. A vector distance is ordered by the similarity, the other way round: that puts NULLs where
 * PostgreSQL has them and is the form for which IRIS uses an HNSW index.
 */
export function irisSortKeys(key: SortKey): Sql[] {
  const { expr, descending, nullsFirst } = key;
  if (expr.constant !== undefined || expr.parameter !== undefined) return [];
  const reversed = expr.similarity !== undefined;
  const fragment = expr.similarity ?? expr.sortKey ?? orderable(expr);
  const goesDown = descending !== reversed;
  const written = goesDown ? sql`${fragment} DESC` : fragment;
  // IRIS: NULLs first when ascending, last when descending.
  if (!expr.nullable || nullsFirst === !goesDown) return [written];
  const test = expr.nullProbe ?? asValue(expr);
  const nullKey = nullsFirst
    ? sql`CASE WHEN ${test} IS NULL THEN 0 ELSE 1 END`
    : sql`CASE WHEN ${test} IS NULL THEN 1 ELSE 0 END`;
  return [nullKey, written];
}

/** Keys of a window's ORDER BY. */
export function sortKeys(nodes: readonly Node[], translate: (node: Node) => Expr, env: Env): Sql[] {
  return nodes.flatMap((each) => {
    const sort = as(each, 'SortBy');
    if (sort?.node === undefined) throw env.refuseKind(each);
    return irisSortKeys(sortKeyOf(sort, translate(sort.node), env));
  });
}
