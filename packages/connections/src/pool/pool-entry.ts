import type { Session } from '@iris-devtools/core';

/** One session of a pool with what the pool knows about it. Times are `clock.now()`. */
export interface PoolEntry {
  readonly session: Session;
  readonly openedAt: number;
  idleSince: number;
  /** Cancels the idle timer or the leak timer, whichever runs. */
  cancelTimer: () => void;
}
