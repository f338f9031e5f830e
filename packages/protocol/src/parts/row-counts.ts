import { limitError } from '../errors.js';
import type { ListReader } from '../list/list-reader.js';
import type { ListWriter } from '../list/list-writer.js';

/** Rows affected, one number per parameter set, up to the end of the message. */
export function readRowCounts(body: ListReader): number[] {
  const counts: number[] = [];
  while (!body.atEnd) {
    if (counts.length >= body.limits.maxParameterSets) {
      throw limitError('Row counts', counts.length + 1, body.limits.maxParameterSets, body.offset);
    }
    counts.push(body.readInteger('A row count'));
  }
  return counts;
}

export function writeRowCounts(out: ListWriter, counts: readonly number[]): void {
  for (const count of counts) out.integer(count);
}
