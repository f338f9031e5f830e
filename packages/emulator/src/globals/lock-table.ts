import { IrisError, systemClock } from '@iris-devtools/core';
import type { Clock } from '@iris-devtools/core';

/** What is locked: a global's node, all of whose ancestors and descendants count as locked with it. */
export interface LockName {
  readonly namespace: string;
  /** With caret for a global, as the client writes it. */
  readonly name: string;
  readonly subscripts: readonly string[];
}

export type LockMode = 'exclusive' | 'shared';

/** Identity of a process that holds locks. */
export type LockOwner = object;

interface HeldLock {
  readonly owner: LockOwner;
  readonly mode: LockMode;
  readonly path: readonly string[];
  count: number;
  /** Given back inside a transaction: it stays until the transaction ends. */
  leavesAtEnd: boolean;
}

interface Waiter {
  readonly owner: LockOwner;
  readonly mode: LockMode;
  readonly path: readonly string[];
  readonly settle: (granted: boolean) => void;
}

/** Locks that may exist at one time, so that a client cannot fill the memory with them. */
const MAX_LOCKS = 100_000;

/** ObjectScript's LOCK: incremental, counted per process, shared or exclusive; waiters are looked at in order of arrival. */
export class LockTable {
  readonly #held = new Set<HeldLock>();
  readonly #waiting: Waiter[] = [];
  readonly #clock: Clock;

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  /**
   * Takes a lock, waiting for others to give theirs back.
   * @param timeoutMs `undefined`: wait without end; 0: do not wait
   * @returns false when the time ran out or the owner ended while it waited
   */
  async lock(
    owner: LockOwner,
    name: LockName,
    mode: LockMode,
    timeoutMs: number | undefined,
  ): Promise<boolean> {
    const path = pathOf(name);
    if (this.#free(owner, path, mode)) {
      this.#take(owner, path, mode);
      return true;
    }
    if (timeoutMs === 0) return false;
    return new Promise((resolve) => {
      let cancelTimer = (): void => undefined;
      const waiter: Waiter = {
        owner,
        mode,
        path,
        settle: (granted) => {
          cancelTimer();
          const index = this.#waiting.indexOf(waiter);
          if (index >= 0) this.#waiting.splice(index, 1);
          resolve(granted);
        },
      };
      this.#waiting.push(waiter);
      if (timeoutMs !== undefined) {
        cancelTimer = this.#clock.after(timeoutMs, () => {
          waiter.settle(false);
        });
      }
    });
  }

  /** Gives one count of a lock back; deferred to the end of a transaction when asked. Unheld locks are no error. */
  unlock(owner: LockOwner, name: LockName, mode: LockMode, deferred: boolean): void {
    const path = pathOf(name);
    const lock = this.#own(owner, path, mode);
    if (lock === undefined) return;
    if (lock.count > 1) lock.count -= 1;
    else if (deferred) lock.leavesAtEnd = true;
    else this.#held.delete(lock);
    this.#grantWaiters();
  }

  /** Frees what `unlock` deferred. */
  endTransaction(owner: LockOwner): void {
    this.#removeWhere((lock) => lock.owner === owner && lock.leavesAtEnd);
  }

  /** Frees all locks of a process and ends its waiting. */
  releaseAll(owner: LockOwner): void {
    for (const waiter of this.#waiting.filter((candidate) => candidate.owner === owner)) waiter.settle(false);
    this.#removeWhere((lock) => lock.owner === owner);
  }

  get size(): number {
    return this.#held.size;
  }

  #free(owner: LockOwner, path: readonly string[], mode: LockMode): boolean {
    for (const lock of this.#held) {
      const compatible = lock.owner === owner || (lock.mode === 'shared' && mode === 'shared');
      if (!compatible && overlap(lock.path, path)) return false;
    }
    return true;
  }

  #take(owner: LockOwner, path: readonly string[], mode: LockMode): void {
    const lock = this.#own(owner, path, mode);
    if (lock !== undefined) {
      // Locking again after a deferred unlock takes that unlock back.
      if (lock.leavesAtEnd) lock.leavesAtEnd = false;
      else lock.count += 1;
      return;
    }
    if (this.#held.size >= MAX_LOCKS) {
      throw new IrisError('<LOCK TABLE FULL>', {
        code: 'IRIS_LIMIT',
        hint: `At most ${MAX_LOCKS} locks can be held; release some.`,
      });
    }
    this.#held.add({ owner, mode, path, count: 1, leavesAtEnd: false });
  }

  #own(owner: LockOwner, path: readonly string[], mode: LockMode): HeldLock | undefined {
    for (const lock of this.#held) {
      const same = lock.path.length === path.length && lock.path.every((part, index) => part === path[index]);
      if (lock.owner === owner && lock.mode === mode && same) return lock;
    }
    return undefined;
  }

  #removeWhere(matches: (lock: HeldLock) => boolean): void {
    for (const lock of this.#held) if (matches(lock)) this.#held.delete(lock);
    this.#grantWaiters();
  }

  #grantWaiters(): void {
    for (const waiter of [...this.#waiting]) {
      if (!this.#free(waiter.owner, waiter.path, waiter.mode)) continue;
      this.#take(waiter.owner, waiter.path, waiter.mode);
      waiter.settle(true);
    }
  }
}

function pathOf({ namespace, name, subscripts }: LockName): readonly string[] {
  return [namespace.toUpperCase(), name, ...subscripts];
}

/** True when one path is the other or an ancestor of it. */
function overlap(a: readonly string[], b: readonly string[]): boolean {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) if (a[index] !== b[index]) return false;
  return true;
}
