import { SMALL_MESSAGE_BYTES } from '../../wire/codec.js';
import type { Codec } from '../../wire/codec.js';

export interface Close {
  readonly kind: 'Close';
  /** S: a prepared statement. P: a portal. */
  readonly target: 'S' | 'P';
  readonly name: string;
}

export const Close = {
  kind: 'Close',
  tag: 0x43, // C,
  maxBodyBytes: SMALL_MESSAGE_BYTES,
  encode(message, out) {
    out.utf8(message.target).cstring(message.name);
  },
  decode: (body) => ({ kind: 'Close', target: body.oneOf('S', 'P'), name: body.cstring() }),
} as const satisfies Codec<Close>;
