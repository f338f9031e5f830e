import { identifier, raw, sql, type Sql } from './fragment.js';
import { BOOL, isText, type PgType } from './pg-types.js';
import { OID } from '../types/oids.js';

/** A value known when the statement is translated. `string` has type unknown until its context gives it one. */
export type Constant =
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'string'; readonly text: string };

/** A translated expression with what its context must know about it. */
export interface Expr {
  /** IRIS keeps values and conditions apart: `a = b` is no value, a BIT column no condition. */
  readonly form: 'value' | 'condition';
  readonly sql: Sql;
  readonly type: PgType;
  /** `false` only where NULL is impossible. */
  readonly nullable: boolean;
  readonly constant?: Constant;
  /** The client's `$n`. */
  readonly parameter?: number;
  /** A column as it stands in FROM. */
  readonly isColumn?: boolean;
  /** A constant or parameter without its type: beside a column IRIS reads it as the column's own type. */
  readonly untyped?: Sql;
  /** Digits after the point that PostgreSQL prints for this numeric. */
  readonly scale?: number;
  /** Computes these digits where they depend on the row. */
  readonly scaleProbe?: Sql;
  /** For a vector distance: ordering by this descending is ordering by the distance ascending, and uses an HNSW index. */
  readonly similarity?: Sql;
  /** Something cheaper that sorts as the expression does. */
  readonly sortKey?: Sql;
  /** Something cheaper that is NULL exactly when the expression is. */
  readonly nullProbe?: Sql;
  /** Element type of a vector column; other vectors are DOUBLE. */
  readonly vectorType?: string;
  /** For numeric quotients: the two operands, so that a result column can be divided with PostgreSQL's own precision. */
  readonly quotient?: { readonly dividend: Expr; readonly divisor: Expr };
}

type ValueFacts = Partial<Omit<Expr, 'form' | 'sql' | 'type'>>;

export function value(fragment: Sql, type: PgType, facts: ValueFacts = {}): Expr {
  return { nullable: true, ...facts, form: 'value', sql: fragment, type };
}

/** `nullable`: can the condition be neither true nor false? */
export function condition(fragment: Sql, nullable = true): Expr {
  return { form: 'condition', sql: fragment, type: BOOL, nullable };
}

export const TRUE = condition(raw('(1 = 1)'), false);
export const FALSE = condition(raw('(1 = 0)'), false);

/** The expression where IRIS wants a value: a condition becomes 1, 0 or NULL. */
export function asValue(expr: Expr): Sql {
  if (expr.form === 'value') return expr.sql;
  if (!expr.nullable) return sql`CASE WHEN ${expr.sql} THEN 1 ELSE 0 END`;
  return sql`CASE WHEN ${expr.sql} THEN 1 WHEN NOT (${expr.sql}) THEN 0 END`;
}

/** The expression where IRIS wants a condition. */
export function asCondition(expr: Expr): Sql {
  if (expr.form === 'condition') return expr.sql;
  if (expr.constant?.kind === 'boolean') return expr.constant.value ? TRUE.sql : FALSE.sql;
  return sql`${expr.sql} = 1`;
}

/** A key whose order and equality are PostgreSQL's (collation C): IRIS would sort '10' after '9' as numbers. */
export function orderable(expr: Expr): Sql {
  const fragment = asValue(expr);
  if (expr.type.oid === OID.bpchar) return sql`(' ' || RTRIM(${fragment}))`;
  // A leading blank makes no string a canonical number, so %EXACT compares code points throughout.
  return isText(expr.type) ? sql`(' ' || ${fragment})` : fragment;
}

/** A value for `=` and its kin; `character(n)` ignores trailing blanks. */
export function comparable(expr: Expr): Sql {
  return expr.type.oid === OID.bpchar ? sql`RTRIM(${asValue(expr)})` : asValue(expr);
}

export function isNullConstant(expr: Expr): boolean {
  return expr.constant?.kind === 'null';
}

/** The integer of a numeric constant; `undefined` for everything else. */
export function integerConstant(expr: Expr | undefined): number | undefined {
  const text = expr?.constant?.kind === 'number' ? expr.constant.text : undefined;
  const number = text === undefined ? NaN : Number(text);
  return Number.isSafeInteger(number) ? number : undefined;
}

/** A column of a FROM item: `"alias"."column"`. */
export function qualified(alias: string, column: string): Sql {
  return sql`${identifier(alias)}.${identifier(column)}`.with('column');
}
