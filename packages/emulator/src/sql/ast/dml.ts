import type { Condition } from './condition.js';
import type { Expression } from './expression.js';
import type { Identifier, Node, QualifiedName } from './node.js';
import type { Query, TableReference } from './query.js';

export interface SelectStatement extends Node {
  readonly kind: 'select-statement';
  readonly query: Query;
}

/** Words like %NOLOCK and %NOCHECK that may need a privilege; upper case. */
export type RestrictionKeyword =
  '%NOCHECK' | '%NOFPLAN' | '%NOINDEX' | '%NOJOURN' | '%NOLOCK' | '%NOTRIGGER' | '%PROFILE' | '%PROFILE_ALL';

export interface InsertStatement extends Node {
  readonly kind: 'insert';
  /** `INSERT OR UPDATE`. */
  readonly orUpdate: boolean;
  readonly keywords: readonly RestrictionKeyword[];
  readonly table: QualifiedName;
  /** `INSERT INTO (SELECT ..)`; `table` is then the table of that query. */
  readonly target?: DmlTarget;
  /** Undefined: all columns in order. Given for the SET form, too. */
  readonly columns?: readonly ColumnTarget[];
  readonly source: InsertSource;
}

export type InsertSource =
  | { readonly kind: 'values'; readonly values: readonly Expression[] }
  | { readonly kind: 'default-values' }
  | { readonly kind: 'query'; readonly query: Query };

/** A column that gets a value; `%ID` names the RowID. */
export type ColumnTarget = Identifier;

export interface Assignment extends Node {
  readonly column: ColumnTarget;
  readonly value: Expression;
}

export type DmlTarget =
  | { readonly kind: 'table'; readonly name: QualifiedName; readonly alias?: Identifier }
  | { readonly kind: 'query'; readonly query: Query; readonly alias?: Identifier };

export interface UpdateStatement extends Node {
  readonly kind: 'update';
  readonly keywords: readonly RestrictionKeyword[];
  readonly target: DmlTarget;
  readonly assignments: readonly Assignment[];
  /** `UPDATE t VALUES (..)`: for the columns in order; there are no assignments then. */
  readonly values?: readonly Expression[];
  readonly from: readonly TableReference[];
  readonly where?: Condition;
}

export interface DeleteStatement extends Node {
  readonly kind: 'delete';
  readonly keywords: readonly RestrictionKeyword[];
  readonly target: DmlTarget;
  readonly from: readonly TableReference[];
  readonly where?: Condition;
}

export interface TruncateStatement extends Node {
  readonly kind: 'truncate-table';
  readonly keywords: readonly RestrictionKeyword[];
  readonly table: QualifiedName;
}
