import { sqlError } from '@iris-devtools/core';

export interface Savepoint {
  readonly name: string;
  /** The last entry of the undo log before it. */
  readonly afterSeq: string;
}

/** A transaction of one IRIS session. */
export interface OpenTransaction {
  readonly id: number;
  /** It may have changed rows, so that others must look at its locks. */
  wrote: boolean;
  readonly savepoints: Savepoint[];
  /** Locks to be released with it. */
  readonly atEnd: (() => void)[];
}

export type LockMode = 'SHARE' | 'EXCLUSIVE';

interface TableLock {
  readonly session: number;
  readonly mode: LockMode;
}

/** Open transactions and table locks of all sessions. Row locks are in the storage's undo log. */
export class TransactionTable {
  readonly #open = new Set<OpenTransaction>();
  readonly #tableLocks = new Map<number, TableLock[]>();
  #nextId = 1;
  #waiters: (() => void)[] = [];

  begin(): OpenTransaction {
    const transaction: OpenTransaction = { id: this.#nextId++, wrote: false, savepoints: [], atEnd: [] };
    this.#open.add(transaction);
    return transaction;
  }

  end(transaction: OpenTransaction): void {
    this.#open.delete(transaction);
    for (const release of transaction.atEnd) release();
    this.#wake();
  }

  /** Does a transaction other than this one have uncommitted changes? */
  othersWrote(own: OpenTransaction | undefined): boolean {
    for (const transaction of this.#open) if (transaction !== own && transaction.wrote) return true;
    return false;
  }

  /** Is the table locked so that this session may not write to it, or may not lock it in this mode? */
  tableLocked(tableId: number, session: number, mode: LockMode): boolean {
    const held = this.#tableLocks.get(tableId) ?? [];
    return held.some(
      (lock) => lock.session !== session && (mode === 'EXCLUSIVE' || lock.mode === 'EXCLUSIVE'),
    );
  }

  lockTable(tableId: number, session: number, mode: LockMode): void {
    this.#tableLocks.set(tableId, [...(this.#tableLocks.get(tableId) ?? []), { session, mode }]);
  }

  /** Takes back one lock of that mode. */
  unlockTable(tableId: number, session: number, mode: LockMode): void {
    const held = this.#tableLocks.get(tableId) ?? [];
    const index = held.findIndex((lock) => lock.session === session && lock.mode === mode);
    if (index >= 0) this.#tableLocks.set(tableId, held.toSpliced(index, 1));
    this.#wake();
  }

  releaseSession(session: number): void {
    for (const [tableId, held] of this.#tableLocks) {
      this.#tableLocks.set(
        tableId,
        held.filter((lock) => lock.session !== session),
      );
    }
    this.#wake();
  }

  /** Resolves when some transaction or table lock has ended. @throws IrisError -110 after the deadline */
  async change(deadlineMs: number, signal: AbortSignal, conflict: string): Promise<void> {
    const left = deadlineMs - Date.now();
    if (left <= 0) throw sqlError(-110, conflict);
    await new Promise<void>((resolve, reject) => {
      const finish = (error?: Error): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
        this.#waiters = this.#waiters.filter((waiter) => waiter !== onChange);
        if (error === undefined) resolve();
        else reject(error);
      };
      const onChange = (): void => {
        finish();
      };
      const onAbort = (): void => {
        finish(signal.reason as Error);
      };
      const timer = setTimeout(() => {
        finish(sqlError(-110, conflict));
      }, left);
      signal.addEventListener('abort', onAbort);
      this.#waiters.push(onChange);
    });
  }

  #wake(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) waiter();
  }
}
