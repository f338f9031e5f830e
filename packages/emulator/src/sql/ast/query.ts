import type { Condition } from './condition.js';
import type { Expression } from './expression.js';
import type {
  HostVariable,
  Identifier,
  Node,
  NumberLiteral,
  Parameter,
  QualifiedName,
  TypeName,
} from './node.js';

/** A complete query: a statement, a subquery, a derived table, a view's text. */
export interface Query extends Node {
  readonly kind: 'query';
  /** Only at the top of a statement. Names are not checked for duplicates: -382 is raised by the parser. */
  readonly with: readonly CommonTable[];
  readonly body: QueryBody;
  readonly orderBy: readonly OrderItem[];
  readonly rowLimit?: RowLimit;
}

export interface CommonTable extends Node {
  readonly name: Identifier;
  readonly query: Query;
}

export type QueryBody = SelectCore | SetOperation | ParenthesizedQuery;

/** One SELECT up to HAVING. */
export interface SelectCore extends Node {
  readonly kind: 'select';
  /** `%NOLOCK` and other words without effect on the result; upper case. */
  readonly hints: readonly string[];
  readonly quantifier: 'ALL' | 'DISTINCT';
  /** `DISTINCT BY (a, b)`. */
  readonly distinctBy?: readonly Expression[];
  readonly top?: Top;
  readonly items: readonly SelectItem[];
  /** `INTO :a, :b`: only of the outermost SELECT of a statement in a routine's body. */
  readonly into?: readonly HostVariable[];
  /** Comma list; empty when there is no FROM clause. */
  readonly from: readonly TableReference[];
  readonly where?: Condition;
  readonly groupBy: readonly Expression[];
  readonly having?: Condition;
}

/** Left to right; the parser has already grouped INTERSECT, which binds tighter than the others. */
export interface SetOperation extends Node {
  readonly kind: 'set-operation';
  readonly first: QueryBody;
  readonly rest: readonly SetOperand[];
}

export interface SetOperand extends Node {
  readonly operator: 'UNION' | 'INTERSECT' | 'EXCEPT';
  readonly all: boolean;
  readonly body: QueryBody;
}

/** A leg in parentheses; it may have its own ORDER BY, then with TOP. */
export interface ParenthesizedQuery extends Node {
  readonly kind: 'parenthesized-query';
  readonly query: Query;
}

export type RowCountValue = NumberLiteral | Parameter | HostVariable | NegativeNumber;

/** A negative count means 0. */
export interface NegativeNumber extends Node {
  readonly kind: 'negative-number';
  readonly text: string;
}

export interface Top extends Node {
  readonly count: 'ALL' | RowCountValue;
}

export interface RowLimit extends Node {
  readonly style: 'LIMIT' | 'FETCH';
  /** Undefined: OFFSET alone. */
  readonly count?: RowCountValue;
  readonly offset?: RowCountValue;
}

export type SelectItem = StarItem | ExpressionItem;

export interface StarItem extends Node {
  readonly kind: 'star';
  readonly table?: QualifiedName;
}

export interface ExpressionItem extends Node {
  readonly kind: 'item';
  readonly expression: Expression;
  readonly alias?: Identifier;
}

export interface OrderItem extends Node {
  readonly expression: Expression;
  readonly direction: 'ASC' | 'DESC';
}

export type TableReference = TableName | DerivedTable | TableFunction | JsonTable | Join;

export interface TableName extends Node {
  readonly kind: 'table';
  readonly name: QualifiedName;
  readonly alias?: Identifier;
}

export interface DerivedTable extends Node {
  readonly kind: 'derived-table';
  readonly lateral: boolean;
  readonly query: Query;
  readonly alias?: Identifier;
}

/** A class query or a table-valued function: `Sample.SP_Query(1)`; laterally joined without a word. */
export interface TableFunction extends Node {
  readonly kind: 'table-function';
  readonly name: QualifiedName;
  readonly arguments: readonly Expression[];
  readonly alias?: Identifier;
}

export interface JsonTable extends Node {
  readonly kind: 'json-table';
  readonly source: Expression;
  /** The path as text, unparsed. */
  readonly path: string;
  readonly columns: readonly JsonTableColumn[];
  readonly alias?: Identifier;
}

export interface JsonTableColumn extends Node {
  readonly name: Identifier;
  readonly type: TypeName;
  readonly path: string;
}

export interface Join extends Node {
  readonly kind: 'join';
  readonly type: 'INNER' | 'LEFT' | 'RIGHT' | 'FULL' | 'CROSS';
  readonly natural: boolean;
  readonly left: TableReference;
  readonly right: TableReference;
  /** Exactly one of `on` and `using`, unless the join is CROSS or NATURAL. */
  readonly on?: Condition;
  readonly using?: readonly Identifier[];
}
