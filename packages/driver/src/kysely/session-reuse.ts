import type { Session, SessionSource } from '@iris-devtools/core';
import { connect } from '../connect.js';
import { connectionClosed } from '../errors.js';
import type { IrisConnection } from '../connection/iris-connection.js';
import type { IrisConnectionOptions } from '../options/option-table.js';

/**
 * The least source that works: a connection per session in use, kept for the next one when it is given back. There is no upper limit;
 * applications with many users take a pool, such as the one of @iris-devtools/connections.
 */
export class ReusingSource implements SessionSource {
  readonly #target: string | URL | IrisConnectionOptions;
  readonly #idle: IrisConnection[] = [];
  readonly #all = new Set<IrisConnection>();
  #closed = false;

  constructor(target: string | URL | IrisConnectionOptions) {
    this.#target = target;
  }

  async acquire(signal?: AbortSignal): Promise<Session> {
    if (this.#closed) throw connectionClosed();
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      if (idle.open) return this.#lend(idle);
    }
    const connection = await connect(this.#target, signal);
    this.#all.add(connection);
    connection.on('close', () => this.#all.delete(connection));
    return this.#lend(connection);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#all].map((connection) => connection.close()));
  }

  /** The same session, but closing gives it back, without a transaction that is still open. */
  #lend(connection: IrisConnection): Session {
    const giveBack = async (): Promise<void> => {
      if (connection.inTransaction) await connection.rollback();
      if (this.#closed) await connection.close();
      else this.#idle.push(connection);
    };
    return {
      query: connection.query.bind(connection),
      prepare: connection.prepare.bind(connection),
      stream: connection.stream.bind(connection),
      begin: () => connection.begin(),
      commit: () => connection.commit(),
      rollback: () => connection.rollback(),
      cancel: () => connection.cancel(),
      get inTransaction() {
        return connection.inTransaction;
      },
      get open() {
        return connection.open;
      },
      close: giveBack,
      [Symbol.asyncDispose]: giveBack,
    };
  }
}
