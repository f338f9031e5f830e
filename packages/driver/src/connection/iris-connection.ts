import { EventEmitter } from 'node:events';
import {
  isIrisError,
  type ArrayRow,
  type ObjectRow,
  type PreparedStatement,
  type QueryOptions,
  type QueryResult,
  type Session,
  type SqlParameter,
} from '@iris-devtools/core';
import { connectionClosed, stateError } from '../errors.js';
import { NativeApi } from '../native/native-api.js';
import { RequestQueue, type RequestControl } from '../net/request-queue.js';
import type { Wire } from '../net/wire.js';
import type { ResolvedOptions } from '../options/resolve-options.js';
import type { ProcedureArgument, ProcedureResult } from './call-procedure.js';
import { cancelJob } from './cancel-job.js';
import { askSuccessfully } from './conversation.js';
import type { ServerInfo } from './login.js';
import type { IrisRowStream } from './row-stream.js';
import { effectiveTimeoutMs, StatementRunner, type Parameters, type Run } from './statement-runner.js';
import { TransactionState } from './transaction-state.js';
import {
  runTransaction,
  savepointSql,
  type IsolationLevel,
  type TransactionOptions,
} from './transactions.js';

/** Limits of one call: a signal, and a time limit that counts from the call, waiting for the connection included. */
export type CallControl = Pick<QueryOptions, 'signal' | 'timeoutMs'>;

/**
 * One connection to IRIS. Requests are queued and run strictly in order. Made by `connect()`.
 *
 * Errors of every method: IRIS_SQL with `sqlcode` when the server refuses, IRIS_CONNECTION_LOST (`retry: 'unknown'` if the request was
 * sent, `safe` if not), IRIS_CONNECTION_CLOSED, IRIS_TIMEOUT, IRIS_ABORTED, IRIS_PROTOCOL, IRIS_LIMIT, IRIS_VALUE.
 */
export class IrisConnection implements Session {
  /** What the server said about itself at login. */
  readonly server: ServerInfo;
  /** Class methods, globals, locks and ObjectScript transactions. */
  readonly native: NativeApi;
  readonly #wire: Wire;
  readonly #options: ResolvedOptions;
  readonly #queue: RequestQueue;
  readonly #transaction: TransactionState;
  readonly #runner: StatementRunner;
  readonly #events = new EventEmitter();
  #idleTimer: NodeJS.Timeout | undefined;
  #closing: Promise<void> | undefined;

  constructor(wire: Wire, server: ServerInfo, options: ResolvedOptions) {
    this.server = server;
    this.#wire = wire;
    this.#options = options;
    const run: Run = (work, control) => this.#run(work, control);
    this.#transaction = new TransactionState(options.autocommit);
    this.#queue = new RequestQueue(wire, {
      cancelTimeoutMs: options.cancelTimeoutMs,
      cancel: (unneeded) => cancelJob(server.jobNumber, options, unneeded),
      maxQueued: options.maxQueuedRequests,
      onIdle: () => {
        this.#startIdleTimer();
      },
    });
    this.#runner = new StatementRunner(wire, options, this.#transaction, run);
    this.native = new NativeApi(wire, run);
    wire.whenEnded((error) => {
      this.#ended(error);
    });
    this.#startIdleTimer();
  }

  get open(): boolean {
    return this.#wire.open && this.#closing === undefined;
  }

  /** As far as the statements of this connection tell; changes made by procedures are not seen. */
  get inTransaction(): boolean {
    return this.#transaction.open;
  }

  get autocommit(): boolean {
    return this.#transaction.autocommit;
  }

  /** Runs one statement and gives all of its rows. */
  query(sql: string, parameters?: Parameters, options?: QueryOptions): Promise<QueryResult>;
  query(
    sql: string,
    parameters: Parameters | undefined,
    options: QueryOptions & { readonly rowMode: 'array' },
  ): Promise<QueryResult<ArrayRow>>;
  async query(
    sql: string,
    parameters?: Parameters,
    options: QueryOptions = {},
  ): Promise<QueryResult<ObjectRow | ArrayRow>> {
    return this.#runner.query(sql, parameters, options);
  }

  /**
   * Runs one statement for many parameter sets in as few messages as the size limit allows. Not atomic by itself: use a transaction.
   * @returns rows affected, in total
   */
  async executeMany(
    sql: string,
    sets: readonly (readonly SqlParameter[])[],
    options: QueryOptions = {},
  ): Promise<number> {
    return this.#runner.executeMany(sql, sets, options);
  }

  /** Prepares a statement on the server; its columns are known before it runs. */
  async prepare(sql: string, options: QueryOptions = {}): Promise<PreparedStatement> {
    return this.#runner.prepare(sql, options);
  }

  /** Rows as they arrive; see `IrisRowStream`. A time limit counts for each page. */
  stream(sql: string, parameters?: Parameters, options?: QueryOptions): IrisRowStream<ObjectRow>;
  stream(
    sql: string,
    parameters: Parameters | undefined,
    options: QueryOptions & { readonly rowMode: 'array' },
  ): IrisRowStream<ArrayRow>;
  stream(
    sql: string,
    parameters?: Parameters,
    options: QueryOptions = {},
  ): IrisRowStream<ObjectRow | ArrayRow> {
    return this.#runner.stream(sql, parameters, options);
  }

  /**
   * Runs a stored procedure, given its name or the text of a CALL. unverified on a live server.
   * `OUT` stands for an OUT parameter; without rows to give, `results` holds the update count.
   */
  async call(
    procedure: string,
    args: readonly ProcedureArgument[] = [],
    options: QueryOptions = {},
  ): Promise<ProcedureResult<ObjectRow | ArrayRow>> {
    return this.#runner.call(procedure, args, options);
  }

  /** Starts a transaction. @throws IrisError IRIS_STATE when one is open */
  async begin(control: CallControl = {}): Promise<void> {
    if (this.inTransaction)
      throw stateError('A transaction is open already', 'Use savepoint() inside a transaction.');
    await this.query('START TRANSACTION', [], control);
  }

  async commit(control: CallControl = {}): Promise<void> {
    await this.#run(() => askSuccessfully(this.#wire, { kind: 'Commit' }), control);
    this.#transaction.ended();
  }

  async rollback(control: CallControl = {}): Promise<void> {
    await this.#run(() => askSuccessfully(this.#wire, { kind: 'Rollback' }), control);
    this.#transaction.ended();
  }

  /**
   * Runs `work` in a transaction: commits when it resolves, rolls back when it rejects. With `attempts` above 1, it is run again after a
   * deadlock or lock timeout (SQLCODE -110, -114), once the rollback has undone everything; never after a lost connection.
   */
  transaction<T>(work: (connection: this) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
    return runTransaction(this, work, options);
  }

  /** Marks a point to go back to. Names are identifiers. */
  async savepoint(name: string, control: CallControl = {}): Promise<void> {
    await this.query(savepointSql('SAVEPOINT', name), [], control);
  }

  async rollbackToSavepoint(name: string, control: CallControl = {}): Promise<void> {
    await this.query(savepointSql('ROLLBACK TO SAVEPOINT', name), [], control);
  }

  /** `false`: every change opens a transaction that commit() or rollback() ends. */
  async setAutocommit(on: boolean, control: CallControl = {}): Promise<void> {
    await this.query(`SET TRANSACTION %COMMITMODE ${on ? 'IMPLICIT' : 'EXPLICIT'}`, [], control);
    this.#transaction.autocommit = on;
  }

  async setIsolationLevel(level: IsolationLevel, control: CallControl = {}): Promise<void> {
    await this.query(`SET TRANSACTION ISOLATION LEVEL ${level}`, [], control);
  }

  /** The row id that the last INSERT of this connection gave; `''` before the first. */
  async lastIdentity(control: CallControl = {}): Promise<string> {
    const { rows } = await this.query('SELECT LAST_IDENTITY()', [], { ...control, rowMode: 'array' });
    const value = rows[0]?.[0];
    // A row id is a number or text.
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint'
      ? String(value)
      : '';
  }

  /**
   * Has the request in flight stopped by the server, which a second connection with the same options asks for. Resolves when that has
   * begun; the request then rejects (SQLCODE -456). When the server cannot be asked, this connection is closed after `cancelTimeoutMs`
   * if the request still runs. unverified on a live server.
   * @returns false when nothing was running
   */
  cancel(): Promise<boolean> {
    return this.#queue.interrupt();
  }

  /** One round trip that does nothing. */
  async ping(options: RequestControl = {}): Promise<void> {
    await this.#run(() => askSuccessfully(this.#wire, { kind: 'Ping' }), options);
  }

  /** Called once when the connection ends, with the error if it was lost. */
  on(event: 'close', listener: (error: unknown) => void): this {
    this.#events.on(event, listener);
    return this;
  }

  off(event: 'close', listener: (error: unknown) => void): this {
    this.#events.off(event, listener);
    return this;
  }

  /** Finishes what is queued, rolls back an open transaction, and ends the connection. Never rejects. */
  close(): Promise<void> {
    this.#closing ??= this.#closeGracefully();
    return this.#closing;
  }

  /** Ends the connection at once; what is in flight is rejected. */
  destroy(): void {
    this.#wire.destroy(connectionClosed());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #ended(error: unknown): void {
    clearTimeout(this.#idleTimer);
    this.#transaction.ended();
    this.#queue.fail(error);
    const closedHere = isIrisError(error) && error.code === 'IRIS_CONNECTION_CLOSED';
    this.#events.emit('close', closedHere ? undefined : error);
    this.#events.removeAllListeners();
  }

  async #closeGracefully(): Promise<void> {
    try {
      if (this.inTransaction && this.#wire.open) await this.rollback();
    } catch {
      // The server rolls back by itself when a connection ends.
    }
    await this.#queue.drain();
    await this.#wire.end(this.#options.cancelTimeoutMs);
  }

  #run<T>(work: () => Promise<T>, options: RequestControl = {}): Promise<T> {
    clearTimeout(this.#idleTimer);
    return this.#queue.run(work, {
      signal: options.signal,
      timeoutMs: effectiveTimeoutMs(options, this.#options),
    });
  }

  #startIdleTimer(): void {
    clearTimeout(this.#idleTimer);
    if (this.#options.idleTimeoutMs === 0 || !this.open) return;
    this.#idleTimer = setTimeout(() => void this.close(), this.#options.idleTimeoutMs);
    this.#idleTimer.unref();
  }
}
