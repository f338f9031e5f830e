/** One cell in PostgreSQL's text form. */
export type PgCell = string | null;

/** Fields of an ErrorResponse; see "Error and Notice Message Fields" in the PostgreSQL documentation. */
export interface PgFailure {
  readonly sqlstate: string;
  readonly message: string;
  readonly detail: string | undefined;
  readonly table: string | undefined;
  readonly column: string | undefined;
  readonly constraint: string | undefined;
  readonly where: string | undefined;
}

/** What one Execute answered. */
export interface PgResult {
  readonly rows: PgCell[][];
  /** Rows changed or returned, from the command tag; -1 when the tag has no number. */
  readonly rowCount: number;
}

/** The answers to one pipeline, up to its first failure. */
export interface PgAnswer {
  readonly results: readonly PgResult[];
  readonly failure: PgFailure | undefined;
  /** ReadyForQuery was seen. Without it the storage is broken. */
  readonly ready: boolean;
}

/** Reads the backend messages in `bytes`; kinds that do not matter here (notices, ParameterStatus) are skipped. */
export function readAnswer(bytes: Uint8Array): PgAnswer {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const results: PgResult[] = [];
  let rows: PgCell[][] = [];
  let failure: PgFailure | undefined;
  let ready = false;
  for (let at = 0; at + 5 <= buffer.length;) {
    const end = at + 1 + buffer.readInt32BE(at + 1);
    switch (String.fromCharCode(buffer[at] ?? 0)) {
      case 'D':
        rows.push(readRow(buffer, at + 5));
        break;
      case 'C':
        results.push({ rows, rowCount: countOf(buffer.toString('latin1', at + 5, end - 1)) });
        rows = [];
        break;
      case 's': // PortalSuspended: the row limit was reached
        results.push({ rows, rowCount: rows.length });
        rows = [];
        break;
      case 'I': // EmptyQueryResponse
        results.push({ rows: [], rowCount: -1 });
        break;
      case 'E':
        failure ??= readFailure(buffer.subarray(at + 5, end));
        break;
      case 'Z':
        ready = true;
        break;
    }
    at = end;
  }
  return { results, failure, ready };
}

function readRow(buffer: Buffer, start: number): PgCell[] {
  const count = buffer.readUInt16BE(start);
  const cells = new Array<PgCell>(count);
  let at = start + 2;
  for (let index = 0; index < count; index++) {
    const length = buffer.readInt32BE(at);
    at += 4;
    if (length < 0) {
      cells[index] = null;
    } else {
      cells[index] = buffer.toString('utf8', at, at + length);
      at += length;
    }
  }
  return cells;
}

function countOf(tag: string): number {
  const last = tag.slice(tag.lastIndexOf(' ') + 1);
  return /^\d+$/.test(last) ? Number(last) : -1;
}

function readFailure(body: Buffer): PgFailure {
  const fields = new Map<string, string>();
  for (let at = 0; at < body.length && body[at] !== 0;) {
    const end = body.indexOf(0, at + 1);
    if (end < 0) break;
    fields.set(String.fromCharCode(body[at] ?? 0), body.toString('utf8', at + 1, end));
    at = end + 1;
  }
  return {
    sqlstate: fields.get('C') ?? 'XX000',
    message: fields.get('M') ?? 'unknown storage failure',
    detail: fields.get('D'),
    table: fields.get('t'),
    column: fields.get('c'),
    constraint: fields.get('n'),
    where: fields.get('W'),
  };
}
