import type { ListReader } from '../list/list-reader.js';
import type { ListWriter } from '../list/list-writer.js';
import { readColumns, writeColumns, type WireColumn } from './columns.js';
import { NO_FEATURE } from './statement-feature.js';

/** One of the results of a procedure with many. */
export type ProcedureResultReply =
  | { readonly type: 'update'; readonly rowsAffected: number }
  | { readonly type: 'rows'; readonly columns: readonly WireColumn[]; readonly rows: Buffer }
  | { readonly type: 'done' };

/** -1: columns and rows follow; 0 and above: rows affected; anything below -1: there is no further result. */
const RESULT = { ROWS: -1, DONE: -2 } as const;

export function writeProcedureResult(out: ListWriter, result: ProcedureResultReply): void {
  if (result.type === 'update') out.integer(result.rowsAffected);
  else if (result.type === 'done') out.integer(RESULT.DONE);
  else {
    out.integer(RESULT.ROWS);
    writeColumns(out, result.columns, NO_FEATURE);
    out.rawBytes(result.rows);
  }
}

export function readProcedureResult(body: ListReader): ProcedureResultReply {
  const code = body.readInteger('A result code');
  if (code >= 0) return { type: 'update', rowsAffected: code };
  if (code !== RESULT.ROWS) return { type: 'done' };
  const columns = readColumns(body, NO_FEATURE);
  return { type: 'rows', columns, rows: body.readRawBytes(body.remaining) };
}
