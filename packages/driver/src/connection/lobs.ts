import { decodeReply, MAX_STREAM_CHUNK_BYTES } from '@iris-devtools/protocol';
import { IrisError } from '@iris-devtools/core';
import type { Wire } from '../net/wire.js';
import type { ResolvedOptions } from '../options/resolve-options.js';
import { askSuccessfully } from './conversation.js';
import { cellOf, setCell, type AnyRow, type ResultPlan } from './result-plan.js';

const WHOLE_STREAM = -1;

/** The content of a LOB by its handle. @throws IrisError IRIS_SQL, IRIS_LIMIT */
export async function readLobBytes(
  wire: Wire,
  handle: string,
  maxBytes: number,
  statementId: number,
): Promise<Buffer> {
  const frame = await askSuccessfully(
    wire,
    { kind: 'ReadStream', handle, length: WHOLE_STREAM },
    statementId,
  );
  const { data } = decodeReply('ReadStream', frame, wire.codec);
  if (data.length <= maxBytes) return data;
  throw new IrisError(`A LOB of ${data.length} bytes is longer than maxLobBytes, ${maxBytes}`, {
    code: 'IRIS_LIMIT',
    hint: "Raise maxLobBytes, or use the option lobs: 'handle' and readLob().",
    details: { sent: false },
  });
}

/** Replaces the handles in `rows` by what they stand for: text for LONGVARCHAR, bytes for LONGVARBINARY. */
export async function readLobs(
  wire: Wire,
  rows: readonly AnyRow[],
  plan: ResultPlan,
  options: Pick<ResolvedOptions, 'maxLobBytes' | 'parsers'>,
  newStatementId: () => number,
): Promise<void> {
  for (const row of rows) {
    for (const index of plan.lobColumns) {
      // In an object the last of two columns with one name is the only one that is left.
      if (!Array.isArray(row) && plan.names.lastIndexOf(plan.names[index] ?? '') !== index) continue;
      const handle = cellOf(row, plan, index);
      const column = plan.columns[index];
      if (typeof handle !== 'string' || column === undefined) continue;
      const bytes =
        handle === ''
          ? Buffer.alloc(0)
          : await readLobBytes(wire, handle, options.maxLobBytes, newStatementId());
      // unverified on a live server: the character set of stream text; UTF-8 is what the Go driver takes it for.
      const value = column.type === 'LONGVARCHAR' ? bytes.toString('utf8') : Buffer.from(bytes);
      setCell(row, plan, index, options.parsers[column.type]?.(value, column) ?? value);
    }
  }
}

/** Writes a new LOB piece by piece and gives what to bind for it. unverified on a live server. */
export async function storeLob(wire: Wire, content: Buffer, kind: 'text' | 'binary'): Promise<string> {
  let stream = '0';
  for (let at = 0; at === 0 || at < content.length;) {
    const end =
      kind === 'text' ? characterBoundary(content, at + MAX_STREAM_CHUNK_BYTES) : at + MAX_STREAM_CHUNK_BYTES;
    const chunk = content.subarray(at, end);
    const frame = await askSuccessfully(wire, {
      kind: kind === 'text' ? 'StoreCharacterStream' : 'StoreBinaryStream',
      stream,
      chunk,
    });
    stream = decodeReply(
      kind === 'text' ? 'StoreCharacterStream' : 'StoreBinaryStream',
      frame,
      wire.codec,
    ).stream;
    if (chunk.length === 0) break;
    at += chunk.length;
  }
  return stream;
}

/** The last offset up to `end` that does not split a UTF-8 character. */
function characterBoundary(bytes: Buffer, end: number): number {
  if (end >= bytes.length) return bytes.length;
  let at = end;
  while (((bytes[at] ?? 0) & 0xc0) === 0x80) at--;
  return at;
}
