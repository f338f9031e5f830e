import type { Codec } from '../../wire/codec.js';

/** I: idle. T: in a transaction block. E: in a failed transaction block. */
export type TransactionStatus = 'I' | 'T' | 'E';

export interface ReadyForQuery {
  readonly kind: 'ReadyForQuery';
  readonly status: TransactionStatus;
}

export const ReadyForQuery = {
  kind: 'ReadyForQuery',
  tag: 0x5a, // Z
  maxBodyBytes: 1,
  encode(message, out) {
    out.utf8(message.status);
  },
  decode: (body) => ({ kind: 'ReadyForQuery', status: body.oneOf('I', 'T', 'E') }),
} as const satisfies Codec<ReadyForQuery>;
