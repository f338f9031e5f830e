import type { Socket } from 'node:net';
import { IrisError, isIrisError } from '@iris-devtools/core';
import {
  DEFAULT_LIMITS,
  encodeRequest,
  FrameDecoder,
  protocolError,
  type CodecOptions,
  type Frame,
  type FrameHeader,
  type ProtocolLimits,
  type Request,
} from '@iris-devtools/protocol';
import { connectionClosed, connectionLost } from '../errors.js';
import type { FrameListener } from '../tracing.js';
import { StreamedReply, type PayloadSink } from './streamed-reply.js';

/** Requests without a reply that are remembered, in case that one comes after all. */
const MAX_UNANSWERED = 64;

interface Waiting {
  resolve(frame: Frame): void;
  reject(error: unknown): void;
}

/**
 * Frames over one socket. One request is in flight at a time; `ask` sends it and waits for its reply, `nextReply` waits for
 * the second reply that some requests have. Requests carry odd sequence numbers as the official addon's do, because even ones are
 * for messages that the server starts.
 */
export class Wire {
  readonly limits: ProtocolLimits;
  /** What the handshake and the login agreed on. */
  codec: CodecOptions;
  readonly #socket: Socket;
  readonly #decoder: FrameDecoder;
  readonly #listener: FrameListener | undefined;
  #onEnd: (error: unknown) => void = () => undefined;
  /** Last number given out, and the one of the request in flight. */
  #sequence = -1;
  #requestSequence = -1;
  /** Sequences of requests whose reply, if any, nobody waits for. */
  readonly #unanswered = new Set<number>();
  #waiting: Waiting | undefined;
  /** Replies to the request in flight that came before they were waited for. */
  readonly #ready: Frame[] = [];
  #inFlight = false;
  /** Set while the payload of the reply in flight is handed on in pieces. */
  #streamed: StreamedReply | undefined;
  #ended: { readonly error: Error } | undefined;

  constructor(
    socket: Socket,
    options: {
      readonly maxPayloadBytes: number;
      readonly listener?: FrameListener | undefined;
    },
  ) {
    this.limits = { ...DEFAULT_LIMITS, maxPayloadBytes: options.maxPayloadBytes };
    this.codec = { limits: this.limits };
    this.#socket = socket;
    this.#decoder = new FrameDecoder({ maxPayloadBytes: options.maxPayloadBytes });
    this.#listener = options.listener;
    socket.on('data', (chunk: Buffer) => {
      this.#receive(chunk);
    });
    socket.on('error', (error) => {
      this.destroy(connectionLost(error, 'unknown'));
    });
    socket.on('close', () => {
      this.destroy(connectionLost(undefined, 'unknown'));
    });
  }

  /** Calls `listener` once, when the connection ends for whatever reason. */
  whenEnded(listener: (error: unknown) => void): void {
    this.#onEnd = listener;
  }

  /** A reply is still to come. */
  get inFlight(): boolean {
    return this.#inFlight;
  }

  get open(): boolean {
    return this.#ended === undefined;
  }

  get socket(): Socket {
    return this.#socket;
  }

  /** Sends a request and waits for its first reply. @throws IrisError IRIS_CONNECTION_LOST, IRIS_PROTOCOL, IRIS_LIMIT, IRIS_VALUE */
  ask(request: Request, statementId = 0): Promise<Frame> {
    this.#requireOpen();
    this.#requestSequence = this.#send(request, statementId);
    this.#inFlight = true;
    return this.nextReply();
  }

  /**
   * As {@link Wire.ask}, but the payload of the reply goes to `sink` piece by piece as it arrives and may be of any length. The frame that
   * it resolves to comes after the last piece and has no payload.
   */
  askStreamed(request: Request, statementId: number, sink: PayloadSink): Promise<Frame> {
    this.#requireOpen();
    const reply = this.ask(request, statementId);
    this.#streamed = new StreamedReply(sink, this.#requestSequence, this.limits.maxPayloadBytes);
    return reply;
  }

  /** Stops reading from the socket until `resume`, so that the server has to wait. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Waits for a further reply to the request in flight. */
  nextReply(): Promise<Frame> {
    const frame = this.#ready.shift();
    if (frame !== undefined) return Promise.resolve(frame);
    return new Promise<Frame>((resolve, reject) => {
      if (this.#ended === undefined) this.#waiting = { resolve, reject };
      else reject(this.#ended.error);
    });
  }

  /** Call with the last reply of a request: from now on a frame from the server is one too many. */
  done(): void {
    this.#inFlight = false;
    if (this.#ready.length > 0)
      this.destroy(protocolError('The server sent more replies than the request has', 4));
  }

  /** Sends a request that has no reply, between conversations. One that comes all the same is thrown away. */
  tell(request: Request, statementId: number): void {
    this.#requireOpen();
    this.#sendOnly(request, statementId);
  }

  /** Says goodbye and closes in an orderly way, or after `graceMs` if the server does not close its side. */
  async end(graceMs: number): Promise<void> {
    if (this.#ended !== undefined) return;
    const closed = new Promise<void>((resolve) => {
      this.#socket.once('close', () => {
        resolve();
      });
    });
    this.#send({ kind: 'Disconnect' }, 0);
    this.#finish(connectionClosed());
    this.#socket.end();
    this.#socket.resume();
    const timer = setTimeout(() => {
      this.#socket.destroy();
    }, graceMs);
    await closed;
    clearTimeout(timer);
  }

  /** Closes at once; what waits is rejected with `error`. */
  destroy(error: unknown): void {
    this.#finish(error);
    this.#socket.destroy();
  }

  #finish(error: unknown): void {
    if (this.#ended !== undefined) return;
    this.#ended = { error: error instanceof Error ? error : new Error(String(error)) };
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.reject(error);
    this.#onEnd(error);
  }

  #send(request: Request, statementId: number): number {
    const sequence = (this.#sequence + 2) >>> 0;
    const message = encodeOutgoing(request, { sequence, statementId }, this.codec);
    this.#sequence = sequence;
    this.#listener?.sent(message);
    this.#socket.write(message);
    return sequence;
  }

  #sendOnly(request: Request, statementId: number): void {
    this.#unanswered.add(this.#send(request, statementId));
    const [oldest] = this.#unanswered;
    if (this.#unanswered.size > MAX_UNANSWERED && oldest !== undefined) this.#unanswered.delete(oldest);
  }

  #receive(chunk: Buffer): void {
    if (this.#ended !== undefined) return;
    try {
      this.#decoder.push(chunk);
      for (let frame = this.#nextFrame(); frame !== undefined; frame = this.#nextFrame()) {
        this.#listener?.received(frame);
        this.#deliver(frame);
      }
    } catch (error) {
      this.destroy(error);
    }
  }

  #nextFrame(): Frame | undefined {
    // What began before the request is not its reply.
    if (this.#streamed === undefined || this.#decoder.gathering) return this.#decoder.next();
    return this.#streamed.read(this.#decoder);
  }

  #deliver(frame: Frame): void {
    if (this.#unanswered.delete(frame.sequence)) return;
    this.#streamed = undefined;
    const expected = this.#requestSequence;
    if (!this.#inFlight || frame.sequence !== expected) {
      throw protocolError(
        this.#inFlight
          ? `A reply has the sequence number ${frame.sequence} instead of ${expected}`
          : 'The server sent a message that nothing asked for',
        4,
      );
    }
    const waiting = this.#waiting;
    if (waiting === undefined) {
      if (this.#ready.length >= 2)
        throw protocolError('A request has more replies than the protocol knows', 4);
      this.#ready.push(frame);
      return;
    }
    this.#waiting = undefined;
    waiting.resolve(frame);
  }

  #requireOpen(): void {
    if (this.#ended !== undefined) throw this.#ended.error;
  }
}

/** A message that is too long for the wire was never sent, so the connection stays usable: see `isFatal`. */
function encodeOutgoing(request: Request, header: Omit<FrameHeader, 'code'>, codec: CodecOptions): Buffer {
  try {
    return encodeRequest(request, header, codec);
  } catch (error) {
    if (!isIrisError(error) || error.code !== 'IRIS_LIMIT') throw error;
    throw new IrisError(`The request is too large: ${error.message}`, {
      code: 'IRIS_LIMIT',
      hint: 'Send less at once (fewer rows per batch, a LOB in pieces), or raise maxPayloadBytes.',
      details: { ...error.details, sent: false },
    });
  }
}

/** Errors after which nothing that the server sends can be trusted. */
export function isFatal(error: unknown): boolean {
  if (!isIrisError(error)) return false;
  return error.code === 'IRIS_PROTOCOL' || (error.code === 'IRIS_LIMIT' && error.details['sent'] !== false);
}
