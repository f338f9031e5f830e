import { IrisError, systemClock, type Clock, type Session, type SessionSource } from '@iris-devtools/core';
import { Lease } from './lease.js';
import type { PoolEntry } from './pool-entry.js';
import type { PoolEvent, PoolMetrics, PoolOptions } from './pool-options.js';
import { WaitQueue, aborted } from './wait-queue.js';

type Limits = Required<Omit<PoolOptions, 'open' | 'onEvent' | 'clock' | 'validate'>>;

const DEFAULT_LIMITS: Limits = {
  min: 0,
  size: 50,
  overflow: 20,
  acquireTimeoutMs: 30_000,
  maxLifetimeMs: 3_600_000,
  idleTimeoutMs: 600_000,
  validateAfterIdleMs: 5000,
  leakDetectionMs: 0,
};

const noTimer = (): void => undefined;

async function selectOne(session: Session): Promise<void> {
  await session.query('SELECT 1');
}

/**
 * Sessions for many callers. Always true: open and opening sessions are at most `size + overflow`; nobody waits while a
 * session is idle; those who wait are served in order.
 */
export class Pool implements SessionSource {
  readonly #open: PoolOptions['open'];
  readonly #limits: Limits;
  readonly #validate: (session: Session) => Promise<void>;
  readonly #onEvent: (event: PoolEvent) => void;
  readonly #clock: Clock;
  readonly #queue = new WaitQueue();
  /** The one used last is at the end and is used next, so that those not needed grow old. */
  readonly #idle: PoolEntry[] = [];
  readonly #inUse = new Set<PoolEntry>();
  readonly #closing = new AbortController();
  readonly #background = new Set<Promise<void>>();
  #opening = 0;
  /** Idle sessions that are being checked on behalf of somebody who waits. */
  #checking = 0;
  readonly #totals = { acquisitions: 0, acquireMs: 0, timeouts: 0, opened: 0, failed: 0, closed: 0 };

  constructor(options: PoolOptions) {
    const { open, onEvent, clock, validate, ...limits } = options;
    this.#open = open;
    this.#onEvent = onEvent ?? noTimer;
    this.#clock = clock ?? systemClock;
    this.#validate = validate ?? selectOne;
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
    checkLimits(this.#limits);
    this.#fillToMin();
  }

  /** Waits its turn for a session; `close()` of the session gives it back. */
  async acquire(signal?: AbortSignal): Promise<Session> {
    const startedAt = this.#clock.now();
    if (this.#closing.signal.aborted) throw closed();
    if (signal?.aborted) throw aborted(signal);
    const fresh = this.#queue.length === 0 ? this.#takeFresh() : undefined;
    const entry = fresh ?? (await this.#waitForEntry(signal));
    this.#totals.acquisitions += 1;
    this.#totals.acquireMs += this.#clock.now() - startedAt;
    return this.#lend(entry);
  }

  /** Acquires, runs `fn`, gives back, whatever happened. */
  async use<Result>(fn: (session: Session) => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    await using session = await this.acquire(signal);
    return await fn(session);
  }

  get metrics(): PoolMetrics {
    const { acquisitions, acquireMs, timeouts, opened, failed, closed: closedCount } = this.#totals;
    return {
      open: this.#idle.length + this.#inUse.size,
      idle: this.#idle.length,
      inUse: this.#inUse.size,
      opening: this.#opening,
      waiting: this.#queue.length,
      acquisitions,
      timeouts,
      opened,
      failed,
      closed: closedCount,
      averageAcquireMs: acquisitions === 0 ? 0 : acquireMs / acquisitions,
    };
  }

  /** Refuses new callers, ends idle sessions, and resolves when those on loan have come back and are closed too. */
  async close(): Promise<void> {
    if (!this.#closing.signal.aborted) {
      this.#closing.abort(closed());
      this.#queue.rejectAll(closed());
      for (const entry of this.#idle.splice(0)) this.#end(entry);
    }
    while (this.#background.size > 0 || this.#inUse.size > 0 || this.#opening > 0) {
      await (this.#background.size > 0 ? Promise.allSettled(this.#background) : this.#nextReturn());
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #onReturn: (() => void)[] = [];
  #nextReturn(): Promise<void> {
    return new Promise((resolve) => this.#onReturn.push(resolve));
  }
  #returned(): void {
    for (const resolve of this.#onReturn.splice(0)) resolve();
  }

  /** An idle session that needs no check, at once. */
  #takeFresh(): PoolEntry | undefined {
    const entry = this.#idle.at(-1);
    if (entry === undefined || this.#needsCheck(entry)) return undefined;
    this.#idle.pop();
    this.#inUse.add(entry);
    return entry;
  }

  #needsCheck(entry: PoolEntry): boolean {
    return (
      !entry.session.open ||
      this.#isOld(entry) ||
      this.#clock.now() - entry.idleSince >= this.#limits.validateAfterIdleMs
    );
  }

  #isOld(entry: PoolEntry): boolean {
    const { maxLifetimeMs } = this.#limits;
    return maxLifetimeMs > 0 && this.#clock.now() - entry.openedAt >= maxLifetimeMs;
  }

  #waitForEntry(signal: AbortSignal | undefined): Promise<PoolEntry> {
    const waiting = this.#queue.wait({
      timeoutMs: this.#limits.acquireTimeoutMs,
      signal,
      clock: this.#clock,
      onTimeout: () => {
        this.#totals.timeouts += 1;
      },
    });
    this.#serve();
    return waiting;
  }

  /** Starts as much work as those who wait need: checks of idle sessions first, then new ones up to the limit. */
  #serve(): void {
    let wanted = this.#queue.length - this.#opening - this.#checking;
    while (wanted > 0 && this.#idle.length > 0) {
      const entry = this.#idle.pop();
      if (entry === undefined) break;
      this.#inUse.add(entry);
      wanted -= 1;
      if (this.#needsCheck(entry)) this.#inBackground(this.#checkAndOffer(entry));
      else this.#offer(entry);
    }
    const { size, overflow } = this.#limits;
    while (wanted > 0 && this.#inUse.size + this.#idle.length + this.#opening < size + overflow) {
      wanted -= 1;
      this.#inBackground(this.#openOne());
    }
  }

  async #checkAndOffer(entry: PoolEntry): Promise<void> {
    entry.cancelTimer();
    this.#checking += 1;
    const good = entry.session.open && !this.#isOld(entry) && (await this.#isValid(entry.session));
    this.#checking -= 1;
    if (good) this.#offer(entry);
    else this.#discard(entry);
  }

  async #isValid(session: Session): Promise<boolean> {
    try {
      await this.#validate(session);
      return true;
    } catch (error) {
      this.#onEvent({ kind: 'validation-failed', error });
      return false;
    }
  }

  async #openOne(): Promise<void> {
    this.#opening += 1;
    let session: Session;
    try {
      session = await this.#open(this.#closing.signal);
    } catch (error) {
      this.#opening -= 1;
      this.#totals.failed += 1;
      this.#onEvent({ kind: 'open-failed', error });
      // One failure answers one waiter: the others may have better luck, or learn it from their own attempt.
      this.#queue.first()?.reject(error);
      this.#serve();
      return;
    }
    this.#opening -= 1;
    this.#totals.opened += 1;
    this.#onEvent({ kind: 'opened' });
    const now = this.#clock.now();
    const entry: PoolEntry = { session, openedAt: now, idleSince: now, cancelTimer: noTimer };
    this.#inUse.add(entry);
    session.on?.('close', () => {
      this.#dropIdle(entry);
    });
    this.#offer(entry);
  }

  /** An idle session that ended by itself is of no use to anybody. */
  #dropIdle(entry: PoolEntry): void {
    const place = this.#idle.indexOf(entry);
    if (place < 0) return;
    this.#idle.splice(place, 1);
    this.#end(entry);
    this.#fillToMin();
  }

  /** Hands a good session to whoever came first, or keeps it, or closes it when it is one too many. */
  #offer(entry: PoolEntry): void {
    entry.cancelTimer();
    if (this.#closing.signal.aborted || !entry.session.open || this.#isOld(entry)) {
      this.#discard(entry);
      return;
    }
    const waiter = this.#queue.first();
    if (waiter !== undefined) {
      waiter.resolve(entry);
      return;
    }
    this.#inUse.delete(entry);
    if (this.#idle.length + this.#inUse.size >= this.#limits.size) {
      this.#end(entry);
      return;
    }
    entry.idleSince = this.#clock.now();
    this.#idle.push(entry);
    this.#startIdleTimer(entry);
  }

  #startIdleTimer(entry: PoolEntry): void {
    const { idleTimeoutMs, min } = this.#limits;
    if (idleTimeoutMs === 0) return;
    entry.cancelTimer = this.#clock.after(idleTimeoutMs, () => {
      const place = this.#idle.indexOf(entry);
      if (place < 0) return;
      if (this.#idle.length + this.#inUse.size <= min) {
        this.#startIdleTimer(entry);
        return;
      }
      this.#idle.splice(place, 1);
      this.#end(entry);
    });
  }

  #lend(entry: PoolEntry): Session {
    entry.cancelTimer();
    entry.cancelTimer = this.#watchForLeak();
    const lease: Lease = new Lease(entry.session, async (reset) => {
      entry.cancelTimer();
      if (entry.session.open && !lease.clean) await this.#reset(entry, reset);
      this.#offer(entry);
      this.#returned();
    });
    return lease;
  }

  async #reset(entry: PoolEntry, reset: () => Promise<void>): Promise<void> {
    try {
      await reset();
    } catch (error) {
      this.#onEvent({ kind: 'reset-failed', error });
      await entry.session.close().catch(noTimer);
    }
  }

  #watchForLeak(): () => void {
    const { leakDetectionMs } = this.#limits;
    if (leakDetectionMs === 0) return noTimer;
    const { stack = '' } = new Error('acquired here');
    return this.#clock.after(leakDetectionMs, () => {
      this.#onEvent({ kind: 'leak', heldMs: leakDetectionMs, stack });
    });
  }

  /** Ends a session that is of no use; its place may serve somebody who waits. */
  #discard(entry: PoolEntry): void {
    this.#inUse.delete(entry);
    this.#end(entry);
    if (this.#closing.signal.aborted) return;
    this.#serve();
    this.#fillToMin();
  }

  #end(entry: PoolEntry): void {
    entry.cancelTimer();
    this.#totals.closed += 1;
    this.#onEvent({ kind: 'closed' });
    this.#inBackground(entry.session.close().catch(noTimer));
  }

  #fillToMin(): void {
    const { min } = this.#limits;
    for (let have = this.#idle.length + this.#inUse.size + this.#opening; have < min; have += 1) {
      this.#inBackground(this.#openOne());
    }
  }

  #inBackground(work: Promise<void>): void {
    const tracked = work.finally(() => this.#background.delete(tracked));
    this.#background.add(tracked);
  }
}

function checkLimits(limits: Limits): void {
  for (const [name, value] of Object.entries(limits)) {
    if (Number.isSafeInteger(value) && value >= 0) continue;
    throw new IrisError(`The pool's ${name} is ${String(value)}`, {
      code: 'IRIS_OPTION',
      hint: `Give ${name} a whole number of 0 or more.`,
    });
  }
  if (limits.size + limits.overflow === 0 || limits.min > limits.size) {
    throw new IrisError(`A pool of size ${limits.size} cannot keep ${limits.min} sessions or serve anybody`, {
      code: 'IRIS_OPTION',
      hint: 'Let size be at least 1 and min at most size.',
    });
  }
}

function closed(): IrisError {
  return new IrisError('The pool is closed', { code: 'IRIS_CONNECTION_CLOSED', retry: 'no' });
}
