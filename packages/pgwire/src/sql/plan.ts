import type { ArrayRow, Session, SqlParameter } from '@iris-devtools/core';
import type { Description } from '../oracle/oracle.js';

/** A column of an IRIS table as its PostgreSQL shadow shows it. */
export interface MirrorColumn {
  /** Name in PostgreSQL's catalog. */
  readonly pgName: string;
  /** Name in IRIS, with its declared case. */
  readonly irisName: string;
  /** OID of the shadow column's type; `typeModifier` as in pg_attribute. */
  readonly typeOid: number;
  readonly typeModifier: number;
  /** IRIS type as INFORMATION_SCHEMA names it, upper case: VARCHAR, NUMERIC, POSIXTIME, VECTOR, ... */
  readonly irisType: string;
  readonly nullable: boolean;
  readonly isIdentity: boolean;
  /** `%EXACT`, `%SQLUPPER`, ...; PostgreSQL compares text exactly, so the translator must know. */
  readonly collation: string;
  /** For VECTOR: `DOUBLE`, `FLOAT`, `DECIMAL`, `INTEGER`. */
  readonly vectorType?: string;
  readonly vectorLength?: number;
}

export interface MirrorTable {
  readonly pgSchema: string;
  readonly pgName: string;
  readonly irisSchema: string;
  readonly irisName: string;
  readonly kind: 'table' | 'view';
  readonly columns: readonly MirrorColumn[];
  readonly primaryKey: readonly string[];
}

/** Names of the mirror, resolved as PostgreSQL resolves them. */
export interface MirrorCatalog {
  /** Grows by one with every change; part of the key of a cached statement. */
  readonly version: number;
  /** `schema` undefined: along `searchPath`. Names come folded to lower case unless they were quoted. */
  findTable(schema: string | undefined, name: string, searchPath: readonly string[]): MirrorTable | undefined;
  /** The IRIS schema behind a PostgreSQL schema name (`public` is `SQLUser`); the name itself when it is new. */
  irisSchema(pgSchema: string): string;
}

export interface PlanResult {
  /** In the order of the description's fields; empty for a statement without rows. */
  readonly rows: AsyncIterable<ArrayRow> | Iterable<ArrayRow>;
  /** Rows changed, once `rows` is drained; for a query the caller counts. */
  readonly rowCount: () => number;
}

export interface PlanRun {
  readonly session: Session;
  /** The client's parameters `$1..$n`, decoded by their described OIDs. */
  readonly parameters: readonly SqlParameter[];
  /** When the client's transaction began: what `now()` shows. Absent: the time of this call. */
  readonly transactionTime?: Date;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** A PostgreSQL data or DDL statement, translated and ready to run on IRIS any number of times. */
export interface Plan {
  /** First words of the command tag: `SELECT`, `INSERT 0`, `UPDATE`, `DELETE`, `CREATE TABLE`, ... */
  readonly tag: string;
  /** Does the tag end in a row count? */
  readonly tagHasCount: boolean;
  /** Must the mirror be read again after this statement succeeded? */
  readonly changesCatalog: boolean;
  /** The IRIS SQL, one entry for each statement it may run; for logs, EXPLAIN and tests. */
  readonly irisSql: readonly string[];
  run(run: PlanRun): Promise<PlanResult>;
  /**
   * Only for an INSERT of one row without RETURNING: runs it for each set of parameters, atomically.
   * Resolves to the number of rows inserted.
   */
  runMany?(run: PlanRun, parameterSets: readonly (readonly SqlParameter[])[]): Promise<number>;
}

export interface TranslationInput {
  /** The client's text of this one statement: positions in errors refer to it. */
  readonly sql: string;
  /** The statement's node as libpg-query gives it, e.g. `{ SelectStmt: {...} }`. */
  readonly node: unknown;
  readonly description: Description;
  readonly catalog: MirrorCatalog;
  readonly searchPath: readonly string[];
  readonly settings: ReadonlyMap<string, string>;
}

/** @throws PgError 0A000 with a position for everything that IRIS cannot express */
export type Translate = (input: TranslationInput) => Plan;
