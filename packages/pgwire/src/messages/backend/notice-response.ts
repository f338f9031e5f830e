import { LARGE_MESSAGE_BYTES } from '../../wire/codec.js';
import type { Codec } from '../../wire/codec.js';
import { readNoticeFields, writeNoticeFields } from './notice-fields.js';
import type { NoticeFields } from './notice-fields.js';

export interface NoticeResponse {
  readonly kind: 'NoticeResponse';
  readonly fields: NoticeFields;
}

export const NoticeResponse = {
  kind: 'NoticeResponse',
  tag: 0x4e, // N,
  maxBodyBytes: LARGE_MESSAGE_BYTES,
  encode(message, out) {
    writeNoticeFields(message.fields, out);
  },
  decode: (body) => ({ kind: 'NoticeResponse', fields: readNoticeFields(body) }),
} as const satisfies Codec<NoticeResponse>;
