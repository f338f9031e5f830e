/** Bytes of a message header. */
export const HEADER_BYTES = 14;

/**
 * One message. Header layout (caretdev/go-irisnative message_header.go, nDPI iris.c, official addon): u32 payload length, u32
 * sequence, u32 statement id, then two bytes that are a function code in a request and a status in a reply. Little-endian.
 */
export interface Frame {
  readonly sequence: number;
  readonly statementId: number;
  /** Bytes 12 and 13 as a little-endian u16: see `functionCodeName` and `sqlcodeOf`. */
  readonly code: number;
  readonly payload: Buffer;
}

export type FrameHeader = Omit<Frame, 'payload'>;

/** Statuses of replies to SQL and session requests. */
export const STATUS = {
  OK: 0,
  /** No (more) data. After it the server answers no further fetch for this statement. */
  NO_MORE_DATA: 100,
  /** The prepared statement is no longer known: send the text again. */
  STATEMENT_UNKNOWN: 404,
  LOGIN_REFUSED: 417,
} as const;

/** Status of a successful reply to a native request (`00 CA`); any other value is a failure with its text in item 1. */
export const NATIVE_OK = 0xca00;

/**
 * The SQLCODE that the status of a reply stands for: a failure is its SQLCODE without the sign. JDBC 3.10.3 takes 30 for the
 * error -30 and a negative status for success; the Python client 5.3.2 raises IntegrityError for 119, and for -119 it does not
 * (both run against a server that sent them). Signed statuses of servers that send such are read as what they say.
 * unverified on a live server: that no IRIS sends signed ones.
 */
export function sqlcodeOf(code: number): number {
  if (code === STATUS.OK || code === STATUS.NO_MORE_DATA) return code;
  return code > 0x7fff ? code - 0x10000 : -code;
}

/** The u16 for a header from a status or SQLCODE, -65535 to 65535: see {@link sqlcodeOf}. */
export function statusCode(status: number): number {
  return Math.abs(status) & 0xffff;
}

/** Fills the header of a message whose payload starts at {@link HEADER_BYTES} and ends with the buffer. */
export function writeHeader(message: Buffer, header: FrameHeader): void {
  message.writeUInt32LE(message.length - HEADER_BYTES, 0);
  message.writeUInt32LE(header.sequence >>> 0, 4);
  message.writeUInt32LE(header.statementId >>> 0, 8);
  message.writeUInt16LE(header.code, 12);
}

/** A whole message: header and payload in one buffer, because some clients read the header with a single call. */
export function encodeFrame(header: FrameHeader, payload?: Uint8Array): Buffer {
  const message = Buffer.allocUnsafe(HEADER_BYTES + (payload?.length ?? 0));
  if (payload !== undefined) message.set(payload, HEADER_BYTES);
  writeHeader(message, header);
  return message;
}
