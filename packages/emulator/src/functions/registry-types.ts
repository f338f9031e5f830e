import type { IrisType } from '../sql/types.js';

/**
 * How an argument reaches `emit`. The compiler converts each argument to this before it is handed over, by the
 * functions in `conversions.ts`, so that `emit` sees PostgreSQL text of one known type.
 */
export type ArgumentKind =
  /** text: numbers in canonical form, dates as their logical day number. */
  | 'string'
  /** numeric: the leading number of a string, else 0. */
  | 'number'
  /** int4: truncated toward zero. */
  | 'integer'
  /** bytea with the bytes of a $LIST; a string that is none fails with -400. */
  | 'list'
  /** text `YYYY-MM-DD HH:MM:SS[.f]`, from a DATE, TIME, TIMESTAMP, a $HOROLOG or an ODBC text. */
  | 'timestamp'
  /** int4 day number, from the same. */
  | 'date'
  /** numeric seconds since midnight, from the same. */
  | 'time'
  /** float8[], numeric[], int8[] or text[] as typed. */
  | 'vector'
  /** As it is: `argumentTypes` tells what it is. */
  | 'any'
  /** A word or a quoted word fixed at prepare, such as DAY or SQL_TSI_DAY: `words` has it; else any value. */
  | 'word';

export interface EmitContext {
  readonly argumentTypes: readonly IrisType[];
  /** For each argument of kind `word` what was written, if it was a word or a string; undefined for others. */
  readonly words: readonly (string | undefined)[];
  /** For each argument of kind `word` whether it was a quoted word, which IRIS turns into a parameter. */
  readonly quoted: readonly boolean[];
}

/** One system function of IRIS. */
export interface FunctionDefinition {
  readonly name: string;
  readonly minArgs: number;
  /** `Infinity`: no limit but the one of -381 (140 arguments). */
  readonly maxArgs: number;
  /** One kind for each argument; the last one repeats. */
  readonly arguments: readonly ArgumentKind[];
  /** Only valid as `{fn NAME(...)}` in the manual; accepted in both forms. */
  readonly braceOnly?: boolean;
  /** May be written without parentheses: CURRENT_DATE, USER, $HOROLOG. */
  readonly niladic?: boolean;
  /** Streams are allowed as the first argument; others fail with -37. */
  readonly acceptsStream?: boolean;
  /** The value changes between calls with equal arguments, so it must not be computed once. */
  readonly volatile?: boolean;
  /** Needs the session: the compiler supplies the value and `emit` is not called. */
  readonly session?: SessionValue;
  /** `words` as in `EmitContext`, for the few functions whose type depends on a date part. */
  readonly resultType: (
    argumentTypes: readonly IrisType[],
    words?: readonly (string | undefined)[],
  ) => IrisType;
  /** PostgreSQL text of the call. Arguments are already parenthesised where they need it. */
  readonly emit: (args: readonly string[], context: EmitContext) => string;
}

/** What only the session knows. */
export type SessionValue =
  | 'user'
  | 'roles'
  | 'namespace'
  | 'job'
  | 'version'
  | 'transaction-level'
  | 'last-identity'
  | 'default-schema'
  | 'option'
  | 'rowcount';
