/** Bounds on what a peer may make us hold. Every length and count is checked against one of these before anything is allocated. */
export interface ProtocolLimits {
  /** Payload of one message, header not counted. */
  readonly maxPayloadBytes: number;
  /** Items of one decoded list. */
  readonly maxItems: number;
  /** Columns of one result. */
  readonly maxColumns: number;
  /** Parameters of one statement, and arguments or subscripts of one call. */
  readonly maxParameters: number;
  /** Parameter sets of one batch. */
  readonly maxParameterSets: number;
  /** Pieces that one SQL text may arrive in. */
  readonly maxTextChunks: number;
}

export const DEFAULT_LIMITS: ProtocolLimits = {
  maxPayloadBytes: 64 * 1024 * 1024,
  maxItems: 4_000_000,
  maxColumns: 4096,
  maxParameters: 65_535,
  maxParameterSets: 1_000_000,
  maxTextChunks: 4096,
};
