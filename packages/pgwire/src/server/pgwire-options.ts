import type { Clock, Logger, SessionSource } from '@iris-devtools/core';
import type { AccessRule } from '../auth/access-rule.js';
import type { IrisLogin, VerifierLookup } from '../auth/authenticate.js';

export interface PgwireTls {
  /** PEM. */
  readonly cert: string | Buffer;
  /** PEM. */
  readonly key: string | Buffer;
  /** PEM of the authorities whose client certificates are believed, for the method `cert`. */
  readonly ca?: string | Buffer;
}

export interface PgwireAuthentication {
  /** The first rule that matches a connection decides; without a match it is refused. */
  readonly rules: readonly AccessRule[];
  /** SCRAM verifiers by user (see `createScramVerifier`), or where to look them up. */
  readonly verifiers?: Readonly<Record<string, string>> | VerifierLookup;
  /** For rules with the method `iris-password`. */
  readonly irisLogin?: IrisLogin;
}

export interface PgwireOptions {
  /** Where IRIS sessions come from. The caller owns it and closes it after `stop`. */
  readonly source: SessionSource;
  readonly authentication: PgwireAuthentication;
  /** Names that clients may connect to; each is the same IRIS namespace. */
  readonly databases: readonly string[];
  /** Default `127.0.0.1`. */
  readonly host?: string;
  /** Default 5432; 0 takes a free one. */
  readonly port?: number;
  /** Without it SSLRequest is answered with N. */
  readonly tls?: PgwireTls;
  /** Default 100. */
  readonly maxConnections?: number;
  /** Longest message of a client. Default 64 MiB. */
  readonly maxMessageBytes?: number;
  /** From the first byte to the end of the login. Default 60,000. */
  readonly authenticationTimeoutMs?: number;
  /** Start value of statement_timeout. Default 0: none. */
  readonly statementTimeoutMs?: number;
  /** Start value of idle_session_timeout. Default 0: none. */
  readonly idleSessionTimeoutMs?: number;
  /** How long `stop` waits for open transactions. Default 10,000. */
  readonly drainTimeoutMs?: number;
  /** Announced server_version. Default `15.8`: psql 15 picks its catalog queries by it. */
  readonly serverVersion?: string;
  /** Statements whose description and plan are kept. Default 2,000. */
  readonly statementCacheEntries?: number;
  /** Directory for a prepared catalog (5 MB), from which the next start is faster. Default: none. */
  readonly cacheDir?: string;
  /** IRIS schema that clients see as `public`. Default `SQLUser`. */
  readonly publicSchema?: string;
  readonly logger?: Logger;
  readonly clock?: Clock;
}

export const DEFAULTS = {
  host: '127.0.0.1',
  port: 5432,
  maxConnections: 100,
  maxMessageBytes: 64 * 1024 * 1024,
  authenticationTimeoutMs: 60_000,
  statementTimeoutMs: 0,
  idleSessionTimeoutMs: 0,
  drainTimeoutMs: 10_000,
  serverVersion: '15.8',
  statementCacheEntries: 2000,
} as const;
