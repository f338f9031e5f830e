import type { IrisType } from '../sql/types.js';
import type { ColumnDef, Relation } from '../catalog/model.js';

/** How values of an expression compare; a name of IRIS with %, and the length of `%SQLUPPER(x, 20)`. */
export interface Collation {
  readonly name: string;
  readonly length?: number;
}

export const EXACT: Collation = { name: '%EXACT' };
export const SQLUPPER: Collation = { name: '%SQLUPPER' };

/** An expression in PostgreSQL text, with what IRIS knows about it. */
export interface Typed {
  /** Needs no parentheses around it. Gives a value of `storageType(type)`. */
  readonly sql: string;
  readonly type: IrisType;
  /** Literals and parameters have weak types: they take the type of what they meet. */
  readonly origin: 'column' | 'literal' | 'parameter' | 'expression';
  /** Undefined: none of its own (literals, numbers). */
  readonly collation?: Collation;
  /** The value of a literal; null for NULL. */
  readonly literal?: string | null;
  readonly parameterIndex?: number;
  readonly column?: { readonly relation: Relation; readonly column: ColumnDef | 'rowid' };
  readonly name?: string;
}

export const isWeak = (value: Typed): boolean => value.origin === 'literal' || value.origin === 'parameter';
export const isNull = (value: Typed): boolean => value.origin === 'literal' && value.literal === null;

export function expression(sql: string, type: IrisType, collation?: Collation): Typed {
  return { sql, type, origin: 'expression', ...(collation === undefined ? {} : { collation }) };
}

/** A text constant of PostgreSQL. */
export function quote(text: string): string {
  const escaped = text.replaceAll("'", "''");
  return text.includes('\\') ? ` E'${escaped.replaceAll('\\', '\\\\')}'` : `'${escaped}'`;
}

/** The value by which a text compares under the collation. */
export function collationKey(sql: string, collation: Collation | undefined): string {
  const keep = (key: string, blanks: number): string =>
    collation?.length === undefined ? key : `left(${key}, ${Math.max(0, collation.length - blanks)})`;
  switch (collation?.name) {
    case '%SQLUPPER':
      // The length counts the blank that IRIS puts in front.
      return keep(`iris_sys.sqlupper(${sql})`, 1);
    case '%SQLSTRING':
      return keep(`rtrim(${sql}, E' \\t\\n\\r\\f\\v')`, 1);
    case '%MVR':
      return `iris_sys.mvr(${sql})`;
    case '%UPPER':
      return `upper(${sql})`;
    case '%STRING':
      return `iris_sys.alphaup(${sql}, ',')`;
    case '%ALPHAUP':
      return `iris_sys.alphaup(${sql}, ',?')`;
    case '%TRUNCATE':
      return keep(sql, 0);
    case '%PLUS':
      return `coalesce(iris_sys.to_num(${sql}), 0)`;
    case '%MINUS':
      return `(- coalesce(iris_sys.to_num(${sql}), 0))`;
    default:
      return sql;
  }
}

/** The collation of a comparison: that of the side that has one, the left side first. */
export function comparisonCollation(left: Typed, right: Typed): Collation | undefined {
  return left.collation ?? right.collation;
}

export const sameCollation = (left: Collation | undefined, right: Collation | undefined): boolean =>
  (left ?? EXACT).name === (right ?? EXACT).name && left?.length === right?.length;
