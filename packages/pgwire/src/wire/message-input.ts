import type { Readable } from 'node:stream';
import { FrameDecoder } from './frame-decoder.js';
import type { BodyLimit, Frame } from './frame-decoder.js';

/** What may lie unread while a statement runs; beyond it TCP holds the client back. */
const READ_AHEAD_BYTES = 1024 * 1024;

/** Frames from a socket, one at a time and only when asked for. */
export class MessageInput {
  readonly #decoder = new FrameDecoder();
  readonly #maxMessageBytes: number;
  #stream: Readable;
  #ended = false;
  #wake: (() => void) | undefined;
  #interruption: Error | undefined;
  #onEnd: (() => void) | undefined;

  readonly #onData = (chunk: Uint8Array): void => {
    this.#decoder.push(chunk);
    if (this.#wake === undefined && this.#decoder.bufferedBytes > READ_AHEAD_BYTES) this.#stream.pause();
    this.#wake?.();
  };

  readonly #onClose = (): void => {
    if (this.#ended) return;
    this.#ended = true;
    this.#wake?.();
    this.#onEnd?.();
  };

  constructor(stream: Readable, maxMessageBytes: number) {
    this.#stream = stream;
    this.#maxMessageBytes = maxMessageBytes;
    this.#attach();
  }

  /** Called once when the client is gone, also while nobody waits for a message. */
  set onEnd(listener: () => void) {
    this.#onEnd = listener;
  }

  get ended(): boolean {
    return this.#ended;
  }

  get bufferedBytes(): number {
    return this.#decoder.bufferedBytes;
  }

  /** Stops reading, so that another stream can take over the socket. */
  detach(): void {
    this.#stream.off('data', this.#onData);
    this.#stream.off('close', this.#onClose);
    this.#stream.off('end', this.#onClose);
    this.#stream.pause();
  }

  replaceStream(stream: Readable): void {
    this.#stream = stream;
    this.#attach();
  }

  /** The wait that is under way, or else the next one, throws this. */
  interrupt(reason: Error): void {
    this.#interruption = reason;
    this.#wake?.();
  }

  /** The next message; `undefined` when the client left. @throws PgError 08P01, or the reason of `signal` */
  async next(limit: BodyLimit, signal?: AbortSignal): Promise<Frame | undefined> {
    return this.#wait(() => this.#decoder.next((tag) => this.#clamp(limit(tag))), signal);
  }

  /** The next message if it is here already. */
  nextBuffered(limit: BodyLimit): Frame | undefined {
    return this.#decoder.next((tag) => this.#clamp(limit(tag)));
  }

  /** The first byte of what comes next, without taking it; `undefined` unless it is here already. */
  peekTag(): number | undefined {
    return this.#decoder.peekTag();
  }

  /** The first byte of the connection: TLS starts with 0x16, a startup packet with a length. */
  async firstByte(): Promise<number | undefined> {
    return this.#wait(() => this.#decoder.peekTag());
  }

  async nextUntagged(maxBodyBytes: number): Promise<Uint8Array | undefined> {
    return this.#wait(() => this.#decoder.nextUntagged(maxBodyBytes));
  }

  /** Everything read so far, given back. */
  takeBuffered(): Buffer {
    return this.#decoder.takeAll();
  }

  #clamp(maxBodyBytes: number | undefined): number | undefined {
    return maxBodyBytes === undefined ? undefined : Math.min(maxBodyBytes, this.#maxMessageBytes);
  }

  async #wait<T>(take: () => T | undefined, signal?: AbortSignal): Promise<T | undefined> {
    for (;;) {
      signal?.throwIfAborted();
      if (this.#interruption !== undefined) throw this.#interruption;
      const taken = take();
      if (taken !== undefined) return taken;
      if (this.#ended) return undefined;
      await this.#more(signal);
    }
  }

  async #more(signal: AbortSignal | undefined): Promise<void> {
    const wake = (): void => this.#wake?.();
    signal?.addEventListener('abort', wake, { once: true });
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      this.#stream.resume();
    });
    this.#wake = undefined;
    signal?.removeEventListener('abort', wake);
  }

  #attach(): void {
    this.#stream.on('data', this.#onData);
    this.#stream.on('end', this.#onClose);
    this.#stream.on('close', this.#onClose);
  }
}
