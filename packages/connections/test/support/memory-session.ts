import {
  IrisError,
  type PreparedStatement,
  type QueryResult,
  type RowStream,
  type Session,
} from '@iris-devtools/core';

/** A session that keeps its state in memory and can be broken: what a pool sees of a backend, without its time. */
export class MemorySession implements Session {
  open = true;
  inTransaction = false;
  readonly log: string[] = [];

  #alive(): void {
    if (!this.open) throw new IrisError('lost', { code: 'IRIS_CONNECTION_LOST', retry: 'unknown' });
  }

  query(sql: string): Promise<QueryResult<never>> {
    return Promise.resolve().then(() => {
      this.#alive();
      this.log.push(sql);
      return { rows: [], columns: [], rowCount: 0 };
    });
  }

  prepare(sql: string): Promise<PreparedStatement> {
    const close = (): Promise<void> => {
      this.log.push(`close ${sql}`);
      return Promise.resolve();
    };
    return Promise.resolve({
      sql,
      columns: [],
      parameterCount: 0,
      query: () => this.query(sql),
      close,
      [Symbol.asyncDispose]: close,
    });
  }

  stream(sql: string): RowStream<never> {
    const end = () => {
      this.log.push(`end ${sql}`);
      return Promise.resolve({ done: true as const, value: undefined });
    };
    return {
      columns: Promise.resolve([]),
      [Symbol.asyncIterator]: () => ({ next: end, return: end }),
    };
  }

  begin(): Promise<void> {
    this.inTransaction = true;
    return Promise.resolve();
  }

  commit(): Promise<void> {
    this.inTransaction = false;
    return Promise.resolve();
  }

  rollback(): Promise<void> {
    this.log.push('ROLLBACK');
    this.inTransaction = false;
    return Promise.resolve();
  }

  cancel(): Promise<boolean> {
    return Promise.resolve(false);
  }

  close(): Promise<void> {
    this.open = false;
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
