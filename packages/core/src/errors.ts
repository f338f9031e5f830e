import { SQLCODES } from './sqlcodes.js';

/**
 * May the failed work be tried again?
 * - `safe`: the server did nothing; trying again cannot do harm.
 * - `unknown`: the server may or may not have done the work (the connection was lost while it ran).
 * - `no`: the same call will fail again.
 */
export type Retry = 'safe' | 'unknown' | 'no';

/** Stable error codes. Compare these, never a message; new ones may be added in a minor release. */
export const ERROR_CODES = {
  /** The server answered a statement with an SQLCODE; see `sqlcode`. */
  IRIS_SQL: 'The server refused or failed the statement',
  IRIS_LOGIN_REFUSED: 'The server refused this user or password',
  IRIS_PASSWORD_EXPIRED: 'The server wants the password of this user to be changed first',
  IRIS_CONNECT_FAILED: 'No connection could be made',
  IRIS_CONNECTION_LOST: 'The connection ended while work was under way',
  IRIS_CONNECTION_CLOSED: 'The connection was closed by this side',
  IRIS_TIMEOUT: 'A time limit ran out',
  IRIS_ABORTED: 'The caller aborted the work',
  IRIS_PROTOCOL: 'The peer sent something that the protocol does not allow',
  IRIS_LIMIT: 'A configured limit was exceeded',
  IRIS_UNSUPPORTED: 'This is not supported',
  IRIS_OPTION: 'An option is missing, unknown or malformed',
  IRIS_STATE: 'The call is not valid in the present state',
  IRIS_VALUE: 'A value cannot be represented',
  IRIS_COMMAND_FAILED: 'A command ended with a failure',
  IRIS_NATIVE: 'A class method, routine or global call failed on the server',
  IRIS_IO: 'Reading or writing a file or socket failed',
  IRIS_POOL: 'The pool could not give a session',
  IRIS_DEPLOY: 'A deployment failed',
  IRIS_VALIDATION: 'A document breaks a rule',
} as const;

export type IrisErrorCode = keyof typeof ERROR_CODES;

export interface IrisErrorOptions {
  readonly code: IrisErrorCode;
  /** SQLCODE as IRIS gives it: negative for an error. */
  readonly sqlcode?: number | undefined;
  /** Five-character SQLSTATE. Default: derived from `sqlcode`. */
  readonly sqlstate?: string | undefined;
  /** What the reader should do next, one sentence. */
  readonly hint?: string | undefined;
  /** Default `no`. */
  readonly retry?: Retry | undefined;
  readonly cause?: unknown;
  /** More facts for programs; must hold no secret. */
  readonly details?: Readonly<Record<string, unknown>> | undefined;
}

const BRAND = Symbol.for('@iris-devtools/IrisError');

/** The base of every error that an @iris-devtools package throws. Messages never hold a secret. */
export class IrisError extends Error {
  readonly code: IrisErrorCode;
  readonly sqlcode: number | undefined;
  readonly sqlstate: string | undefined;
  readonly hint: string | undefined;
  readonly retry: Retry;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(message: string, options: IrisErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'IrisError';
    this.code = options.code;
    this.sqlcode = options.sqlcode;
    this.sqlstate = options.sqlstate ?? sqlstateOf(options.sqlcode);
    this.hint = options.hint;
    this.retry = options.retry ?? 'no';
    this.details = options.details ?? {};
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** Plain facts for `--json` output and logs. */
  toJSON(): Record<string, unknown> {
    return {
      name: this.name,
      code: this.code,
      message: this.message,
      ...(this.sqlcode === undefined ? {} : { sqlcode: this.sqlcode }),
      ...(this.sqlstate === undefined ? {} : { sqlstate: this.sqlstate }),
      ...(this.hint === undefined ? {} : { hint: this.hint }),
      retry: this.retry,
      ...this.details,
    };
  }
}

/** True for an error of this family, also when another copy of the package created it. */
export function isIrisError(value: unknown): value is IrisError {
  return typeof value === 'object' && value !== null && BRAND in value;
}

/** The SQLSTATE for an SQLCODE; `undefined` for no code, `HY000` for one that is not in the table. */
export function sqlstateOf(sqlcode: number | undefined): string | undefined {
  if (sqlcode === undefined) return undefined;
  return SQLCODES.get(sqlcode)?.sqlstate ?? 'HY000';
}

/** An error as IRIS words it: `[SQLCODE: <-30>:<Table or view not found>] [%msg: <...>]`. */
export function sqlError(sqlcode: number, msg?: string, options?: Partial<IrisErrorOptions>): IrisError {
  const text = SQLCODES.get(sqlcode)?.text ?? 'Unknown error';
  const message = `[SQLCODE: <${String(sqlcode)}>:<${text}>]${msg === undefined ? '' : ` [%msg: <${msg}>]`}`;
  return new IrisError(message, {
    code: 'IRIS_SQL',
    ...options,
    sqlcode,
    details: { ...options?.details, ...(msg === undefined ? {} : { msg }) },
  });
}
