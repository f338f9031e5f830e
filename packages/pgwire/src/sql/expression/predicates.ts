import type { A_Expr, BoolExpr, BooleanTest, Node, NullTest } from '@pgsql/types';
import { as, lastName, listItems } from '../ast.js';
import type { Env } from '../context.js';
import { asCondition, asValue, condition, FALSE, TRUE, type Expr } from '../expr.js';
import { join, raw, sql, textLiteral, type Sql } from '../fragment.js';
import { categoryOf, commonType, TEXT } from '../pg-types.js';
import { arrayMembership } from './array.js';
import { coerce } from './cast.js';
import { alike, compare, comparisonKeys, type Comparison } from './comparison.js';
import { rowElements, rowEquality } from './row.js';

/** AND, OR, NOT. */
export function translateBoolean(node: BoolExpr, env: Env): Expr {
  const passesOn = env.isFilter && node.boolop !== 'NOT_EXPR';
  const operands = (node.args ?? []).map((each) => {
    const filter = passesOn ? env.filter(each) : undefined;
    return filter === undefined ? env.expression(each) : condition(filter);
  });
  const nullable = operands.some((each) => each.nullable);
  const parts = operands.map((each) => sql`(${asCondition(each)})`);
  if (node.boolop === 'NOT_EXPR') return condition(sql`NOT ${join(parts)}`, nullable);
  return condition(join(parts, node.boolop === 'OR_EXPR' ? ' OR ' : ' AND '), nullable);
}

/** `x IS [NOT] NULL`. */
export function translateNullTest(node: NullTest, env: Env): Expr {
  if (node.arg === undefined) throw env.refuse('IS NULL', node.location);
  const test = node.nulltesttype === 'IS_NULL' ? 'IS NULL' : 'IS NOT NULL';
  const elements =
    as(node.arg, 'RowExpr') === undefined ? [env.expression(node.arg)] : rowElements(node.arg, env);
  const parts = elements.map((each) => sql`${asValue(each)} ${raw(test)}`);
  return condition(parts.length === 1 ? join(parts) : sql`(${join(parts, ' AND ')})`, false);
}

/** `x IS [NOT] TRUE | FALSE | UNKNOWN`: conditions that are never NULL, which IRIS lacks. */
export function translateBooleanTest(node: BooleanTest, env: Env): Expr {
  if (node.arg === undefined) throw env.refuse('IS TRUE', node.location);
  const flag = asValue(env.expression(node.arg));
  switch (node.booltesttype) {
    case 'IS_TRUE':
      return condition(sql`(${flag} IS NOT NULL AND ${flag} = 1)`, false);
    case 'IS_NOT_TRUE':
      return condition(sql`(${flag} IS NULL OR ${flag} = 0)`, false);
    case 'IS_FALSE':
      return condition(sql`(${flag} IS NOT NULL AND ${flag} = 0)`, false);
    case 'IS_NOT_FALSE':
      return condition(sql`(${flag} IS NULL OR ${flag} = 1)`, false);
    case 'IS_UNKNOWN':
      return condition(sql`${flag} IS NULL`, false);
    default:
      return condition(sql`${flag} IS NOT NULL`, false);
  }
}

/** `x [NOT] IN (a, b, c)`. */
export function translateIn(node: A_Expr, env: Env): Expr {
  const negated = lastName(node.name) === '<>';
  const items = listItems(node.rexpr);
  if (node.lexpr === undefined || items.length === 0) throw env.refuse('IN', node.location);
  const found =
    as(node.lexpr, 'RowExpr') === undefined
      ? inList(env.expression(node.lexpr), items, env, node.location)
      : inRows(rowElements(node.lexpr, env), items, env, node.location);
  return negated ? condition(sql`NOT (${found.sql})`, found.nullable) : found;
}

function inList(left: Expr, items: readonly Node[], env: Env, location: number | undefined): Expr {
  const members = items.map((each) => env.expression(each));
  const type = commonType([left.type, ...members.map((each) => each.type)]);
  const pairs = members.map((each) => {
    const typed = [left, each].map((one) => coerce(one, type, env, location)) as [Expr, Expr];
    const [one, other] = alike(...typed, env, location);
    return comparisonKeys('=', one, other);
  });
  const nullable = left.nullable || members.some((each) => each.nullable);
  const keys = new Set(pairs.map(([key]) => key.toString()));
  const [first] = pairs;
  if (keys.size === 1 && first !== undefined) {
    return condition(sql`${first[0]} IN (${join(pairs.map(([, member]) => member))})`, nullable);
  }
  const tests = pairs.map(([key, member]) => sql`${key} = ${member}`);
  return condition(sql`(${join(tests, ' OR ')})`, nullable);
}

function inRows(left: readonly Expr[], items: readonly Node[], env: Env, location: number | undefined): Expr {
  const rows = items.map((each) => rowEquality(left, rowElements(each, env), env, location));
  const nullable = rows.some((each) => each.nullable);
  return condition(
    sql`(${join(
      rows.map((each) => each.sql),
      ' OR ',
    )})`,
    nullable,
  );
}

/** `x [NOT] BETWEEN [SYMMETRIC] a AND b`. */
export function translateBetween(node: A_Expr, env: Env): Expr {
  const [low, high] = listItems(node.rexpr).map((each) => env.expression(each));
  if (node.lexpr === undefined || low === undefined || high === undefined)
    throw env.refuse('BETWEEN', node.location);
  const x = env.expression(node.lexpr);
  const within = (from: Expr, to: Expr): Expr => {
    const parts = [compare('>=', x, from, env, node.location), compare('<=', x, to, env, node.location)];
    return condition(
      sql`(${join(
        parts.map((each) => each.sql),
        ' AND ',
      )})`,
      parts.some((each) => each.nullable),
    );
  };
  const symmetric = node.kind === 'AEXPR_BETWEEN_SYM' || node.kind === 'AEXPR_NOT_BETWEEN_SYM';
  const [forward, backward] = [within(low, high), symmetric ? within(high, low) : undefined];
  const found =
    backward === undefined ? forward : condition(sql`(${forward.sql} OR ${backward.sql})`, forward.nullable);
  const negated = node.kind === 'AEXPR_NOT_BETWEEN' || node.kind === 'AEXPR_NOT_BETWEEN_SYM';
  return negated ? condition(sql`NOT ${found.sql}`, found.nullable) : found;
}

/** `x [NOT] [I]LIKE pattern [ESCAPE c]`; PostgreSQL's escape character is the backslash, IRIS has none by itself. */
export function translateLike(node: A_Expr, env: Env): Expr {
  if (node.lexpr === undefined || node.rexpr === undefined) throw env.refuse('LIKE', node.location);
  const call = as(node.rexpr, 'FuncCall');
  const isEscape = lastName(call?.funcname) === 'like_escape';
  const patternNode = isEscape ? call?.args?.[0] : node.rexpr;
  if (patternNode === undefined) throw env.refuse('LIKE', node.location);
  const escape = isEscape ? escapeClause(call?.args?.[1], env, node.location) : raw(" ESCAPE '\\'");
  const left = coerce(env.expression(node.lexpr), TEXT, env, node.location);
  const pattern = coerce(env.expression(patternNode), TEXT, env, node.location);
  if (categoryOf(left.type) !== 'text') throw env.refuse('LIKE on this type', node.location);
  const fold = (each: Expr): Sql => (node.kind === 'AEXPR_ILIKE' ? sql`UPPER(${each.sql})` : each.sql);
  const negated = lastName(node.name).startsWith('!') ? ' NOT' : '';
  const fragment = sql`${fold(left)}${raw(negated)} LIKE ${fold(pattern)}${escape}`;
  return condition(fragment, left.nullable || pattern.nullable);
}

function escapeClause(node: Node | undefined, env: Env, location: number | undefined): Sql {
  const text = as(node, 'A_Const')?.sval?.sval;
  if (text === undefined) throw env.refuse('ESCAPE with something else than a constant', location);
  if (text === '') return raw('');
  if (Array.from(text).length > 1) throw env.context.error('22025', 'invalid escape string', location);
  return sql` ESCAPE ${textLiteral(text)}`;
}

/** `x op ANY (array)` and `x op ALL (array)`. */
export function translateArrayComparison(node: A_Expr, env: Env): Expr {
  const operator = lastName(node.name);
  if (node.lexpr === undefined || node.rexpr === undefined) throw env.refuse('ANY', node.location);
  const left = env.expression(node.lexpr);
  const isAny = node.kind === 'AEXPR_OP_ANY';
  const array = as(node.rexpr, 'A_ArrayExpr');
  if (array === undefined) return arrayMembership(operator, isAny, left, node.rexpr, env, node.location);
  const members = (array.elements ?? []).map((each) => env.expression(each));
  if (members.length === 0) return isAny ? FALSE : TRUE;
  const parts = members.map((each) => compare(operator as Comparison, left, each, env, node.location));
  const fragment = join(
    parts.map((each) => each.sql),
    isAny ? ' OR ' : ' AND ',
  );
  return condition(
    sql`(${fragment})`,
    parts.some((each) => each.nullable),
  );
}
