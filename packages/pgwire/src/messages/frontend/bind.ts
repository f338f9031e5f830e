import { LARGE_MESSAGE_BYTES } from '../../wire/codec.js';
import type { Codec } from '../../wire/codec.js';
import { readFormatCodes, writeFormatCodes } from '../format-codes.js';
import type { FormatCode } from '../format-codes.js';
import { protocolViolation } from '../../wire/protocol-violation.js';
import type { ByteReader } from '../../wire/byte-reader.js';

export interface Bind {
  readonly kind: 'Bind';
  /** '' is the unnamed portal. */
  readonly portal: string;
  readonly statement: string;
  /** None: all text. One: for all. Else one for each parameter. */
  readonly parameterFormats: readonly FormatCode[];
  /** `null` is NULL. */
  readonly parameters: readonly (Uint8Array | null)[];
  readonly resultFormats: readonly FormatCode[];
}

const NULL_LENGTH = -1;

export const Bind = {
  kind: 'Bind',
  tag: 0x42, // B
  maxBodyBytes: LARGE_MESSAGE_BYTES,
  encode(message, out) {
    out.cstring(message.portal).cstring(message.statement);
    writeFormatCodes(message.parameterFormats, out);
    out.uint16(message.parameters.length);
    for (const value of message.parameters) {
      if (value === null) out.int32(NULL_LENGTH);
      else out.int32(value.length).bytes(value);
    }
    writeFormatCodes(message.resultFormats, out);
  },
  decode(body) {
    const portal = body.cstring();
    const statement = body.cstring();
    const parameterFormats = readFormatCodes(body);
    const parameters = Array.from({ length: body.count16(4) }, () => readValue(body));
    const resultFormats = readFormatCodes(body);
    return { kind: 'Bind', portal, statement, parameterFormats, parameters, resultFormats };
  },
} as const satisfies Codec<Bind>;

function readValue(body: ByteReader): Uint8Array | null {
  const lengthBytes = body.int32();
  if (lengthBytes === NULL_LENGTH) return null;
  if (lengthBytes < 0) throw protocolViolation('invalid parameter length in Bind message');
  return body.bytes(lengthBytes);
}
