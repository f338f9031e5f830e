import type {
  ArrayRow,
  PreparedStatement,
  QueryOptions,
  QueryResult,
  SqlParameter,
} from '@iris-devtools/core';
import { isIrisError } from '@iris-devtools/core';
import type { ListItem } from '@iris-devtools/protocol';
import { stateError } from '../errors.js';
import type { RequestControl } from '../net/request-queue.js';
import type { Wire } from '../net/wire.js';
import type { ResolvedOptions } from '../options/resolve-options.js';
import {
  analyzeStatement,
  orderNamedValues,
  firstWord,
  requireParameterCount,
  type Statement,
} from '../sql/statement.js';
import { traceQuery } from '../tracing.js';
import {
  encodeParameters,
  executeUpdate,
  fetchPage,
  openCursor,
  releaseCursor,
  type ExecutionLimits,
  type Executor,
  type OpenCursor,
} from './execute.js';
import { callProcedure, type ProcedureArgument, type ProcedureResult } from './call-procedure.js';
import type { LobAccess } from './lob.js';
import { resolveLobs } from './resolve-lobs.js';
import { PreparedIrisStatement, prepareOnServer } from './prepared-statement.js';
import { readPage, type AnyRow } from './result-plan.js';
import { IrisRowStream } from './row-stream.js';
import { LruCache } from './statement-cache.js';
import type { TransactionState } from './transaction-state.js';
import { VectorColumns, type LookUp } from './vector-columns.js';

/** Values for `?` parameters in order, or for `:name` parameters by name. */
export type Parameters = readonly SqlParameter[] | Readonly<Record<string, SqlParameter>>;

/** Runs a conversation when its turn has come. */
export type Run = <T>(work: () => Promise<T>, control?: RequestControl) => Promise<T>;

/** Texts whose analysis is remembered. */
const ANALYZED_STATEMENTS = 500;
/** Batches are cut so that a message, and the server's work for it, stays of a reasonable size. */
const MAX_SETS_PER_MESSAGE = 1000;

/** Turns calls of the session's API into conversations with the server. */
export class StatementRunner {
  readonly #wire: Wire;
  readonly #options: ResolvedOptions;
  readonly #transaction: TransactionState;
  readonly #run: Run;
  readonly #executor: Executor;
  readonly #lobs: LobAccess;
  readonly #analyzed = new LruCache<Statement>(ANALYZED_STATEMENTS);

  constructor(wire: Wire, options: ResolvedOptions, transaction: TransactionState, run: Run) {
    this.#wire = wire;
    this.#options = options;
    this.#transaction = transaction;
    this.#run = run;
    let lastStatementId = 0;
    const lookUp: LookUp = (sql, parameters) => this.#lookUp(sql, parameters);
    this.#executor = {
      wire,
      options,
      vectors: options.vectors === 'typed' ? new VectorColumns(lookUp) : undefined,
      cache: new LruCache(options.statementCacheSize),
      newStatementId: () => (lastStatementId = (lastStatementId + 1) >>> 0),
    };
    const { maxLobBytes, cancelTimeoutMs } = options;
    const { newStatementId } = this.#executor;
    this.#lobs = { wire, run, newStatementId, maxLobBytes, cancelTimeoutMs };
  }

  query(
    sql: string,
    parameters: Parameters | undefined,
    options: QueryOptions,
  ): Promise<QueryResult<AnyRow>> {
    const { statement, values } = this.#bind(sql, parameters);
    return this.#traced(sql, values.length, () =>
      this.#run(async () => {
        const items = await encodeParameters(this.#wire, values);
        const limits = this.#limits(options);
        const result = statement.isQuery
          ? await this.#readAll(
              await openCursor(this.#executor, statement, items, limits),
              limits.maxRows,
              options,
            )
          : withoutRows(await executeUpdate(this.#executor, statement, [items], limits.timeoutSeconds));
        this.#transaction.ran(statement);
        return result;
      }, options),
    );
  }

  executeMany(
    sql: string,
    sets: readonly (readonly SqlParameter[])[],
    options: QueryOptions,
  ): Promise<number> {
    const statement = this.#analyze(sql, false);
    if (statement.isQuery)
      throw stateError('executeMany is for statements that give no rows', 'Use query().');
    for (const set of sets) requireParameterCount(statement, set.length);
    if (sets.length === 0) return Promise.resolve(0);
    return this.#traced(sql, statement.parameterCount, () =>
      this.#run(async () => {
        const { timeoutSeconds } = this.#limits(options);
        let rowCount = 0;
        for (let at = 0; at < sets.length; at += MAX_SETS_PER_MESSAGE) {
          const items: ListItem[][] = [];
          for (const set of sets.slice(at, at + MAX_SETS_PER_MESSAGE)) {
            items.push(await encodeParameters(this.#wire, set));
          }
          rowCount += Math.max(0, await executeUpdate(this.#executor, statement, items, timeoutSeconds));
        }
        this.#transaction.ran(statement);
        return rowCount;
      }, options),
    );
  }

  prepare(sql: string, options: QueryOptions): Promise<PreparedStatement> {
    const statement = this.#analyze(sql, false);
    if (statement.isCall)
      throw stateError('A CALL cannot be prepared', 'Use call(), or query() with the text of the CALL.');
    return this.#run(async () => {
      const plan = await prepareOnServer(this.#executor, statement);
      return new PreparedIrisStatement(sql, statement, plan, this.#executor, {
        query: (prepared, parameters, callOptions) => this.#runPrepared(prepared, parameters, callOptions),
      });
    }, options);
  }

  stream(sql: string, parameters: Parameters | undefined, options: QueryOptions): IrisRowStream<AnyRow> {
    const { statement, values } = this.#bind(sql, parameters);
    if (!statement.isQuery)
      throw stateError('Only statements that give rows can be streamed', 'Use query().');
    const limits = this.#limits(options);
    const open = async (): Promise<OpenCursor> =>
      openCursor(this.#executor, statement, await encodeParameters(this.#wire, values), limits);
    return new IrisRowStream({
      open: () => this.#traced(sql, values.length, () => this.#run(open, options)),
      fetch: (cursor) => this.#run(() => fetchPage(this.#executor, cursor), options),
      rows: (cursor) => this.#pageRows(cursor, options),
      release: (cursor) => {
        releaseCursor(this.#executor, cursor);
      },
      maxRows: limits.maxRows,
    });
  }

  call(
    text: string,
    args: readonly ProcedureArgument[],
    options: QueryOptions,
  ): Promise<ProcedureResult<AnyRow>> {
    const limits = this.#limits(options);
    const readRows = (cursor: OpenCursor): Promise<QueryResult<AnyRow>> =>
      this.#readAll(cursor, limits.maxRows, options);
    const work = (): Promise<ProcedureResult<AnyRow>> =>
      this.#run(() => callProcedure(this.#executor, text, args, limits, readRows), options);
    return this.#traced(text, args.length, work, 'CALL');
  }

  /** A query of the driver's own, inside of the conversation that is going on. */
  async #lookUp(sql: string, parameters: readonly SqlParameter[]): Promise<readonly ArrayRow[]> {
    const options = { ...this.#options, parsers: {} };
    const executor = { ...this.#executor, options, vectors: undefined };
    const items = await encodeParameters(this.#wire, parameters);
    const limits = { timeoutSeconds: 0, maxRows: 0 };
    const cursor = await openCursor(executor, this.#analyze(sql, false), items, limits);
    const { rows } = await this.#readAll(cursor, 0, { rowMode: 'array' });
    return rows as ArrayRow[];
  }

  async #readAll(opened: OpenCursor, maxRows: number, options: QueryOptions): Promise<QueryResult<AnyRow>> {
    const rows: AnyRow[] = [];
    const { rowMode = 'object' } = options;
    let cursor = opened;
    for (;;) {
      readPage(cursor.page, cursor.plan, rowMode, rows, maxRows, this.#wire.limits);
      if (!cursor.more || (maxRows > 0 && rows.length >= maxRows)) break;
      cursor = { ...cursor, ...(await fetchPage(this.#executor, cursor)) };
    }
    if (!cursor.more) releaseCursor(this.#executor, cursor);
    await this.#resolveLobs(rows, cursor);
    return { rows, columns: cursor.plan.columns, rowCount: rows.length };
  }

  async #pageRows(cursor: OpenCursor, options: QueryOptions): Promise<AnyRow[]> {
    const rows: AnyRow[] = [];
    try {
      readPage(cursor.page, cursor.plan, options.rowMode ?? 'object', rows, 0, this.#wire.limits);
    } catch (error) {
      if (isIrisError(error) && error.code === 'IRIS_PROTOCOL') this.#wire.destroy(error);
      throw error;
    }
    if (cursor.plan.lobColumns.length > 0) await this.#run(() => this.#resolveLobs(rows, cursor), options);
    return rows;
  }

  async #resolveLobs(rows: readonly AnyRow[], cursor: OpenCursor): Promise<void> {
    if (cursor.plan.lobColumns.length === 0) return;
    await resolveLobs(rows, cursor.plan, this.#options, this.#lobs);
  }

  #runPrepared(
    prepared: PreparedIrisStatement,
    parameters: readonly SqlParameter[],
    options: QueryOptions,
  ): Promise<QueryResult<AnyRow>> {
    return this.#traced(prepared.sql, parameters.length, () =>
      this.#run(async () => {
        const items = await encodeParameters(this.#wire, parameters);
        const limits = this.#limits(options);
        if (prepared.statement.isQuery) {
          return this.#readAll(
            await prepared.open(items, limits),
            limits.maxRows,
            options,
          ) as Promise<QueryResult>;
        }
        const rowCount = await prepared.update(items, limits.timeoutSeconds);
        this.#transaction.ran(prepared.statement);
        return { rows: [], columns: [], rowCount };
      }, options),
    );
  }

  #bind(sql: string, parameters: Parameters = []): { statement: Statement; values: readonly SqlParameter[] } {
    if (isPositional(parameters)) {
      const statement = this.#analyze(sql, false);
      requireParameterCount(statement, parameters.length);
      return { statement, values: parameters };
    }
    const statement = this.#analyze(sql, true);
    return { statement, values: orderNamedValues(statement, parameters) };
  }

  #analyze(sql: string, named: boolean): Statement {
    const key = named ? `:${sql}` : `?${sql}`;
    const known = this.#analyzed.get(key);
    if (known !== undefined) return known;
    const statement = analyzeStatement(sql, named);
    this.#analyzed.set(key, statement);
    return statement;
  }

  #limits(options: QueryOptions): ExecutionLimits {
    const timeoutMs = effectiveTimeoutMs(options, this.#options);
    const own = options.maxRows ?? 0;
    return { timeoutSeconds: Math.ceil(timeoutMs / 1000), maxRows: own === 0 ? this.#options.maxRows : own };
  }

  #traced<T>(sql: string, parameterCount: number, work: () => Promise<T>, operation?: string): Promise<T> {
    const { host, port, namespace } = this.#options;
    return traceQuery(work, () => ({
      sql,
      parameterCount,
      operation: operation ?? firstWord(sql),
      host,
      port,
      namespace,
    }));
  }
}

/** A call's own limit, or the connection's. */
export function effectiveTimeoutMs(
  call: RequestControl,
  options: Pick<ResolvedOptions, 'queryTimeoutMs'>,
): number {
  const own = call.timeoutMs ?? 0;
  return own === 0 ? options.queryTimeoutMs : own;
}

function withoutRows(rowCount: number): QueryResult<AnyRow> {
  return { rows: [], columns: [], rowCount };
}

function isPositional(parameters: Parameters): parameters is readonly SqlParameter[] {
  return Array.isArray(parameters);
}
