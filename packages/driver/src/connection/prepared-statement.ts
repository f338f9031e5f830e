import type {
  ArrayRow,
  Column,
  ObjectRow,
  PreparedStatement,
  QueryOptions,
  QueryResult,
  SqlParameter,
} from '@iris-devtools/core';
import { decodeReply, type ListItem } from '@iris-devtools/protocol';
import { stateError } from '../errors.js';
import { requireParameterCount, type Statement } from '../sql/statement.js';
import { askSuccessfully } from './conversation.js';
import {
  forgetDefinitions,
  planOf,
  preparedUpdate,
  reopenCursor,
  userParameters,
  type ExecutionLimits,
  type Executor,
  type OpenCursor,
} from './execute.js';
import type { ResultPlan } from './result-plan.js';

/** What the session does for its prepared statements. */
export interface PreparedRunner {
  query(
    statement: PreparedIrisStatement,
    parameters: readonly SqlParameter[],
    options: QueryOptions,
  ): Promise<QueryResult<ObjectRow | ArrayRow>>;
}

/** A statement that was prepared on the server (PP) and runs by its id (PQ, PU). */
export class PreparedIrisStatement implements PreparedStatement {
  readonly sql: string;
  readonly statement: Statement;
  readonly #executor: Executor;
  readonly #runner: PreparedRunner;
  #plan: ResultPlan;
  #closed = false;

  constructor(
    sql: string,
    statement: Statement,
    plan: ResultPlan,
    executor: Executor,
    runner: PreparedRunner,
  ) {
    this.sql = sql;
    this.statement = statement;
    this.#plan = plan;
    this.#executor = executor;
    this.#runner = runner;
  }

  get columns(): readonly Column[] {
    return this.#plan.columns;
  }

  get parameterCount(): number {
    return this.statement.parameterCount;
  }

  /** @throws IrisError IRIS_SQL, IRIS_VALUE for a wrong number of parameters, IRIS_STATE after close() */
  async query(parameters: readonly SqlParameter[] = [], options: QueryOptions = {}): Promise<QueryResult> {
    if (this.#closed) throw stateError('The prepared statement is closed', 'Prepare it again.');
    requireParameterCount(this.statement, parameters.length);
    return this.#runner.query(this, parameters, options) as Promise<QueryResult>;
  }

  /** Runs as a query inside a conversation; prepares again when the server has lost the statement. */
  async open(items: readonly ListItem[], limits: ExecutionLimits): Promise<OpenCursor> {
    const values = { count: items.length, sets: [items] };
    const opened =
      (await reopenCursor(this.#executor, this.#plan, values, limits)) ??
      (await this.#again(() => reopenCursor(this.#executor, this.#plan, values, limits)));
    return { ...opened, cacheKey: undefined };
  }

  /** Runs as an update inside a conversation. */
  async update(items: readonly ListItem[], timeoutSeconds: number): Promise<number> {
    const values = { count: items.length, sets: [items] };
    const run = (): Promise<number | undefined> =>
      preparedUpdate(this.#executor, this.#plan.statementId, values, timeoutSeconds);
    const rowCount = (await run()) ?? (await this.#again(run));
    if (this.statement.isDefinition) forgetDefinitions(this.#executor);
    return rowCount;
  }

  /**
   * Forgets the statement. Nothing is sent: no client that is known closes statements, and the payload of CU is
   * unverified on a live server.
   */
  close(): Promise<void> {
    this.#closed = true;
    return Promise.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #again<T>(run: () => Promise<T | undefined>): Promise<T> {
    this.#executor.vectors?.forget();
    this.#plan = await prepareOnServer(this.#executor, this.statement);
    const result = await run();
    if (result === undefined)
      throw stateError('The server lost a statement right after preparing it', 'Run the query directly.');
    return result;
  }
}

/** Prepares a statement under a new id. @throws IrisError IRIS_SQL */
export async function prepareOnServer(executor: Executor, statement: Statement): Promise<ResultPlan> {
  const { wire } = executor;
  const statementId = executor.newStatementId();
  const frame = await askSuccessfully(
    wire,
    {
      kind: 'Prepare',
      text: statement.wireText,
      parameters: userParameters(statement.parameterCount),
    },
    statementId,
  );
  const reply = decodeReply('Prepare', frame, { ...wire.codec, isQuery: statement.isQuery });
  return planOf(executor, statementId, reply);
}
