import type { Clock, Session } from '@iris-devtools/core';

/** What a pool reports, for logs and tests. No event holds SQL or a secret. */
export type PoolEvent =
  | { readonly kind: 'opened' | 'closed' }
  | { readonly kind: 'open-failed' | 'reset-failed' | 'validation-failed'; readonly error: unknown }
  /** A session was held longer than `leakDetectionMs`; `stack` is where it was acquired. */
  | { readonly kind: 'leak'; readonly heldMs: number; readonly stack: string };

export interface PoolOptions {
  /** Opens one session. The signal aborts when the pool closes. */
  readonly open: (signal: AbortSignal) => Promise<Session>;
  /** Sessions kept open even when idle. Default 0. */
  readonly min?: number;
  /** Sessions kept for reuse. Default 50. */
  readonly size?: number;
  /** Sessions beyond `size` for bursts; closed when they are given back and nobody waits. Default 20. */
  readonly overflow?: number;
  /** How long `acquire` may wait. Default 30,000; 0: for ever. */
  readonly acquireTimeoutMs?: number;
  /** A session older than this is closed when it is given back. Default 3,600,000; 0: never. */
  readonly maxLifetimeMs?: number;
  /** An idle session beyond `min` is closed after this. Default 600,000; 0: never. */
  readonly idleTimeoutMs?: number;
  /** An idle session is checked before use when it was idle for longer than this. Default 5,000; 0: always. */
  readonly validateAfterIdleMs?: number;
  /** Throws when the session is no good. Default: `SELECT 1`. */
  readonly validate?: (session: Session) => Promise<void>;
  /**
   * Report sessions held longer than this with the stack that acquired them. Default 0: off, capturing stacks costs;
   * `connect()` sets 30,000 while NODE_ENV is `development`.
   */
  readonly leakDetectionMs?: number;
  readonly onEvent?: (event: PoolEvent) => void;
  readonly clock?: Clock;
}

export interface PoolMetrics {
  /** Sessions that are open now: `idle + inUse`. */
  readonly open: number;
  readonly idle: number;
  readonly inUse: number;
  readonly opening: number;
  readonly waiting: number;
  readonly acquisitions: number;
  readonly timeouts: number;
  readonly opened: number;
  readonly failed: number;
  readonly closed: number;
  /** Mean time from `acquire()` to its session, milliseconds. */
  readonly averageAcquireMs: number;
}
