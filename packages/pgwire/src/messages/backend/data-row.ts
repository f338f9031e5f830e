import { LARGE_MESSAGE_BYTES } from '../../wire/codec.js';
import type { Codec } from '../../wire/codec.js';

export interface DataRow {
  readonly kind: 'DataRow';
  /** `null` is NULL. */
  readonly values: readonly (Uint8Array | null)[];
}

const NULL_LENGTH = -1;

export const DataRow = {
  kind: 'DataRow',
  tag: 0x44, // D
  maxBodyBytes: LARGE_MESSAGE_BYTES,
  encode(message, out) {
    out.uint16(message.values.length);
    for (const value of message.values) {
      if (value === null) out.int32(NULL_LENGTH);
      else out.int32(value.length).bytes(value);
    }
  },
  decode(body) {
    const values = Array.from({ length: body.count16(4) }, () => {
      const lengthBytes = body.int32();
      return lengthBytes === NULL_LENGTH ? null : body.bytes(lengthBytes);
    });
    return { kind: 'DataRow', values };
  },
} as const satisfies Codec<DataRow>;
