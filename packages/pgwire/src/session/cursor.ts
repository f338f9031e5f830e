import type { FieldDescription } from '../oracle/oracle.js';
import { PgError } from '../pg-error.js';
import type { Execution, Row } from './execution.js';

/** Rows that a cursor may keep in memory, when it must be able to go back or outlives its transaction. */
const MAX_KEPT_ROWS = 1_000_000;

export type FetchDirection = 'forward' | 'backward' | 'absolute' | 'relative';

interface CursorOptions {
  readonly name: string;
  readonly fields: readonly FieldDescription[];
  readonly execution: Execution;
  readonly scroll: boolean;
  readonly hold: boolean;
}

/** An SQL cursor. Without SCROLL it only moves forward and keeps nothing. */
export class Cursor {
  readonly name: string;
  readonly fields: readonly FieldDescription[];
  readonly hold: boolean;
  /** Survived the commit of its transaction, so no later one ends it. */
  held = false;
  readonly execution: Execution;
  readonly #scroll: boolean;
  /** Rows read so far, when they are kept. */
  #kept: Row[] | undefined;
  /** Rows that had been read before they were kept. */
  #rowsDropped = 0;
  #rowsRead = 0;
  #exhausted = false;
  /** 0: before the first row; n: on row n; one more than there are rows: after the last. */
  #position = 0;

  constructor(options: CursorOptions) {
    this.name = options.name;
    this.fields = options.fields;
    this.execution = options.execution;
    this.hold = options.hold;
    this.#scroll = options.scroll;
    if (options.scroll) this.#kept = [];
  }

  /** @throws PgError 55000 when the cursor would have to go back and may not */
  async fetch(direction: FetchDirection, count: number): Promise<Row[]> {
    switch (direction) {
      case 'forward':
        return count < 0 ? this.#backward(-count) : this.#forward(count);
      case 'backward':
        return count < 0 ? this.#forward(-count) : this.#backward(count);
      case 'absolute':
        return this.#absolute(count < 0 ? (await this.#rowCount()) + 1 + count : count);
      case 'relative':
        return this.#absolute(this.#position + count);
    }
  }

  /** Reads everything, so that the cursor needs IRIS no longer. */
  async materialise(): Promise<void> {
    if (this.#kept === undefined) {
      this.#kept = [];
      this.#rowsDropped = this.#rowsRead;
    }
    while (!this.#exhausted) await this.#read();
    await this.execution.close();
  }

  close(): Promise<void> {
    return this.execution.close();
  }

  async #forward(count: number): Promise<Row[]> {
    if (count === 0) return this.#absolute(this.#position);
    const rows: Row[] = [];
    while (rows.length < count) {
      const row = await this.#rowAt(this.#position + 1);
      this.#position += 1;
      if (row === undefined) break;
      rows.push(row);
    }
    return rows;
  }

  async #backward(count: number): Promise<Row[]> {
    this.#requireScroll();
    const rows: Row[] = [];
    while (rows.length < count && this.#position > 0) {
      this.#position -= 1;
      const row = await this.#rowAt(this.#position);
      if (row !== undefined) rows.push(row);
    }
    return rows;
  }

  async #absolute(position: number): Promise<Row[]> {
    if (position <= this.#position && position > 0) this.#requireScroll();
    if (position <= 0) {
      if (this.#position > 0) this.#requireScroll();
      this.#position = 0;
      return [];
    }
    while (this.#position < position - 1) {
      this.#position += 1;
      if ((await this.#rowAt(this.#position)) === undefined) return [];
    }
    const row = await this.#rowAt(position);
    this.#position = row === undefined ? this.#rowsRead + 1 : position;
    return row === undefined ? [] : [row];
  }

  async #rowCount(): Promise<number> {
    this.#requireScroll();
    while (!this.#exhausted) await this.#read();
    return this.#rowsRead;
  }

  /** Without kept rows only the row after the last one read can be asked for. */
  async #rowAt(position: number): Promise<Row | undefined> {
    let row: Row | undefined;
    while (this.#rowsRead < position && !this.#exhausted) row = await this.#read();
    return this.#kept === undefined ? row : this.#kept[position - this.#rowsDropped - 1];
  }

  async #read(): Promise<Row | undefined> {
    const step = await this.execution.next();
    if (step.done === true) {
      this.#exhausted = true;
      return undefined;
    }
    this.#rowsRead += 1;
    if (this.#kept !== undefined) {
      if (this.#kept.length >= MAX_KEPT_ROWS) {
        throw new PgError({
          sqlstate: '54000',
          message: `cursor "${this.name}" has more than ${MAX_KEPT_ROWS} rows`,
        });
      }
      this.#kept.push(step.value);
    }
    return step.value;
  }

  #requireScroll(): void {
    if (this.#scroll) return;
    throw new PgError({
      sqlstate: '55000',
      message: 'cursor can only scan forward',
      hint: 'Declare it with SCROLL option to enable backward scan.',
    });
  }
}
