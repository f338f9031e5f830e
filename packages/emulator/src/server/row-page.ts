import { NO_FEATURE, RowWriter, textToPosixTime, TYPE_CODE } from '@iris-devtools/protocol';
import type { ListWriter, StatementFeature } from '@iris-devtools/protocol';
import type { Column } from '@iris-devtools/core';
import type { EngineValue } from '../engine/engine.js';

/** How large one page of a result may get; a row is never split, so a single huge row makes a page of its own. */
export interface PageSize {
  readonly maxRows: number;
  readonly maxBytes: number;
}

export const DEFAULT_PAGE_SIZE: PageSize = { maxRows: 1_000, maxBytes: 256 * 1024 };

/** Keeps the data of a LOB column until the client reads it, and gives the handle that goes into the row. */
export type StreamKeeper = (data: string | Uint8Array) => string;

export interface ColumnLayout {
  readonly columns: readonly Column[];
  readonly feature: StatementFeature;
  /** Column positions in the order in which their values are sent. */
  readonly order: readonly number[];
}

/** Values in column order, as everywhere but in fast-select results. */
export const plainLayout = (columns: readonly Column[]): ColumnLayout => ({
  columns,
  order: columns.map((_, index) => index),
  feature: NO_FEATURE,
});

/** A result that is sent page by page. */
export class Cursor {
  readonly #rows: readonly (readonly EngineValue[])[];
  readonly #layout: ColumnLayout;
  readonly #pageSize: PageSize;
  readonly #keepStream: StreamKeeper;
  #position = 0;

  constructor(
    rows: readonly (readonly EngineValue[])[],
    layout: ColumnLayout,
    pageSize: PageSize,
    keepStream: StreamKeeper,
  ) {
    this.#rows = rows;
    this.#layout = layout;
    this.#pageSize = pageSize;
    this.#keepStream = keepStream;
  }

  get atEnd(): boolean {
    return this.#position >= this.#rows.length;
  }

  /** The payload of the next page, and whether it is the last one. */
  nextPage(): { readonly payload: Buffer; readonly isLast: boolean } {
    const page = new RowWriter(this.#layout.feature);
    const { maxRows, maxBytes } = this.#pageSize;
    while (!this.atEnd && page.rowCount < maxRows && (page.rowCount === 0 || page.byteLength < maxBytes)) {
      const row = this.#rows[this.#position] ?? [];
      page.row((out) => {
        this.#writeRow(out, row);
      });
      this.#position += 1;
    }
    return { payload: page.finish(), isLast: this.atEnd };
  }

  #writeRow(out: ListWriter, row: readonly EngineValue[]): void {
    for (const index of this.#layout.order) {
      const column = this.#layout.columns[index];
      writeValue(out, row[index] ?? null, column?.typeCode ?? TYPE_CODE.VARCHAR, this.#keepStream);
    }
  }
}

/** One value of a row, in the item form that goes with its column's type. */
export function writeValue(
  out: ListWriter,
  value: EngineValue,
  typeCode: number,
  keepStream: StreamKeeper,
): void {
  if (value === null) {
    out.null();
    return;
  }
  switch (typeCode) {
    case TYPE_CODE.LONGVARCHAR:
    case TYPE_CODE.WLONGVARCHAR:
    case TYPE_CODE.LONGVARBINARY:
      out.text(keepStream(typeof value === 'object' ? value : String(value)));
      return;
    case TYPE_CODE.NUMERIC:
    case TYPE_CODE.DECIMAL:
      writeNumeric(out, String(value));
      return;
    case TYPE_CODE.DOUBLE:
    case TYPE_CODE.FLOAT:
    case TYPE_CODE.REAL:
      out.double(Number(value));
      return;
    case TYPE_CODE.TIMESTAMP_POSIX:
      // Clients read the encoded 64-bit number (go-irisnative, sqlalchemy-iris).
      out.integer(textToPosixTime(String(value)));
      return;
  }
  if (typeof value === 'string') out.sqlText(value);
  else if (typeof value === 'bigint') out.integer(value);
  else if (typeof value === 'number') writeNumber(out, value);
  else if (value.length === 0) out.sqlText('');
  else out.bytes(value);
}

/** A whole number is an integer item whatever its column: that is how $LISTBUILD keeps it. */
function writeNumeric(out: ListWriter, text: string): void {
  if (/^-?\d{1,18}$/.test(text)) out.integer(BigInt(text));
  else out.numeric(text);
}

function writeNumber(out: ListWriter, value: number): void {
  if (Number.isSafeInteger(value)) out.integer(value);
  else out.double(value);
}
