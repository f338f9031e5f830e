import { IrisError } from '@iris-devtools/core';
import { aborted, connectionClosed, connectionLost, timedOut } from '../errors.js';
import { isFatal, type Wire } from './wire.js';

/** Limits of one call. */
export interface RequestControl {
  readonly signal?: AbortSignal | undefined;
  /** Counted from the call, waiting for the connection included. 0 or absent: none. */
  readonly timeoutMs?: number | undefined;
}

/** `unneeded`: the request was over before the server was asked. */
export type CancelOutcome = 'asked' | 'failed' | 'unneeded';

interface Cancellation {
  /** Aborted when the request is over: what has not been asked need not be. */
  readonly unneeded: AbortController;
  readonly over: Promise<void>;
}

interface Entry {
  readonly work: () => Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  /** Stops timers and listeners. */
  release: () => void;
  settled: boolean;
  cancellation: Cancellation | undefined;
}

export interface QueueOptions {
  /** How long a request that is to be stopped may still occupy the connection. */
  readonly cancelTimeoutMs: number;
  /** Has the server stop what it does for this connection. Never rejects, and ends by itself. */
  readonly cancel: (unneeded: AbortSignal) => Promise<CancelOutcome>;
  readonly maxQueued: number;
  readonly onIdle: () => void;
}

/**
 * Conversations with the server, strictly one after the other. A conversation may hold several requests (a failed statement
 * asks for the error text, a query fetches its pages); nothing gets in between.
 */
export class RequestQueue {
  readonly #wire: Wire;
  readonly #cancelTimeoutMs: number;
  readonly #cancel: QueueOptions['cancel'];
  readonly #maxQueued: number;
  readonly #entries: Entry[] = [];
  readonly #onIdle: () => void;
  #running: Entry | undefined;
  #graceTimer: NodeJS.Timeout | undefined;
  #closing = false;
  #drained: (() => void) | undefined;

  constructor(wire: Wire, options: QueueOptions) {
    this.#wire = wire;
    this.#cancel = options.cancel;
    this.#cancelTimeoutMs = options.cancelTimeoutMs;
    this.#maxQueued = options.maxQueued;
    this.#onIdle = options.onIdle;
  }

  /** Begins to stop the conversation that runs now. @returns false when there is nothing to stop */
  async interrupt(): Promise<boolean> {
    const entry = this.#running;
    if (entry === undefined) return false;
    // It may be about to send its request: that happens before the next turn of the event loop.
    if (!this.#wire.inFlight) await new Promise((resolve) => setImmediate(resolve));
    if (this.#running !== entry || !this.#wire.inFlight) return false;
    this.#startGrace(connectionLost(new Error('A cancelled request could not be stopped'), 'unknown'));
    entry.cancellation ??= this.#startCancelling(entry);
    return true;
  }

  /**
   * Queues one conversation.
   * @throws IrisError IRIS_ABORTED or IRIS_TIMEOUT, with retry `safe` while it had not started; IRIS_CONNECTION_CLOSED,
   * IRIS_CONNECTION_LOST, IRIS_LIMIT when too many wait; and what `work` throws
   */
  run<T>(work: () => Promise<T>, control: RequestControl = {}): Promise<T> {
    if (this.#closing || !this.#wire.open) return Promise.reject(connectionClosed());
    if (control.signal?.aborted === true) return Promise.reject(aborted(control.signal.reason, 'safe'));
    if (this.#entries.length >= this.#maxQueued) return Promise.reject(tooMany(this.#maxQueued));
    return new Promise<T>((resolve, reject) => {
      const entry: Entry = {
        work,
        resolve: resolve as (value: unknown) => void,
        reject,
        release: () => undefined,
        settled: false,
        cancellation: undefined,
      };
      this.#guard(entry, control);
      this.#entries.push(entry);
      if (this.#running === undefined) this.#startNext();
    });
  }

  /** Rejects everything: what runs with `error`, what waits as not sent. */
  fail(error: unknown): void {
    const waiting = this.#entries.splice(0);
    if (this.#running !== undefined) settle(this.#running, error);
    const lost =
      error instanceof IrisError && error.code === 'IRIS_CONNECTION_CLOSED'
        ? error
        : connectionLost(error, 'safe');
    for (const entry of waiting) settle(entry, lost);
    this.#drained?.();
  }

  /** Takes no more work; settles when the queue is empty. */
  async drain(): Promise<void> {
    this.#closing = true;
    if (this.#running === undefined) return;
    await new Promise<void>((resolve) => {
      this.#drained = resolve;
    });
  }

  #startNext(): void {
    const entry = this.#entries.shift();
    this.#running = entry;
    if (entry === undefined) {
      this.#onIdle();
      this.#drained?.();
      return;
    }
    entry.work().then(
      (value) => {
        this.#finish(entry, () => {
          entry.resolve(value);
        });
      },
      (error: unknown) => {
        // A conversation that stopped half-way, or bytes that make no sense: what comes next cannot be understood.
        if (isFatal(error) || this.#wire.inFlight) this.#wire.destroy(error);
        this.#finish(entry, () => {
          entry.reject(error);
        });
      },
    );
  }

  #finish(entry: Entry, settleEntry: () => void): void {
    this.#stopGrace();
    entry.release();
    if (!entry.settled) {
      entry.settled = true;
      settleEntry();
    }
    const { cancellation } = entry;
    if (cancellation === undefined) {
      this.#startNext();
      return;
    }
    // An interrupt that is under way must not hit the next request.
    cancellation.unneeded.abort();
    void cancellation.over.then(() => {
      this.#startNext();
    });
  }

  #startCancelling(entry: Entry): Cancellation {
    const unneeded = new AbortController();
    const over = this.#cancel(unneeded.signal).then((outcome) => {
      // Who waits for the end of the request goes on waiting once the server knows; who has given up does not.
      if (outcome === 'asked' && entry === this.#running && !entry.settled) this.#stopGrace();
    });
    return { unneeded, over };
  }

  #startGrace(error: IrisError): void {
    if (this.#graceTimer !== undefined) return;
    this.#graceTimer = setTimeout(() => {
      this.#wire.destroy(error);
    }, this.#cancelTimeoutMs);
    this.#graceTimer.unref();
  }

  #stopGrace(): void {
    clearTimeout(this.#graceTimer);
    this.#graceTimer = undefined;
  }

  #guard(entry: Entry, { signal, timeoutMs = 0 }: RequestControl): void {
    if (signal === undefined && timeoutMs === 0) return;
    const onAbort = (): void => {
      this.#giveUp(entry, (retry) => aborted(signal?.reason, retry));
    };
    const timer =
      timeoutMs === 0
        ? undefined
        : setTimeout(() => {
            this.#giveUp(entry, (retry) => timedOut('The request', timeoutMs, retry));
          }, timeoutMs);
    signal?.addEventListener('abort', onAbort, { once: true });
    entry.release = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
  }

  /** The caller hears at once; the server gets an interrupt and a little time, then the connection is given up. */
  #giveUp(entry: Entry, error: (retry: 'safe' | 'unknown') => IrisError): void {
    if (entry.settled) return;
    if (entry !== this.#running) {
      this.#entries.splice(this.#entries.indexOf(entry), 1);
      settle(entry, error('safe'));
      return;
    }
    const reason = error('unknown');
    settle(entry, reason);
    this.#startGrace(connectionLost(reason, 'unknown'));
    void this.interrupt();
  }
}

function settle(entry: Entry, error: unknown): void {
  entry.release();
  if (entry.settled) return;
  entry.settled = true;
  entry.reject(error);
}

function tooMany(limit: number): IrisError {
  return new IrisError(`${limit} requests wait for this connection already`, {
    code: 'IRIS_LIMIT',
    retry: 'safe',
    hint: 'Await queries before issuing more, use a pool, or raise maxQueuedRequests.',
  });
}
