import { LARGE_MESSAGE_BYTES } from '../../wire/codec.js';
import type { Codec } from '../../wire/codec.js';
import type { FieldDescription } from '../../oracle/oracle.js';
import type { FormatCode } from '../format-codes.js';

export interface RowDescription {
  readonly kind: 'RowDescription';
  readonly fields: readonly (FieldDescription & { readonly format: FormatCode })[];
}

const FIXED_BYTES_PER_FIELD = 19;

export const RowDescription = {
  kind: 'RowDescription',
  tag: 0x54, // T
  maxBodyBytes: LARGE_MESSAGE_BYTES,
  encode(message, out) {
    out.uint16(message.fields.length);
    for (const field of message.fields) {
      out.cstring(field.name).uint32(field.tableOid).int16(field.columnAttribute).uint32(field.typeOid);
      out.int16(field.typeSize).int32(field.typeModifier).int16(field.format);
    }
  },
  decode: (body) => ({
    kind: 'RowDescription',
    fields: Array.from({ length: body.count16(FIXED_BYTES_PER_FIELD) }, () => ({
      name: body.cstring(),
      tableOid: body.uint32(),
      columnAttribute: body.int16(),
      typeOid: body.uint32(),
      typeSize: body.int16(),
      typeModifier: body.int32(),
      format: body.int16() === 1 ? (1 as const) : (0 as const),
    })),
  }),
} as const satisfies Codec<RowDescription>;
