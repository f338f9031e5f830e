import { SMALL_MESSAGE_BYTES } from '../../wire/codec.js';
import type { Codec } from '../../wire/codec.js';
import { readFormatCodes, writeFormatCodes } from '../format-codes.js';
import type { FormatCode } from '../format-codes.js';

/** The server waits for COPY data. */
export interface CopyInResponse {
  readonly kind: 'CopyInResponse';
  readonly overallFormat: FormatCode;
  readonly columnFormats: readonly FormatCode[];
}

export const CopyInResponse = {
  kind: 'CopyInResponse',
  tag: 0x47, // G,
  maxBodyBytes: SMALL_MESSAGE_BYTES,
  encode(message, out) {
    out.uint8(message.overallFormat);
    writeFormatCodes(message.columnFormats, out);
  },
  decode: (body) => ({
    kind: 'CopyInResponse',
    overallFormat: body.uint8() === 1 ? 1 : 0,
    columnFormats: readFormatCodes(body),
  }),
} as const satisfies Codec<CopyInResponse>;
