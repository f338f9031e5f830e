import { IrisError } from '@iris-devtools/core';
import type {
  PreparedStatement,
  QueryOptions,
  QueryResult,
  RowStream,
  Session,
  SqlParameter,
} from '@iris-devtools/core';

type Rows = RowStream<never>;

/**
 * A session on loan. It is the session as long as the loan lasts; afterwards every call is refused, so that nobody works
 * on a session that has gone to somebody else.
 */
export class Lease implements Session {
  readonly #session: Session;
  readonly #giveBack: (reset: () => Promise<void>) => Promise<void>;
  readonly #statements = new Set<PreparedStatement>();
  readonly #iterators = new Set<AsyncIterator<unknown>>();
  #returned: Promise<void> | undefined;
  /** Absent where the session has none. */
  readonly executeMany?: NonNullable<Session['executeMany']>;

  constructor(session: Session, giveBack: (reset: () => Promise<void>) => Promise<void>) {
    this.#session = session;
    this.#giveBack = giveBack;
    if (session.executeMany === undefined) return;
    this.executeMany = async (sql, sets, options) =>
      (await this.#active.executeMany?.(sql, sets, options)) ?? 0;
  }

  get #active(): Session {
    if (this.#returned === undefined) return this.#session;
    throw new IrisError('This session was given back to its pool', {
      code: 'IRIS_STATE',
      hint: 'Acquire a session, use it, then close it; do not keep it.',
    });
  }

  get open(): boolean {
    return this.#returned === undefined && this.#session.open;
  }

  get inTransaction(): boolean {
    return this.#returned === undefined && this.#session.inTransaction;
  }

  async query(
    sql: string,
    parameters?: readonly SqlParameter[],
    options?: QueryOptions,
  ): Promise<QueryResult<never>> {
    return (await this.#active.query(sql, parameters, options)) as QueryResult<never>;
  }

  async prepare(sql: string, options?: QueryOptions): Promise<PreparedStatement> {
    const statement = await this.#active.prepare(sql, options);
    this.#statements.add(statement);
    return statement;
  }

  stream(sql: string, parameters?: readonly SqlParameter[], options?: QueryOptions): Rows {
    const rows = this.#active.stream(sql, parameters, options) as Rows;
    return {
      // Only when asked for: the look starts the statement, and its failure would be nobody's.
      get columns() {
        return rows.columns;
      },
      [Symbol.asyncIterator]: () => {
        const iterator = rows[Symbol.asyncIterator]();
        this.#iterators.add(iterator);
        return iterator;
      },
    };
  }

  async begin(): Promise<void> {
    await this.#active.begin();
  }

  async commit(): Promise<void> {
    await this.#active.commit();
  }

  async rollback(): Promise<void> {
    await this.#active.rollback();
  }

  async cancel(): Promise<boolean> {
    return this.#active.cancel();
  }

  /** Gives the session back. What it left open (a cursor, a statement, a transaction) is ended first. */
  close(): Promise<void> {
    this.#returned ??= this.#giveBack(() => this.#reset());
    return this.#returned;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #reset(): Promise<void> {
    for (const iterator of this.#iterators) await iterator.return?.();
    for (const statement of this.#statements) await statement.close();
    if (this.#session.inTransaction) await this.#session.rollback();
  }

  /** Is there anything to reset? If not, giving back takes no round trip. */
  get clean(): boolean {
    return this.#iterators.size === 0 && this.#statements.size === 0 && !this.#session.inTransaction;
  }
}
