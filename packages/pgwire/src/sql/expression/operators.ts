import type { A_Expr, Node } from '@pgsql/types';
import { OID } from '../../types/oids.js';
import { as, lastName } from '../ast.js';
import type { Env } from '../context.js';
import { asValue, value, type Expr } from '../expr.js';
import { raw, sql } from '../fragment.js';
import {
  categoryOf,
  commonNumber,
  declaredScale,
  FLOAT8,
  isFloat,
  isInteger,
  isNumeric,
  TEXT,
  typeLabel,
  type PgType,
} from '../pg-types.js';
import { cast, coerce, requireUtc, toDouble, toText } from './cast.js';
import { compare, COMPARISONS, type Comparison } from './comparison.js';
import { addInterval, dateDifference, shiftDate } from './date-arithmetic.js';
import { numberConstant } from './literal.js';
import { compareRows } from './row.js';
import { distance, DISTANCES } from './vector-functions.js';

/** A prefix or infix operator. */
export function translateOperator(node: A_Expr, env: Env): Expr {
  const operator = lastName(node.name);
  if (node.rexpr === undefined) throw env.refuse(`operator ${operator}`, node.location);
  if (node.lexpr === undefined) return prefix(operator, node.rexpr, node, env);
  if (isRow(node.lexpr) || isRow(node.rexpr)) return compareRows(operator, node.lexpr, node.rexpr, node, env);
  const [left, right] = [env.expression(node.lexpr), env.expression(node.rexpr)];
  if (operator in COMPARISONS) return compare(operator as Comparison, left, right, env, node.location);
  if (operator in DISTANCES) return distance(operator, left, right, env, node.location);
  if (operator === '||') return concatenate(left, right, env, node.location);
  if (operator === '~~' || operator === '!~~')
    throw env.refuse(`operator ${operator}`, node.location, 'Use LIKE.');
  return arithmetic(operator, left, right, node, env);
}

function isRow(node: Node): boolean {
  return as(node, 'RowExpr') !== undefined;
}

function prefix(operator: string, operand: Node, node: A_Expr, env: Env): Expr {
  const expr = env.expression(operand);
  if (operator === '+') return coerce(expr, expr.type.oid === OID.unknown ? FLOAT8 : expr.type, env);
  if (operator === '-' && categoryOf(expr.type) === 'number') return negated(expr, env);
  if (operator === '@') return value(sql`ABS(${expr.sql})`, expr.type, { nullable: expr.nullable });
  if (operator === '|/') return value(sql`SQRT(${toDouble(expr, env, node.location)})`, FLOAT8);
  throw env.refuse(`operator ${operator}`, node.location);
}

function negated(expr: Expr, env: Env): Expr {
  if (expr.constant?.kind === 'number') {
    const text = expr.constant.text;
    return numberConstant(text.startsWith('-') ? text.slice(1) : `-${text}`, expr.type, env);
  }
  // A blank between two minus signs: without it they begin a comment.
  return value(sql`(- ${expr.sql})`, expr.type, { nullable: expr.nullable, ...scaleOf(expr) });
}

const scaleOf = (expr: Expr): { scale?: number } => (expr.scale === undefined ? {} : { scale: expr.scale });

function concatenate(left: Expr, right: Expr, env: Env, location: number | undefined): Expr {
  for (const each of [left, right]) {
    if (['array', 'json', 'bytes', 'vector'].includes(categoryOf(each.type))) {
      throw env.refuse(`|| on ${typeLabel(each.type)}`, location);
    }
  }
  const [one, other] = [toText(left, env, location), toText(right, env, location)];
  return value(sql`(${asValue(one)} || ${asValue(other)})`, TEXT, {
    nullable: one.nullable || other.nullable,
  });
}

function arithmetic(operator: string, left: Expr, right: Expr, node: A_Expr, env: Env): Expr {
  const dates = dateArithmetic(operator, left, right, node, env);
  if (dates !== undefined) return dates;
  const type = arithmeticType(left, right);
  if (type === undefined) {
    const hint = operator.includes('~') ? 'IRIS has no regular expressions in SQL; use LIKE.' : undefined;
    throw env.refuse(`operator ${operator} on ${typeLabel(left.type)}`, node.location, hint);
  }
  const one = coerce(left, type, env, node.location);
  const other = coerce(right, type, env, node.location);
  return compute(operator, { ...one, ...scaleOf(left) }, { ...other, ...scaleOf(right) }, type, node, env);
}

function arithmeticType(left: Expr, right: Expr): PgType | undefined {
  const [one, other] = [categoryOf(left.type), categoryOf(right.type)];
  if (one === 'number' && other === 'number') return commonNumber(left.type, right.type);
  if (one === 'number' && other === 'unknown') return left.type;
  return one === 'unknown' && other === 'number' ? right.type : undefined;
}

function compute(operator: string, left: Expr, right: Expr, type: PgType, node: A_Expr, env: Env): Expr {
  const facts = { nullable: left.nullable || right.nullable };
  const [l, r] = [asValue(left), asValue(right)];
  switch (operator) {
    case '+':
    case '-':
      return value(sql`(${l} ${raw(operator)} ${r})`, type, {
        ...facts,
        ...scaled(type, left, right, Math.max),
      });
    case '*':
      return value(sql`(${l} * ${r})`, type, { ...facts, ...scaled(type, left, right, (a, b) => a + b) });
    case '/':
      return divide(left, right, type);
    case '%':
      if (isFloat(type)) break;
      return value(sql`MOD(${l}, ${r})`, type, { ...facts, ...scaled(type, left, right, Math.max) });
    case '^':
      if (isNumeric(type))
        throw env.refuse('numeric ^', node.location, 'Cast an operand to double precision.');
      return value(sql`POWER(${toDouble(left, env)}, ${toDouble(right, env)})`, FLOAT8, facts);
  }
  throw env.refuse(`operator ${operator} on ${typeLabel(type)}`, node.location);
}

/** Integers: `\` cuts toward zero as PostgreSQL does, while IRIS's `/` would give a fraction. */
function divide(left: Expr, right: Expr, type: PgType): Expr {
  const facts = { nullable: left.nullable || right.nullable };
  if (isInteger(type)) return value(sql`(${left.sql} \\ ${right.sql})`, type, facts);
  if (isFloat(type)) return value(sql`(CAST(${left.sql} AS DOUBLE) / ${right.sql})`, type, facts);
  return value(sql`(${left.sql} / ${right.sql})`, type, {
    ...facts,
    quotient: { dividend: left, divisor: right },
  });
}

function scaled(
  type: PgType,
  left: Expr,
  right: Expr,
  rule: (a: number, b: number) => number,
): { scale?: number } {
  if (!isNumeric(type)) return {};
  const [one, other] = [left.scale ?? declaredScale(left.type), right.scale ?? declaredScale(right.type)];
  return one === undefined || other === undefined ? {} : { scale: rule(one, other) };
}

/** date and timestamp with +, -, and an integer, an interval or each other; `undefined`: no such operand. */
function dateArithmetic(operator: string, left: Expr, right: Expr, node: A_Expr, env: Env): Expr | undefined {
  const [one, other] = [categoryOf(left.type), categoryOf(right.type)];
  const temporal = ['date', 'time', 'timestamp', 'timestamptz', 'interval'];
  if (!temporal.includes(one) && !temporal.includes(other)) return undefined;
  if (operator === '+' && one !== 'date' && other === 'date') {
    return dateArithmetic(operator, right, left, node, env);
  }
  if (one === 'date' && (operator === '+' || operator === '-')) {
    if (isInteger(right.type)) return shiftDate(operator, left, right);
    if (operator === '-' && other === 'date') return dateDifference(left, right);
    if (operator === '-' && other === 'unknown')
      return dateDifference(left, cast(right, left.type, env, node.location));
  }
  if (operator === '+' && one === 'interval') return dateArithmetic(operator, right, left, node, env);
  if ((operator === '+' || operator === '-') && ['date', 'timestamp', 'timestamptz'].includes(one)) {
    if (one === 'timestamptz') requireUtc(env, node.location);
    if (other === 'interval') return addInterval(operator, left, right, env, node.location);
  }
  throw env.refuse(`${typeLabel(left.type)} ${operator} ${typeLabel(right.type)}`, node.location);
}
