import type { ConnectionOptions as TlsOptions } from 'node:tls';
import type { Column, Logger, Secret, SqlTypeName, SqlValue } from '@iris-devtools/core';
import { optionError } from '../errors.js';

/** How BIGINT columns arrive. `number` refuses values that a number cannot hold exactly. */
export type BigintMode = 'bigint' | 'string' | 'number';

/**
 * How LONGVARCHAR and LONGVARBINARY columns arrive. `read`: as text and bytes; one that is longer than `maxLobBytes` is an error.
 * `auto`: the same, but a longer one is a `Lob`, at the price of one more round trip for each value. `handle`: always a `Lob`.
 */
export type LobMode = 'read' | 'auto' | 'handle';

/** Turns the driver's own value of a column type (see the README's table) into what the caller wants. NULL never reaches it. */
export type TypeParser = (value: Exclude<SqlValue, null>, column: Column) => SqlValue;

export type TypeParsers = Readonly<Partial<Record<SqlTypeName, TypeParser>>>;

/** Everything that can be set for a connection. Times in milliseconds, sizes in bytes; 0 switches a limit off. */
export interface IrisConnectionOptions {
  readonly host?: string;
  readonly port?: number;
  readonly namespace?: string;
  readonly user?: string;
  readonly password?: string | Secret;
  readonly connectTimeoutMs?: number;
  readonly queryTimeoutMs?: number;
  readonly cancelTimeoutMs?: number;
  readonly idleTimeoutMs?: number;
  readonly keepAliveMs?: number;
  readonly tls?: boolean | TlsOptions;
  readonly fastSelect?: boolean;
  readonly maxRows?: number;
  readonly statementCacheSize?: number;
  readonly bigint?: BigintMode;
  readonly lobs?: LobMode;
  readonly maxLobBytes?: number;
  readonly vectors?: 'typed' | 'text';
  readonly maxPayloadBytes?: number;
  readonly maxQueuedRequests?: number;
  readonly autocommit?: boolean;
  readonly applicationName?: string;
  readonly parsers?: TypeParsers;
  readonly logger?: Logger;
}

/** What is known about one option. */
export interface OptionRow<T> {
  readonly default: T | undefined;
  /** Reads the value from a URL; `undefined`: it cannot be given there. */
  parse?(text: string, name: string): T;
  check?(value: T, name: string): void;
  /** The words that are allowed, where there are only some. */
  readonly values?: readonly string[];
  /** For the documentation, where the default does not tell it. */
  readonly type?: string;
  readonly describe: string;
}

const text = (value: string): string => value;

function whole(value: string, name: string): number {
  if (!/^\d{1,15}$/.test(value))
    throw optionError(`${name} must be a whole number, not '${value}'`, `Example: ${name}=5000`);
  return Number(value);
}

function flag(value: string, name: string): boolean {
  if (value === 'true' || value === 'on' || value === '1') return true;
  if (value === 'false' || value === 'off' || value === '0') return false;
  throw optionError(`${name} must be true or false, not '${value}'`, `Example: ${name}=true`);
}

function oneOf<const T extends string>(...allowed: readonly T[]) {
  return (value: string, name: string): T => {
    const found = allowed.find((candidate) => candidate === value);
    if (found === undefined)
      throw optionError(
        `${name} must be one of ${allowed.join(', ')}, not '${value}'`,
        `Use ${name}=${allowed[0] ?? ''}.`,
      );
    return found;
  };
}

/** An option with a few words for values. */
function words<const T extends string>(...values: readonly T[]) {
  return { values, parse: oneOf(...values) };
}

function between(min: number, max: number) {
  return (value: number, name: string): void => {
    if (!Number.isSafeInteger(value) || value < min || value > max) {
      throw optionError(
        `${name} must be a whole number from ${min} to ${max}, not ${value}`,
        `Correct ${name}.`,
      );
    }
  };
}

const MAX_TIMER_MS = 2 ** 31 - 1;
const milliseconds = between(0, MAX_TIMER_MS);

type OptionTable = {
  readonly [K in keyof IrisConnectionOptions]-?: OptionRow<NonNullable<IrisConnectionOptions[K]>>;
};

/** One row per option: defaults, URL parsing, validation and documentation all come from here. */
export const OPTIONS: OptionTable = {
  host: { default: '127.0.0.1', parse: text, describe: 'Host name or address of the SuperServer.' },
  port: { default: 1972, parse: whole, check: between(1, 65_535), describe: 'Port of the SuperServer.' },
  namespace: { default: 'USER', parse: text, describe: 'Namespace to work in.' },
  user: { default: undefined, parse: text, type: 'string', describe: 'User name. Required.' },
  password: {
    default: undefined,
    type: 'string or Secret',
    describe: 'Password; may be a Secret. In a URL it stands before the @.',
  },
  connectTimeoutMs: {
    default: 15_000,
    parse: whole,
    check: milliseconds,
    describe: 'Limit for connecting and logging in together. 0: none.',
  },
  queryTimeoutMs: {
    default: 0,
    parse: whole,
    check: milliseconds,
    describe: 'Limit for each request; also given to the server, in whole seconds. 0: none.',
  },
  cancelTimeoutMs: {
    default: 5000,
    parse: whole,
    check: milliseconds,
    describe:
      'How long an aborted or timed-out request, or a goodbye, may still occupy the connection before it is dropped.',
  },
  idleTimeoutMs: {
    default: 0,
    parse: whole,
    check: milliseconds,
    describe: 'Close the connection after this long without work. 0: never.',
  },
  keepAliveMs: {
    default: 30_000,
    parse: whole,
    check: milliseconds,
    describe: 'TCP keep-alive after this long without traffic. 0: off.',
  },
  tls: {
    default: false,
    parse: flag,
    type: 'boolean, or options of node:tls',
    describe: 'Use TLS, from the first byte; an object is passed to node:tls. unverified on a live server.',
  },
  fastSelect: {
    default: true,
    parse: flag,
    describe: 'Ask for rows in storage layout, which is cheaper for the server.',
  },
  maxRows: {
    default: 0,
    parse: whole,
    check: between(0, 2 ** 31 - 1),
    describe: 'Most rows that any query gives. 0: all.',
  },
  statementCacheSize: {
    default: 100,
    parse: whole,
    check: between(0, 100_000),
    describe: 'Statements that are remembered with their server-side id. 0: none.',
  },
  bigint: {
    default: 'bigint',
    ...words('bigint', 'string', 'number'),
    describe: 'How BIGINT values arrive: bigint, string, or number (which refuses inexact values).',
  },
  lobs: {
    default: 'read',
    ...words('read', 'auto', 'handle'),
    describe:
      'LONGVARCHAR and LONGVARBINARY values: read whole; up to maxLobBytes read, else a Lob to stream from (auto); or always a Lob (handle).',
  },
  maxLobBytes: {
    default: 32 * 1024 * 1024,
    parse: whole,
    check: between(1, 2 ** 31 - 1),
    describe:
      'Longest LOB value that is read with its row, in bytes (auto: of text in characters). What is longer is an error, or with auto a Lob.',
  },
  vectors: {
    default: 'typed',
    ...words('typed', 'text'),
    describe:
      'VECTOR columns: typed arrays, for which the driver asks the catalog once about each table whose VARCHAR columns it meets; or text.',
  },
  maxPayloadBytes: {
    default: 64 * 1024 * 1024,
    parse: whole,
    check: between(1024, 2 ** 32 - 1),
    describe: 'Largest message that is sent or accepted.',
  },
  maxQueuedRequests: {
    default: 10_000,
    parse: whole,
    check: between(1, 10_000_000),
    describe: 'Requests that may wait for the connection.',
  },
  autocommit: {
    default: true,
    parse: flag,
    describe: 'false: every change opens a transaction that commit() or rollback() ends.',
  },
  applicationName: {
    default: 'node',
    parse: text,
    describe: 'What the server shows as the client application.',
  },
  parsers: {
    default: {},
    type: 'functions by type name',
    describe: 'Functions per SQL type name that replace the values of its columns.',
  },
  logger: {
    default: undefined,
    type: 'Logger',
    describe: 'Receives connection events at debug level. SQL values never appear.',
  },
};
