import { readColumns, writeColumns, type WireColumn } from '../parts/columns.js';
import {
  readProcedureResult,
  writeProcedureResult,
  type ProcedureResultReply,
} from '../parts/procedure-result.js';
import { rowsBody, type RowsReply } from '../parts/rows-body.js';
import { NO_FEATURE } from '../parts/statement-feature.js';
import { emptyBody, type MessageCodec } from './codec.js';

/** The next result of a procedure with many. */
export interface MoreResults {
  readonly kind: 'MoreResults';
}
/** The next page of a procedure with one result. */
export interface FetchProcedure {
  readonly kind: 'FetchProcedure';
}
/** The next page of the current result of a procedure with many. */
export interface FetchMultiple {
  readonly kind: 'FetchMultiple';
}
/** The rows of a result set object that an output of type -51 holds. */
export interface ResultSetObject {
  readonly kind: 'ResultSetObject';
  readonly oref: string;
  /** The first page (0), or a further one (1). */
  readonly more: boolean;
}

/** The first page. Further ones are rows alone, as after a fetch. */
export interface ResultSetObjectReply {
  readonly columns: readonly WireColumn[];
  readonly rows: Buffer;
}

export const MoreResults: MessageCodec<MoreResults, ProcedureResultReply> = {
  kind: 'MoreResults',
  code: 'MR',
  family: 'sql',
  request: {
    encode(_message, out) {
      out.integer(1);
    },
    decode(body) {
      body.skip();
      body.expectEnd();
      return { kind: 'MoreResults' };
    },
  },
  reply: {
    encode(reply, out) {
      writeProcedureResult(out, reply);
    },
    decode: readProcedureResult,
  },
};

export const FetchProcedure = procedureFetch('FetchProcedure', 'SF');
export const FetchMultiple = procedureFetch('FetchMultiple', 'MD');

function procedureFetch<const Kind extends 'FetchProcedure' | 'FetchMultiple'>(
  kind: Kind,
  code: string,
): MessageCodec<{ readonly kind: Kind }, RowsReply> {
  return {
    kind,
    code,
    family: 'sql',
    request: {
      encode: () => undefined,
      decode(body, context) {
        emptyBody.decode(body, context);
        return { kind };
      },
    },
    reply: rowsBody,
  };
}

export const ResultSetObject: MessageCodec<ResultSetObject, ResultSetObjectReply> = {
  kind: 'ResultSetObject',
  code: 'FR',
  family: 'sql',
  request: {
    encode(message, out) {
      out.oref(message.oref).integer(message.more ? 1 : 0);
    },
    decode(body) {
      const oref = body.readText();
      const more = body.readInteger('Whether this is a further page') !== 0;
      body.expectEnd();
      return { kind: 'ResultSetObject', oref, more };
    },
  },
  reply: {
    encode(reply, out) {
      writeColumns(out, reply.columns, NO_FEATURE);
      out.rawBytes(reply.rows);
    },
    decode(body) {
      const columns = readColumns(body, NO_FEATURE);
      return { columns, rows: body.readRawBytes(body.remaining) };
    },
  },
};
