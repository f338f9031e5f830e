import type { ByteReader } from '../../wire/byte-reader.js';
import type { ByteWriter } from '../../wire/byte-writer.js';
import { protocolViolation } from '../../wire/protocol-violation.js';

/** Asks, on a connection of its own, that another connection stops what it is running. */
export interface CancelRequest {
  readonly kind: 'CancelRequest';
  readonly processId: number;
  /** 4 bytes before protocol 3.2, up to 256 since. */
  readonly secretKey: Uint8Array;
}

export const CANCEL_REQUEST_CODE = 80877102;
const MAX_SECRET_KEY_BYTES = 256;

export function encodeCancelRequest(message: CancelRequest, out: ByteWriter): void {
  out.int32(CANCEL_REQUEST_CODE).int32(message.processId).bytes(message.secretKey);
}

/** The part after the request code. */
export function decodeCancelRequest(body: ByteReader): CancelRequest {
  const processId = body.int32();
  const secretKey = body.rest();
  if (secretKey.length === 0 || secretKey.length > MAX_SECRET_KEY_BYTES) {
    throw protocolViolation('invalid length of cancel request packet');
  }
  return { kind: 'CancelRequest', processId, secretKey };
}
