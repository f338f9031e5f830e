import type { ListItem } from '../list/list-item.js';
import type { ListReader } from '../list/list-reader.js';
import { readColumns, writeColumns, type WireColumn } from '../parts/columns.js';
import {
  readProcedureDescription,
  readProcedureValues,
  writeProcedureDescription,
  writeProcedureValues,
  type ProcedureDescription,
} from '../parts/procedure.js';
import { NO_FEATURE } from '../parts/statement-feature.js';
import type { BodyCodec, MessageCodec } from './codec.js';

export interface ProcedureText<Kind extends string> {
  readonly kind: Kind;
  /** One item, no chunk count. */
  readonly text: string;
}

export interface ProcedureExecution<Kind extends string> {
  readonly kind: Kind;
  readonly timeoutSeconds: number;
  readonly maxRows: number;
  readonly values: readonly ListItem[];
}

export type PrepareProcedure = ProcedureText<'PrepareProcedure'>;
export type DirectProcedure = ProcedureText<'DirectProcedure'> &
  Omit<ProcedureExecution<'DirectProcedure'>, 'kind'>;
/** Two replies with one sequence number: output parameters, then rows. */
export type ProcedureQuery = ProcedureExecution<'ProcedureQuery'>;
/** One reply: output parameters, then the number of rows affected. */
export type ProcedureUpdate = ProcedureExecution<'ProcedureUpdate'>;
export type ProcedureMultiple = Omit<ProcedureExecution<'ProcedureMultiple'>, 'maxRows'>;
export interface MoreResults {
  readonly kind: 'MoreResults';
}

/** Items whose number only the description of the procedure tells. */
export interface ItemsReply {
  readonly items: readonly ListItem[];
}

export type MoreResultsReply =
  | { readonly type: 'update'; readonly rowsAffected: number }
  | { readonly type: 'rows'; readonly columns: readonly WireColumn[]; readonly rows: Buffer }
  | { readonly type: 'done' };

const descriptionBody: BodyCodec<ProcedureDescription> = {
  encode(reply, out) {
    writeProcedureDescription(out, reply);
  },
  decode: readProcedureDescription,
};

export const itemsBody: BodyCodec<ItemsReply> = {
  encode(reply, out) {
    out.items(reply.items);
  },
  decode: (body) => ({ items: readToEnd(body) }),
};

function readToEnd(body: ListReader): ListItem[] {
  const items: ListItem[] = [];
  while (!body.atEnd) items.push(body.readItem());
  return items;
}

/** Scroll type of the cursor; only forward cursors (0) are known. */
const FORWARD_ONLY = 0;

export const PrepareProcedure: MessageCodec<PrepareProcedure, ProcedureDescription> = {
  kind: 'PrepareProcedure',
  code: 'SP',
  family: 'sql',
  request: {
    encode(message, out) {
      out.text(message.text);
    },
    decode(body) {
      const text = body.readText();
      body.expectEnd();
      return { kind: 'PrepareProcedure', text };
    },
  },
  reply: descriptionBody,
  summary: (request) => JSON.stringify(request.text),
};

export const DirectProcedure: MessageCodec<DirectProcedure, ProcedureDescription> = {
  kind: 'DirectProcedure',
  code: 'DS',
  family: 'sql',
  request: {
    encode(message, out) {
      out.text(message.text).integer(FORWARD_ONLY).integer(message.timeoutSeconds).integer(message.maxRows);
      writeProcedureValues(out, message.values);
    },
    decode(body) {
      const text = body.readText();
      const execution = readExecution(body, 'DirectProcedure');
      return { text, ...execution };
    },
  },
  reply: descriptionBody,
  summary: (request) => JSON.stringify(request.text),
};

export const ProcedureQuery = procedureExecution('ProcedureQuery', 'SQ');
export const ProcedureUpdate = procedureExecution('ProcedureUpdate', 'SU');

export const ProcedureMultiple: MessageCodec<ProcedureMultiple, ItemsReply> = {
  kind: 'ProcedureMultiple',
  code: 'MS',
  family: 'sql',
  request: {
    encode(message, out) {
      out.integer(FORWARD_ONLY).integer(message.timeoutSeconds);
      writeProcedureValues(out, message.values);
    },
    decode(body) {
      body.skip();
      const timeoutSeconds = body.readInteger('A timeout');
      const values = readProcedureValues(body);
      body.expectEnd();
      return { kind: 'ProcedureMultiple', timeoutSeconds, values };
    },
  },
  reply: itemsBody,
};

export const MoreResults: MessageCodec<MoreResults, MoreResultsReply> = {
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
      if (reply.type === 'update') out.integer(reply.rowsAffected);
      else if (reply.type === 'done') out.integer(-2);
      else {
        out.integer(-1);
        writeColumns(out, reply.columns, NO_FEATURE);
        out.rawBytes(reply.rows);
      }
    },
    decode(body) {
      const code = body.readInteger('A result code');
      if (code >= 0) return { type: 'update', rowsAffected: code };
      if (code !== -1) return { type: 'done' };
      const columns = readColumns(body, NO_FEATURE);
      return { type: 'rows', columns, rows: body.readRawBytes(body.remaining) };
    },
  },
};

function procedureExecution<const Kind extends 'ProcedureQuery' | 'ProcedureUpdate'>(
  kind: Kind,
  code: string,
): MessageCodec<ProcedureExecution<Kind>, ItemsReply> {
  return {
    kind,
    code,
    family: 'sql',
    request: {
      encode(message, out) {
        out.integer(FORWARD_ONLY).integer(message.timeoutSeconds).integer(message.maxRows);
        writeProcedureValues(out, message.values);
      },
      decode: (body) => readExecution(body, kind),
    },
    reply: itemsBody,
  };
}

function readExecution<const Kind extends string>(body: ListReader, kind: Kind): ProcedureExecution<Kind> {
  body.skip();
  const timeoutSeconds = body.readInteger('A timeout');
  const maxRows = body.readInteger('A row limit');
  const values = readProcedureValues(body);
  body.expectEnd();
  return { kind, timeoutSeconds, maxRows, values };
}
