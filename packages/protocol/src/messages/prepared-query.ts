import { readParameterValues, writeParameterValues, type ParameterValues } from '../parts/parameters.js';
import { rowsBody, type RowsReply } from '../parts/rows-body.js';
import type { MessageCodec } from './codec.js';

/** Runs the statement whose id is in the header; the reply is a page of rows, or status 404. */
export interface PreparedQuery {
  readonly kind: 'PreparedQuery';
  readonly values: ParameterValues;
  /** 0: no limit. */
  readonly timeoutSeconds: number;
  /** 0: all. */
  readonly maxRows: number;
}

export const PreparedQuery: MessageCodec<PreparedQuery, RowsReply> = {
  kind: 'PreparedQuery',
  code: 'PQ',
  family: 'sql',
  request: {
    encode(message, out) {
      writeParameterValues(out, message.values);
      out.integer(message.timeoutSeconds).integer(message.maxRows);
    },
    decode(body) {
      const values = readParameterValues(body);
      const timeoutSeconds = body.readInteger('A timeout');
      const maxRows = body.readInteger('A row limit');
      body.expectEnd();
      return { kind: 'PreparedQuery', values, timeoutSeconds, maxRows };
    },
  },
  reply: rowsBody,
  summary: (request) => `${request.values.count} parameters`,
};
