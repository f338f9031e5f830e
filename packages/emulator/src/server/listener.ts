import { createServer as createTcpServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { AddressInfo, Server, Socket } from 'node:net';
import { IrisError } from '@iris-devtools/core';
import { Connection } from './connection.js';
import type { ServerContext } from './server-context.js';

/** PEM texts of a server certificate. */
export interface TlsOptions {
  readonly key: string;
  readonly cert: string;
}

export interface ListenAddress {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
}

/** Connections beyond the limit that are still told so; more are cut without a word. */
const MAX_OVERLOADED_CONNECTIONS = 50;

/** Accepts clients on one port. */
export class Listener {
  readonly #server: Server;
  readonly #context: ServerContext;
  readonly #connections = new Set<Connection>();

  private constructor(context: ServerContext, tls: TlsOptions | undefined) {
    this.#context = context;
    const accept = (socket: Socket): void => {
      this.#accept(socket);
    };
    // unverified on a live server: that TLS begins before the handshake message.
    this.#server =
      tls === undefined ? createTcpServer({ allowHalfOpen: true }, accept) : createTlsServer(tls, accept);
  }

  /** @throws IrisError IRIS_IO, e.g. when the port is taken */
  static async open(context: ServerContext, address: ListenAddress, tls?: TlsOptions): Promise<Listener> {
    const listener = new Listener(context, tls);
    await new Promise<void>((resolve, reject) => {
      listener.#server.once('error', (cause) => {
        reject(listenError(address, cause));
      });
      listener.#server.listen(address.port, address.host, () => {
        listener.#server.removeAllListeners('error');
        listener.#server.on('error', (error) => {
          context.instance.logger.log('error', 'the listener failed', { error });
        });
        resolve();
      });
    });
    return listener;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get connectionCount(): number {
    return this.#connections.size;
  }

  /** Cuts every connection; the port stays open. */
  async dropConnections(): Promise<void> {
    const connections = [...this.#connections];
    for (const connection of connections) connection.destroy();
    await Promise.all(connections.map(({ closed }) => closed));
  }

  /** Accepts no more, waits up to `graceMs` for running requests, then ends all connections. */
  async close(graceMs: number): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
    });
    const idle = [...this.#connections].filter((connection) => !connection.busy);
    for (const connection of idle) connection.destroy();
    await Promise.race([this.#allClosed(), this.#after(graceMs)]);
    await this.dropConnections();
    await closed;
  }

  #accept(socket: Socket): void {
    const { maxConnections } = this.#context.settings.limits;
    if (this.#connections.size >= maxConnections + MAX_OVERLOADED_CONNECTIONS) {
      socket.on('error', () => undefined);
      socket.destroy();
      return;
    }
    const connection = new Connection(socket, this.#context, this.#connections.size >= maxConnections);
    this.#connections.add(connection);
    void connection.closed.then(() => this.#connections.delete(connection));
  }

  async #allClosed(): Promise<void> {
    await Promise.all([...this.#connections].map(({ closed }) => closed));
  }

  #after(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.#context.instance.clock.after(delayMs, resolve));
  }
}

function listenError({ host, port }: ListenAddress, cause: Error): IrisError {
  const reason =
    'code' in cause && cause.code === 'EADDRINUSE' ? 'is in use already' : 'cannot be listened on';
  return new IrisError(`Port ${port} on ${host} ${reason}`, {
    code: 'IRIS_IO',
    cause,
    hint: 'Choose another port with the option "port" (on the command line: --listen HOST:PORT), 0 for any free one.',
  });
}
