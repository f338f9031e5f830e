/** What the main thread asks of the storage worker. Answers come in the order of the requests. */
export interface WorkerRequest {
  readonly id: number;
  /** Frontend messages, run as they are. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /**
   * Decides between the two ends of an implicit transaction: with `gate` open (0) the worker closes it (2) and runs
   * `commit`; closed by the main thread (1), it runs `abort`. Exactly one side wins, so nobody is told a wrong outcome.
   */
  readonly end?: {
    readonly gate: Int32Array<SharedArrayBuffer>;
    readonly commit: Uint8Array<ArrayBuffer>;
    readonly abort: Uint8Array<ArrayBuffer>;
  };
}

/** `dump`: a tar of the data directory, compressed. */
export type WorkerCommand = 'close' | 'dump';

export type WorkerReply =
  | { readonly kind: 'image'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'ready'; readonly fresh: boolean }
  | { readonly kind: 'answer'; readonly id: number; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'closed' }
  | { readonly kind: 'failed'; readonly message: string };

export interface WorkerSettings {
  /** Undefined: in memory. */
  readonly dataDir: string | undefined;
  /** A tar of an initialised data directory, to skip initdb. */
  readonly image: Uint8Array<ArrayBuffer> | undefined;
  readonly maxAnswerBytes: number;
}

/** States of the gate of a `WorkerRequest`. */
export const GATE_OPEN = 0;
export const GATE_CANCELLED = 1;
export const GATE_COMMITTED = 2;

/** Small buffers are copied to the other thread faster than they are handed over. */
const TRANSFER_BYTES = 32 * 1024;

export const transferList = (bytes: Uint8Array<ArrayBuffer>): ArrayBuffer[] =>
  bytes.byteLength < TRANSFER_BYTES ? [] : [bytes.buffer];
