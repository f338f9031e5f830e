import { SMALL_MESSAGE_BYTES } from '../../wire/codec.js';
import type { Codec } from '../../wire/codec.js';

/** Answers a StartupMessage that asks for a newer minor version or for protocol options that are not known here. */
export interface NegotiateProtocolVersion {
  readonly kind: 'NegotiateProtocolVersion';
  /** The newest 3.x that the server speaks: x. Sent as the whole version number, as PostgreSQL does. */
  readonly minorVersion: number;
  readonly unrecognizedOptions: readonly string[];
}

const MAJOR_VERSION = 3;

export const NegotiateProtocolVersion = {
  kind: 'NegotiateProtocolVersion',
  tag: 0x76, // v
  maxBodyBytes: SMALL_MESSAGE_BYTES,
  encode(message, out) {
    out.uint16(MAJOR_VERSION).uint16(message.minorVersion).int32(message.unrecognizedOptions.length);
    for (const option of message.unrecognizedOptions) out.cstring(option);
  },
  decode(body) {
    body.uint16();
    const minorVersion = body.uint16();
    const optionCount = body.int32();
    const unrecognizedOptions: string[] = [];
    while (unrecognizedOptions.length < optionCount) unrecognizedOptions.push(body.cstring());
    return { kind: 'NegotiateProtocolVersion', minorVersion, unrecognizedOptions };
  },
} as const satisfies Codec<NegotiateProtocolVersion>;
