import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { CommanderError } from 'commander';
import { isIrisError } from '@iris-devtools/core';
import type { Logger, SessionSource } from '@iris-devtools/core';
import pino from 'pino';
import { createScramVerifier } from '../auth/scram-verifier.js';
import type { PgwireServer } from '../server/pgwire-server.js';
import type { PgwireTls } from '../server/pgwire-options.js';
import { startPgwire } from '../start-pgwire.js';
import { createCommand, readCliOptions } from './cli-options.js';
import type { CliOptions } from './cli-options.js';
import { requireFreeAddress } from '../server/listen-address.js';
import { openPool, startEmbeddedEmulator } from './optional-peers.js';

/** What a PostgreSQL client needs to connect. */
export interface PgwireAccess {
  /** With user and password: `postgresql://user:password@host:port/database`. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

export interface RunPgwireHooks {
  /** Runs when clients can connect already, before the ready message: to load data, say. */
  readonly beforeReady?: (access: PgwireAccess) => Promise<void>;
  /** Replaces the ready message for people (`--json` keeps its line). Returns the text to print. */
  readonly readyMessage?: (access: PgwireAccess) => string;
  /** Ends the server as Ctrl-C does. */
  readonly signal?: AbortSignal;
  /** Default: process.stdout. */
  readonly stdout?: (text: string) => void;
  /** Default: process.stderr. */
  readonly stderr?: (text: string) => void;
}

interface Backend {
  readonly source: SessionSource;
  close(): Promise<void>;
}

/**
 * The command `iris-pgwire`: starts, says when it is ready, serves until a signal, drains.
 * @param argv arguments after the name of the command
 * @returns the exit code: 0, 1 when it could not start, 2 for a wrong command line
 */
export async function runPgwire(argv: readonly string[], hooks: RunPgwireHooks = {}): Promise<number> {
  const stdout = hooks.stdout ?? ((text: string) => void process.stdout.write(text));
  const stderr = hooks.stderr ?? ((text: string) => void process.stderr.write(text));
  const command = createCommand().exitOverride().configureOutput({ writeOut: stdout, writeErr: stderr });
  try {
    const options = await readCliOptions(command, argv);
    await serve(options, hooks, stdout, stderr);
    return 0;
  } catch (error) {
    // Help and version are errors for commander; it has printed what there is to say.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    stderr(`iris-pgwire: ${describeError(error)}\n`);
    return 1;
  }
}

async function serve(
  options: CliOptions,
  hooks: RunPgwireHooks,
  stdout: (text: string) => void,
  stderr: (text: string) => void,
): Promise<void> {
  await requireFreeAddress(options.host, options.port);
  const stop = stopSignal(hooks.signal);
  const backend = openBackend(options, stderr);
  let server: PgwireServer | undefined;
  try {
    // The server starts while its backend does; it waits for it where it needs it.
    server = await startServer(options, sourceOf(backend));
    const access = accessOf(options, server);
    await hooks.beforeReady?.(access);
    if (options.json) stdout(`${JSON.stringify({ ready: true, pid: process.pid, ...access })}\n`);
    else stdout(hooks.readyMessage?.(access) ?? readyMessage(options, access));
    await stop.promise;
    stderr('Stopping: open transactions may end ...\n');
  } finally {
    stop.dispose();
    await server?.stop();
    await closeQuietly(backend);
  }
}

function sourceOf(backend: Promise<Backend>): SessionSource {
  return {
    acquire: async (signal) => (await backend).source.acquire(signal),
    close: () => closeQuietly(backend),
  };
}

/** A backend that could not be opened has nothing to close, and its error was reported where it was needed. */
async function closeQuietly(backend: Promise<Backend>): Promise<void> {
  const opened = await backend.catch(() => undefined);
  await opened?.close();
}

async function openBackend(options: CliOptions, stderr: (text: string) => void): Promise<Backend> {
  if (options.iris !== undefined) {
    stderr('Connecting to IRIS ...\n');
    const source = openPool(options.iris, options.irisSessions);
    return { source, close: () => source.close() };
  }
  stderr('Starting the embedded emulator (it stands in for IRIS and is not IRIS) ...\n');
  // Nobody needs this password: the emulator listens on loopback and only for us.
  const emulator = await startEmbeddedEmulator(options.data, randomBytes(18).toString('base64url'));
  try {
    const source = openPool(emulator.url, options.irisSessions);
    return {
      source,
      close: async () => {
        await source.close();
        await emulator.stop();
      },
    };
  } catch (error) {
    await emulator.stop();
    throw error;
  }
}

async function startServer(options: CliOptions, source: SessionSource): Promise<PgwireServer> {
  const tls = await readTls(options);
  return startPgwire({
    source,
    host: options.host,
    port: options.port,
    databases: [options.database],
    authentication: {
      rules: [{ users: [options.user], method: 'scram-sha-256' }],
      verifiers: { [options.user]: await createScramVerifier(options.password) },
    },
    maxConnections: options.maxConnections,
    statementTimeoutMs: options.statementTimeoutMs,
    logger: createLogger(options),
    ...(options.data === 'memory' ? {} : { cacheDir: join(options.data, 'pgwire') }),
    ...(tls === undefined ? {} : { tls }),
  });
}

async function readTls({ tlsCert, tlsKey }: CliOptions): Promise<PgwireTls | undefined> {
  if (tlsCert === undefined || tlsKey === undefined) return undefined;
  const [cert, key] = await Promise.all([readFile(tlsCert), readFile(tlsKey)]);
  return { cert, key };
}

function createLogger({ logLevel }: CliOptions): Logger {
  const log = pino({ level: logLevel, base: null }, pino.destination({ dest: 2, sync: true }));
  return {
    log(level, message, fields) {
      log[level](fields ?? {}, message);
    },
  };
}

function accessOf(options: CliOptions, server: PgwireServer): PgwireAccess {
  const { user, password, database } = options;
  const url = new URL(server.url);
  url.username = encodeURIComponent(user);
  url.password = encodeURIComponent(password);
  return { url: url.href, host: server.host, port: server.port, user, password, database };
}

function readyMessage(options: CliOptions, access: PgwireAccess): string {
  const { host, port, user, database, password } = access;
  const secret = options.passwordIsGenerated
    ? `\n  password  ${password} (made up for this run; see --password)`
    : '';
  return `PostgreSQL clients can connect now.
  host      ${host}
  port      ${port}
  database  ${database}
  user      ${user}${secret}

  psql "postgresql://${user}@${host}:${port}/${database}"

Ctrl-C stops the server.
`;
}

/** SIGINT, SIGTERM or the caller. */
function stopSignal(signal: AbortSignal | undefined): { promise: Promise<void>; dispose: () => void } {
  let stop: () => void = () => undefined;
  const promise = new Promise<void>((resolve) => {
    stop = resolve;
  });
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted === true) stop();
  return {
    promise,
    dispose: () => {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
      signal?.removeEventListener('abort', stop);
    },
  };
}

function describeError(error: unknown): string {
  if (isIrisError(error))
    return error.hint === undefined ? error.message : `${error.message}\n  ${error.hint}`;
  return error instanceof Error ? error.message : String(error);
}
