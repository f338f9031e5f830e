import type { IrisType } from '../sql/types.js';
import type { Collation, Typed } from './typed.js';

/** One column that a query gives: in PostgreSQL it is always called `r1`, `r2`, ... */
export interface OutputColumn {
  readonly name: string;
  readonly sqlName: string;
  readonly type: IrisType;
  readonly collation?: Collation;
  /** Where the value comes from, when it is a column as it is. */
  readonly source?: Typed['column'];
  readonly isAliased: boolean;
  readonly isExpression: boolean;
  /** An untyped literal or parameter. */
  readonly weak?: boolean;
}

/** A query in PostgreSQL text. */
export interface CompiledQuery {
  readonly sql: string;
  readonly columns: readonly OutputColumn[];
}
