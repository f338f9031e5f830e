import { emptyBody, type MessageCodec } from './codec.js';
import { rowsBody, type RowsReply } from '../parts/rows-body.js';

/**
 * The next page of the cursor in the header's statement id; upstream's Go driver leaves the id 0.
 * After a page with status 100 a real server gives no answer to another fetch, so a client must never send one.
 */
export interface Fetch {
  readonly kind: 'Fetch';
}

export const Fetch: MessageCodec<Fetch, RowsReply> = {
  kind: 'Fetch',
  code: 'FD',
  family: 'sql',
  request: {
    encode: () => undefined,
    decode(body, context) {
      emptyBody.decode(body, context);
      return { kind: 'Fetch' };
    },
  },
  reply: rowsBody,
};
