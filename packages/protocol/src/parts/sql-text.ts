import type { ListReader } from '../list/list-reader.js';
import { ITEM_TYPE } from '../list/item-type.js';
import type { ListWriter } from '../list/list-writer.js';

/** go-irisnative splits SQL text into pieces of this many bytes (message.go). */
export const MAX_TEXT_CHUNK_BYTES = 31_904;

const NOT_LATIN1 = /[^\u0000-\u00ff]/;

/** SQL text in pieces of at most {@link MAX_TEXT_CHUNK_BYTES}; a surrogate pair is never split. */
export function chunkText(text: string): string[] {
  // unverified on a live server: whether the limit counts bytes or characters of Unicode text. Bytes are the stricter reading.
  const unitBytes = NOT_LATIN1.test(text) ? 2 : 1;
  const maxUnits = Math.floor(MAX_TEXT_CHUNK_BYTES / unitBytes);
  const chunks: string[] = [];
  let start = 0;
  while (text.length - start > maxUnits) {
    const last = text.charCodeAt(start + maxUnits - 1);
    const end = start + maxUnits - (last >= 0xd800 && last < 0xdc00 ? 1 : 0);
    chunks.push(text.slice(start, end));
    start = end;
  }
  chunks.push(text.slice(start));
  return chunks;
}

export function writeSqlText(out: ListWriter, text: string): void {
  const chunks = chunkText(text);
  out.integer(chunks.length);
  for (const chunk of chunks) out.text(chunk);
}

/** Chunk count and chunks. The Go driver sends empty text as one empty string without a count. */
export function readSqlText(body: ListReader): string {
  const start = body.offset;
  body.next();
  if (body.itemType === ITEM_TYPE.STRING && body.dataStart === body.dataEnd) return '';
  body.offset = start;
  const count = body.readCount('The number of SQL text pieces', body.limits.maxTextChunks);
  let text = '';
  for (let i = 0; i < count; i++) text += body.readText();
  return text;
}
