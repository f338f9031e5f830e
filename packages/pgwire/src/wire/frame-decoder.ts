import { protocolViolation } from './protocol-violation.js';

export interface Frame {
  readonly tag: number;
  readonly body: Uint8Array;
}

/** How long the body of a message may be; `undefined` refuses the message type itself. */
export type BodyLimit = (tag: number) => number | undefined;

const HEADER_BYTES = 5;
const LENGTH_FIELD_BYTES = 4;

/**
 * Cuts a byte stream into frames. Type and length are checked as soon as they are there, so a peer cannot
 * make the server buffer what it would refuse afterwards.
 */
export class FrameDecoder {
  #chunks: Uint8Array[] = [];
  #bufferedBytes = 0;

  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.#bufferedBytes += chunk.length;
  }

  get bufferedBytes(): number {
    return this.#bufferedBytes;
  }

  /** First byte of what is buffered. */
  peekTag(): number | undefined {
    return this.#bufferedBytes === 0 ? undefined : this.#peek(1).readUInt8(0);
  }

  /** Everything that is buffered, as it came. */
  takeAll(): Buffer {
    return this.#bufferedBytes === 0 ? Buffer.alloc(0) : this.#take(this.#bufferedBytes);
  }

  /** The next whole frame, or `undefined` until more bytes arrive. @throws PgError 08P01 (FATAL) */
  next(limit: BodyLimit): Frame | undefined {
    if (this.#bufferedBytes < 1) return undefined;
    const tag = this.#peek(1).readUInt8(0);
    const maxBodyBytes = limit(tag);
    if (maxBodyBytes === undefined) {
      throw protocolViolation(`invalid frontend message type ${tag}`);
    }
    if (this.#bufferedBytes < HEADER_BYTES) return undefined;
    const bodyBytes = this.#bodyLength(this.#peek(HEADER_BYTES).readInt32BE(1), maxBodyBytes);
    if (this.#bufferedBytes < HEADER_BYTES + bodyBytes) return undefined;
    const frame = this.#take(HEADER_BYTES + bodyBytes);
    return { tag, body: frame.subarray(HEADER_BYTES) };
  }

  /** A packet of the startup phase: length and body, without a type byte. */
  nextUntagged(maxBodyBytes: number): Uint8Array | undefined {
    if (this.#bufferedBytes < LENGTH_FIELD_BYTES) return undefined;
    const bodyBytes = this.#bodyLength(this.#peek(LENGTH_FIELD_BYTES).readInt32BE(0), maxBodyBytes);
    if (this.#bufferedBytes < LENGTH_FIELD_BYTES + bodyBytes) return undefined;
    return this.#take(LENGTH_FIELD_BYTES + bodyBytes).subarray(LENGTH_FIELD_BYTES);
  }

  #bodyLength(lengthField: number, maxBodyBytes: number): number {
    const bodyBytes = lengthField - LENGTH_FIELD_BYTES;
    if (bodyBytes < 0 || bodyBytes > maxBodyBytes) {
      throw protocolViolation(
        'invalid message length',
        `length ${lengthField}, at most ${maxBodyBytes} expected`,
      );
    }
    return bodyBytes;
  }

  /** The first bytes without consuming them; they may lie in several chunks. */
  #peek(byteCount: number): Buffer {
    const first = this.#chunks[0];
    if (first !== undefined && first.length >= byteCount) return view(first, 0, byteCount);
    return this.#merge().subarray(0, byteCount);
  }

  #take(byteCount: number): Buffer {
    const first = this.#chunks[0];
    const source =
      first !== undefined && first.length >= byteCount ? view(first, 0, first.length) : this.#merge();
    if (source.length === byteCount) this.#chunks.shift();
    else this.#chunks[0] = source.subarray(byteCount);
    this.#bufferedBytes -= byteCount;
    return source.subarray(0, byteCount);
  }

  #merge(): Buffer {
    const merged = Buffer.concat(this.#chunks, this.#bufferedBytes);
    this.#chunks = [merged];
    return merged;
  }
}

function view(bytes: Uint8Array, start: number, end: number): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start);
}
