import { LARGE_MESSAGE_BYTES } from '../../wire/codec.js';
import type { Codec } from '../../wire/codec.js';

export interface Parse {
  readonly kind: 'Parse';
  /** '' is the unnamed statement. */
  readonly statement: string;
  readonly sql: string;
  /** Types that the client fixed; 0 leaves one open. May be shorter than the number of parameters. */
  readonly parameterOids: readonly number[];
}

export const Parse = {
  kind: 'Parse',
  tag: 0x50, // P
  maxBodyBytes: LARGE_MESSAGE_BYTES,
  encode(message, out) {
    out.cstring(message.statement).cstring(message.sql).uint16(message.parameterOids.length);
    for (const oid of message.parameterOids) out.uint32(oid);
  },
  decode(body) {
    const statement = body.cstring();
    const sql = body.cstring();
    const parameterOids = Array.from({ length: body.count16(4) }, () => body.uint32());
    return { kind: 'Parse', statement, sql, parameterOids };
  },
} as const satisfies Codec<Parse>;
