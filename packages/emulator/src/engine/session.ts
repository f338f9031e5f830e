import type { IsolationLevel } from '../sql/ast.js';
import { sqlError } from '@iris-devtools/core';
import { parseStatement } from '../sql/parser.js';
import type { EngineCore } from './core.js';
import type { EngineParameter, ExecuteOptions, PreparedSql, SqlOutcome, SqlSession } from './engine.js';
import { isCompilable, Prepared } from './prepared.js';
import { describeCall } from './run-call.js';
import { factsOf, runChange, runQuery } from './run-compiled.js';
import { compileExplained, planColumns } from './run-explain.js';
import { runStatement } from './run-statement.js';
import { commit, rollback } from './run-transaction.js';
import { transactionLevel } from './session-state.js';
import type { SessionState } from './session-state.js';
import { GATE_CANCELLED, GATE_OPEN } from './storage/worker-messages.js';

interface Running {
  readonly gate: Int32Array<SharedArrayBuffer>;
  readonly abort: AbortController;
  readonly fail: (error: Error) => void;
}

/** One IRIS process. */
export class IrisSqlSession implements SqlSession {
  readonly #state: SessionState;
  readonly #onClose: () => void;
  #queue: Promise<unknown> = Promise.resolve();
  #running: Running | undefined;
  #gate = newGate();
  #closed = false;

  constructor(state: SessionState, onClose: () => void) {
    this.#state = state;
    this.#onClose = onClose;
  }

  get user(): string {
    return this.#state.user;
  }

  get namespace(): string {
    return this.#state.namespace;
  }

  get autocommit(): boolean {
    return this.#state.commitMode !== 'EXPLICIT';
  }

  get isolationLevel(): IsolationLevel {
    return this.#state.isolation;
  }

  get transactionLevel(): number {
    return transactionLevel(this.#state);
  }

  get lastIdentity(): string {
    return this.#state.lastIdentity;
  }

  async prepare(sql: string): Promise<PreparedSql> {
    return this.#inTurn(() => Promise.resolve(this.#prepare(sql)));
  }

  async execute(
    statement: PreparedSql,
    parameters: readonly EngineParameter[],
    options: ExecuteOptions = {},
  ): Promise<SqlOutcome> {
    return this.#inTurn(() =>
      this.#interruptible(options, (gate) => this.#execute(own(statement), parameters, options, gate)),
    );
  }

  async executeBatch(
    statement: PreparedSql,
    parameterSets: readonly (readonly EngineParameter[])[],
    options: ExecuteOptions = {},
  ): Promise<SqlOutcome> {
    const prepared = own(statement);
    if (prepared.kind !== 'update') {
      throw sqlError(-400, 'Only INSERT, UPDATE and DELETE can run for many sets of parameters');
    }
    return this.#inTurn(() =>
      this.#interruptible(options, (gate) => runChange(prepared, parameterSets, this.#state, gate)),
    );
  }

  async setAutocommit(on: boolean): Promise<void> {
    await this.#inTurn(() => {
      this.#state.commitMode = on ? 'IMPLICIT' : 'EXPLICIT';
      return Promise.resolve();
    });
  }

  async commit(): Promise<void> {
    await this.#inTurn(() => commit(this.#state));
  }

  async rollback(): Promise<void> {
    await this.#inTurn(() => rollback(this.#state));
  }

  cancel(): void {
    this.#interrupt(sqlError(-456, ' SQL query execution interrupted by user'));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.cancel();
    await this.#inTurn(async () => {
      this.#closed = true;
      const { core, id, temporaryTables } = this.#state;
      await rollback(this.#state);
      for (const table of temporaryTables) {
        if (core.catalog.table(table) === undefined) continue;
        await core.storage.run([
          { sql: `DELETE FROM iris_data.t${table} WHERE sid = $1::int8`, parameters: [String(id)] },
        ]);
      }
      core.transactions.releaseSession(id);
      this.#onClose();
    });
  }

  /** Statements of one session run one after the other. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(() => {
      if (this.#closed) throw sqlError(-400, 'The session is closed');
      return work();
    });
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  #prepare(sql: string): Prepared {
    const { core, delimitedIdentifiers } = this.#state;
    const facts = factsOf(this.#state);
    const { namespace, defaultSchema, fastDistinct } = facts;
    const key = [
      core.catalog.version,
      namespace,
      defaultSchema,
      fastDistinct,
      delimitedIdentifiers,
      sql,
    ].join('\0');
    const known = core.prepared.get(key);
    if (known !== undefined) return known;
    const parsed = parseStatement(sql, { delimitedIdentifiers, irisVersion: core.irisVersion });
    const prepared = new Prepared(sql, parsed);
    const { statement, parameterCount } = parsed;
    if (statement.kind === 'explain') {
      compileExplained(statement, parameterCount, this.#state);
      prepared.columns = planColumns(this.namespace);
    } else if (statement.kind === 'call') {
      const { columns, procedure } = describeCall(statement, this.#state);
      prepared.columns = columns;
      prepared.procedure = procedure;
      if (prepared.columns.length > 0) prepared.kind = 'query';
    } else {
      prepared.describe(core.catalog, facts);
      if (isCompilable(statement)) core.prepared.put(key, prepared);
    }
    return prepared;
  }

  #execute(
    prepared: Prepared,
    parameters: readonly EngineParameter[],
    options: ExecuteOptions,
    gate: Int32Array<SharedArrayBuffer>,
  ): Promise<SqlOutcome> {
    const { statement } = prepared.parsed;
    if (statement.kind === 'select-statement')
      return runQuery(prepared, parameters, this.#state, options, gate);
    if (prepared.kind === 'update') return runChange(prepared, [parameters], this.#state, gate);
    return runStatement(prepared, parameters, this.#state);
  }

  /** Runs work that cancel() and the time limit can end at once: the storage then undoes it. */
  #interruptible<T>(
    options: ExecuteOptions,
    work: (gate: Int32Array<SharedArrayBuffer>) => Promise<T>,
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const abort = new AbortController();
      this.#state.signal = abort.signal;
      const running: Running = { gate: this.#gate, abort, fail: reject };
      Atomics.store(this.#gate, 0, GATE_OPEN);
      this.#running = running;
      const { core, id } = this.#state;
      core.running.set(id, () => {
        this.cancel();
      });
      const timer = this.#limitTime(options.timeoutMs);
      const finish = (): void => {
        clearTimeout(timer);
        if (this.#running !== running) return;
        this.#running = undefined;
        core.running.delete(id);
      };
      work(running.gate).then(
        (value) => {
          finish();
          resolve(value);
        },
        (error: unknown) => {
          finish();
          // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- passed on as it is
          reject(error);
        },
      );
    });
  }

  #limitTime(timeoutMs: number | undefined): NodeJS.Timeout | undefined {
    if (timeoutMs === undefined || timeoutMs <= 0) return undefined;
    return setTimeout(() => {
      this.#interrupt(sqlError(-450, ` Request timed out after ${timeoutMs} ms`));
    }, timeoutMs);
  }

  #interrupt(error: Error): void {
    const running = this.#running;
    if (running === undefined) return;
    running.abort.abort(error);
    // Whoever closes the gate first decides: either the storage commits, or the caller hears of the interruption.
    const state = Atomics.compareExchange(running.gate, 0, GATE_OPEN, GATE_CANCELLED);
    if (state !== GATE_OPEN) return;
    // The storage may still have to look at this gate, so the next statement needs another one.
    this.#gate = newGate();
    running.fail(error);
  }
}

const newGate = (): Int32Array<SharedArrayBuffer> => new Int32Array(new SharedArrayBuffer(4));

function own(statement: PreparedSql): Prepared {
  if (statement instanceof Prepared) return statement;
  throw sqlError(-400, 'The statement was not prepared by this engine');
}

/** The state of a new session. */
export function newSessionState(core: EngineCore, id: number, user: string, namespace: string): SessionState {
  return {
    core,
    id,
    user,
    namespace,
    commitMode: 'IMPLICIT',
    isolation: 'READ UNCOMMITTED',
    delimitedIdentifiers: true,
    lockTimeoutSeconds: core.settings.lockTimeoutSeconds,
    transaction: undefined,
    lastIdentity: '',
    rowCount: 0,
    signal: new AbortController().signal,
    temporaryTables: new Set(),
  };
}
