import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { createSecureContext } from 'node:tls';
import { systemClock } from '@iris-devtools/core';
import { compileAccessRules } from '../auth/access-rule.js';
import type { VerifierLookup } from '../auth/authenticate.js';
import { tlsServerEndPoint } from '../auth/channel-binding.js';
import { PgError } from '../pg-error.js';
import type { SessionServices } from '../session/services.js';
import { listenOn } from './listen-address.js';
import { BackendKeys } from './backend-keys.js';
import { Connection } from './connection.js';
import type { ConnectionHost } from './connection.js';
import { DEFAULTS } from './pgwire-options.js';
import type { PgwireAuthentication, PgwireOptions } from './pgwire-options.js';

export interface PgwireHealth {
  readonly status: 'serving' | 'draining' | 'stopped';
  /** Logged-in clients and those that are logging in. */
  readonly connections: number;
  readonly maxConnections: number;
}

/** A running server. */
export interface PgwireServer extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** `postgresql://host:port/database`, without user and password. */
  readonly url: string;
  health(): PgwireHealth;
  /** Lets open transactions end for a while, then ends every session. Safe to call again. */
  stop(): Promise<void>;
}

/**
 * Starts to listen. What `options` names is used, `services` hold the rest.
 * @param release frees what the server owns besides its sockets
 * @throws IrisError IRIS_OPTION for rules or certificates that cannot be used, IRIS_IO when the port is taken
 */
export async function listen(
  options: PgwireOptions,
  services: SessionServices,
  release: () => Promise<void>,
): Promise<PgwireServer> {
  const server = new RunningServer(options, services, release);
  await server.start();
  return server;
}

class RunningServer implements PgwireServer {
  readonly #options: PgwireOptions;
  readonly #release: () => Promise<void>;
  readonly #host: ConnectionHost;
  readonly #server: Server;
  readonly #connections = new Set<Connection>();
  readonly #running = new Set<Promise<void>>();
  #admitted = 0;
  #stopping: Promise<void> | undefined;
  #stopped = false;

  constructor(options: PgwireOptions, services: SessionServices, release: () => Promise<void>) {
    this.#options = options;
    this.#release = release;
    this.#host = this.#createHost(services);
    this.#server = createServer({ pauseOnConnect: false }, (socket) => {
      const connection = new Connection(socket, this.#host);
      this.#connections.add(connection);
      const running = connection.run().finally(() => {
        this.#connections.delete(connection);
        this.#running.delete(running);
      });
      this.#running.add(running);
    });
  }

  get host(): string {
    return this.#options.host ?? DEFAULTS.host;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo | null)?.port ?? 0;
  }

  get url(): string {
    const host = this.host.includes(':') ? `[${this.host}]` : this.host;
    return `postgresql://${host}:${this.port}/${encodeURIComponent(this.#options.databases[0] ?? '')}`;
  }

  async start(): Promise<void> {
    await listenOn(this.#server, this.host, this.#options.port ?? DEFAULTS.port);
  }

  health(): PgwireHealth {
    return {
      status: this.#stopped ? 'stopped' : this.#stopping === undefined ? 'serving' : 'draining',
      connections: this.#admitted,
      maxConnections: this.#maxConnections,
    };
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#drain();
    return this.#stopping;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  get #maxConnections(): number {
    return this.#options.maxConnections ?? DEFAULTS.maxConnections;
  }

  async #drain(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    const reason = new PgError({
      severity: 'FATAL',
      sqlstate: '57P01',
      message: 'terminating connection due to administrator command',
    });
    for (const connection of this.#connections) connection.requestShutdown(reason);
    const cancelTimer = this.#host.services.clock.after(
      this.#options.drainTimeoutMs ?? DEFAULTS.drainTimeoutMs,
      () => {
        for (const connection of this.#connections) connection.terminate(reason);
      },
    );
    await Promise.all(this.#running);
    cancelTimer();
    await closed;
    await this.#release();
    this.#stopped = true;
  }

  #admit(): () => void {
    if (this.#stopping !== undefined) {
      throw new PgError({
        severity: 'FATAL',
        sqlstate: '57P03',
        message: 'the database system is shutting down',
      });
    }
    if (this.#admitted >= this.#maxConnections) {
      throw new PgError({ severity: 'FATAL', sqlstate: '53300', message: 'sorry, too many clients already' });
    }
    this.#admitted += 1;
    return () => {
      this.#admitted -= 1;
    };
  }

  #createHost(services: SessionServices): ConnectionHost {
    const { authentication, databases, tls } = this.#options;
    return {
      services,
      authentication: {
        rules: compileAccessRules(authentication.rules),
        verifierOf: verifierLookup(authentication),
        irisLogin: authentication.irisLogin,
        mockSecret: randomBytes(32),
      },
      databases: new Set(databases),
      tls:
        tls === undefined
          ? undefined
          : { context: createSecureContext(tls), requestCertificate: tls.ca !== undefined },
      channelBinding: tls === undefined ? undefined : tlsServerEndPoint(tls.cert),
      keys: new BackendKeys(),
      maxMessageBytes: this.#options.maxMessageBytes ?? DEFAULTS.maxMessageBytes,
      authenticationTimeoutMs: this.#options.authenticationTimeoutMs ?? DEFAULTS.authenticationTimeoutMs,
      initialSettings: initialSettings(this.#options),
      admit: () => this.#admit(),
    };
  }
}

/** The clock of the options, or the system's. */
export function clockOf(options: PgwireOptions) {
  return options.clock ?? systemClock;
}

function verifierLookup({ verifiers = {} }: PgwireAuthentication): VerifierLookup {
  if (typeof verifiers === 'function') return verifiers;
  const byUser = new Map(Object.entries(verifiers));
  return (user) => byUser.get(user);
}

function initialSettings(options: PgwireOptions): Map<string, string> {
  return new Map([
    ['server_version', options.serverVersion ?? DEFAULTS.serverVersion],
    ['server_encoding', 'UTF8'],
    ['client_encoding', 'UTF8'],
    ['application_name', ''],
    ['search_path', '"$user", public'],
    ['DateStyle', 'ISO, MDY'],
    ['IntervalStyle', 'postgres'],
    ['TimeZone', 'UTC'],
    ['integer_datetimes', 'on'],
    ['standard_conforming_strings', 'on'],
    ['is_superuser', 'off'],
    ['in_hot_standby', 'off'],
    ['default_transaction_read_only', 'off'],
    // The truth about IRIS, where PostgreSQL would say read committed.
    ['default_transaction_isolation', 'read uncommitted'],
    ['statement_timeout', String(options.statementTimeoutMs ?? DEFAULTS.statementTimeoutMs)],
    ['idle_session_timeout', String(options.idleSessionTimeoutMs ?? DEFAULTS.idleSessionTimeoutMs)],
  ]);
}
