import { SMALL_MESSAGE_BYTES } from '../../wire/codec.js';
import type { Codec } from '../../wire/codec.js';

export interface Execute {
  readonly kind: 'Execute';
  readonly portal: string;
  /** Rows to send before PortalSuspended; 0 or less: all. */
  readonly maxRows: number;
}

export const Execute = {
  kind: 'Execute',
  tag: 0x45, // E
  maxBodyBytes: SMALL_MESSAGE_BYTES,
  encode(message, out) {
    out.cstring(message.portal).int32(message.maxRows);
  },
  decode: (body) => ({ kind: 'Execute', portal: body.cstring(), maxRows: body.int32() }),
} as const satisfies Codec<Execute>;
