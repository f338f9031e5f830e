import { IrisError, type Clock } from '@iris-devtools/core';
import type { PoolEntry } from './pool-entry.js';

export interface Waiter {
  readonly resolve: (entry: PoolEntry) => void;
  readonly reject: (error: unknown) => void;
}

export interface WaitOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  readonly clock: Clock;
  readonly onTimeout: () => void;
}

/** Those who wait for a session, first come, first served. A waiter leaves by a session, an error, a limit or an abort. */
export class WaitQueue {
  readonly #waiters = new Set<Waiter>();

  get length(): number {
    return this.#waiters.size;
  }

  wait({ timeoutMs, signal, clock, onTimeout }: WaitOptions): Promise<PoolEntry> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        cancelTimer();
        signal?.removeEventListener('abort', onAbort);
        this.#waiters.delete(waiter);
      };
      const waiter: Waiter = {
        resolve: (entry) => {
          leave();
          resolve(entry);
        },
        reject: (error) => {
          leave();
          reject(error instanceof Error ? error : new Error(String(error)));
        },
      };
      const onAbort = () => {
        waiter.reject(aborted(signal));
      };
      const cancelTimer =
        timeoutMs === 0
          ? () => undefined
          : clock.after(timeoutMs, () => {
              onTimeout();
              waiter.reject(timedOut(timeoutMs));
            });
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiters.add(waiter);
    });
  }

  /** The one that came first; it stays until it is resolved or rejected. */
  first(): Waiter | undefined {
    const [first] = this.#waiters;
    return first;
  }

  rejectAll(error: unknown): void {
    for (const waiter of [...this.#waiters]) waiter.reject(error);
  }
}

export function aborted(signal: AbortSignal | undefined): IrisError {
  return new IrisError('Waiting for a session was aborted', {
    code: 'IRIS_ABORTED',
    retry: 'safe',
    cause: signal?.reason,
  });
}

function timedOut(timeoutMs: number): IrisError {
  return new IrisError(`No session became free within ${timeoutMs} ms`, {
    code: 'IRIS_POOL',
    retry: 'safe',
    hint: 'Give sessions back sooner, or raise size, overflow or acquireTimeoutMs.',
    details: { timeoutMs },
  });
}
