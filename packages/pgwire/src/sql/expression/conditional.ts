import type { A_Expr, CaseExpr, CoalesceExpr, MinMaxExpr } from '@pgsql/types';
import { as } from '../ast.js';
import type { Env } from '../context.js';
import { asValue, isNullConstant, orderable, value, type Expr } from '../expr.js';
import { EMPTY, join, raw, sql, type Sql } from '../fragment.js';
import { categoryOf, commonType, isNumeric, isText, UNKNOWN, type PgType } from '../pg-types.js';
import { coerce, oneTimestampType } from './cast.js';
import { compare } from './comparison.js';
import { nullConstant } from './literal.js';

/** CASE with conditions, or with an operand that each WHEN is compared with. */
export function translateCase(node: CaseExpr, env: Env): Expr {
  const operand = env.optional(node.arg);
  const branches = (node.args ?? []).map((each) => {
    const when = as(each, 'CaseWhen');
    if (when?.expr === undefined || when.result === undefined) throw env.refuse('CASE', node.location);
    const test =
      operand === undefined
        ? env.filter(when.expr)
        : compare('=', operand, env.expression(when.expr), env, node.location).sql;
    return { test: test ?? EMPTY, result: env.expression(when.result) };
  });
  const otherwise = env.optional(node.defresult) ?? nullConstant(UNKNOWN);
  const [results, type] = unified([...branches.map((each) => each.result), otherwise], env, node.location);
  const whens = branches.map(({ test }, index) => {
    const result = results[index] ?? otherwise;
    return sql`WHEN ${test} THEN ${asValue(result)}`;
  });
  const last = results.at(-1) ?? otherwise;
  const fragment = isNullConstant(last)
    ? sql`CASE ${join(whens, ' ')} END`
    : sql`CASE ${join(whens, ' ')} ELSE ${asValue(last)} END`;
  const scale = chosenScale(results, type, (scales) => {
    const cases = branches.map(({ test }, index) => sql`WHEN ${test} THEN ${scales[index] ?? raw('0')}`);
    return sql`CASE ${join(cases, ' ')} ELSE ${scales.at(-1) ?? raw('0')} END`;
  });
  return value(fragment, type, { nullable: results.some((each) => each.nullable), ...scale });
}

/** All expressions in their common type. */
export function unified(exprs: readonly Expr[], env: Env, location?: number): [Expr[], PgType] {
  const type = commonType(exprs.map((each) => each.type));
  return [exprs.map((each) => oneTimestampType(coerce(each, type, env, location))), type];
}

function commonScale(exprs: readonly Expr[]): { scale?: number } {
  const scales = new Set(exprs.filter((each) => !isNullConstant(each)).map((each) => each.scale));
  const [scale] = scales;
  return scales.size === 1 && scale !== undefined ? { scale } : {};
}

/** The scale of the branch that is taken, where branches differ; `choose` gets it for each branch. */
function chosenScale(
  exprs: readonly Expr[],
  type: PgType,
  choose: (scales: readonly Sql[]) => Sql,
): ScaleFacts {
  const common = commonScale(exprs);
  if (!isNumeric(type) || common.scale !== undefined) return common;
  const scales = exprs.map(scaleSql);
  return scales.every((each) => each !== undefined) ? { scaleProbe: choose(scales) } : {};
}

type ScaleFacts = Pick<Expr, 'scale' | 'scaleProbe'>;

function scaleSql(expr: Expr): Sql | undefined {
  if (isNullConstant(expr)) return raw('0');
  return expr.scale === undefined ? expr.scaleProbe : raw(String(expr.scale));
}

export function translateCoalesce(node: CoalesceExpr, env: Env): Expr {
  const args = (node.args ?? []).map((each) => env.expression(each));
  const [exprs, type] = unified(args, env, node.location);
  const [only] = exprs;
  if (exprs.length === 1 && only !== undefined) return only;
  const nullable = exprs.every((each) => each.nullable);
  const scale = chosenScale(exprs, type, (scales) => {
    const cases = exprs.map(
      (each, index) => sql`WHEN ${asValue(each)} IS NOT NULL THEN ${scales[index] ?? raw('0')}`,
    );
    return sql`CASE ${join(cases, ' ')} END`;
  });
  return value(sql`COALESCE(${join(exprs.map(asValue))})`, type, { nullable, ...scale });
}

/** `NULLIF(a, b)`: IRIS compares with the collation of a, so the comparison is written out. */
export function translateNullIf(node: A_Expr, env: Env): Expr {
  if (node.lexpr === undefined || node.rexpr === undefined) throw env.refuse('NULLIF', node.location);
  const [left, right] = [env.expression(node.lexpr), env.expression(node.rexpr)];
  const equal = compare('=', left, right, env, node.location);
  const [kept] = unified([left, right.type.oid === left.type.oid ? right : left], env, node.location);
  const result = kept[0] ?? left;
  const scale = left.scale === undefined ? {} : { scale: left.scale };
  return value(sql`CASE WHEN ${equal.sql} THEN NULL ELSE ${asValue(result)} END`, result.type, scale);
}

/** GREATEST and LEAST skip NULLs in PostgreSQL; in IRIS one NULL makes the result NULL. */
export function translateMinMax(node: MinMaxExpr, env: Env): Expr {
  const name = node.op === 'IS_LEAST' ? 'LEAST' : 'GREATEST';
  const args = (node.args ?? []).map((each) => env.expression(each));
  const [all, type] = unified(args, env, node.location);
  const exprs = all.filter((each) => !isNullConstant(each));
  const [only] = exprs;
  if (only === undefined) return nullConstant(type);
  if (exprs.length === 1) return only;
  if (['json', 'vector', 'array', 'bytes'].includes(categoryOf(type)))
    throw env.refuse(`${name} on this type`, node.location);
  const key = (each: Expr): Sql => (isText(type) ? orderable(each) : asValue(each));
  const fallback = (each: Expr): Sql => {
    if (!each.nullable) return key(each);
    const others = exprs.filter((other) => other !== each).map(key);
    return sql`COALESCE(${join([key(each), ...others])})`;
  };
  const best = sql`${raw(name)}(${join(exprs.map(fallback))})`;
  const nullable = exprs.every((each) => each.nullable);
  // The sort key of text has a leading blank, which is cut off again.
  return value(isText(type) ? sql`SUBSTRING(${best}, 2)` : best, type, { nullable, ...commonScale(exprs) });
}
