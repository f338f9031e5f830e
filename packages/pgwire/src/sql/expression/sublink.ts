import type { Node, SelectStmt, SubLink } from '@pgsql/types';
import { as, lastName } from '../ast.js';
import type { Env, Query } from '../context.js';
import { comparable, condition, orderable, qualified, value, type Expr } from '../expr.js';
import { identifier, join, raw, sql, type Sql } from '../fragment.js';
import { alike, compare, COMPARISONS, type Comparison } from './comparison.js';
import { rowElements } from './row.js';

/** A query inside an expression. */
export function translateSubLink(node: SubLink, env: Env): Expr {
  const select = as(node.subselect, 'SelectStmt');
  if (select === undefined) throw env.refuse('this subquery', node.location);
  switch (node.subLinkType) {
    case 'EXISTS_SUBLINK':
      return condition(sql`EXISTS (${env.query(select).sql.asSubquery()})`, false);
    case 'EXPR_SUBLINK':
      return scalar(select, env, node.location);
    case 'ANY_SUBLINK':
      return quantified('ANY', select, node, env);
    case 'ALL_SUBLINK':
      return quantified('ALL', select, node, env);
    default:
      throw env.refuse('this form of subquery', node.location);
  }
}

function scalar(select: SelectStmt, env: Env, location: number | undefined): Expr {
  const query = env.query(select, { singleRow: true });
  const column = onlyColumn(query, env, location);
  return value(sql`(${query.sql.asSubquery()})`, column.type, {
    ...(column.scale === undefined ? {} : { scale: column.scale }),
    ...(column.vectorType === undefined ? {} : { vectorType: column.vectorType }),
  });
}

function onlyColumn(query: Query, env: Env, location: number | undefined): Expr {
  const [column, ...others] = query.columns;
  if (column === undefined || others.length > 0) {
    throw env.context.error('42601', 'subquery must return only one column', location);
  }
  return column.expr;
}

function quantified(quantifier: 'ANY' | 'ALL', select: SelectStmt, node: SubLink, env: Env): Expr {
  const operator = node.operName === undefined ? '=' : lastName(node.operName);
  const test = node.testexpr;
  if (test === undefined || !(operator in COMPARISONS))
    throw env.refuse(`operator ${operator} here`, node.location);
  if (as(test, 'RowExpr') !== undefined) return rowInQuery(test, operator, quantifier, select, node, env);
  const relation = COMPARISONS[operator as Comparison];
  const left = env.expression(test);
  const shape = (expr: Expr): Sql => {
    const [, right] = alike(left, expr, env, node.location);
    return relation === '=' || relation === '<>' ? comparable(right) : orderable(right);
  };
  const query = env.query(select, { shape });
  const column = onlyColumn(query, env, node.location);
  const [one] = alike(left, column, env, node.location);
  const key = relation === '=' || relation === '<>' ? comparable(one) : orderable(one);
  const inner = query.sql.asSubquery();
  // unverified on a live server: that IN over a set with NULL is unknown and not false, so that NOT IN finds nothing.
  if (relation === '=' && quantifier === 'ANY') return condition(sql`${key} IN (${inner})`);
  if (relation === '<>' && quantifier === 'ALL') return condition(sql`NOT (${key} IN (${inner}))`);
  return condition(sql`${key} ${raw(relation)} ${raw(quantifier)} (${inner})`);
}

/** `(a, b) IN (SELECT ..)` as EXISTS, where no NULL can make the answer unknown. */
function rowInQuery(
  test: Node,
  operator: string,
  quantifier: 'ANY' | 'ALL',
  select: SelectStmt,
  node: SubLink,
  env: Env,
): Expr {
  if (operator !== '=' || quantifier !== 'ANY')
    throw env.refuse('this comparison of a row with a query', node.location);
  const elements = rowElements(test, env);
  const query = env.query(select, { isDerivedTable: true });
  if (query.columns.length !== elements.length) {
    throw env.context.error('42601', 'subquery has too few or too many columns', node.location);
  }
  const alias = env.context.alias('r');
  const equalities = query.columns.map((column, index) => {
    const inner = { ...column.expr, form: 'value' as const, sql: qualified(alias, column.alias) };
    return compare('=', inner, elements[index] ?? inner, env, node.location);
  });
  if (!env.isFilter && equalities.some((each) => each.nullable)) {
    throw env.refuse('(a, b) IN (query) over columns that can be NULL', node.location, 'Use EXISTS.');
  }
  const tests = join(
    equalities.map((each) => each.sql),
    ' AND ',
  );
  const exists = sql`EXISTS (SELECT 1 FROM (${query.sql}) AS ${identifier(alias)} WHERE ${tests})`;
  return condition(exists.asSubquery(), false);
}
