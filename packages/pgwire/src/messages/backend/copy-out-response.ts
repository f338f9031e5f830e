import { SMALL_MESSAGE_BYTES } from '../../wire/codec.js';
import type { Codec } from '../../wire/codec.js';
import { readFormatCodes, writeFormatCodes } from '../format-codes.js';
import type { FormatCode } from '../format-codes.js';

/** COPY data follows. */
export interface CopyOutResponse {
  readonly kind: 'CopyOutResponse';
  readonly overallFormat: FormatCode;
  readonly columnFormats: readonly FormatCode[];
}

export const CopyOutResponse = {
  kind: 'CopyOutResponse',
  tag: 0x48, // H,
  maxBodyBytes: SMALL_MESSAGE_BYTES,
  encode(message, out) {
    out.uint8(message.overallFormat);
    writeFormatCodes(message.columnFormats, out);
  },
  decode: (body) => ({
    kind: 'CopyOutResponse',
    overallFormat: body.uint8() === 1 ? 1 : 0,
    columnFormats: readFormatCodes(body),
  }),
} as const satisfies Codec<CopyOutResponse>;
