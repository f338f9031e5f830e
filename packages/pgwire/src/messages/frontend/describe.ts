import { SMALL_MESSAGE_BYTES } from '../../wire/codec.js';
import type { Codec } from '../../wire/codec.js';

export interface Describe {
  readonly kind: 'Describe';
  /** S: a prepared statement. P: a portal. */
  readonly target: 'S' | 'P';
  readonly name: string;
}

export const Describe = {
  kind: 'Describe',
  tag: 0x44, // D,
  maxBodyBytes: SMALL_MESSAGE_BYTES,
  encode(message, out) {
    out.utf8(message.target).cstring(message.name);
  },
  decode: (body) => ({ kind: 'Describe', target: body.oneOf('S', 'P'), name: body.cstring() }),
} as const satisfies Codec<Describe>;
