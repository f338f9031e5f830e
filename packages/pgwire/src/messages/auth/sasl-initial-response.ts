import type { Codec } from '../../wire/codec.js';
import { MAX_AUTH_MESSAGE_BYTES } from './password-message.js';

export interface SASLInitialResponse {
  readonly kind: 'SASLInitialResponse';
  readonly mechanism: string;
  /** `null`: the client sends no initial response. */
  readonly data: Uint8Array | null;
}

const NO_DATA = -1;

export const SASLInitialResponse = {
  kind: 'SASLInitialResponse',
  tag: 0x70, // p
  maxBodyBytes: MAX_AUTH_MESSAGE_BYTES,
  encode(message, out) {
    out.cstring(message.mechanism);
    if (message.data === null) out.int32(NO_DATA);
    else out.int32(message.data.length).bytes(message.data);
  },
  decode(body) {
    const mechanism = body.cstring();
    const lengthBytes = body.int32();
    return {
      kind: 'SASLInitialResponse',
      mechanism,
      data: lengthBytes === NO_DATA ? null : body.bytes(lengthBytes),
    };
  },
} as const satisfies Codec<SASLInitialResponse>;
