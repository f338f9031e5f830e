import { ByteOffsets, type Edit } from './edited-text.js';
import { isRecord, locationOf, walk } from './syntax.js';

/** Below this a literal costs less to evaluate than to find. */
const MIN_LENGTH = 256;
const VECTOR =
  /^\[\s*[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?\s*(?:,\s*[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?\s*)*\]$/;

export function mayHoldLongVectors(sql: string): boolean {
  return sql.length > MIN_LENGTH && sql.includes("'[");
}

/**
 * PostgreSQL evaluates a literal while it types the statement, more than a millisecond for 1,024 numbers. A literal
 * that is a list of plain numbers may be replaced by a shorter one of the same kind: it is valid or not for the same
 * types (vector, json, text), and a length is only checked at execution.
 */
export function longVectorEdits(sql: string, tree: unknown): Edit[] {
  const found: { start: number; length: number }[] = [];
  const offsets = new ByteOffsets(sql);
  walk(tree, (node) => {
    if (node.kind !== 'A_Const' || !isRecord(node.fields.sval)) return;
    const value = node.fields.sval.sval;
    if (typeof value !== 'string' || value.length < MIN_LENGTH || !VECTOR.test(value)) return;
    const start = locationOf(node);
    // Any other spelling (E'', dollar quotes, a literal continued on the next line) stays as it is.
    if (offsets.holdsAt(start, `'${value}'`)) found.push({ start, length: value.length + 2 });
  });
  found.sort((a, b) => a.start - b.start);
  return found.map(({ start, length }) => {
    const from = offsets.units(start);
    return { start: from, end: from + length, text: "'[1]'" };
  });
}
