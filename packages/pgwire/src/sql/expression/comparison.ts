import type { Env } from '../context.js';
import { asValue, comparable, condition, isNullConstant, orderable, type Expr } from '../expr.js';
import { raw, sql, type Sql } from '../fragment.js';
import {
  categoryOf,
  commonNumber,
  isTimestamp,
  TEXT,
  TIMESTAMP,
  TIMESTAMPTZ,
  typeLabel,
  type PgType,
} from '../pg-types.js';
import { coerce } from './cast.js';

export const COMPARISONS = {
  '=': '=',
  '<>': '<>',
  '!=': '<>',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
} as const;
export type Comparison = keyof typeof COMPARISONS;

/** The two operands in the type in which PostgreSQL compares them. */
export function alike(left: Expr, right: Expr, env: Env, location?: number): [Expr, Expr] {
  const type = comparisonType(left.type, right.type);
  if (type === undefined) {
    throw env.refuse(`a comparison of ${typeLabel(left.type)} with ${typeLabel(right.type)}`, location);
  }
  return [coerce(left, type, env, location), coerce(right, type, env, location)];
}

function comparisonType(left: PgType, right: PgType): PgType | undefined {
  const [one, other] = [categoryOf(left), categoryOf(right)];
  if (one === 'unknown' && other === 'unknown') return TEXT;
  if (one === 'unknown') return right;
  if (other === 'unknown' || one === other)
    return one === 'number' && other === 'number' ? commonNumber(left, right) : left;
  const temporal = [one, other].filter((each) => ['date', 'timestamp', 'timestamptz'].includes(each));
  if (temporal.length < 2) return undefined;
  return temporal.includes('timestamptz') ? TIMESTAMPTZ : TIMESTAMP;
}

/** `a = b` and its kin: text exactly and by code point, dates and numbers by value. */
export function compare(operator: Comparison, left: Expr, right: Expr, env: Env, location?: number): Expr {
  const [l, r] = alike(left, right, env, location);
  refuseIncomparable(operator, l, env, location);
  const irisOperator = COMPARISONS[operator];
  const nullable = l.nullable || r.nullable;
  const flag = booleanShortcut(irisOperator, l, r) ?? booleanShortcut(irisOperator, r, l);
  if (flag !== undefined) return condition(flag, nullable);
  const [one, other] = comparisonKeys(irisOperator, l, r);
  return condition(sql`${one} ${raw(irisOperator)} ${other}`, nullable);
}

/** For `=` and `<>` the values themselves; for an order relation their sort keys. */
export function comparisonKeys(operator: string, left: Expr, right: Expr): [Sql, Sql] {
  const equality = operator === '=' || operator === '<>';
  const temporal = temporalKeys(left, right) ?? temporalKeys(right, left)?.reverse();
  if (temporal !== undefined) return temporal as [Sql, Sql];
  return equality ? [comparable(left), comparable(right)] : [orderable(left), orderable(right)];
}

/**
 * A date or time column beside something else: a constant is left to IRIS, which reads it as the column's own type;
 * beside an expression a timestamp column becomes what expressions give.
 */
function temporalKeys(column: Expr, other: Expr): [Sql, Sql] | undefined {
  if (column.isColumn !== true) return undefined;
  if (other.untyped !== undefined) return [column.sql, other.untyped];
  if (other.isColumn === true || !isTimestamp(column.type)) return undefined;
  return [sql`CAST(${column.sql} AS TIMESTAMP)`, asValue(other)];
}

function refuseIncomparable(operator: string, operand: Expr, env: Env, location?: number): void {
  const category = categoryOf(operand.type);
  const opaque = ['json', 'array', 'interval', 'other'].includes(category);
  const unordered = category === 'vector' || (category === 'bytes' && operator !== '=' && operator !== '<>');
  if (opaque || unordered) throw env.refuse(`${operator} on ${typeLabel(operand.type)}`, location);
}

/** `(a < b) = true` is `a < b`: no detour over 1 and 0. */
function booleanShortcut(operator: string, left: Expr, right: Expr): Sql | undefined {
  if (left.form !== 'condition' || right.constant?.kind !== 'boolean') return undefined;
  if (operator !== '=' && operator !== '<>') return undefined;
  return right.constant.value === (operator === '=') ? left.sql : sql`NOT (${left.sql})`;
}

/** `a IS [NOT] DISTINCT FROM b`: never NULL. */
export function distinctFrom(left: Expr, right: Expr, negated: boolean, env: Env, location?: number): Expr {
  if (isNullConstant(left)) return nullTest(right, negated);
  if (isNullConstant(right)) return nullTest(left, negated);
  const equal = compare('=', left, right, env, location).sql;
  if (!left.nullable && !right.nullable) return condition(negated ? equal : sql`NOT (${equal})`, false);
  const bothNull = sql` OR (${asValue(left)} IS NULL AND ${asValue(right)} IS NULL)`;
  const same = left.nullable && right.nullable ? sql`(${equal})${bothNull}` : equal;
  const certain = sql`CASE WHEN ${same} THEN 1 ELSE 0 END`;
  return condition(sql`${certain} = ${raw(negated ? '1' : '0')}`, false);
}

/** `negated`: IS NULL is what IS NOT DISTINCT FROM NULL means. */
function nullTest(expr: Expr, isNull: boolean): Expr {
  return condition(sql`${asValue(expr)} ${raw(isNull ? 'IS NULL' : 'IS NOT NULL')}`, false);
}
