import type { Clock } from '@iris-devtools/core';
import { PgError } from '../pg-error.js';

/** Why a statement is stopped, in PostgreSQL's words. */
const REASONS = {
  user: 'canceling statement due to user request',
  timeout: 'canceling statement due to statement timeout',
  disconnect: 'the client went away',
} as const;

export type CancelReason = keyof typeof REASONS;

/** Stops one statement: by CancelRequest, by statement_timeout, or because the client is gone. */
export class Cancellation implements Disposable {
  readonly #controller = new AbortController();
  readonly #stopTimer: () => void;

  constructor(clock: Clock, timeoutMs: number) {
    this.#stopTimer =
      timeoutMs > 0
        ? clock.after(timeoutMs, () => {
            this.cancel('timeout');
          })
        : () => undefined;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  cancel(reason: CancelReason): void {
    this.#controller.abort(new PgError({ sqlstate: '57014', message: REASONS[reason] }));
  }

  /** After a cancellation the error that the work ended with is only its echo. */
  explain(error: unknown): unknown {
    return this.signal.aborted ? this.signal.reason : error;
  }

  /** Work that cannot be stopped goes on unwatched; its caller is set free. */
  async race<T>(work: Promise<T>): Promise<T> {
    const { signal } = this;
    signal.throwIfAborted();
    let stop: () => void = () => undefined;
    const stopped = new Promise<never>((_resolve, reject) => {
      stop = () => {
        reject(signal.reason as Error);
      };
    });
    signal.addEventListener('abort', stop, { once: true });
    try {
      return await Promise.race([work, stopped]);
    } finally {
      signal.removeEventListener('abort', stop);
      work.catch(() => undefined);
    }
  }

  [Symbol.dispose](): void {
    this.#stopTimer();
  }
}
