import type { PgError } from '../pg-error.js';

/** A column of a RowDescription, as PostgreSQL's protocol orders it. */
export interface FieldDescription {
  readonly name: string;
  readonly tableOid: number;
  readonly columnAttribute: number;
  readonly typeOid: number;
  readonly typeSize: number;
  readonly typeModifier: number;
}

export interface Description {
  /** One OID for each `$n`, in order. */
  readonly parameterOids: readonly number[];
  /** `null`: the statement gives no rows. */
  readonly fields: readonly FieldDescription[] | null;
}

/** Settings of a client's session that change how PostgreSQL reads or prints: search_path, TimeZone, DateStyle, ... */
export type SessionSettings = ReadonlyMap<string, string>;

export interface OracleRequest {
  /** One statement, in PostgreSQL's SQL. */
  readonly sql: string;
  /** OIDs that the client fixed; 0 lets PostgreSQL infer. */
  readonly parameterOids: readonly number[];
  readonly settings: SessionSettings;
  /** Database role that the client logged in as, for current_user and privileges functions. */
  readonly user: string;
  readonly database: string;
}

export interface OracleRun extends OracleRequest {
  /** Values in the format that `parameterFormats` names; `null` is NULL. */
  readonly parameters: readonly (Uint8Array | null)[];
  readonly parameterFormats: readonly (0 | 1)[];
  readonly resultFormats: readonly (0 | 1)[];
  /** When the client's transaction began: what `now()` shows. Absent: the time of this call. */
  readonly transactionTime?: Date | undefined;
}

export interface OracleRows {
  readonly fields: readonly FieldDescription[] | null;
  /** Values as PostgreSQL encoded them in the asked formats. */
  readonly rows: readonly (readonly (Uint8Array | null)[])[];
  readonly commandTag: string;
  /** What `set_config` changed, in order; it is undone here already, so the session has to repeat it. */
  readonly changedSettings: readonly ChangedSetting[];
}

export interface ChangedSetting {
  /** Lower case. */
  readonly name: string;
  readonly value: string;
  /** Until the end of the transaction only. */
  readonly isLocal: boolean;
}

/**
 * PostgreSQL itself, over empty shadow tables that mirror IRIS's catalog: it knows types, names and errors, holds no data.
 * It never sees a client's bytes, only messages that we build.
 * Every method throws {@link PgError} with PostgreSQL's own SQLSTATE, message and position.
 */
export interface Oracle {
  describe(request: OracleRequest): Promise<Description>;
  /** Runs a statement that reads only catalogs or no table at all. */
  run(request: OracleRun): Promise<OracleRows>;
  close(): Promise<void>;
}
export type { PgError };
