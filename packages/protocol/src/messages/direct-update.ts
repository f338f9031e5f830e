import { readGeneratedKey, writeGeneratedKey, type GeneratedKeyColumn } from '../parts/generated-key.js';
import {
  readStatementParameters,
  writeStatementParameters,
  type StatementParameters,
} from '../parts/parameter-metadata.js';
import {
  readParameterInfo,
  readParameterValues,
  writeParameterInfo,
  writeParameterValues,
  type ParameterInfo,
  type ParameterValues,
} from '../parts/parameters.js';
import { readRowCounts, writeRowCounts } from '../parts/row-counts.js';
import { readSqlText, writeSqlText } from '../parts/sql-text.js';
import type { MessageCodec } from './codec.js';

/** Prepares and runs a statement that gives no rows, DDL included; with several parameter sets, once per set. */
export interface DirectUpdate {
  readonly kind: 'DirectUpdate';
  readonly text: string;
  readonly parameters: readonly ParameterInfo[];
  readonly generatedKeyColumn: GeneratedKeyColumn;
  /** 0: no limit. */
  readonly timeoutSeconds: number;
  readonly values: ParameterValues;
}

/** The feature prefix would come first if fast insert were negotiated; it is not, because its form is not settled. */
export interface DirectUpdateReply extends StatementParameters {
  /** One count per parameter set. */
  readonly rowsAffected: readonly number[];
}

export const DirectUpdate: MessageCodec<DirectUpdate, DirectUpdateReply> = {
  kind: 'DirectUpdate',
  code: 'DU',
  family: 'sql',
  request: {
    encode(message, out) {
      writeSqlText(out, message.text);
      writeParameterInfo(out, message.parameters);
      writeGeneratedKey(out, message.generatedKeyColumn);
      out.integer(message.timeoutSeconds);
      writeParameterValues(out, message.values);
    },
    decode(body) {
      const text = readSqlText(body);
      const parameters = readParameterInfo(body);
      const generatedKeyColumn = readGeneratedKey(body);
      const timeoutSeconds = body.readInteger('A timeout');
      const values = readParameterValues(body);
      body.expectEnd();
      return { kind: 'DirectUpdate', text, parameters, generatedKeyColumn, timeoutSeconds, values };
    },
  },
  reply: {
    encode(reply, out) {
      writeStatementParameters(out, reply);
      writeRowCounts(out, reply.rowsAffected);
    },
    decode: (body) => ({ ...readStatementParameters(body), rowsAffected: readRowCounts(body) }),
  },
  summary: (request) =>
    `${JSON.stringify(request.text)}, ${request.values.count} parameters x ${request.values.sets.length}`,
};
