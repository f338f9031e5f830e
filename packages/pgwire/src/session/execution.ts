import type { SqlValue } from '@iris-devtools/core';
import type { FormatCode } from '../messages/format-codes.js';
import { PgError } from '../pg-error.js';

export type Row = readonly SqlValue[];
export type EncodedRow = readonly (Uint8Array | null)[];

type Step = IteratorResult<Row, unknown>;

/** A statement that runs: rows are taken as the client can take them. */
export interface Execution {
  /** The next row, at once where it is here already. */
  next(): Step | Promise<Step>;
  encode(row: Row, formats: readonly FormatCode[]): EncodedRow;
  /** The command tag. @param rowCount rows that this Execute sent */
  tag(rowCount: number): string;
  /** Frees what the statement holds; also for one that was left early. */
  close(): Promise<void>;
}

const END: Step = { done: true, value: undefined };

/** A command without rows that has done its work. */
export function completed(tag: string): Execution {
  return rowsOf([], () => tag);
}

/** Rows that are complete and encoded as text. */
export function rowsOf(rows: readonly EncodedRow[], tag: (rowCount: number) => string): Execution {
  let index = 0;
  return {
    next() {
      const row = rows[index];
      if (row === undefined) return END;
      index += 1;
      return { done: false, value: row };
    },
    // The oracle encoded its rows already; text, the type of our own commands, has the same bytes in both formats.
    encode: (row) => row as EncodedRow,
    tag,
    close: () => Promise.resolve(),
  };
}

/** The format of each of `count` columns or parameters: none given means text, one is for all. */
export function expandFormats(
  formats: readonly FormatCode[],
  count: number,
  message: (formatCount: number) => string,
): readonly FormatCode[] {
  if (formats.length === count && count !== 1) return formats;
  if (formats.length <= 1) return new Array<FormatCode>(count).fill(formats[0] ?? 0);
  throw new PgError({ sqlstate: '08P01', message: message(formats.length) });
}
