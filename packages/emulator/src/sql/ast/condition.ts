import type { Expression } from './expression.js';
import type { Identifier, Node } from './node.js';
import type { Query, TableReference } from './query.js';

/** What WHERE, ON, HAVING, CASE WHEN and FOR SOME take. Never a value. */
export type Condition =
  | LogicalCondition
  | NotCondition
  | ComparisonCondition
  | QuantifiedCondition
  | StringCondition
  | LikeCondition
  | BetweenCondition
  | InCondition
  | InSubqueryCondition
  | InListCondition
  | SampleCondition
  | IsNullCondition
  | IsJsonCondition
  | ExistsCondition
  | ForSomeCondition
  | ForSomeElementCondition;

/** `AND` / `&`, `OR` / `!`. Chains are flat: two or more operands. */
export interface LogicalCondition extends Node {
  readonly kind: 'and' | 'or';
  readonly operands: readonly Condition[];
}

export interface NotCondition extends Node {
  readonly kind: 'not';
  readonly operand: Condition;
}

export type ComparisonOperator = '=' | '<>' | '<' | '<=' | '>' | '>=';

export interface ComparisonCondition extends Node {
  readonly kind: 'comparison';
  readonly operator: ComparisonOperator;
  readonly left: Expression;
  readonly right: Expression;
}

export interface QuantifiedCondition extends Node {
  readonly kind: 'quantified';
  readonly operator: ComparisonOperator | '[' | ']';
  readonly left: Expression;
  /** ANY and SOME are one thing. */
  readonly quantifier: 'ALL' | 'ANY';
  readonly query: Query;
}

/** `[` contains, `]` follows, `%STARTSWITH`, `%MATCHES`, `%PATTERN`. */
export interface StringCondition extends Node {
  readonly kind: 'contains' | 'follows' | 'starts-with' | 'matches' | 'pattern';
  readonly negated: boolean;
  readonly left: Expression;
  readonly right: Expression;
  /** Only %MATCHES, whose escape character is a backslash without it. */
  readonly escape?: Expression;
}

export interface LikeCondition extends Node {
  readonly kind: 'like';
  readonly negated: boolean;
  readonly left: Expression;
  readonly pattern: Expression;
  /** There is no default escape character. */
  readonly escape?: Expression;
}

export interface BetweenCondition extends Node {
  readonly kind: 'between';
  readonly negated: boolean;
  readonly operand: Expression;
  readonly low: Expression;
  readonly high: Expression;
}

export interface InCondition extends Node {
  readonly kind: 'in';
  readonly negated: boolean;
  readonly operand: Expression;
  readonly items: readonly Expression[];
}

export interface InSubqueryCondition extends Node {
  readonly kind: 'in-subquery';
  readonly negated: boolean;
  readonly operand: Expression;
  readonly query: Query;
}

/** `x %INLIST list [SIZE ((n))]`; the size is only a hint. */
export interface InListCondition extends Node {
  readonly kind: 'in-list';
  readonly negated: boolean;
  readonly operand: Expression;
  readonly list: Expression;
}

/** `x %FIND %SQL.SAMPLE('table', percent [, seed])`: about that part of all rows. */
export interface SampleCondition extends Node {
  readonly kind: 'sample';
  readonly operand: Expression;
  readonly table: Expression;
  readonly percent: Expression;
  readonly seed?: Expression;
}

export interface IsNullCondition extends Node {
  readonly kind: 'is-null';
  readonly negated: boolean;
  readonly operand: Expression;
}

export interface IsJsonCondition extends Node {
  readonly kind: 'is-json';
  readonly negated: boolean;
  readonly operand: Expression;
  /** VALUE and SCALAR mean the same as no word: an array or an object. */
  readonly shape: 'ANY' | 'ARRAY' | 'OBJECT';
}

export interface ExistsCondition extends Node {
  readonly kind: 'exists';
  readonly query: Query;
}

/** `FOR SOME (t AS a, ...) (condition)`. */
export interface ForSomeCondition extends Node {
  readonly kind: 'for-some';
  readonly tables: readonly TableReference[];
  readonly condition: Condition;
}

/** `FOR SOME %ELEMENT(field) [AS alias] (condition over %VALUE and %KEY)`. */
export interface ForSomeElementCondition extends Node {
  readonly kind: 'for-some-element';
  readonly field: Expression;
  readonly alias?: Identifier;
  readonly condition: Condition;
}
