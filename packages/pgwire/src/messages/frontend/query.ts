import { LARGE_MESSAGE_BYTES } from '../../wire/codec.js';
import type { Codec } from '../../wire/codec.js';

/** Simple query: any number of statements in one text. */
export interface Query {
  readonly kind: 'Query';
  readonly sql: string;
}

export const Query = {
  kind: 'Query',
  tag: 0x51, // Q
  maxBodyBytes: LARGE_MESSAGE_BYTES,
  encode(message, out) {
    out.cstring(message.sql);
  },
  decode: (body) => ({ kind: 'Query', sql: body.cstring() }),
} as const satisfies Codec<Query>;
