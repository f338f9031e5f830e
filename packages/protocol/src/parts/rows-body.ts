import type { BodyCodec } from '../messages/codec.js';

/** A page of rows as it came; read it with `RowReader`, build it with `RowWriter`. */
export interface RowsReply {
  readonly rows: Buffer;
}

export const rowsBody: BodyCodec<RowsReply> = {
  encode(reply, out) {
    out.rawBytes(reply.rows);
  },
  decode: (body) => ({ rows: body.readRawBytes(body.remaining) }),
};
