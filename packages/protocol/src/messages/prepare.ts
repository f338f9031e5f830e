import { readColumns, writeColumns, type WireColumn } from '../parts/columns.js';
import {
  readStatementParameters,
  writeStatementParameters,
  type StatementParameters,
} from '../parts/parameter-metadata.js';
import { readParameterInfo, writeParameterInfo, type ParameterInfo } from '../parts/parameters.js';
import { readSqlText, writeSqlText } from '../parts/sql-text.js';
import {
  readStatementFeature,
  writeStatementFeature,
  type StatementFeature,
} from '../parts/statement-feature.js';
import type { MessageCodec } from './codec.js';

/** Prepares a statement under the statement id of the header. */
export interface Prepare {
  readonly kind: 'Prepare';
  readonly text: string;
  readonly parameters: readonly ParameterInfo[];
}

export interface PrepareReply extends StatementParameters {
  readonly feature: StatementFeature;
  /** Empty for a statement that gives no rows; then they are not on the wire: see `MessageContext.isQuery`. */
  readonly columns: readonly WireColumn[];
}

export const Prepare: MessageCodec<Prepare, PrepareReply> = {
  kind: 'Prepare',
  code: 'PP',
  family: 'sql',
  request: {
    encode(message, out) {
      writeSqlText(out, message.text);
      writeParameterInfo(out, message.parameters);
    },
    decode(body) {
      const text = readSqlText(body);
      const parameters = readParameterInfo(body);
      body.expectEnd();
      return { kind: 'Prepare', text, parameters };
    },
  },
  reply: {
    encode(reply, out, context) {
      // unverified on a live server: whether the prefix comes for updates too.
      writeStatementFeature(out, reply.feature, context);
      if (context.isQuery === true) writeColumns(out, reply.columns, reply.feature);
      writeStatementParameters(out, reply);
    },
    decode(body, context) {
      const feature = readStatementFeature(body, context);
      const columns = context.isQuery === true ? readColumns(body, feature) : [];
      const parameters = readStatementParameters(body);
      body.expectEnd();
      return { feature, columns, ...parameters };
    },
  },
  summary: (request) => `${JSON.stringify(request.text)}, ${request.parameters.length} parameters`,
};
