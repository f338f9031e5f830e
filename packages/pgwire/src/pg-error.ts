/** Fields of PostgreSQL's ErrorResponse. */
export interface PgErrorFields {
  readonly sqlstate: string;
  readonly message: string;
  readonly severity?: 'ERROR' | 'FATAL' | 'PANIC' | undefined;
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
  /** 1-based, in characters, into the statement that the client sent. */
  readonly position?: number | undefined;
  readonly where?: string | undefined;
  readonly schema?: string | undefined;
  readonly table?: string | undefined;
  readonly column?: string | undefined;
  readonly dataType?: string | undefined;
  readonly constraint?: string | undefined;
}

/** An error as a PostgreSQL client will see it. */
export class PgError extends Error {
  readonly fields: PgErrorFields;

  constructor(fields: PgErrorFields, cause?: unknown) {
    super(fields.message, cause === undefined ? undefined : { cause });
    this.name = 'PgError';
    this.fields = fields;
  }

  get sqlstate(): string {
    return this.fields.sqlstate;
  }
}

/** 0A000 with what is missing, where, and what to do instead. */
export function notSupported(what: string, options?: { position?: number; hint?: string }): PgError {
  return new PgError({ sqlstate: '0A000', message: `${what} is not supported`, ...options });
}
