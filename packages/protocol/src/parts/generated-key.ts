import type { ListReader } from '../list/list-reader.js';
import type { ListWriter } from '../list/list-writer.js';

/**
 * The auto-generated key column that an update asks for. `undefined`: none asked for. The Go and Rust drivers then send an empty
 * string, the Python one -1; the meaning of other values is unverified on a live server.
 */
export type GeneratedKeyColumn = string | number | undefined;

export function writeGeneratedKey(out: ListWriter, column: GeneratedKeyColumn): void {
  if (column === undefined) out.null();
  else if (typeof column === 'number') out.integer(column);
  else out.text(column);
}

export function readGeneratedKey(body: ListReader): GeneratedKeyColumn {
  const value = body.readValue();
  if (value === null || value === undefined || value === '' || value === -1) return undefined;
  return typeof value === 'bigint' ? value.toString() : value;
}
