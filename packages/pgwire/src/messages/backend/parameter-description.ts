import { LARGE_MESSAGE_BYTES } from '../../wire/codec.js';
import type { Codec } from '../../wire/codec.js';

export interface ParameterDescription {
  readonly kind: 'ParameterDescription';
  readonly parameterOids: readonly number[];
}

export const ParameterDescription = {
  kind: 'ParameterDescription',
  tag: 0x74, // t
  maxBodyBytes: LARGE_MESSAGE_BYTES,
  encode(message, out) {
    out.uint16(message.parameterOids.length);
    for (const oid of message.parameterOids) out.uint32(oid);
  },
  decode: (body) => ({
    kind: 'ParameterDescription',
    parameterOids: Array.from({ length: body.count16(4) }, () => body.uint32()),
  }),
} as const satisfies Codec<ParameterDescription>;
