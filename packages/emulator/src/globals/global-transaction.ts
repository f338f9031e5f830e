import type { GlobalChange, GlobalReference, GlobalStore } from './global-store.js';
import type { NativeValue } from './native-value.js';

/**
 * The global changes of one process while a transaction is open. Changes are visible to others at once, as in IRIS;
 * a rollback puts back what was there before, newest first.
 */
export class GlobalTransaction {
  readonly #store: GlobalStore;
  readonly #undo: GlobalChange[] = [];
  /** Length of the undo list when each level began; the first is the outermost. */
  readonly #levels: number[] = [];
  /** Of the outermost level. */
  #id: number | undefined;

  constructor(store: GlobalStore) {
    this.#store = store;
  }

  /** $TLEVEL of the globals: 0 outside a transaction. */
  get level(): number {
    return this.#levels.length;
  }

  begin(): void {
    this.#id ??= this.#store.beginTransaction();
    this.#levels.push(this.#undo.length);
  }

  /** Ends the innermost level; what it changed is final when the outermost ends. */
  commit(): void {
    this.#levels.pop();
    if (this.#levels.length === 0) this.commitAll();
  }

  /** Ends all levels and keeps their changes. */
  commitAll(): void {
    this.#levels.length = 0;
    this.#undo.length = 0;
    this.#end();
  }

  rollbackAll(): void {
    this.#undoTo(0);
    this.#levels.length = 0;
    this.#end();
  }

  /** Undoes the innermost level only. */
  rollbackOne(): void {
    this.#undoTo(this.#levels.pop() ?? 0);
    if (this.#levels.length === 0) this.#end();
  }

  set(at: GlobalReference, value: NativeValue): void {
    this.#note(this.#store.set(at, value, this.#id));
  }

  kill(at: GlobalReference): void {
    this.#note(this.#store.kill(at, this.#id));
  }

  #end(): void {
    if (this.#id !== undefined) this.#store.endTransaction(this.#id);
    this.#id = undefined;
  }

  #note(undo: readonly GlobalChange[]): void {
    if (this.level > 0) for (const change of undo) this.#undo.push(change);
  }

  #undoTo(length: number): void {
    while (this.#undo.length > length) {
      const change = this.#undo.pop();
      if (change !== undefined) this.#store.apply(change, this.#id);
    }
  }
}
