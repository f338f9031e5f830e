import { sqlError } from '@iris-devtools/core';
import type { ComparisonOperator } from '../sql/ast.js';
import { asNumber, asText, asType } from './coerce.js';
import type { CompileContext } from './context.js';
import { isNumberText } from './numbers.js';
import type { Collation, Typed } from './typed.js';
import { collationKey, comparisonCollation, isNull, isWeak, quote } from './typed.js';
import { isInteger, isNumeric, isStream, isTemporal, isText, isTimestamp, VARCHAR } from './types.js';

const ORDERING: ReadonlySet<ComparisonOperator> = new Set(['<', '<=', '>', '>=']);

/** A comparison in PostgreSQL text. @throws IrisError -313 for streams */
export function compareValues(
  operator: ComparisonOperator,
  left: Typed,
  right: Typed,
  context: CompileContext,
  collation: Collation | undefined = comparisonCollation(left, right),
): string {
  refuseStreamComparison(left);
  refuseStreamComparison(right);
  if (left.origin === 'parameter') context.learnParameter(left.parameterIndex, right.type);
  if (right.origin === 'parameter') context.learnParameter(right.parameterIndex, left.type);
  if (isNull(left) || isNull(right)) return 'NULL::boolean';
  if (isWeak(left) && isWeak(right)) return compareWeak(operator, left, right, context);
  if (isWeak(left)) return compareTyped(mirrored(operator), right, left, context, collation);
  return compareTyped(operator, left, right, context, collation);
}

export function refuseStreamComparison(value: Typed): void {
  if (isStream(value.type)) {
    throw sqlError(
      -313,
      ` Condition expression not supported for Stream field${value.name === undefined ? '' : ` '${value.name}'`}`,
    );
  }
}

const MIRROR: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  '=': '=',
  '<>': '<>',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};
const mirrored = (operator: ComparisonOperator): ComparisonOperator => MIRROR[operator];

/** Two literals or parameters: numbers if both are and one is written as a number, else case-sensitive text. */
function compareWeak(
  operator: ComparisonOperator,
  left: Typed,
  right: Typed,
  context: CompileContext,
): string {
  const texts = isQuoted(left) && isQuoted(right);
  if (!texts && weakNumber(left, context) && weakNumber(right, context)) {
    return `(${asNumber(left, context).sql} ${operator} ${asNumber(right, context).sql})`;
  }
  return compareText(operator, asText(left, context).sql, asText(right, context).sql, undefined);
}

const isQuoted = (value: Typed): boolean => value.origin === 'literal' && isText(value.type);

/** The literal or parameter is surely a number. */
function weakNumber(value: Typed, context: CompileContext): boolean {
  if (value.origin === 'literal') return isNumeric(value.type) || isNumberText(value.literal ?? '');
  const kind = context.parameterKind(value.parameterIndex);
  return kind === 'integer' || kind === 'integer-text' || kind === 'decimal' || kind === 'double';
}

/** `left` has a type of its own; `right` may be weak and then takes it. */
function compareTyped(
  operator: ComparisonOperator,
  left: Typed,
  right: Typed,
  context: CompileContext,
  collation: Collation | undefined,
): string {
  if (isNumeric(left.type)) return compareNumber(operator, left, right, context);
  if (isTemporal(left.type) || isTemporal(right.type)) return compareTemporal(operator, left, right, context);
  if (isText(left.type) && isNumeric(right.type) && !isWeak(right)) {
    return compareNumber(mirrored(operator), right, left, context);
  }
  if (isText(left.type)) {
    return compareText(operator, left.sql, asText(right, context).sql, collation);
  }
  return `(${left.sql} ${operator} ${asType(right, left.type, context).sql})`;
}

function compareNumber(
  operator: ComparisonOperator,
  left: Typed,
  right: Typed,
  context: CompileContext,
): string {
  const number = comparableNumber(left, context);
  if (isNumeric(right.type) || isTemporal(right.type) || (isWeak(right) && weakNumber(right, context))) {
    return `(${number} ${operator} ${comparableNumber(right, context)})`;
  }
  // Compared with a text that is no number the answer is neither true nor false.
  return `(${number} ${operator} iris_sys.whole_num(${asText(right, context).sql}))`;
}

/** Integers of all sizes compare with each other; a cast would only keep an index from being used. */
export function comparableNumber(value: Typed, context: CompileContext): string {
  return value.origin === 'column' && isInteger(value.type) ? value.sql : asNumber(value, context).sql;
}

function compareTemporal(
  operator: ComparisonOperator,
  left: Typed,
  right: Typed,
  context: CompileContext,
): string {
  const other = isTemporal(left.type) ? right : left;
  const temporal = isTemporal(left.type) ? left : right;
  const number = isNumeric(other.type) || (other.origin === 'parameter' && numericParameter(other, context));
  if (number && !isTimestamp(temporal.type)) {
    return `(${asNumber(left, context).sql} ${operator} ${asNumber(right, context).sql})`;
  }
  // DATE against TIMESTAMP: the date is its midnight, the time of the other side is kept.
  const type = isTimestamp(left.type) ? left.type : isTimestamp(right.type) ? right.type : temporal.type;
  return `(${asType(left, type, context).sql} ${operator} ${asType(right, type, context).sql})`;
}

function numericParameter(value: Typed, context: CompileContext): boolean {
  const kind = context.parameterKind(value.parameterIndex);
  return kind === 'integer' || kind === 'decimal' || kind === 'double';
}

/** Texts under a collation; EXACT order puts canonical numbers first. */
export function compareText(
  operator: ComparisonOperator,
  left: string,
  right: string,
  collation: Collation | undefined,
): string {
  const exact = collation === undefined || collation.name === '%EXACT' || collation.name === '%TRUNCATE';
  const [a, b] = [collationKey(left, collation), collationKey(right, collation)];
  if (exact && ORDERING.has(operator)) return `(iris_sys.exact_order(${a}, ${b}) ${operator} 0)`;
  return `(${a} ${operator} ${b})`;
}

/** ORDER BY keys for a value: NULL is lowest, then the collation decides. */
export function sortKeys(value: Typed, direction: 'ASC' | 'DESC'): string[] {
  if (isStream(value.type)) throw sqlError(-72, ' Multi-Line field not valid in ORDER BY clause');
  const nulls = direction === 'ASC' ? 'NULLS FIRST' : 'NULLS LAST';
  if (!isText(value.type)) return [`${value.sql} ${direction} ${nulls}`];
  const { collation } = value;
  if (collation !== undefined && collation.name !== '%EXACT') {
    return [`${collationKey(value.sql, collation)} ${direction} ${nulls}`];
  }
  const numbers = direction === 'ASC' ? 'NULLS LAST' : 'NULLS FIRST';
  return [
    `(${value.sql} IS NOT NULL) ${direction}`,
    `iris_sys.canonical_num(${value.sql}) ${direction} ${numbers}`,
    `${value.sql} ${direction}`,
  ];
}

/** A constant pattern of LIKE with PostgreSQL's backslash escapes, or the text that computes one. */
export function likePattern(
  pattern: Typed,
  escape: Typed | undefined,
  collation: Collation | undefined,
  context: CompileContext,
): string {
  const text = collationKey(asText(pattern, context).sql, collation);
  if (escape === undefined) return `replace(${text}, ${quote('\\')}, ${quote('\\\\')})`;
  return `iris_sys.like_pattern(${text}, ${collationKey(asText(escape, context).sql, collation)})`;
}

/**
 * The value for the rows of DISTINCT and GROUP BY. Streams are told apart by what they are, not by what is in them, so
 * no two are equal; only NULLs are.
 */
export function rowKey(value: Typed): Typed {
  if (!isStream(value.type)) return groupingKey(value);
  return { ...value, sql: `(CASE WHEN ${value.sql} IS NOT NULL THEN gen_random_uuid() END)`, type: VARCHAR };
}

/** The value for aggregates and UNION: equal under the collation means equal here. */
export function groupingKey(value: Typed): Typed {
  // unverified on a live server: the code for streams in UNION and windows
  if (isStream(value.type)) throw sqlError(-37, ' This is not supported for Stream fields');
  if (!isText(value.type) || value.collation === undefined) return value;
  // Its key only sorts: equal are the texts themselves.
  if (value.collation.name === '%MVR')
    return { ...value, sql: collationKey(value.sql, { name: '%SQLSTRING' }) };
  const sql = collationKey(value.sql, value.collation);
  const numeric = value.collation.name === '%PLUS' || value.collation.name === '%MINUS';
  return numeric ? { ...value, sql: `iris_sys.num_text(${sql})`, type: VARCHAR } : { ...value, sql };
}
