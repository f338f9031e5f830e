import { readColumns, writeColumns, type WireColumn } from '../parts/columns.js';
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
import { readSqlText, writeSqlText } from '../parts/sql-text.js';
import {
  readStatementFeature,
  writeStatementFeature,
  type StatementFeature,
} from '../parts/statement-feature.js';
import type { MessageCodec } from './codec.js';

/**
 * Prepares and runs a statement that gives rows. Parameters stand in the text as ` :%qpar(n) `.
 * Two replies with the same sequence number follow: this one, and a page of rows (see `RowReader`).
 */
export interface DirectQuery {
  readonly kind: 'DirectQuery';
  readonly text: string;
  readonly parameters: readonly ParameterInfo[];
  readonly values: ParameterValues;
  /** 0: no limit. */
  readonly timeoutSeconds: number;
  /** 0: all. A hard cap on real servers. */
  readonly maxRows: number;
}

export interface DirectQueryReply extends StatementParameters {
  readonly feature: StatementFeature;
  readonly columns: readonly WireColumn[];
}

export const DirectQuery: MessageCodec<DirectQuery, DirectQueryReply> = {
  kind: 'DirectQuery',
  code: 'DQ',
  family: 'sql',
  request: {
    encode(message, out) {
      writeSqlText(out, message.text);
      writeParameterInfo(out, message.parameters);
      writeParameterValues(out, message.values);
      out.integer(message.timeoutSeconds).integer(message.maxRows);
    },
    decode(body) {
      const text = readSqlText(body);
      const parameters = readParameterInfo(body);
      const values = readParameterValues(body);
      const timeoutSeconds = body.readInteger('A timeout');
      const maxRows = body.readInteger('A row limit');
      body.expectEnd();
      return { kind: 'DirectQuery', text, parameters, values, timeoutSeconds, maxRows };
    },
  },
  reply: {
    encode(reply, out, context) {
      writeStatementFeature(out, reply.feature, context);
      writeColumns(out, reply.columns, reply.feature);
      writeStatementParameters(out, reply);
    },
    decode(body, context) {
      const feature = readStatementFeature(body, context);
      const columns = readColumns(body, feature);
      const parameters = readStatementParameters(body);
      body.expectEnd();
      return { feature, columns, ...parameters };
    },
  },
  summary: (request) => `${JSON.stringify(request.text)}, ${request.values.count} parameters`,
};
