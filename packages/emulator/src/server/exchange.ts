import {
  encodeFrame,
  encodeReply,
  encodeTextReply,
  NATIVE_OK,
  STATUS,
  statusCode,
} from '@iris-devtools/protocol';
import type { CodecOptions, Frame, FrameHeader, MessageKind, ReplyOf } from '@iris-devtools/protocol';

/**
 * Status of a failed native request. Clients take any value but 0xCA00 as failure (official addon 2.0.3).
 * unverified on a live server: the value that IRIS sends.
 */
export const NATIVE_FAILED = 5002;

/** The answer to one request: its messages, all with the request's sequence number. */
export class Exchange {
  readonly messages: Buffer[] = [];
  readonly #frame: Frame;
  readonly #options: CodecOptions;

  constructor(frame: Frame, options: CodecOptions) {
    this.#frame = frame;
    this.#options = options;
  }

  get statementId(): number {
    return this.#frame.statementId;
  }

  /** @param status 0, 100 or what else the request's reply allows beside a payload */
  reply<K extends MessageKind>(kind: K, body: ReplyOf<K>, status: number = STATUS.OK, isQuery = false): void {
    this.messages.push(encodeReply(kind, body, this.#header(status), { ...this.#options, isQuery }));
  }

  /** A successful native reply. */
  native<K extends MessageKind>(kind: K, body: ReplyOf<K>): void {
    this.messages.push(encodeReply(kind, body, this.#header(NATIVE_OK), this.#options));
  }

  /** A reply without payload: success, or an SQLCODE. */
  status(status: number): void {
    this.messages.push(encodeFrame(this.#header(status)));
  }

  /** A reply whose payload is made already. */
  raw(payload: Buffer, status: number): void {
    this.messages.push(encodeFrame(this.#header(status), payload));
  }

  text(text: string, status: number): void {
    this.messages.push(encodeTextReply(text, this.#header(status)));
  }

  /** Takes back what was said so far: the request failed after all. */
  discard(): void {
    this.messages.length = 0;
  }

  #header(status: number): FrameHeader {
    const { sequence, statementId } = this.#frame;
    return { sequence, statementId, code: statusCode(status) };
  }
}
