import { Readable } from 'node:stream';
import { IrisError, type Column, type LobHandle } from '@iris-devtools/core';
import { decodeReply, STATUS, type Request } from '@iris-devtools/protocol';
import { connectionLost, valueError } from '../errors.js';
import type { RequestControl } from '../net/request-queue.js';
import type { PayloadSink } from '../net/streamed-reply.js';
import type { Wire } from '../net/wire.js';
import { askSuccessfully, failure, isSuccess } from './conversation.js';
import type { Run } from './statement-runner.js';

/** All of a LOB, from where the last reading ended. */
const WHOLE = -1;
const MAX_LENGTH = 2 ** 31 - 1;

/** What a LOB needs of its connection. */
export interface LobAccess {
  readonly wire: Wire;
  readonly run: Run;
  newStatementId(): number;
  /** Longest value that `text` and `bytes` give unless told otherwise. */
  readonly maxLobBytes: number;
  /** How long what is left of an abandoned LOB may still occupy the connection. */
  readonly cancelTimeoutMs: number;
}

/**
 * The value of a LONGVARCHAR or LONGVARBINARY column, still on the server. It can be read while its connection is open.
 *
 * Each reading asks for the whole value, which the server sends as one message; its bytes are handed on as they arrive, and the socket
 * is not read while the reader is behind, so that memory stays bounded. Until the last byte the connection is busy: other requests
 * wait in its queue, so awaiting one between two pieces of a long LOB waits for ever.
 */
export class Lob implements LobHandle {
  /** As it was in the row. */
  readonly handle: string;
  readonly kind: 'text' | 'binary';
  readonly #access: LobAccess;
  readonly #statementId: number;
  #used = false;
  #readBefore = false;

  constructor(handle: string, kind: Lob['kind'], access: LobAccess) {
    this.handle = handle;
    this.kind = kind;
    this.#access = access;
    this.#statementId = access.newStatementId();
  }

  /** Characters of a text, bytes of a binary value; one round trip. @throws IrisError IRIS_SQL and what the connection throws */
  size(control: RequestControl = {}): Promise<number> {
    return this.#access.run(() => this.sizeNow(), control);
  }

  /**
   * The content as it arrives: strings of a text, Buffers of a binary value. Nothing is asked for before the first read. Destroying it early
   * throws the rest away; the connection is free when that has arrived, or is dropped after `cancelTimeoutMs`. A time limit counts for
   * all of the reading, the reader's own time included.
   */
  stream(control: RequestControl = {}): Readable {
    this.#used = true;
    const request = (): WholeRequest => this.#wholeRequest();
    const readable = new LobReadable(this.#access, request, this.#statementId, control);
    return this.kind === 'text' ? readable.setEncoding('utf8') : readable;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string | Buffer, void, undefined> {
    // Leaving the loop early destroys the stream.
    for await (const piece of this.stream()) yield piece as string | Buffer;
  }

  /** All of it as text. @throws IrisError IRIS_LIMIT when it has more than `maxBytes` bytes (default: `maxLobBytes`) as UTF-8 */
  async text(control: RequestControl & { readonly maxBytes?: number } = {}): Promise<string> {
    return (await this.bytes(control)).toString('utf8');
  }

  /** All of it as bytes; a text as UTF-8. @throws IrisError IRIS_LIMIT as `text` */
  bytes(control: RequestControl & { readonly maxBytes?: number } = {}): Promise<Buffer> {
    return this.#access.run(() => this.readNow(control.maxBytes ?? this.#access.maxLobBytes), control);
  }

  /**
   * A part: at most `length` characters of a text, or bytes of a binary value, from `start` on, counted from 0; `''` or no bytes behind the
   * end. Unlike a stream it occupies the connection for one round trip only. Characters are UTF-16 units as in JavaScript, so a part of a
   * text may end inside of a pair. The request is the JDBC driver's (3.10.3).
   * @throws IrisError IRIS_VALUE, IRIS_SQL
   */
  async part(start: number, length: number, control: RequestControl = {}): Promise<string | Buffer> {
    if (!isCount(start) || !isCount(length))
      throw valueError('start and length of a part must be whole numbers from 0 on', 'Correct them.');
    const data = await this.#access.run(() => this.#partNow(start, length), control);
    return this.kind === 'text' ? data.toString('utf8') : data;
  }

  /** Tells the server that it will not be read again, if it was; nothing is waited for. */
  async close(): Promise<void> {
    if (!this.#used) return;
    this.#used = false;
    await this.#access.run(() => {
      this.closeNow();
      return Promise.resolve();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #partNow(start: number, length: number): Promise<Buffer> {
    this.#used = true;
    const { wire } = this.#access;
    const request = { kind: 'StreamPart', handle: this.handle, position: start + 1, length } as const;
    const frame = await askSuccessfully(wire, request, this.#statementId);
    // A copy: a view would keep the whole network buffer.
    return Buffer.from(decodeReply('StreamPart', frame, wire.codec).data);
  }

  /** Whether its connection is the one with this wire. */
  isOf(wire: Wire): boolean {
    return this.#access.wire === wire;
  }

  /** As `text` or `bytes`, inside of a conversation. */
  async contentNow(): Promise<string | Buffer> {
    const content = await this.readNow(this.#access.maxLobBytes);
    return this.kind === 'text' ? content.toString('utf8') : content;
  }

  /** As `size`, inside of a conversation. */
  async sizeNow(): Promise<number> {
    this.#used = true;
    const { wire } = this.#access;
    const request = { kind: 'StreamSize', handle: this.handle } as const;
    const frame = await askSuccessfully(wire, request, this.#statementId);
    return decodeReply('StreamSize', frame, wire.codec).size;
  }

  /** As `bytes`, inside of a conversation. */
  readNow(maxBytes: number): Promise<Buffer> {
    this.#used = true;
    return readBytes(this.#access.wire, this.#wholeRequest(), maxBytes, this.#statementId);
  }

  /** A read goes on where the last one ended (seen from the JDBC driver, 3.10.3), so later ones name the beginning. */
  #wholeRequest(): WholeRequest {
    const { handle } = this;
    const again = this.#readBefore;
    this.#readBefore = true;
    if (again) return { kind: 'StreamPart', handle, position: 1, length: MAX_LENGTH };
    return { kind: 'ReadStream', handle, length: WHOLE };
  }

  /** As `close`, inside of a conversation. The official Python client (5.4.1) waits for no reply either. */
  closeNow(): void {
    this.#access.wire.tell({ kind: 'CloseStream' }, this.#statementId);
  }
}

type WholeRequest = Extract<Request, { readonly kind: 'ReadStream' | 'StreamPart' }>;

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

/** The kind of LOB that a column's values are. */
export function lobKind({ type }: Column): Lob['kind'] {
  // unverified on a live server: the character set of stream text; UTF-8 is what the Go driver and the official Python client take it for.
  return type === 'LONGVARCHAR' ? 'text' : 'binary';
}

async function readBytes(
  wire: Wire,
  request: WholeRequest,
  maxBytes: number,
  statementId: number,
): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let length = 0;
  const keep = (bytes: Buffer): void => {
    length += bytes.length;
    if (length <= maxBytes) pieces.push(bytes);
    else pieces.length = 0;
  };
  await readWhole(wire, request, statementId, keep);
  if (length <= maxBytes) return Buffer.concat(pieces);
  throw new IrisError(`A LOB of ${length} bytes is longer than maxLobBytes, ${maxBytes}`, {
    code: 'IRIS_LIMIT',
    hint: "Raise maxLobBytes, or use the option lobs: 'auto' or 'handle' and read it as a stream.",
    details: { sent: false },
  });
}

async function readWhole(
  wire: Wire,
  request: WholeRequest,
  statementId: number,
  piece: PayloadSink['piece'],
): Promise<void> {
  const accepts = (code: number): boolean => code === STATUS.OK || code === STATUS.NO_MORE_DATA;
  const frame = await wire.askStreamed(request, statementId, { accepts, piece });
  wire.done();
  if (!isSuccess(frame)) throw await failure(wire, frame);
}

/** Hands on what arrives; the socket is paused while the reader is behind. */
class LobReadable extends Readable {
  readonly #access: LobAccess;
  readonly #request: () => WholeRequest;
  readonly #statementId: number;
  readonly #control: RequestControl;
  #state: 'new' | 'waiting' | 'reading' | 'over' = 'new';
  #dropTimer: NodeJS.Timeout | undefined;

  constructor(access: LobAccess, request: () => WholeRequest, statementId: number, control: RequestControl) {
    super();
    this.#access = access;
    this.#request = request;
    this.#statementId = statementId;
    this.#control = control;
  }

  override _read(): void {
    if (this.#state === 'reading') this.#access.wire.resume();
    if (this.#state !== 'new') return;
    this.#state = 'waiting';
    this.#access
      .run(() => this.#readWhole(), this.#control)
      .then(
        () => this.push(null),
        (error: unknown) => this.destroy(error instanceof Error ? error : new Error(String(error))),
      );
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    if (this.#state === 'reading') {
      const { wire, cancelTimeoutMs } = this.#access;
      // What is left has to come in before the connection can be used again.
      wire.resume();
      this.#dropTimer = setTimeout(() => {
        wire.destroy(connectionLost(undefined, 'unknown'));
      }, cancelTimeoutMs);
      this.#dropTimer.unref();
    }
    callback(error);
  }

  async #readWhole(): Promise<void> {
    const { wire } = this.#access;
    // Destroyed while it waited for its turn.
    if (this.destroyed) return;
    this.#state = 'reading';
    try {
      await readWhole(wire, this.#request(), this.#statementId, (bytes) => {
        if (!this.destroyed && !this.push(bytes)) wire.pause();
      });
    } finally {
      this.#state = 'over';
      clearTimeout(this.#dropTimer);
      wire.resume();
    }
  }
}
