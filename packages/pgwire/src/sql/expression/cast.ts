import type { TypeCast, TypeName } from '@pgsql/types';
import { OID } from '../../types/oids.js';
import { as, lastName } from '../ast.js';
import type { Env } from '../context.js';
import { asValue, isNullConstant, value, type Expr } from '../expr.js';
import { join, raw, sql, type Sql } from '../fragment.js';
import {
  categoryOf,
  declaredScale,
  FLOAT8,
  isFloat,
  isInteger,
  isNumeric,
  isTimestamp,
  oidOfTypeName,
  TEXT,
  typeLabel,
  type PgType,
} from '../pg-types.js';
import { isUtc } from './datetime-text.js';
import { nullConstant, numberConstant, typedConstant } from './literal.js';
import { guarded } from './guard.js';

/** `x::type`, `CAST(x AS type)`, `type 'text'`. */
export function translateCast(node: TypeCast, env: Env): Expr {
  const target = typeOf(node.typeName, env);
  if (node.arg === undefined) throw env.refuse('a cast without an operand', node.location);
  const array = as(node.arg, 'A_ArrayExpr');
  if (array !== undefined) throw env.refuse('an array value', node.location, 'Use IN (...) or = ANY (...).');
  return cast(env.expression(node.arg), target, env, node.location ?? node.typeName?.location);
}

/** The type that a `TypeName` node means. */
export function typeOf(node: TypeName | undefined, env: Env): PgType {
  const name = lastName(node?.names);
  const oid = oidOfTypeName(name);
  if (node === undefined || oid === undefined || oid === OID.void) {
    throw env.refuse(`type ${name}`, node?.location);
  }
  if ((node.arrayBounds ?? []).length > 0) {
    throw env.refuse(`type ${name}[]`, node.location, 'IRIS has no array type.');
  }
  const [first, second = 0] = (node.typmods ?? []).map((each) => as(each, 'A_Const')?.ival?.ival ?? 0);
  return { oid, modifier: first === undefined ? -1 : packedModifier(oid, first, second) };
}

function packedModifier(oid: number, first: number, second: number): number {
  if (oid === OID.numeric) return first * 65_536 + second + 4;
  return oid === OID.varchar || oid === OID.bpchar ? first + 4 : first;
}

/** An explicit cast. */
export function cast(expr: Expr, target: PgType, env: Env, location?: number): Expr {
  if (isNullConstant(expr)) return nullConstant(target);
  if (
    expr.constant?.kind === 'string' &&
    (expr.type.oid === OID.unknown || categoryOf(expr.type) === 'text')
  ) {
    return typedConstant(expr.constant.text, target, env, location);
  }
  const [from, to] = [categoryOf(expr.type), categoryOf(target)];
  if (from === to) return castWithin(expr, target, env, location);
  const rule = CASTS[`${from}>${to}`];
  if (rule === undefined) {
    throw env.refuse(`a cast from ${typeLabel(expr.type)} to ${typeLabel(target)}`, location);
  }
  const fragment = rule(expr, target, env, location);
  return value(fragment, target, { nullable: expr.nullable, ...scaleFact(target) });
}

/** What PostgreSQL does silently when operand types differ: constants take the type, numbers and dates widen. */
export function coerce(expr: Expr, target: PgType, env: Env, location?: number): Expr {
  if (target.oid === OID.unknown || expr.type.oid === target.oid) return expr;
  if (isNullConstant(expr)) return nullConstant(target);
  if (expr.type.oid === OID.unknown) return cast(expr, { ...target, modifier: -1 }, env, location);
  const [from, to] = [categoryOf(expr.type), categoryOf(target)];
  if (from === to && from !== 'number') return { ...expr, type: target };
  if (from === 'number' && to === 'number') return widened(expr, target, env, location);
  return cast(expr, target, env, location);
}

/** Assignment to a column: like {@link coerce}, and narrowing is allowed; IRIS checks the column's own limits. */
export function assign(expr: Expr, target: PgType, env: Env, location?: number): Expr {
  const bare = expr.type.oid === OID.unknown || isNullConstant(expr);
  if (bare) return coerce(expr, target, env, location);
  const [from, to] = [categoryOf(expr.type), categoryOf(target)];
  if (from === 'text' && to === 'text') return { ...expr, type: target };
  if (from === 'number' && to === 'number' && !isInteger(target)) return { ...expr, type: target };
  return cast(expr, target, env, location);
}

function widened(expr: Expr, target: PgType, env: Env, location?: number): Expr {
  if (expr.constant?.kind === 'number') return numberConstant(expr.constant.text, target, env, location);
  // IRIS mixes exact and floating numbers by itself; only the type that PostgreSQL sees changes.
  return value(expr.sql, target, { nullable: expr.nullable, ...scaleFact(expr.type) });
}

function scaleFact(type: PgType): { scale?: number } {
  const scale = declaredScale(type);
  return scale === undefined ? {} : { scale };
}

function castWithin(expr: Expr, target: PgType, env: Env, location?: number): Expr {
  const category = categoryOf(target);
  if (category === 'number') return castNumber(expr, target, env, location);
  if (category === 'text') return value(cutText(expr, target), target, { nullable: expr.nullable });
  if (category === 'json' && expr.type.oid !== target.oid) {
    throw env.refuse(`a cast from ${typeLabel(expr.type)} to ${typeLabel(target)}`, location);
  }
  if (category === 'vector' && target.modifier > 0) {
    const unsized = expr.parameter !== undefined || expr.type.modifier === target.modifier;
    if (!unsized) throw env.refuse('a cast to a vector of other dimensions', location);
  }
  return { ...expr, type: target };
}

function cutText(expr: Expr, target: PgType): Sql {
  const fragment = asValue(expr);
  const sized = target.oid === OID.varchar || target.oid === OID.bpchar;
  const cut =
    sized && target.modifier > 4
      ? sql`SUBSTRING(${fragment}, 1, ${raw(String(target.modifier - 4))})`
      : fragment;
  return expr.type.oid === OID.bpchar && target.oid !== OID.bpchar ? sql`RTRIM(${cut})` : cut;
}

function castNumber(expr: Expr, target: PgType, env: Env, location?: number): Expr {
  if (expr.constant?.kind === 'number' && !(isInteger(target) && !isInteger(expr.type))) {
    if (!isNumeric(target) || target.modifier < 0)
      return numberConstant(expr.constant.text, target, env, location);
  }
  const facts = { nullable: expr.nullable, ...scaleFact(target) };
  if (isInteger(target)) {
    if (isInteger(expr.type) && rank(expr.type) <= rank(target)) return value(expr.sql, target, facts);
    const rounded = isFloat(expr.type) ? roundHalfEven(expr.sql) : roundIfNeeded(expr);
    return value(
      guarded(sql`CAST(${rounded} AS ${raw(irisInteger(target))})`, rounded, target, env),
      target,
      facts,
    );
  }
  if (isFloat(target)) return value(sql`CAST(${expr.sql} AS DOUBLE)`, target, facts);
  const scale = declaredScale(target);
  if (scale !== undefined) return value(sql`ROUND(${expr.sql}, ${raw(String(scale))})`, target, facts);
  if (isFloat(expr.type)) {
    throw env.refuse(
      'a cast from double precision to numeric without a scale',
      location,
      'Use numeric(p,s).',
    );
  }
  return value(expr.sql, target, { nullable: expr.nullable, ...scaleFact(expr.type) });
}

const rank = (type: PgType): number => [OID.int2, OID.int4, OID.oid, OID.int8].indexOf(type.oid as 20);

function irisInteger(type: PgType): string {
  return type.oid === OID.int2
    ? 'SMALLINT'
    : type.oid === OID.int8 || type.oid === OID.oid
      ? 'BIGINT'
      : 'INTEGER';
}

function roundIfNeeded(expr: Expr): Sql {
  return isNumeric(expr.type) ? sql`ROUND(${expr.sql}, 0)` : expr.sql;
}

/** PostgreSQL rounds floats to even at .5; IRIS's ROUND goes away from zero. */
export function roundHalfEven(x: Sql): Sql {
  return sql`CASE WHEN ABS((${x}) - FLOOR(${x})) = 0.5 THEN 2 * ROUND((${x}) / 2, 0) ELSE ROUND(${x}, 0) END`;
}

type CastRule = (expr: Expr, target: PgType, env: Env, location?: number) => Sql;

/** Patterns of IRIS's %PATTERN. It has alternatives in parentheses too, but these need no newer version. */
const DIGITS: readonly string[] = ['1.N', '1"-"1.N', '1"+"1.N'];
/** With `.E1N.E` beside them: a digit somewhere. */
const DECIMALS: readonly string[] = ['.1"-".N.1".".N', '.1"+".N.1".".N'];

function matches(text: Sql, patterns: readonly string[]): Sql {
  const tests = patterns.map((pattern) => sql`${text} %PATTERN ${raw(`'${pattern}'`)}`);
  return sql`(${join(tests, ' OR ')})`;
}

/** Keyed `from>to` by category. What is not here is refused. */
const CASTS: Readonly<Record<string, CastRule | undefined>> = {
  'unknown>text': (expr) => expr.sql,
  'number>text': numberToText,
  'boolean>text': (expr) => {
    const flag = asValue(expr);
    return sql`CASE ${flag} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END`;
  },
  'date>text': (expr) => sql`TO_CHAR(${expr.sql}, 'YYYY-MM-DD')`,
  'uuid>text': (expr) => expr.sql,
  'json>text': (expr) => expr.sql,
  'boolean>number': (expr, target, env, location) => {
    if (target.oid !== OID.int4) throw env.refuse(`a cast from boolean to ${typeLabel(target)}`, location);
    return asValue(expr);
  },
  'number>boolean': (expr) => sql`CASE WHEN ${expr.sql} = 0 THEN 0 WHEN ${expr.sql} <> 0 THEN 1 END`,
  'text>number': textToNumber,
  'text>boolean': (expr, _target, env) => {
    const word = sql`LOWER(TRIM(${expr.sql}))`;
    const failure = sql`LENGTH(${env.context.failure('cast', expr.sql)})`;
    return sql`CASE WHEN ${expr.sql} IS NULL THEN NULL WHEN ${word} IN ('t', 'true', 'y', 'yes', 'on', '1') THEN 1 WHEN ${word} IN ('f', 'false', 'n', 'no', 'off', '0') THEN 0 ELSE ${failure} END`;
  },
  'text>date': (expr, _target, env) => {
    const failure = sql`CAST(${env.context.failure('cast', expr.sql)} AS DATE)`;
    const date = sql`TO_DATE(${expr.sql}, 'YYYY-MM-DD')`;
    return sql`CASE WHEN ${expr.sql} IS NULL THEN NULL WHEN ${expr.sql} %PATTERN '4N1"-"2N1"-"2N' THEN ${date} ELSE ${failure} END`;
  },
  'date>timestamp': (expr) => sql`CAST(${expr.sql} AS TIMESTAMP)`,
  'date>timestamptz': (expr, _target, env, location) => {
    requireUtc(env, location);
    return sql`CAST(${expr.sql} AS TIMESTAMP)`;
  },
  'timestamp>date': (expr) => sql`CAST(${expr.sql} AS DATE)`,
  'timestamptz>date': (expr, _target, env, location) => {
    requireUtc(env, location);
    return sql`CAST(${expr.sql} AS DATE)`;
  },
  'timestamp>timestamptz': sameInUtc,
  'timestamptz>timestamp': sameInUtc,
};

function sameInUtc(expr: Expr, _target: PgType, env: Env, location?: number): Sql {
  requireUtc(env, location);
  return expr.sql;
}

export function requireUtc(env: Env, location?: number): void {
  if (isUtc(env)) return;
  throw env.refuse(
    'timestamp with time zone arithmetic in this TimeZone',
    location,
    "SET TimeZone TO 'UTC'.",
  );
}

/** IRIS prints .5 for 0.5; with a known scale $JUSTIFY prints all digits. */
function numberToText(expr: Expr, _target: PgType, env: Env, location?: number): Sql {
  if (isInteger(expr.type)) return sql`CAST(${expr.sql} AS VARCHAR(20))`;
  const scale = expr.scale ?? declaredScale(expr.type);
  if (scale === undefined || !isNumeric(expr.type)) {
    throw env.refuse(
      `a cast from ${typeLabel(expr.type)} to text`,
      location,
      'Cast it to numeric(p,s) first.',
    );
  }
  return sql`$JUSTIFY(${expr.sql}, 1, ${raw(String(scale))})`;
}

function textToNumber(expr: Expr, target: PgType, env: Env): Sql {
  const text = sql`TRIM(${expr.sql})`;
  const failure = sql`LENGTH(${env.context.failure('cast', expr.sql)})`;
  const valid = isInteger(target)
    ? matches(text, DIGITS)
    : sql`${matches(text, DECIMALS)} AND ${text} %PATTERN '.E1N.E'`;
  const number = isInteger(target)
    ? guarded(sql`CAST(${text} AS ${raw(irisInteger(target))})`, sql`TO_NUMBER(${text})`, target, env)
    : isFloat(target)
      ? sql`CAST(${text} AS DOUBLE)`
      : sql`TO_NUMBER(${text})`;
  return sql`CASE WHEN ${expr.sql} IS NULL THEN NULL WHEN ${valid} THEN ${number} ELSE ${failure} END`;
}

/** IRIS has two timestamp types and does not mix them in one expression. */
export function oneTimestampType(expr: Expr): Expr {
  if (expr.isColumn !== true || !isTimestamp(expr.type)) return expr;
  return { ...expr, sql: sql`CAST(${expr.sql} AS TIMESTAMP)` };
}

/** Text of any value, as `||` and concat() make it. */
export function toText(expr: Expr, env: Env, location?: number): Expr {
  if (expr.type.oid === OID.unknown) return coerce(expr, TEXT, env, location);
  return categoryOf(expr.type) === 'text' ? expr : cast(expr, TEXT, env, location);
}

/** The operand as double precision, for functions that PostgreSQL computes in it. */
export function toDouble(expr: Expr, env: Env, location?: number): Sql {
  if (isNumeric(expr.type) && expr.constant === undefined) {
    throw env.refuse('this function on numeric', location, 'Cast the argument to double precision.');
  }
  return isFloat(expr.type) ? expr.sql : sql`CAST(${coerce(expr, FLOAT8, env, location).sql} AS DOUBLE)`;
}
