import type { Socket } from 'node:net';
import { isIPv6 } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { SessionSource } from '@iris-devtools/core';
import { authenticate } from '../auth/authenticate.js';
import type { AuthenticationOptions, LoginPeer } from '../auth/authenticate.js';
import { decodeLogin, loginBodyLimit } from '../messages/frontend-messages.js';
import { PgError } from '../pg-error.js';
import type { Client } from '../session/client.js';
import { assignSetting } from '../session/commands/assign-setting.js';
import { closePortals } from '../session/end-transaction.js';
import { runSession } from '../session/run-session.js';
import type { SessionServices } from '../session/services.js';
import { Settings } from '../session/settings.js';
import { Transaction } from '../session/transaction.js';
import { MessageInput } from '../wire/message-input.js';
import { MessageOutput } from '../wire/message-output.js';
import type { BackendKeys } from './backend-keys.js';
import { acceptStartup, readStartup } from './startup.js';
import type { ServerTls, Transport } from './startup.js';

/** What a connection needs of its server. */
export interface ConnectionHost {
  readonly services: SessionServices;
  readonly authentication: AuthenticationOptions;
  readonly databases: ReadonlySet<string>;
  readonly tls: ServerTls | undefined;
  /** tls-server-end-point data of the server's certificate. */
  readonly channelBinding: Uint8Array | undefined;
  readonly keys: BackendKeys;
  readonly maxMessageBytes: number;
  readonly authenticationTimeoutMs: number;
  readonly initialSettings: ReadonlyMap<string, string>;
  /** Takes one of the places for clients. @throws PgError FATAL 53300, 57P03 */
  admit(): () => void;
}

type Startup = ReturnType<typeof acceptStartup>;

const OLD_KEY_BYTES = 4;
const NEW_KEY_BYTES = 32;

/** One accepted socket, from its first byte to its last. */
export class Connection {
  readonly #host: ConnectionHost;
  readonly #transport: Transport;
  #client: Client | undefined;

  constructor(socket: Socket, host: ConnectionHost) {
    this.#host = host;
    const input = new MessageInput(socket, host.maxMessageBytes);
    this.#transport = {
      socket,
      input,
      output: new MessageOutput(socket),
      tls: host.tls,
      failHandshake: undefined,
    };
    socket.setNoDelay(true);
    socket.on('error', (error) => {
      host.services.logger.log('debug', 'socket error', { error: error.message });
    });
  }

  /** Never rejects: whatever goes wrong ends this connection and no other. */
  async run(): Promise<void> {
    try {
      await this.#serve();
    } catch (error) {
      await this.#reportFatal(error);
    } finally {
      this.#transport.socket.end();
      // The other side may keep its half open; a server does not wait for that.
      this.#transport.socket.destroySoon();
    }
  }

  /** Ends the session as soon as it is between transactions. */
  requestShutdown(reason: PgError): void {
    const client = this.#client;
    if (client !== undefined) client.shutdown = reason;
    if (client === undefined || client.idle) this.#interrupt(reason);
  }

  /** Ends the session now: what runs is cancelled, what is open is rolled back. */
  terminate(reason: PgError): void {
    this.requestShutdown(reason);
    this.#client?.cancellation?.cancel('disconnect');
    this.#interrupt(reason);
  }

  #interrupt(reason: PgError): void {
    this.#transport.input.interrupt(reason);
    this.#transport.failHandshake?.(reason);
  }

  async #serve(): Promise<void> {
    const started = await this.#start();
    if (started === undefined) return;
    const leave = this.#host.admit();
    try {
      await this.#withClient(started);
    } finally {
      leave();
    }
  }

  async #start(): Promise<Startup | undefined> {
    return this.#limited(async () => {
      const packet = await readStartup(this.#transport);
      if (packet?.kind === 'CancelRequest') this.#host.keys.cancel(packet);
      if (packet?.kind !== 'StartupMessage') return undefined;
      return acceptStartup(packet, this.#transport.output);
    });
  }

  async #withClient(startup: Startup): Promise<void> {
    const { keys, services } = this.#host;
    const { input, output } = this.#transport;
    const ownSource = await this.#limited(() => this.#login(startup));
    const secretKeyBytes = startup.minorVersion >= 2 ? NEW_KEY_BYTES : OLD_KEY_BYTES;
    const { processId, secretKey } = keys.register(secretKeyBytes, () => {
      this.#client?.cancellation?.cancel('user');
    });
    const client = this.#createClient(startup, processId, ownSource ?? services.source);
    this.#client = client;
    input.onEnd = () => {
      client.cancellation?.cancel('disconnect');
    };
    try {
      for (const [name, value] of startup.settings) await assignSetting(client, name, value, 'session');
      client.settings.makeInitial();
      output.send({ kind: 'Authentication', request: { type: 'Ok' } });
      output.send({ kind: 'BackendKeyData', processId, secretKey });
      await runSession(client);
    } finally {
      keys.remove(processId);
      await this.#dispose(client, ownSource);
    }
  }

  async #login({ user, database }: Startup): Promise<SessionSource | undefined> {
    const { authentication, databases } = this.#host;
    const ownSource = await authenticate(this.#peer(user, database), authentication);
    if (databases.has(database)) return ownSource;
    await ownSource?.close();
    throw new PgError({
      severity: 'FATAL',
      sqlstate: '3D000',
      message: `database "${database}" does not exist`,
    });
  }

  #peer(user: string, database: string): LoginPeer {
    const { input, output, socket } = this.#transport;
    const encrypted = socket instanceof TLSSocket;
    const certificate = encrypted && socket.authorized ? socket.getPeerCertificate().subject.CN : undefined;
    return {
      user,
      database,
      address: plainAddress(socket.remoteAddress ?? ''),
      encrypted,
      channelBinding: encrypted ? this.#host.channelBinding : undefined,
      certificateUser: typeof certificate === 'string' ? certificate : undefined,
      async send(message) {
        output.send(message);
        await output.flush();
      },
      async receive(kind) {
        const frame = await input.next(loginBodyLimit);
        if (frame !== undefined) return decodeLogin(kind, frame);
        // psql asks for a password only after it was told that one is needed, and hangs up meanwhile.
        throw new PgError({
          severity: 'FATAL',
          sqlstate: '08006',
          message: 'the client left during the login',
        });
      },
    };
  }

  #createClient({ user, database }: Startup, processId: number, source: SessionSource): Client {
    const { services, initialSettings } = this.#host;
    const settings = new Settings(new Map([...initialSettings, ['session_authorization', user]]));
    return {
      services: { ...services, source },
      user,
      database,
      processId,
      settings,
      transaction: new Transaction(source, settings, services.clock),
      input: this.#transport.input,
      output: this.#transport.output,
      statements: new Map(),
      portals: new Map(),
      cursors: new Map(),
      cancellation: undefined,
      catalogTouched: false,
      idle: false,
      shutdown: undefined,
    };
  }

  /** The part of a connection that strangers can reach is limited in time as a whole. */
  async #limited<T>(work: () => Promise<T>): Promise<T> {
    const { services, authenticationTimeoutMs } = this.#host;
    const stopTimer = services.clock.after(authenticationTimeoutMs, () => {
      this.#interrupt(
        new PgError({
          severity: 'FATAL',
          sqlstate: '57014',
          message: 'canceling authentication due to timeout',
        }),
      );
    });
    try {
      return await work();
    } finally {
      stopTimer();
    }
  }

  async #dispose(client: Client, ownSource: SessionSource | undefined): Promise<void> {
    const { logger } = this.#host.services;
    try {
      await closePortals(client);
      for (const cursor of client.cursors.values()) await cursor.close();
      await client.transaction.dispose();
      await ownSource?.close();
    } catch (error) {
      logger.log('warn', 'a session did not end cleanly', { error: String(error) });
    }
  }

  async #reportFatal(cause: unknown): Promise<void> {
    const { services } = this.#host;
    const error = cause instanceof PgError ? cause : services.toPgError(cause);
    services.logger.log('info', 'connection ended', { sqlstate: error.sqlstate, message: error.message });
    const { output } = this.#transport;
    output.send({ kind: 'ErrorResponse', fields: { ...error.fields, severity: 'FATAL' } });
    await output.flush();
  }
}

/** `::ffff:127.0.0.1`, as a dual-stack socket sees an IPv4 client, is 127.0.0.1. */
function plainAddress(address: string): string {
  const mapped = '::ffff:';
  return isIPv6(address) && address.toLowerCase().startsWith(mapped) ? address.slice(mapped.length) : address;
}
