import { DEFAULT_LIMITS } from '@iris-devtools/protocol';
import type { ProtocolLimits } from '@iris-devtools/protocol';

/** What one client may ask of the server. */
export interface EmulatorLimits {
  /** Clients at one time; further ones are refused at login. */
  readonly maxConnections: number;
  /** Payload of one message. */
  readonly maxFrameBytes: number;
  /** Characters of one statement. */
  readonly maxStatementLength: number;
  /** Parameters of one statement. */
  readonly maxParameters: number;
  /** Prepared statements kept per connection; the least used one is forgotten beyond it (status 404). */
  readonly maxStatements: number;
  /** Results with unread rows kept per connection. */
  readonly maxCursors: number;
  /** Bytes of one stream that a client writes. */
  readonly maxStreamBytes: number;
  /** Time for handshake and login together. */
  readonly loginTimeoutMs: number;
  /** Time without a request after which a connection is closed; 0: never, as IRIS. */
  readonly idleTimeoutMs: number;
}

export const DEFAULT_EMULATOR_LIMITS: EmulatorLimits = {
  maxConnections: 1_000,
  maxFrameBytes: DEFAULT_LIMITS.maxPayloadBytes,
  maxStatementLength: 4_000_000,
  maxParameters: 4_000,
  maxStatements: 1_000,
  maxCursors: 100,
  maxStreamBytes: 256 * 1024 * 1024,
  loginTimeoutMs: 30_000,
  idleTimeoutMs: 0,
};

export function protocolLimits(limits: EmulatorLimits): ProtocolLimits {
  return { ...DEFAULT_LIMITS, maxPayloadBytes: limits.maxFrameBytes, maxParameters: limits.maxParameters };
}
