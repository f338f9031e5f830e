const INITIAL_BYTES = 1024;

/** Grows as it is written; messages are framed in place, so nothing is copied before the socket takes it. */
export class ByteWriter {
  #buffer = Buffer.allocUnsafe(INITIAL_BYTES);
  #length = 0;

  get lengthBytes(): number {
    return this.#length;
  }

  uint8(value: number): this {
    const start = this.#reserve(1);
    this.#buffer.writeUInt8(value, start);
    return this;
  }

  int16(value: number): this {
    const start = this.#reserve(2);
    this.#buffer.writeInt16BE(value, start);
    return this;
  }

  uint16(value: number): this {
    const start = this.#reserve(2);
    this.#buffer.writeUInt16BE(value, start);
    return this;
  }

  int32(value: number): this {
    const start = this.#reserve(4);
    this.#buffer.writeInt32BE(value, start);
    return this;
  }

  uint32(value: number): this {
    const start = this.#reserve(4);
    this.#buffer.writeUInt32BE(value, start);
    return this;
  }

  bytes(value: Uint8Array): this {
    const start = this.#reserve(value.length);
    this.#buffer.set(value, start);
    return this;
  }

  utf8(text: string): this {
    const sizeBytes = Buffer.byteLength(text);
    const start = this.#reserve(sizeBytes);
    this.#buffer.write(text, start, sizeBytes, 'utf8');
    return this;
  }

  /** Zero-terminated. A zero inside would end the string early on the other side, so it is dropped. */
  cstring(text: string): this {
    return this.utf8(text.includes('\0') ? text.replaceAll('\0', '') : text).uint8(0);
  }

  /** Writes one frame: type byte (absent in the startup phase), length, body. */
  frame(tag: number | undefined, body: (out: this) => void): this {
    if (tag !== undefined) this.uint8(tag);
    const start = this.#reserve(4);
    body(this);
    this.#buffer.writeInt32BE(this.#length - start, start);
    return this;
  }

  /** What was written so far; the writer starts over with a buffer of its own. */
  take(): Buffer {
    const taken = this.#buffer.subarray(0, this.#length);
    this.#buffer = Buffer.allocUnsafe(INITIAL_BYTES);
    this.#length = 0;
    return taken;
  }

  /** Call it before `#buffer` is read: it may put a larger one in its place. */
  #reserve(byteCount: number): number {
    const start = this.#length;
    const needed = start + byteCount;
    if (needed > this.#buffer.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2));
      this.#buffer.copy(grown, 0, 0, start);
      this.#buffer = grown;
    }
    this.#length = needed;
    return start;
  }
}
