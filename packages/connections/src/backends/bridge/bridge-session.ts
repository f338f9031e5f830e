import {
  IrisError,
  sqlError,
  type ArrayRow,
  type Column,
  type ObjectRow,
  type PreparedStatement,
  type QueryOptions,
  type QueryResult,
  type RowStream,
  type Session,
  type SqlParameter,
  type SqlValue,
} from '@iris-devtools/core';
import { itemRowReader, type BigintMode, type TypeParsers } from '@iris-devtools/driver';
import { BridgeRefusal, type BridgeControl, type BridgeProcess } from './bridge-process.js';
import { toBridge, toColumn, toItem } from './bridge-values.js';
import type { BridgeAnswers, BridgeColumn, BridgeRequest, BridgeValue, ExecuteAnswer } from './messages.js';

export interface BridgeSessionOptions {
  /** Default `bigint`, as in the driver. */
  readonly bigint?: BigintMode;
  readonly parsers?: TypeParsers;
  /** Default limit of a call; 0: none. */
  readonly queryTimeoutMs?: number;
}

type AnyRow = ObjectRow | ArrayRow;
type RowReader = (cells: readonly BridgeValue[]) => AnyRow;

/** Rows that one message brings at most. */
const PAGE_ROWS = 500;
/** Parameter sets that one message takes at most. */
const BATCH_SETS = 500;

/**
 * A session with IRIS through a bridge program. It gives the values that the wire driver gives; what the program cannot
 * do is refused. A request that runs too long, is aborted or cancelled ends the session.
 */
export class BridgeSession implements Session {
  /** Like $ZVERSION. */
  readonly version: string;
  readonly #process: BridgeProcess;
  readonly #options: BridgeSessionOptions;
  #closing: Promise<void> | undefined;

  constructor(process: BridgeProcess, version: string, options: BridgeSessionOptions) {
    this.#process = process;
    this.version = version;
    this.#options = options;
  }

  get open(): boolean {
    return this.#process.open;
  }

  get inTransaction(): boolean {
    return this.#process.open && this.#process.level > 0;
  }

  query(
    sql: string,
    parameters: readonly SqlParameter[] | undefined,
    options: QueryOptions & { readonly rowMode: 'array' },
  ): Promise<QueryResult<ArrayRow>>;
  query(sql: string, parameters?: readonly SqlParameter[], options?: QueryOptions): Promise<QueryResult>;
  async query(
    sql: string,
    parameters: readonly SqlParameter[] = [],
    options: QueryOptions = {},
  ): Promise<QueryResult<AnyRow>> {
    return this.#all({ sql }, parameters, options);
  }

  async prepare(sql: string, options: QueryOptions = {}): Promise<PreparedStatement> {
    const { statement, columns, parameterCount } = await this.#ask(
      { op: 'prepare', sql },
      this.#limit(options),
    );
    const close = async (): Promise<void> => {
      if (this.open) await this.#ask({ op: 'closeStatement', statement }, {});
    };
    return {
      sql,
      columns: columns.map(toColumn),
      parameterCount,
      query: async (parameters = [], more = {}) =>
        (await this.#all({ statement }, parameters, { ...options, ...more })) as QueryResult,
      close,
      [Symbol.asyncDispose]: close,
    };
  }

  stream(
    sql: string,
    parameters: readonly SqlParameter[] | undefined,
    options: QueryOptions & { readonly rowMode: 'array' },
  ): RowStream<ArrayRow>;
  stream(sql: string, parameters?: readonly SqlParameter[], options?: QueryOptions): RowStream;
  stream(
    sql: string,
    parameters: readonly SqlParameter[] = [],
    options: QueryOptions = {},
  ): RowStream<ArrayRow> & RowStream {
    let started: Promise<ExecuteAnswer> | undefined;
    const start = (): Promise<ExecuteAnswer> => (started ??= this.#execute({ sql }, parameters, options, 0));
    const read = (): AsyncGenerator<AnyRow> => this.#rows(start, options);
    return {
      get columns() {
        return start().then(({ columns }) => columns.map(toColumn));
      },
      [Symbol.asyncIterator]: () => read() as AsyncGenerator<never>,
    };
  }

  async executeMany(
    sql: string,
    sets: readonly (readonly SqlParameter[])[],
    options: QueryOptions = {},
  ): Promise<number> {
    const limit = this.#limit(options);
    let changed = 0;
    for (let from = 0; from < sets.length; from += BATCH_SETS) {
      const batch = sets.slice(from, from + BATCH_SETS).map((set) => set.map(toBridge));
      changed += (await this.#ask({ op: 'executeMany', sql, sets: batch }, limit)).rowCount;
    }
    return changed;
  }

  async begin(): Promise<void> {
    if (this.inTransaction) {
      throw new IrisError('A transaction is open already', {
        code: 'IRIS_STATE',
        hint: 'Commit it or roll it back first.',
      });
    }
    await this.#ask({ op: 'begin' }, {});
  }

  async commit(): Promise<void> {
    await this.#ask({ op: 'commit' }, {});
  }

  async rollback(): Promise<void> {
    await this.#ask({ op: 'rollback' }, {});
  }

  /** Stops what runs by ending the session: its program cannot be interrupted in another way. */
  cancel(): Promise<boolean> {
    const { busy } = this.#process;
    if (busy) {
      this.#process.kill(
        new IrisError('The request was cancelled, and its session ended with it', {
          code: 'IRIS_ABORTED',
          retry: 'unknown',
        }),
      );
    }
    return Promise.resolve(busy);
  }

  on(_event: 'close', listener: (error: unknown) => void): this {
    this.#process.whenEnded(listener);
    return this;
  }

  /** IRIS rolls back what is open when the program ends. Never rejects. */
  close(): Promise<void> {
    this.#closing ??= this.#process.close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #all(
    what: { readonly sql: string } | { readonly statement: number },
    parameters: readonly SqlParameter[],
    options: QueryOptions,
  ): Promise<QueryResult<AnyRow>> {
    const maxRows = options.maxRows ?? 0;
    const limit = this.#limit(options);
    const answer = await this.#execute(what, parameters, options, maxRows, limit);
    const columns = answer.columns.map(toColumn);
    const read = this.#reader(answer.columns, options);
    const rows = answer.rows.map(read);
    let { cursor } = answer;
    while (cursor !== null && (maxRows === 0 || rows.length < maxRows)) {
      const count = maxRows === 0 ? PAGE_ROWS : Math.min(PAGE_ROWS, maxRows - rows.length);
      const page = await this.#ask({ op: 'fetch', cursor, count }, limit);
      for (const cells of page.rows) rows.push(read(cells));
      cursor = page.cursor;
    }
    if (cursor !== null) await this.#ask({ op: 'closeCursor', cursor }, limit);
    return { rows, columns, rowCount: columns.length > 0 ? rows.length : answer.rowCount };
  }

  async *#rows(start: () => Promise<ExecuteAnswer>, options: QueryOptions): AsyncGenerator<AnyRow> {
    const first = await start();
    const read = this.#reader(first.columns, options);
    let page: { readonly rows: ExecuteAnswer['rows']; readonly cursor: number | null } = first;
    let left = options.maxRows ?? 0;
    try {
      for (;;) {
        for (const cells of page.rows) {
          yield read(cells);
          if (left > 0 && --left === 0) return;
        }
        if (page.cursor === null) return;
        page = await this.#ask({ op: 'fetch', cursor: page.cursor, count: PAGE_ROWS }, this.#limit(options));
      }
    } finally {
      if (page.cursor !== null && this.open) await this.#ask({ op: 'closeCursor', cursor: page.cursor }, {});
    }
  }

  #execute(
    what: { readonly sql: string } | { readonly statement: number },
    parameters: readonly SqlParameter[],
    options: QueryOptions,
    maxRows: number,
    limit: BridgeControl = this.#limit(options),
  ): Promise<ExecuteAnswer> {
    const count = maxRows === 0 ? PAGE_ROWS : Math.min(PAGE_ROWS, maxRows);
    return this.#ask({ op: 'execute', ...what, parameters: parameters.map(toBridge), count }, limit);
  }

  #reader(described: readonly BridgeColumn[], { rowMode }: QueryOptions): RowReader {
    const columns: Column[] = described.map(toColumn);
    const { bigint, parsers } = this.#options;
    const readItems = itemRowReader(columns, {
      ...(bigint === undefined ? {} : { bigint }),
      ...(parsers === undefined ? {} : { parsers }),
    });
    const read = (cells: readonly BridgeValue[]): SqlValue[] =>
      readItems(columns.map((column, index) => toItem(cells[index] ?? null, column)));
    if (rowMode === 'array') return read;
    // Of two equal names the last wins; `__proto__` as a name becomes a property.
    return (cells) =>
      Object.fromEntries(read(cells).map((value, index) => [columns[index]?.name ?? '', value]));
  }

  /** One limit for a call of several messages: what is left of the time counts for the next one. */
  #limit({ timeoutMs, signal }: QueryOptions): BridgeControl {
    const limitMs = timeoutMs || (this.#options.queryTimeoutMs ?? 0);
    const deadline = performance.now() + limitMs;
    return {
      signal,
      get timeoutMs() {
        return limitMs === 0 ? 0 : Math.max(1, Math.ceil(deadline - performance.now()));
      },
    };
  }

  async #ask<Request extends BridgeRequest>(
    request: Request,
    control: BridgeControl,
  ): Promise<BridgeAnswers[Request['op']]> {
    try {
      return await this.#process.ask(request, control);
    } catch (error) {
      if (error instanceof BridgeRefusal) throw serverError(error);
      throw error;
    }
  }
}

function serverError({ message, sqlcode }: BridgeRefusal): IrisError {
  if (sqlcode === undefined) {
    return new IrisError(message, {
      code: 'IRIS_NATIVE',
      hint: 'The text is the server’s or that of the client that this session goes through.',
    });
  }
  return message.startsWith('[SQLCODE')
    ? new IrisError(message, { code: 'IRIS_SQL', sqlcode })
    : sqlError(sqlcode, message);
}
