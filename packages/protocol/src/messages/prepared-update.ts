import { readGeneratedKey, writeGeneratedKey, type GeneratedKeyColumn } from '../parts/generated-key.js';
import { readParameterValues, writeParameterValues, type ParameterValues } from '../parts/parameters.js';
import { readRowCounts, writeRowCounts } from '../parts/row-counts.js';
import type { MessageCodec } from './codec.js';

/** Runs the statement whose id is in the header, once per parameter set; status 404 when it is not known any more. */
export interface PreparedUpdate {
  readonly kind: 'PreparedUpdate';
  readonly generatedKeyColumn: GeneratedKeyColumn;
  /** 0: no limit. */
  readonly timeoutSeconds: number;
  readonly values: ParameterValues;
}

export interface PreparedUpdateReply {
  /** One count per parameter set. */
  readonly rowsAffected: readonly number[];
}

export const PreparedUpdate: MessageCodec<PreparedUpdate, PreparedUpdateReply> = {
  kind: 'PreparedUpdate',
  code: 'PU',
  family: 'sql',
  request: {
    encode(message, out) {
      writeGeneratedKey(out, message.generatedKeyColumn);
      out.integer(message.timeoutSeconds);
      writeParameterValues(out, message.values);
    },
    decode(body) {
      const generatedKeyColumn = readGeneratedKey(body);
      const timeoutSeconds = body.readInteger('A timeout');
      const values = readParameterValues(body);
      body.expectEnd();
      return { kind: 'PreparedUpdate', generatedKeyColumn, timeoutSeconds, values };
    },
  },
  reply: {
    encode(reply, out) {
      writeRowCounts(out, reply.rowsAffected);
    },
    decode: (body) => ({ rowsAffected: readRowCounts(body) }),
  },
  summary: (request) => `${request.values.count} parameters x ${request.values.sets.length}`,
};
