import { decodeReply, MAX_STREAM_CHUNK_BYTES } from '@iris-devtools/protocol';
import type { Wire } from '../net/wire.js';
import { askSuccessfully } from './conversation.js';

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
