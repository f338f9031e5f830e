import { LARGE_MESSAGE_BYTES } from '../wire/codec.js';
import type { Codec } from '../wire/codec.js';

/** A piece of COPY data, in either direction; from a client it may end anywhere, also inside a row. */
export interface CopyData {
  readonly kind: 'CopyData';
  readonly data: Uint8Array;
}

export const CopyData = {
  kind: 'CopyData',
  tag: 0x64, // d
  maxBodyBytes: LARGE_MESSAGE_BYTES,
  encode(message, out) {
    out.bytes(message.data);
  },
  decode: (body) => ({ kind: 'CopyData', data: body.rest() }),
} as const satisfies Codec<CopyData>;
