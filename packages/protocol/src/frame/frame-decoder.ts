import { limitError } from '../errors.js';
import { DEFAULT_LIMITS } from '../limits.js';
import { HEADER_BYTES, type Frame, type FrameHeader } from './frame.js';

const FIRST_BUFFER_BYTES = 64 * 1024;

export interface StreamedFrameHeader extends FrameHeader {
  readonly payloadLength: number;
}

/**
 * Cuts a byte stream into frames: `push` a chunk, then take frames with `next` until it gives `undefined`.
 *
 * A frame inside one chunk is a view of that chunk. A frame that spans chunks is gathered in a buffer that grows by doubling, so a
 * peer costs no more memory than about twice what it has really sent, however long it says its message will be.
 */
export class FrameDecoder {
  readonly #maxPayloadBytes: number;
  /** The chunk being read, and the frame that started in an earlier chunk. */
  #chunk: Buffer = Buffer.alloc(0);
  #offset = 0;
  #partial: Buffer | undefined;
  #partialLength = 0;
  /** Bytes that `nextPiece` has still to give. */
  #streamedLeft = 0;

  constructor(options: { readonly maxPayloadBytes?: number } = {}) {
    this.#maxPayloadBytes = options.maxPayloadBytes ?? DEFAULT_LIMITS.maxPayloadBytes;
  }

  /** Bytes held that are not part of a complete frame yet. */
  get pendingBytes(): number {
    return this.#partialLength + this.#chunk.length - this.#offset;
  }

  /** Take all frames with `next` before pushing again. */
  push(chunk: Buffer): void {
    this.#chunk =
      this.#offset < this.#chunk.length ? Buffer.concat([this.#chunk.subarray(this.#offset), chunk]) : chunk;
    this.#offset = 0;
  }

  /** @throws IrisError IRIS_LIMIT as soon as a header announces more than `maxPayloadBytes`; the stream is then useless */
  next(): Frame | undefined {
    if (this.#partial !== undefined) return this.#continue(this.#partial);
    const available = this.#chunk.length - this.#offset;
    if (available === 0) return undefined;
    if (available < HEADER_BYTES) {
      this.#startPartial(HEADER_BYTES);
      return undefined;
    }
    const total = this.#frameLength(this.#chunk, this.#offset);
    if (available < total) {
      this.#startPartial(total);
      return undefined;
    }
    const frame = toFrame(this.#chunk, this.#offset, total);
    this.#offset += total;
    return frame;
  }

  /** Part of a frame has come that `next` will give. */
  get gathering(): boolean {
    return this.#partialLength > HEADER_BYTES;
  }

  /**
   * The header of the next frame, whose payload then comes in pieces, is never held as a whole, and may be of any length. Take all
   * pieces before anything else; call it neither while `gathering` nor before the pieces of the last one are taken.
   */
  nextHeader(): StreamedFrameHeader | undefined {
    if (this.#chunk.length === this.#offset) return undefined;
    this.#partial ??= Buffer.allocUnsafe(HEADER_BYTES);
    if (!this.#fill(this.#partial, HEADER_BYTES)) return undefined;
    const { payload: _none, ...header } = toFrame(this.#partial, 0, HEADER_BYTES);
    const payloadLength = this.#partial.readUInt32LE(0);
    this.#partial = undefined;
    this.#partialLength = 0;
    this.#streamedLeft = payloadLength;
    return { ...header, payloadLength };
  }

  /** What has arrived of the payload that `nextHeader` announced; a view of a chunk. `undefined`: nothing more yet, or at all. */
  nextPiece(): Buffer | undefined {
    const length = Math.min(this.#streamedLeft, this.#chunk.length - this.#offset);
    if (length === 0) return undefined;
    const piece = this.#chunk.subarray(this.#offset, this.#offset + length);
    this.#offset += length;
    this.#streamedLeft -= length;
    return piece;
  }

  #startPartial(total: number): void {
    const rest = this.#chunk.subarray(this.#offset);
    this.#partial = Buffer.allocUnsafe(Math.max(rest.length, Math.min(total, FIRST_BUFFER_BYTES)));
    this.#partialLength = rest.copy(this.#partial);
    this.#offset = this.#chunk.length;
  }

  #continue(partial: Buffer): Frame | undefined {
    if (!this.#fill(partial, HEADER_BYTES)) return undefined;
    const total = this.#frameLength(this.#partial ?? partial, 0);
    if (!this.#fill(this.#partial ?? partial, total)) return undefined;
    const frame = toFrame(this.#partial ?? partial, 0, total);
    this.#partial = undefined;
    this.#partialLength = 0;
    return frame;
  }

  /** Moves bytes from the chunk until the partial frame has `target` of them. */
  #fill(partial: Buffer, target: number): boolean {
    const take = Math.min(target - this.#partialLength, this.#chunk.length - this.#offset);
    if (take > 0) {
      let into = partial;
      if (this.#partialLength + take > partial.length) {
        into = Buffer.allocUnsafe(Math.min(target, Math.max(this.#partialLength + take, partial.length * 2)));
        partial.copy(into, 0, 0, this.#partialLength);
        this.#partial = into;
      }
      this.#chunk.copy(into, this.#partialLength, this.#offset, this.#offset + take);
      this.#partialLength += take;
      this.#offset += take;
    }
    return this.#partialLength >= target;
  }

  #frameLength(bytes: Buffer, offset: number): number {
    const payloadLength = bytes.readUInt32LE(offset);
    if (payloadLength > this.#maxPayloadBytes) {
      throw limitError('Payload bytes of one message', payloadLength, this.#maxPayloadBytes, 0);
    }
    return HEADER_BYTES + payloadLength;
  }
}

function toFrame(bytes: Buffer, offset: number, total: number): Frame {
  return {
    sequence: bytes.readUInt32LE(offset + 4),
    statementId: bytes.readUInt32LE(offset + 8),
    code: bytes.readUInt16LE(offset + 12),
    payload: bytes.subarray(offset + HEADER_BYTES, offset + total),
  };
}
