import { SMALL_MESSAGE_BYTES } from '../../wire/codec.js';
import type { Codec } from '../../wire/codec.js';

export interface CommandComplete {
  readonly kind: 'CommandComplete';
  /** `SELECT 3`, `INSERT 0 1`, `CREATE TABLE`, ... */
  readonly commandTag: string;
}

export const CommandComplete = {
  kind: 'CommandComplete',
  tag: 0x43, // C
  maxBodyBytes: SMALL_MESSAGE_BYTES,
  encode(message, out) {
    out.cstring(message.commandTag);
  },
  decode: (body) => ({ kind: 'CommandComplete', commandTag: body.cstring() }),
} as const satisfies Codec<CommandComplete>;
