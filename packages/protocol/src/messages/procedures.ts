import type { ListItem } from '../list/list-item.js';
import type { ListReader } from '../list/list-reader.js';
import {
  readProcedureDescription,
  readProcedureValues,
  writeProcedureDescription,
  writeProcedureValues,
  type ProcedureDescription,
} from '../parts/procedure.js';
import {
  readProcedureResult,
  writeProcedureResult,
  type ProcedureResultReply,
} from '../parts/procedure-result.js';
import type { BodyCodec, MessageCodec } from './codec.js';

export interface ProcedureText<Kind extends string> {
  readonly kind: Kind;
  /**
   * One item, no chunk count: the name of the procedure, `Schema.Name`. The official Python client (5.4.1) takes CALL and the
   * arguments off before it sends the text.
   */
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
/** Two replies with one sequence number: outputs, then rows. Further pages: `FetchProcedure`. */
export type ProcedureQuery = ProcedureExecution<'ProcedureQuery'>;
/** One reply: outputs, then the number of rows affected. */
export type ProcedureUpdate = ProcedureExecution<'ProcedureUpdate'>;
/** One reply: outputs, then the first result. Further pages of it: `FetchMultiple`; further results: `MoreResults`. */
export type ProcedureMultiple = Omit<ProcedureExecution<'ProcedureMultiple'>, 'maxRows'>;
/**
 * Items whose number only the description of the procedure tells: one for each described parameter, whatever its mode, the return value
 * first. The official Python client (5.4.1) takes an undefined item for an error, so NULL is the empty string.
 */
export interface ItemsReply {
  readonly items: readonly ListItem[];
}

export interface ProcedureMultipleReply extends ItemsReply {
  readonly result: ProcedureResultReply;
}

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

export const ProcedureMultiple: MessageCodec<ProcedureMultiple, ProcedureMultipleReply> = {
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
  reply: {
    encode(reply, out) {
      out.items(reply.items);
      writeProcedureResult(out, reply.result);
    },
    decode(body, { outputCount = 0 }) {
      const items = body.readItems(outputCount);
      return { items, result: readProcedureResult(body) };
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
