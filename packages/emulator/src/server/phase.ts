import type { CodecOptions, Request } from '@iris-devtools/protocol';
import type { Exchange } from './exchange.js';

/** What a connection does after an answer: stay, go on to another phase, or end when the answer is sent. */
export type PhaseResult = Phase | 'stay' | 'close';

/**
 * One stage of a connection: handshake, login, ready. It answers what it names and refuses the rest:
 * throwing IrisError IRIS_PROTOCOL ends the connection.
 */
export interface Phase {
  readonly name: string;
  readonly codec: CodecOptions;
  /** Whether the connection must move on within the login time. */
  readonly timed: boolean;
  handle(request: Request, exchange: Exchange): Promise<PhaseResult> | PhaseResult;
  /** Answers a function code that is known by name only. Absent: the connection ends. */
  refuse?(code: number, exchange: Exchange): void;
  /** Stops what runs, called while `handle` is at work. */
  interrupt?(): void;
  /** The connection has ended. */
  close?(): Promise<void>;
}
