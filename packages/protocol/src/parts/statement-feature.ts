import { protocolError } from '../errors.js';
import type { ListReader } from '../list/list-reader.js';
import type { ListWriter } from '../list/list-writer.js';
import { FEATURE, type MessageContext } from '../messages/codec.js';

/** Which fast path one statement uses, sent before the columns when fast select or fast insert was negotiated. */
export interface StatementFeature {
  /** 0 none, 1 fast select, 2 fast insert. */
  readonly option: 0 | 1 | 2;
  /** Items of one fast-select row; 0 otherwise. */
  readonly maxRowItemCount: number;
}

export const NO_FEATURE: StatementFeature = { option: 0, maxRowItemCount: 0 };

function hasPrefix(context: MessageContext): boolean {
  return ((context.features ?? 0) & (FEATURE.FAST_SELECT | FEATURE.FAST_INSERT)) !== 0;
}

export function writeStatementFeature(
  out: ListWriter,
  feature: StatementFeature,
  context: MessageContext,
): void {
  if (!hasPrefix(context)) return;
  out.integer(feature.option);
  // unverified on a live server: for option 2 the Go driver reads a key count before the item count, the Python one does not.
  if (feature.option !== 0) out.integer(feature.maxRowItemCount);
}

export function readStatementFeature(body: ListReader, context: MessageContext): StatementFeature {
  if (!hasPrefix(context)) return NO_FEATURE;
  const at = body.offset;
  const option = body.readInteger('A statement feature option');
  if (option === 0) return NO_FEATURE;
  if (option !== 1 && option !== 2)
    throw protocolError(`Statement feature option ${option} is not known`, at);
  return { option, maxRowItemCount: readItemCount(body) };
}

/** Fast-select rows may have more items than columns, never more than a message may hold items. */
function readItemCount(body: ListReader): number {
  const at = body.offset;
  const count = body.readInteger('A row item count');
  if (count < 0 || count > body.limits.maxColumns)
    throw protocolError(`A row of ${count} items is not possible`, at);
  return count;
}
