import { SMALL_MESSAGE_BYTES } from '../../wire/codec.js';
import type { Codec } from '../../wire/codec.js';

/** The present value of a setting that clients want to follow. */
export interface ParameterStatus {
  readonly kind: 'ParameterStatus';
  readonly name: string;
  readonly value: string;
}

export const ParameterStatus = {
  kind: 'ParameterStatus',
  tag: 0x53, // S
  maxBodyBytes: SMALL_MESSAGE_BYTES,
  encode(message, out) {
    out.cstring(message.name).cstring(message.value);
  },
  decode: (body) => ({ kind: 'ParameterStatus', name: body.cstring(), value: body.cstring() }),
} as const satisfies Codec<ParameterStatus>;
