import type { Writable } from 'node:stream';
import { encodeBackend } from '../messages/backend-messages.js';
import type { BackendMessage } from '../messages/backend-messages.js';
import { ByteWriter } from './byte-writer.js';

const FLUSH_BYTES = 64 * 1024;

/** Collects messages and hands them to the socket in large pieces; waits when the client does not read. */
export class MessageOutput {
  readonly #writer = new ByteWriter();
  #stream: Writable;

  constructor(stream: Writable) {
    this.#stream = stream;
  }

  /** After TLS the same connection goes on over another stream. */
  set stream(stream: Writable) {
    this.#stream = stream;
  }

  send(message: BackendMessage): void {
    encodeBackend(message, this.#writer);
  }

  /** One byte outside the message format: the answer to SSLRequest and GSSENCRequest. */
  sendByte(byte: 'S' | 'N'): void {
    this.#writer.utf8(byte);
  }

  /** Is there so much that it should leave before more is added? */
  get full(): boolean {
    return this.#writer.lengthBytes >= FLUSH_BYTES;
  }

  /** Resolves when the socket can take more. Never rejects: a dead connection is noticed where it is read. */
  async flush(): Promise<void> {
    if (this.#writer.lengthBytes === 0) return;
    const stream = this.#stream;
    if (stream.destroyed || stream.writableEnded) {
      this.#writer.take();
      return;
    }
    if (stream.write(this.#writer.take())) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        stream.off('drain', done);
        stream.off('close', done);
        resolve();
      };
      stream.on('drain', done);
      stream.on('close', done);
    });
  }
}
