import { LARGE_MESSAGE_BYTES } from '../../wire/codec.js';
import type { Codec } from '../../wire/codec.js';
import { readNoticeFields, writeNoticeFields } from './notice-fields.js';
import type { NoticeFields } from './notice-fields.js';

export interface ErrorResponse {
  readonly kind: 'ErrorResponse';
  readonly fields: NoticeFields;
}

export const ErrorResponse = {
  kind: 'ErrorResponse',
  tag: 0x45, // E,
  maxBodyBytes: LARGE_MESSAGE_BYTES,
  encode(message, out) {
    writeNoticeFields(message.fields, out);
  },
  decode: (body) => ({ kind: 'ErrorResponse', fields: readNoticeFields(body) }),
} as const satisfies Codec<ErrorResponse>;
