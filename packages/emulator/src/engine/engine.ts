import type { IsolationLevel } from '../sql/ast.js';
import type { Column } from '@iris-devtools/core';

/** A bound value, with the kind that the client sent: IRIS treats 1, 1.0 and '1' differently in places. */
export type EngineParameter =
  | { readonly kind: 'null' }
  /** Omitted: a default, or an OUT parameter of a procedure. */
  | { readonly kind: 'undefined' }
  | { readonly kind: 'integer'; readonly value: bigint }
  /** Exact decimal text, e.g. `-12.50`. */
  | { readonly kind: 'decimal'; readonly value: string }
  | { readonly kind: 'double'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'bytes'; readonly value: Uint8Array };

/**
 * A result value in xDBC (ODBC) select mode, by column type: integers as number or bigint, BIT as 0/1,
 * NUMERIC as canonical decimal text, DOUBLE as number, dates and times as ISO text with a blank, POSIXTIME as ISO text,
 * VARBINARY and LONGVARBINARY as bytes, VECTOR and every character type as text. `''` and null are distinct.
 */
export type EngineValue = null | string | number | bigint | Uint8Array;

export interface ParameterDescription {
  readonly typeCode: number;
  readonly precision: number;
  readonly scale: number;
  readonly nullable: boolean | undefined;
}

/** What CALL finds: a procedure with its parameters. */
export interface ProcedureDescription {
  /** `query`: the rows of its one query. `multiple`: declared with RESULT SETS, any number of them. */
  readonly results: 'query' | 'update' | 'multiple';
  readonly returns?: ParameterDescription;
  readonly parameters: readonly ProcedureParameter[];
}

export interface ProcedureParameter extends ParameterDescription {
  readonly name: string;
  readonly mode: 'IN' | 'OUT' | 'INOUT';
}

/** What a procedure left behind, beside the rows of its first query. */
export interface CallOutcome {
  /** In the order of the description; IN parameters as they were given. */
  readonly parameters: readonly EngineValue[];
  /** `''` without RETURN. */
  readonly returnValue: EngineValue;
  /** Every query of the body without INTO, in order. */
  readonly results: readonly CallResult[];
  /** Rows that the last INSERT, UPDATE or DELETE changed; 0 without one. */
  readonly rowsAffected: number;
}

export interface CallResult {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly EngineValue[])[];
}

/** A parsed and checked statement. Syntax and name errors (-1, -12, -29, -30, ...) come from preparing it. */
export interface PreparedSql {
  readonly sql: string;
  /** `query`: gives rows. `update`: INSERT, UPDATE, DELETE. `other`: DDL, transactions, options, CALL without rows. */
  readonly kind: 'query' | 'update' | 'other';
  /** Empty unless `kind` is `query`. */
  readonly columns: readonly Column[];
  readonly parameters: readonly ParameterDescription[];
  /** Only of a CALL. */
  readonly procedure?: ProcedureDescription;
}

export interface SqlOutcome {
  /** 0, 100 (no row affected), or 1 (`IF [NOT] EXISTS` had nothing to do). Errors are thrown. */
  readonly sqlcode: 0 | 1 | 100;
  /** Rows of a query, in column order; empty otherwise. */
  readonly rows: readonly (readonly EngineValue[])[];
  /** Rows changed; number of rows of a query; -1 where IRIS does not count (TRUNCATE, DDL). */
  readonly rowCount: number;
  /** IRIS's `%msg`, e.g. for sqlcode 1. */
  readonly message?: string;
  /** Only of a CALL. */
  readonly call?: CallOutcome;
}

export interface ExecuteOptions {
  /** 0: no limit. */
  readonly maxRows?: number;
  /** 0: no limit; beyond it -450. */
  readonly timeoutMs?: number;
}

/** One IRIS process: its transaction, isolation, LAST_IDENTITY and options. Statements of one session run in order. */
export interface SqlSession {
  readonly user: string;
  readonly namespace: string;
  /** @throws IrisError with `sqlcode` */
  prepare(sql: string): Promise<PreparedSql>;
  /** @throws IrisError with `sqlcode`; the failed statement alone is undone */
  execute(
    statement: PreparedSql,
    parameters: readonly EngineParameter[],
    options?: ExecuteOptions,
  ): Promise<SqlOutcome>;
  /**
   * INSERT, UPDATE or DELETE once for each set of parameters, as one unit: all happen or none. Much faster than as
   * many calls of `execute`. `rowCount` is the sum.
   */
  executeBatch(
    statement: PreparedSql,
    parameterSets: readonly (readonly EngineParameter[])[],
    options?: ExecuteOptions,
  ): Promise<SqlOutcome>;
  setAutocommit(on: boolean): Promise<void>;
  readonly autocommit: boolean;
  readonly isolationLevel: IsolationLevel;
  /** 0 outside a transaction. */
  readonly transactionLevel: number;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  /** `''` before the first insert. */
  readonly lastIdentity: string;
  /** Ends the statement that runs now with -456. */
  cancel(): void;
  /** Rolls back what is open and releases locks. */
  close(): Promise<void>;
}

/** SQL of one emulated instance: catalog and storage shared by its sessions. */
export interface SqlEngine {
  openSession(options: { readonly user: string; readonly namespace: string }): Promise<SqlSession>;
  close(): Promise<void>;
}
