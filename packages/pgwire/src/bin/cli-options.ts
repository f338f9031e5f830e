import { readFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { Command, InvalidArgumentError, Option } from 'commander';
import { IrisError } from '@iris-devtools/core';
import { parseDurationMs } from '../session/settings.js';

export const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const;
export type CliLogLevel = (typeof LOG_LEVELS)[number];

/** The command line, checked. */
export interface CliOptions {
  readonly host: string;
  readonly port: number;
  /** `iris://...`; `undefined`: the embedded emulator. */
  readonly iris: string | undefined;
  readonly data: string;
  readonly user: string;
  readonly password: string;
  /** Nobody gave a password, so one was made up. */
  readonly passwordIsGenerated: boolean;
  readonly database: string;
  readonly tlsCert: string | undefined;
  readonly tlsKey: string | undefined;
  readonly maxConnections: number;
  readonly irisSessions: number;
  readonly statementTimeoutMs: number;
  readonly logLevel: CliLogLevel;
  readonly json: boolean;
}

interface Given {
  listen: { host: string; port: number };
  iris?: string;
  embedded?: true;
  data: string;
  user: string;
  password?: string;
  passwordFile?: string;
  database: string;
  tlsCert?: string;
  tlsKey?: string;
  maxConnections: number;
  irisSessions: number;
  statementTimeout: number;
  logLevel: CliLogLevel;
  json?: true;
}

const GENERATED_PASSWORD_BYTES = 12;

/** The options of `iris-pgwire`, for help and for reading. */
export function createCommand(): Command {
  return new Command('iris-pgwire')
    .description('Serves InterSystems IRIS SQL to PostgreSQL clients.')
    .addOption(
      new Option('--listen <host:port>', 'address to listen on')
        .argParser(parseListen)
        .default({ host: '127.0.0.1', port: 5432 }, '127.0.0.1:5432'),
    )
    .addOption(
      new Option('--iris <url>', 'use a real server: iris://user:password@host:port/NAMESPACE').env(
        'IRIS_URI',
      ),
    )
    .option('--embedded', 'use the built-in emulator (default)')
    .option('--data <dir>', 'where the emulator keeps its data: a directory, or memory', 'memory')
    .option('--user <name>', 'user that PostgreSQL clients log in as', 'iris')
    .addOption(
      new Option('--password <text>', 'its password; made up and shown when absent').env(
        'IRIS_PGWIRE_PASSWORD',
      ),
    )
    .addOption(new Option('--password-file <file>', 'file that holds the password').conflicts('password'))
    .option('--database <name>', 'name of the database that clients connect to', 'iris')
    .option('--tls-cert <file>', 'certificate (PEM); clients may then use sslmode=require and better')
    .option('--tls-key <file>', 'private key of the certificate (PEM)')
    .option('--max-connections <n>', 'PostgreSQL clients at a time', parseCount, 100)
    .option('--iris-sessions <n>', 'IRIS sessions at a time', parseCount, 50)
    .option(
      '--statement-timeout <time>',
      'start value of statement_timeout: 30s, 500ms; 0 is none',
      parseTime,
      0,
    )
    .addOption(
      new Option('--log-level <level>', 'what is logged to stderr').choices(LOG_LEVELS).default('warn'),
    )
    .option('--json', 'print one JSON line on stdout when ready')
    .allowExcessArguments(false);
}

/** @throws IrisError IRIS_OPTION, CommanderError for what commander itself finds */
export async function readCliOptions(command: Command, argv: readonly string[]): Promise<CliOptions> {
  command.parse(argv, { from: 'user' });
  const given = command.opts<Given>();
  if ((given.tlsCert === undefined) !== (given.tlsKey === undefined)) {
    throw optionError('--tls-cert and --tls-key belong together', 'Give both, or neither.');
  }
  // On the command line --embedded overrules IRIS_URI of the environment; the two options exclude each other.
  if (given.embedded === true && command.getOptionValueSource('iris') === 'cli') {
    throw optionError('--embedded and --iris exclude each other', 'Give one of them.');
  }
  const iris = given.embedded === true ? undefined : given.iris;
  if (iris !== undefined && given.data !== 'memory') {
    throw optionError('--data is for the embedded emulator', 'Leave out --data or --iris.');
  }
  const password = await passwordOf(given);
  return {
    host: given.listen.host,
    port: given.listen.port,
    iris,
    data: given.data,
    user: given.user,
    password: password ?? randomBytes(GENERATED_PASSWORD_BYTES).toString('base64url'),
    passwordIsGenerated: password === undefined,
    database: given.database,
    tlsCert: given.tlsCert,
    tlsKey: given.tlsKey,
    maxConnections: given.maxConnections,
    irisSessions: given.irisSessions,
    statementTimeoutMs: given.statementTimeout,
    logLevel: given.logLevel,
    json: given.json === true,
  };
}

async function passwordOf({ password, passwordFile }: Given): Promise<string | undefined> {
  if (passwordFile === undefined) return password;
  try {
    const text = await readFile(passwordFile, 'utf8');
    return text.replace(/\r?\n$/, '');
  } catch (cause) {
    throw optionError(
      `--password-file: cannot read ${passwordFile}`,
      'Check the path and its permissions.',
      cause,
    );
  }
}

/** `127.0.0.1:5432`, `[::1]:5432`, `:5432`, `5432` */
function parseListen(text: string): { host: string; port: number } {
  const match = /^(?:(?:\[([^\]]+)\]|([^:[\]]*)):)?(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535)
    throw new InvalidArgumentError('Write HOST:PORT, such as 127.0.0.1:5432.');
  const host = match[1] ?? match[2] ?? '';
  return { host: host === '' ? '127.0.0.1' : host, port };
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError('Write a whole number from 1.');
  return count;
}

function parseTime(text: string): number {
  try {
    return parseDurationMs(text);
  } catch {
    throw new InvalidArgumentError('Write 30s, 500ms, 5min or 0.');
  }
}

function optionError(message: string, hint: string, cause?: unknown): IrisError {
  return new IrisError(message, { code: 'IRIS_OPTION', hint, cause });
}
