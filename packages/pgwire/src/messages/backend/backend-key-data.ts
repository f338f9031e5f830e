import { SMALL_MESSAGE_BYTES } from '../../wire/codec.js';
import type { Codec } from '../../wire/codec.js';

/** What a CancelRequest must repeat. */
export interface BackendKeyData {
  readonly kind: 'BackendKeyData';
  readonly processId: number;
  /** 4 bytes before protocol 3.2, 4 to 256 since. */
  readonly secretKey: Uint8Array;
}

export const BackendKeyData = {
  kind: 'BackendKeyData',
  tag: 0x4b, // K
  maxBodyBytes: SMALL_MESSAGE_BYTES,
  encode(message, out) {
    out.int32(message.processId).bytes(message.secretKey);
  },
  decode: (body) => ({ kind: 'BackendKeyData', processId: body.int32(), secretKey: body.rest() }),
} as const satisfies Codec<BackendKeyData>;
