import { protocolError } from '../errors.js';
import type { ListItem } from '../list/list-item.js';
import { ListReader } from '../list/list-reader.js';
import { ListWriter } from '../list/list-writer.js';
import type { ProtocolLimits } from '../limits.js';
import type { StatementFeature } from './statement-feature.js';

/** Rows of one page. Rows never straddle two messages. */
export interface RowLayout {
  readonly feature: StatementFeature;
  readonly columnCount: number;
  /** 1-based slot of each column in fast-select rows; default: column order. */
  readonly slots?: readonly number[];
}

/**
 * Walks over the rows of a page without allocating per cell: `nextRow()`, then for each column in order `column(i)` makes the
 * cell current in `cell`, to be read with its `current...` methods. Every column must be visited once, in order.
 */
export class RowReader {
  readonly #page: ListReader;
  readonly #layout: RowLayout;
  readonly #inSlotOrder: boolean;
  readonly #row: ListReader;
  /** Offsets of the slots of the current fast-select row, when the slots are not in column order. */
  readonly #slotOffsets: number[] = [];
  #knownSlots = 0;
  readonly cell: ListReader;

  constructor(payload: Buffer, layout: RowLayout, limits?: ProtocolLimits) {
    this.#page = new ListReader(payload, 0, payload.length, limits);
    this.#layout = layout;
    this.#inSlotOrder = layout.slots?.every((slot, index) => slot === index + 1) ?? true;
    const fast = (layout.feature.option & 1) !== 0;
    this.#row = fast ? new RowSlice(payload, limits) : this.#page;
    this.cell = this.#row;
    if (layout.columnCount === 0 && payload.length > 0)
      throw protocolError('There are rows without columns', 0);
  }

  /** @returns false at the end of the page */
  nextRow(): boolean {
    if (this.#page.atEnd) return false;
    if (this.#row instanceof RowSlice) this.#openRow(this.#row);
    return true;
  }

  /** Makes the next column current: call it with 0, 1, 2, ... for each row. @throws IrisError IRIS_PROTOCOL when the row is too short */
  column(index: number): void {
    if (!(this.#row instanceof RowSlice)) {
      this.#page.next();
      return;
    }
    if (!this.#inSlotOrder)
      this.#row.offset = this.#offsetOfSlot(this.#layout.slots?.[index] ?? index + 1, this.#row);
    // A stored list leaves out trailing items without a value; an empty row item is the extreme case.
    if (this.#row.atEnd) this.#row.becomeUndefined();
    else this.#row.next();
  }

  #openRow(row: RowSlice): void {
    this.#page.next();
    row.open(this.#page.dataStart, this.#page.dataEnd);
    this.#knownSlots = 0;
  }

  /** Slots are storage order, so a column's value may lie before the previous column's. */
  #offsetOfSlot(slot: number, row: RowSlice): number {
    if (slot < 1) throw protocolError(`A row has no slot ${slot}`, row.start);
    const offsets = this.#slotOffsets;
    if (this.#knownSlots === 0) {
      offsets[1] = row.start;
      this.#knownSlots = 1;
    }
    row.offset = offsets[this.#knownSlots] ?? row.start;
    while (this.#knownSlots < slot && !row.atEnd) {
      row.next();
      offsets[++this.#knownSlots] = row.offset;
    }
    return this.#knownSlots < slot ? row.end : (offsets[slot] ?? row.end);
  }
}

/** A reader that can be pointed at another slice of its buffer. */
class RowSlice extends ListReader {
  start = 0;

  constructor(bytes: Buffer, limits?: ProtocolLimits) {
    super(bytes, 0, 0, limits);
  }

  open(start: number, end: number): void {
    this.start = start;
    this.offset = start;
    this.end = end;
  }

  becomeUndefined(): void {
    this.itemType = -1;
    this.byReference = false;
    this.dataStart = this.dataEnd = this.end;
  }
}

/** All rows of a page as items, in column order. */
export function readRows(payload: Buffer, layout: RowLayout, limits?: ProtocolLimits): ListItem[][] {
  const reader = new RowReader(payload, layout, limits);
  const rows: ListItem[][] = [];
  while (reader.nextRow()) {
    const row: ListItem[] = [];
    for (let i = 0; i < layout.columnCount; i++) {
      reader.column(i);
      row.push(reader.cell.currentItem());
    }
    rows.push(row);
  }
  return rows;
}

/** Builds the payload of a page. */
export class RowWriter {
  readonly #out: ListWriter;
  readonly #fast: boolean;
  #rowCount = 0;

  constructor(
    feature: StatementFeature,
    options?: { readonly compactDoubles?: boolean; readonly maxBytes?: number },
  ) {
    this.#out = new ListWriter(options);
    this.#fast = (feature.option & 1) !== 0;
  }

  get rowCount(): number {
    return this.#rowCount;
  }

  get byteLength(): number {
    return this.#out.length;
  }

  /** `write` puts out the row's items: in column order, or in slot order for fast select. */
  row(write: (out: ListWriter) => void): void {
    if (this.#fast) this.#out.list(write);
    else write(this.#out);
    this.#rowCount++;
  }

  finish(): Buffer {
    return this.#out.finish();
  }
}
