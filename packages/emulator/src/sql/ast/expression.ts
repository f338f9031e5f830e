import type {
  DateTimeLiteral,
  HostVariable,
  Identifier,
  Node,
  NullLiteral,
  NumberLiteral,
  Parameter,
  QualifiedName,
  StringLiteral,
  TypeName,
} from './node.js';
import type { Condition } from './condition.js';
import type { OrderItem, Query } from './query.js';

/** A value. Conditions are no values in IRIS; see `Condition`. */
export type Expression =
  | NumberLiteral
  | StringLiteral
  | NullLiteral
  | DateTimeLiteral
  | Parameter
  | HostVariable
  | ColumnReference
  | PseudoColumn
  | Parenthesized
  | UnaryExpression
  | BinaryExpression
  | FunctionCall
  | KeywordArgument
  | CastExpression
  | ConvertExpression
  | TrimExpression
  | ToVectorExpression
  | CollationExpression
  | JsonObjectExpression
  | JsonArrayExpression
  | XmlElementExpression
  | XmlForestExpression
  | SimpleCase
  | SearchedCase
  | ScalarSubquery
  | AggregateCall
  | WindowCall;

/** `c`, `t.c`, `schema.t.c`, each perhaps followed by `->d->e` (left outer joins through reference columns). */
export interface ColumnReference extends Node {
  readonly kind: 'column';
  readonly table?: QualifiedName;
  readonly name: Identifier;
  /** Empty unless arrow syntax is used. */
  readonly arrows: readonly Identifier[];
}

export type PseudoColumnName = '%ID' | '%TABLENAME' | '%CLASSNAME' | '%VID' | '%VALUE' | '%KEY';

/** `%VALUE` and `%KEY` have a meaning only inside `FOR SOME %ELEMENT`. */
export interface PseudoColumn extends Node {
  readonly kind: 'pseudo-column';
  readonly name: PseudoColumnName;
  readonly table?: QualifiedName;
}

/** Kept because ORDER BY ignores `(1)` and `((x))` suppresses literal substitution. */
export interface Parenthesized extends Node {
  readonly kind: 'parenthesized';
  readonly expression: Expression;
}

export interface UnaryExpression extends Node {
  readonly kind: 'unary';
  readonly operator: '+' | '-';
  readonly operand: Expression;
}

export type BinaryOperator = '+' | '-' | '*' | '/' | '\\' | '#' | '||';

export interface BinaryExpression extends Node {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expression;
  readonly right: Expression;
}

/**
 * Any function without a syntax of its own, also `CURRENT_DATE`, `USER`, `$USERNAME` (then `parenthesized` is false).
 * `SUBSTRING(s FROM a FOR b)` arrives as arguments s, a, b; `POSITION(a IN b)` as a, b.
 * The parser does not know which names exist: unknown ones are the compiler's -359.
 */
export interface FunctionCall extends Node {
  readonly kind: 'function';
  /** Upper case, unless it was delimited or written with a schema. */
  readonly name: string;
  /** Written with a schema, `Sample.f(x)` or `%SYSTEM_SQL.DefaultSchema()`: a stored function. */
  readonly schema?: Identifier;
  /** The name was a delimited identifier, so it cannot be a system function. */
  readonly delimited: boolean;
  readonly arguments: readonly Expression[];
  /** Written as `{fn NAME(...)}`. */
  readonly brace: boolean;
  readonly parenthesized: boolean;
}

/** An unquoted word where a function takes one: `D` of `DATEDIFF(D, ...)`, `SQL_TSI_DAY`. Upper case. */
export interface KeywordArgument extends Node {
  readonly kind: 'keyword';
  readonly word: string;
}

export interface CastExpression extends Node {
  readonly kind: 'cast';
  readonly operand: Expression;
  readonly type: TypeName;
}

/** `CONVERT(type, x [, style])`, or with `brace` `{fn CONVERT(x, SQL_VARCHAR)}`, where `type.name` is `SQL_VARCHAR`. */
export interface ConvertExpression extends Node {
  readonly kind: 'convert';
  readonly type: TypeName;
  readonly operand: Expression;
  readonly style?: Expression;
  readonly brace: boolean;
}

export interface TrimExpression extends Node {
  readonly kind: 'trim';
  readonly side: 'LEADING' | 'TRAILING' | 'BOTH';
  /** Undefined: blanks. */
  readonly characters?: Expression;
  readonly operand: Expression;
}

/** `TO_VECTOR(data [, type [, length]])`. */
export interface ToVectorExpression extends Node {
  readonly kind: 'to-vector';
  readonly data: Expression;
  /** Upper case as written: DOUBLE, FLOAT, DECIMAL, INTEGER, INT, TIMESTAMP, STRING. */
  readonly elementType?: string;
  readonly length?: Expression;
}

export type CollationName =
  | '%EXACT'
  | '%SQLSTRING'
  | '%SQLUPPER'
  | '%TRUNCATE'
  | '%SPACE'
  | '%PLUS'
  | '%MINUS'
  | '%STRING'
  | '%UPPER'
  | '%ALPHAUP'
  | '%MVR';

/** `%EXACT(x)`, `%EXACT x`, `%SQLUPPER(x, 20)`. */
export interface CollationExpression extends Node {
  readonly kind: 'collation';
  readonly collation: CollationName;
  readonly operand: Expression;
  /** Characters kept, for %SQLSTRING, %SQLUPPER and %TRUNCATE. */
  readonly length?: number;
}

export interface JsonObjectExpression extends Node {
  readonly kind: 'json-object';
  readonly members: readonly { readonly key: Expression; readonly value: Expression }[];
  readonly onNull: 'NULL' | 'ABSENT';
}

export interface JsonArrayExpression extends Node {
  readonly kind: 'json-array';
  readonly elements: readonly Expression[];
  readonly onNull: 'NULL' | 'ABSENT';
}

export interface XmlAttribute {
  readonly value: Expression;
  readonly alias?: Identifier;
}

export interface XmlElementExpression extends Node {
  readonly kind: 'xml-element';
  /** The tag: a name after NAME, a delimited identifier, or a value. */
  readonly tag: Identifier | Expression;
  readonly attributes: readonly XmlAttribute[];
  readonly content: readonly Expression[];
}

export interface XmlForestExpression extends Node {
  readonly kind: 'xml-forest';
  readonly elements: readonly XmlAttribute[];
}

export interface SimpleCase extends Node {
  readonly kind: 'simple-case';
  readonly operand: Expression;
  readonly branches: readonly { readonly when: Expression; readonly then: Expression }[];
  readonly otherwise?: Expression;
}

export interface SearchedCase extends Node {
  readonly kind: 'searched-case';
  readonly branches: readonly { readonly when: Condition; readonly then: Expression }[];
  readonly otherwise?: Expression;
}

/** The parser does not count its items; more than one is the compiler's -10. */
export interface ScalarSubquery extends Node {
  readonly kind: 'subquery';
  readonly query: Query;
}

export type AggregateName =
  | 'COUNT'
  | 'SUM'
  | 'AVG'
  | 'MIN'
  | 'MAX'
  | 'STDDEV'
  | 'STDDEV_SAMP'
  | 'STDDEV_POP'
  | 'VARIANCE'
  | 'VAR_SAMP'
  | 'VAR_POP'
  | 'LIST'
  | '%DLIST'
  | 'XMLAGG'
  | 'JSON_ARRAYAGG'
  | 'APPROX_COUNT_DISTINCT';

export interface AggregateCall extends Node {
  readonly kind: 'aggregate';
  readonly name: AggregateName;
  readonly quantifier: 'ALL' | 'DISTINCT';
  /** `DISTINCT BY (a, b) x`. */
  readonly distinctBy?: readonly Expression[];
  readonly argument: Expression | { readonly kind: 'star' };
  /** `%FOREACH (a, b)`. */
  readonly forEach?: readonly Expression[];
  readonly afterHaving: boolean;
  /** Only JSON_ARRAYAGG: default ABSENT. */
  readonly onNull?: 'NULL' | 'ABSENT';
}

export type WindowFunctionName =
  | 'ROW_NUMBER'
  | 'RANK'
  | 'DENSE_RANK'
  | 'PERCENT_RANK'
  | 'CUME_DIST'
  | 'NTILE'
  | 'FIRST_VALUE'
  | 'LAST_VALUE'
  | 'NTH_VALUE'
  | 'LAG'
  | 'LEAD'
  | 'COUNT'
  | 'SUM'
  | 'AVG'
  | 'MIN'
  | 'MAX';

export interface WindowCall extends Node {
  readonly kind: 'window';
  readonly name: WindowFunctionName;
  /** `'*'` only for COUNT(*). */
  readonly arguments: readonly Expression[] | '*';
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly OrderItem[];
  /** Undefined: IRIS's default frame. Bounds may come in any order. */
  readonly frame?: { readonly start: FrameBound; readonly end: FrameBound };
}

export type FrameBound =
  | { readonly kind: 'unbounded-preceding' }
  | { readonly kind: 'unbounded-following' }
  | { readonly kind: 'current-row' }
  | { readonly kind: 'preceding'; readonly rows: number }
  | { readonly kind: 'following'; readonly rows: number };
