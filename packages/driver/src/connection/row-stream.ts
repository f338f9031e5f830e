import type { Column, RowStream } from '@iris-devtools/core';
import { stateError } from '../errors.js';
import type { OpenCursor } from './execute.js';
import type { AnyRow } from './result-plan.js';

/** What a stream needs from its session; each call is one conversation. */
export interface StreamSource {
  open(): Promise<OpenCursor>;
  fetch(cursor: OpenCursor): Promise<Pick<OpenCursor, 'page' | 'more'>>;
  /** The rows of a page, in the form that the caller wants, LOBs read. */
  rows(cursor: OpenCursor): Promise<AnyRow[]>;
  /** The cursor has come to its end. */
  release(cursor: OpenCursor): void;
  readonly maxRows: number;
}

/**
 * Rows page by page: the next page is asked for when the last one was used up, so a slow reader holds one page in memory.
 * Between pages the connection serves other requests. Nothing is sent before the first `next()` or the first look at `columns`.
 */
export class IrisRowStream<Row extends AnyRow> implements RowStream<Row> {
  readonly #source: StreamSource;
  #opened: Promise<OpenCursor> | undefined;
  #iterating = false;

  constructor(source: StreamSource) {
    this.#source = source;
  }

  get columns(): Promise<readonly Column[]> {
    return this.#open().then((cursor) => cursor.plan.columns);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Row, void, undefined> {
    for await (const page of this.pages()) yield* page;
  }

  /** Whole pages of rows: the fastest way through a large result. A stream can be read once. */
  async *pages(): AsyncGenerator<Row[], void, undefined> {
    if (this.#iterating) throw stateError('A row stream can be read only once', 'Call stream() again.');
    this.#iterating = true;
    let cursor = await this.#open();
    let left = this.#source.maxRows === 0 ? Number.POSITIVE_INFINITY : this.#source.maxRows;
    for (;;) {
      const rows = await this.#source.rows(cursor);
      const wanted = rows.length > left ? rows.slice(0, left) : rows;
      left -= wanted.length;
      if (!cursor.more) this.#source.release(cursor);
      if (wanted.length > 0) {
        // Which of the two forms `Row` is was fixed together with the source.
        yield wanted as Row[];
      }
      if (!cursor.more || left === 0) return;
      cursor = { ...cursor, ...(await this.#source.fetch(cursor)) };
    }
  }

  #open(): Promise<OpenCursor> {
    this.#opened ??= this.#source.open();
    return this.#opened;
  }
}
