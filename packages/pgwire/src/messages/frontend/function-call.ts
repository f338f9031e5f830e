import { LARGE_MESSAGE_BYTES } from '../../wire/codec.js';
import type { Codec } from '../../wire/codec.js';

/** The obsolete fast-path call. Known so that it can be refused by name; its body is not looked into. */
export interface FunctionCall {
  readonly kind: 'FunctionCall';
  readonly functionOid: number;
  readonly body: Uint8Array;
}

export const FunctionCall = {
  kind: 'FunctionCall',
  tag: 0x46, // F
  maxBodyBytes: LARGE_MESSAGE_BYTES,
  encode(message, out) {
    out.uint32(message.functionOid).bytes(message.body);
  },
  decode: (body) => ({ kind: 'FunctionCall', functionOid: body.uint32(), body: body.rest() }),
} as const satisfies Codec<FunctionCall>;
