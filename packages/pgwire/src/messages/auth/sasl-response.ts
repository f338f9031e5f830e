import type { Codec } from '../../wire/codec.js';
import { MAX_AUTH_MESSAGE_BYTES } from './password-message.js';

export interface SASLResponse {
  readonly kind: 'SASLResponse';
  readonly data: Uint8Array;
}

export const SASLResponse = {
  kind: 'SASLResponse',
  tag: 0x70, // p
  maxBodyBytes: MAX_AUTH_MESSAGE_BYTES,
  encode(message, out) {
    out.bytes(message.data);
  },
  decode: (body) => ({ kind: 'SASLResponse', data: body.rest() }),
} as const satisfies Codec<SASLResponse>;
