import type { Statement } from '../sql/statement.js';

/** Whether a transaction is open, as far as the statements of this session tell. */
export class TransactionState {
  autocommit: boolean;
  #open = false;

  constructor(autocommit: boolean) {
    this.autocommit = autocommit;
  }

  get open(): boolean {
    return this.#open;
  }

  began(): void {
    this.#open = true;
  }

  ended(): void {
    this.#open = false;
  }

  /** Call after a statement that succeeded. */
  ran(statement: Statement): void {
    if (statement.transaction === 'begin') this.#open = true;
    else if (statement.transaction === 'end') this.#open = false;
    else if (!this.autocommit && statement.isChange) this.#open = true;
  }
}
