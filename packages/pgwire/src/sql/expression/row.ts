import type { A_Expr, Node } from '@pgsql/types';
import { as } from '../ast.js';
import type { Env } from '../context.js';
import { condition, type Expr } from '../expr.js';
import { join, sql } from '../fragment.js';
import { compare, COMPARISONS, type Comparison } from './comparison.js';

/** The elements of `(a, b)` or `ROW(a, b)`. */
export function rowElements(node: Node, env: Env): Expr[] {
  const row = as(node, 'RowExpr');
  if (row === undefined) throw env.refuse('a comparison of a row with something else', node);
  return (row.args ?? []).map((each) => env.expression(each));
}

/** Row comparison, which IRIS lacks, spelled out element by element. */
export function compareRows(operator: string, left: Node, right: Node, node: A_Expr, env: Env): Expr {
  const [l, r] = [rowElements(left, env), rowElements(right, env)];
  if (l.length !== r.length || l.length === 0) {
    throw env.context.error('42601', 'unequal number of entries in row expressions', node.location);
  }
  if (!(operator in COMPARISONS)) throw env.refuse(`operator ${operator} on rows`, node.location);
  const simple = COMPARISONS[operator as Comparison];
  if (simple === '=') return rowEquality(l, r, env, node.location);
  if (simple === '<>') {
    const equal = rowEquality(l, r, env, node.location);
    return condition(sql`NOT (${equal.sql})`, equal.nullable);
  }
  return lexicographic(simple, l, r, env, node.location);
}

export function rowEquality(
  left: readonly Expr[],
  right: readonly Expr[],
  env: Env,
  location?: number,
): Expr {
  const parts = left.map((each, index) => compare('=', each, right[index] ?? each, env, location));
  return condition(
    sql`(${join(
      parts.map((each) => each.sql),
      ' AND ',
    )})`,
    parts.some((each) => each.nullable),
  );
}

/** `(a, b) < (c, d)` is `a < c OR (a = c AND b < d)`. */
function lexicographic(
  operator: '<' | '<=' | '>' | '>=',
  left: readonly Expr[],
  right: readonly Expr[],
  env: Env,
  location: number | undefined,
): Expr {
  const [l, r] = [left[0], right[0]];
  if (l === undefined || r === undefined) throw env.refuse('an empty row', location);
  if (left.length === 1) return compare(operator, l, r, env, location);
  const strict = compare(operator.startsWith('<') ? '<' : '>', l, r, env, location);
  const equal = compare('=', l, r, env, location);
  const rest = lexicographic(operator, left.slice(1), right.slice(1), env, location);
  return condition(sql`(${strict.sql} OR (${equal.sql} AND ${rest.sql}))`, strict.nullable || rest.nullable);
}
