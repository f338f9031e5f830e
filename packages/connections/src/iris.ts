import type { ResolvedConfig } from '@iris-devtools/config';
import type {
  ArrayRow,
  QueryOptions,
  QueryResult,
  Session,
  SessionSource,
  SqlParameter,
} from '@iris-devtools/core';
import { analyzeStatement } from '@iris-devtools/driver';
import type { SkippedBackend } from './backends/choose-backend.js';
import type { BackendName } from './backends/backend.js';
import type { Pool } from './pool/pool.js';
import type { PoolMetrics } from './pool/pool-options.js';
import { retryPolicy, type RetryOptions } from './retry/retry-policy.js';

export interface IrisQueryOptions extends QueryOptions {
  /**
   * Doing it twice does no harm, so it may be repeated after a lost connection. Default: true for a query, false for
   * anything that changes data.
   */
  readonly idempotent?: boolean;
}

export interface IrisParts {
  readonly pool: Pool;
  /** What holds now; discovery may have been repeated since. */
  readonly config: () => ResolvedConfig;
  readonly backend: BackendName;
  readonly skipped: readonly SkippedBackend[];
  readonly retry: RetryOptions;
  /** Runs after the pool was closed. */
  readonly onClose: () => Promise<void>;
}

/** A pool of sessions that configured itself and heals itself. Made by `connect()`. */
export class Iris implements SessionSource {
  readonly #parts: IrisParts;

  constructor(parts: IrisParts) {
    this.#parts = parts;
  }

  /** Which client is used, and why the others are not. */
  get backend(): { readonly name: BackendName; readonly skipped: readonly SkippedBackend[] } {
    return { name: this.#parts.backend, skipped: this.#parts.skipped };
  }

  /** Settings with their sources; holds no readable secret. */
  get config(): ResolvedConfig {
    return this.#parts.config();
  }

  get metrics(): PoolMetrics {
    return this.#parts.pool.metrics;
  }

  /** One statement on any session. Repeated, with back-off, only where that is safe (`retry` of the error, `idempotent`). */
  query(
    sql: string,
    parameters: readonly SqlParameter[] | undefined,
    options: IrisQueryOptions & { readonly rowMode: 'array' },
  ): Promise<QueryResult<ArrayRow>>;
  query(sql: string, parameters?: readonly SqlParameter[], options?: IrisQueryOptions): Promise<QueryResult>;
  async query(
    sql: string,
    parameters?: readonly SqlParameter[],
    options: IrisQueryOptions = {},
  ): Promise<QueryResult | QueryResult<ArrayRow>> {
    const { idempotent = isPlainQuery(sql), ...queryOptions } = options;
    const policy = retryPolicy(this.#parts.retry, idempotent);
    return policy.execute(
      () => this.#parts.pool.use((session) => session.query(sql, parameters, queryOptions), options.signal),
      options.signal,
    );
  }

  /** Commits when `work` resolves, rolls back when it rejects. Never repeated: only the caller knows whether that is safe. */
  async transaction<Result>(
    work: (session: Session) => Promise<Result>,
    signal?: AbortSignal,
  ): Promise<Result> {
    return this.#parts.pool.use(async (session) => {
      await session.begin();
      let result: Result;
      try {
        result = await work(session);
      } catch (error) {
        if (session.inTransaction) await session.rollback();
        throw error;
      }
      await session.commit();
      return result;
    }, signal);
  }

  /** A session of one's own until it is closed: for cursors, several statements, session state. */
  acquire(signal?: AbortSignal): Promise<Session> {
    return this.#parts.pool.acquire(signal);
  }

  async close(): Promise<void> {
    await this.#parts.pool.close();
    await this.#parts.onClose();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** A query by its first word. CALL gives rows too, but may do anything; a text that begins otherwise is not repeated. */
function isPlainQuery(sql: string): boolean {
  return /^\s*(SELECT|WITH)\b/i.test(sql) && analyzeStatement(sql).isQuery;
}
