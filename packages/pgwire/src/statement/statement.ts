import type { Node } from '@pgsql/types';
import type { Description } from '../oracle/oracle.js';
import type { Plan } from '../sql/plan.js';
import type { Sleep } from './sleep.js';

interface Common {
  /** The text of this one statement; positions in errors refer to it. */
  readonly sql: string;
  readonly description: Description;
}

/** Reads catalogs or no table at all: PostgreSQL itself answers. */
export interface OracleStatement extends Common {
  readonly kind: 'oracle';
  /** Its answer depends on what tables IRIS has now. */
  readonly readsCatalog: boolean;
  /** Set for statements with `set_config(...)`. */
  readonly setConfig: SetConfig | 'reported' | undefined;
  /** Set for `select pg_sleep(n)`. */
  readonly sleep: Sleep | undefined;
}

/** Runs on IRIS. */
export interface IrisStatement extends Common {
  readonly kind: 'iris';
  readonly plan: Plan;
  /** Is it forbidden in a read-only transaction? */
  readonly writes: boolean;
}

/** About the session: transactions, settings, cursors, prepared statements, ... */
export interface SessionStatement extends Common {
  readonly kind: 'session';
  readonly node: Node;
}

export interface CopyStatement extends Common {
  readonly kind: 'copy';
  readonly node: Node;
}

/** A text without a statement. */
export interface EmptyStatement extends Common {
  readonly kind: 'empty';
}

/** Can be kept for later: depends on nothing but its text, the parameter types and the catalog. */
export type QueryStatement = OracleStatement | IrisStatement;
export type Statement = QueryStatement | SessionStatement | CopyStatement | EmptyStatement;

/** A constant, or the n-th parameter (from 1). */
export type SetConfigArgument = { readonly constant: string | null } | { readonly parameter: number };

export interface SetConfig {
  readonly calls: readonly SetConfigCall[];
  /** The statement with `current_setting(name, true)` in place of each call. */
  readonly readingSql: string;
}

export interface SetConfigCall {
  readonly name: SetConfigArgument;
  readonly value: SetConfigArgument;
  readonly isLocal: SetConfigArgument;
}

export const NO_DESCRIPTION: Description = { parameterOids: [], fields: null };
