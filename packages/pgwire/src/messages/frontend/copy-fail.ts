import { SMALL_MESSAGE_BYTES } from '../../wire/codec.js';
import type { Codec } from '../../wire/codec.js';

/** The client gives up a COPY FROM STDIN. */
export interface CopyFail {
  readonly kind: 'CopyFail';
  readonly reason: string;
}

export const CopyFail = {
  kind: 'CopyFail',
  tag: 0x66, // f
  maxBodyBytes: SMALL_MESSAGE_BYTES,
  encode(message, out) {
    out.cstring(message.reason);
  },
  decode: (body) => ({ kind: 'CopyFail', reason: body.cstring() }),
} as const satisfies Codec<CopyFail>;
