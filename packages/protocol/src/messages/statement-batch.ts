import { readSqlText, writeSqlText } from '../parts/sql-text.js';
import { readParameterValues, writeParameterValues, type ParameterValues } from '../parts/parameters.js';
import { readRowCounts, writeRowCounts } from '../parts/row-counts.js';
import { limitError } from '../errors.js';
import type { MessageCodec } from './codec.js';

/** Statements that are no queries, one after the other, with their lifted literals as values: `addBatch(sql)` of JDBC 3.10.3. */
export interface StatementBatch {
  readonly kind: 'StatementBatch';
  readonly timeoutSeconds: number;
  readonly statements: readonly { readonly text: string; readonly values: ParameterValues }[];
}

/** unverified on a live server; the JDBC driver (3.10.3) reads one number for each statement. */
export interface StatementBatchReply {
  readonly rowsAffected: readonly number[];
}

export const StatementBatch: MessageCodec<StatementBatch, StatementBatchReply> = {
  kind: 'StatementBatch',
  code: 'EB',
  family: 'sql',
  request: {
    encode(message, out) {
      out.rawInt32(message.statements.length).integer(message.timeoutSeconds);
      for (const { text, values } of message.statements) {
        writeSqlText(out, text);
        writeParameterValues(out, values);
      }
    },
    decode(body) {
      const at = body.offset;
      const count = body.readRawInt32();
      const { maxParameterSets } = body.limits;
      if (count < 0 || count > maxParameterSets)
        throw limitError('Statements of a batch', count, maxParameterSets, at);
      const timeoutSeconds = body.readInteger('A timeout');
      const statements: { text: string; values: ParameterValues }[] = [];
      for (let i = 0; i < count; i++) {
        statements.push({ text: readSqlText(body), values: readParameterValues(body) });
      }
      body.expectEnd();
      return { kind: 'StatementBatch', timeoutSeconds, statements };
    },
  },
  reply: {
    encode(reply, out) {
      writeRowCounts(out, reply.rowsAffected);
    },
    decode: (body) => ({ rowsAffected: readRowCounts(body) }),
  },
  summary: (request) => `${request.statements.length} statements`,
};
