import { createServer, type AddressInfo, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import {
  decodeRequest,
  encodeFrame,
  encodeReply,
  encodeTextReply,
  FrameDecoder,
  MESSAGES,
  NATIVE_OK,
  RowWriter,
  statusCode,
  type CodecOptions,
  type Frame,
  type ListItem,
  type MessageKind,
  type ReplyOf,
  type Request,
  type StatementFeature,
  type WireColumn,
} from '@iris-devtools/protocol';

/** Answers one request: each call of a method of `out` is one message. Sending nothing leaves the client waiting. */
export type Answer = (request: Request, out: Reply, frame: Frame) => void;

export interface FakeServer extends AsyncDisposable {
  readonly port: number;
  readonly url: string;
  /** Every request so far, logins and goodbyes left out. */
  readonly requests: Request[];
  readonly frames: Frame[];
  /** Everything sent to the clients so far. */
  sentBytes(): number;
  dropAll(): void;
  /** Takes no more connections; those that are open go on. */
  stopListening(): void;
}

export interface FakeServerOptions {
  readonly features?: number | undefined;
  readonly compactDoubles?: boolean;
  /** Text of a refused login. */
  readonly refuse?: string;
  /** Close the connection after this many bytes were sent. */
  readonly closeAfterBytes?: number;
  /** Do not close this side when the client closes its own. */
  readonly keepsOpen?: boolean;
  /** Write this many bytes at a time. */
  readonly chunkBytes?: number;
  /** Changes what is sent. */
  readonly mangle?: (message: Buffer) => Buffer;
}

/** Messages of one answer. */
export class Reply {
  readonly #frame: Frame;
  readonly #options: CodecOptions;
  readonly #write: (message: Buffer) => void;
  readonly #socket: Socket;

  constructor(frame: Frame, options: CodecOptions, socket: Socket, write: (message: Buffer) => void) {
    this.#frame = frame;
    this.#socket = socket;
    this.#options = options;
    this.#write = write;
  }

  send<K extends MessageKind>(kind: K, reply: ReplyOf<K>, status?: number): void {
    const success = MESSAGES[kind].family === 'native' ? NATIVE_OK : 0;
    const isQuery = 'columns' in reply && reply.columns.length > 0;
    this.#write(encodeReply(kind, reply, this.#header(status ?? success), { ...this.#options, isQuery }));
  }

  status(status: number): void {
    this.#write(encodeFrame(this.#header(status)));
  }

  payload(payload: Uint8Array, status: number): void {
    this.#write(encodeFrame(this.#header(status), payload));
  }

  /** A payload of any length that is made while it is sent, as fast as the client takes it. */
  stream(length: number, pieces: Iterable<Buffer>): Promise<void> {
    const header = encodeFrame(this.#header(0));
    header.writeUInt32LE(length, 0);
    this.#write(header);
    const source = Readable.from(pieces);
    source.pipe(this.#socket, { end: false });
    return finished(source).catch(() => undefined);
  }

  text(text: string, status: number): void {
    this.#write(encodeTextReply(text, this.#header(status)));
  }

  /** Both replies of a direct query. */
  rows(
    columns: readonly WireColumn[],
    rows: readonly (readonly ListItem[])[],
    more = false,
    statementFlag = 1,
  ): void {
    const feature = featureOf(columns, this.#options);
    this.send('DirectQuery', { feature, columns, parameters: [], statementFlag });
    this.page(columns, rows, more);
  }

  page(columns: readonly WireColumn[], rows: readonly (readonly ListItem[])[], more = false): void {
    const writer = new RowWriter(featureOf(columns, this.#options));
    for (const row of rows) writer.row((out) => out.items(row));
    this.payload(writer.finish(), more ? 0 : 100);
  }

  #header(status: number): { sequence: number; statementId: number; code: number } {
    return { sequence: this.#frame.sequence, statementId: this.#frame.statementId, code: statusCode(status) };
  }
}

function featureOf(columns: readonly WireColumn[], options: CodecOptions): StatementFeature {
  return ((options.features ?? 0) & 1) === 0
    ? { option: 0, maxRowItemCount: 0 }
    : { option: 1, maxRowItemCount: columns.length };
}

/** A column with nothing special about it. */
export function column(name: string, typeCode: number, more: Partial<WireColumn> = {}): WireColumn {
  return {
    name,
    label: name,
    type: 'UNKNOWN',
    typeCode,
    precision: 0,
    scale: 0,
    nullable: true,
    table: '',
    schema: '',
    catalog: '',
    isAutoIncrement: false,
    isCaseSensitive: false,
    isReadOnly: false,
    isUnique: false,
    isAliased: false,
    isExpression: false,
    isHidden: false,
    isIdentity: false,
    isKey: false,
    isRowId: false,
    ...more,
  };
}

/** A server that logs everybody in and leaves the rest to `answer`. */
export async function startFakeServer(answer: Answer, options: FakeServerOptions = {}): Promise<FakeServer> {
  const sockets = new Set<Socket>();
  const requests: Request[] = [];
  const frames: Frame[] = [];
  let sent = 0;
  const server = createServer({ allowHalfOpen: options.keepsOpen ?? false }, (socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    const decoder = new FrameDecoder();
    const write = (message: Buffer): void => {
      const bytes = options.mangle?.(message) ?? message;
      const left = (options.closeAfterBytes ?? Number.POSITIVE_INFINITY) - sent;
      const allowed = bytes.subarray(0, Math.min(left, bytes.length));
      sent += allowed.length;
      const step = options.chunkBytes ?? bytes.length;
      for (let at = 0; at < allowed.length; at += step) socket.write(allowed.subarray(at, at + step));
      if (allowed.length < bytes.length || sent === options.closeAfterBytes) socket.end();
    };
    if (options.closeAfterBytes === 0) socket.end();
    socket.on('data', (chunk: Buffer) => {
      decoder.push(chunk);
      for (let frame = decoder.next(); frame !== undefined; frame = decoder.next()) {
        const request = decodeRequest(frame);
        const out = new Reply(frame, { features: options.features }, socket, write);
        if (!logIn(request, out, options)) {
          requests.push(request);
          frames.push(frame);
          answer(request, out, frame);
        }
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const dropAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port,
    url: `iris://_SYSTEM:SYS@127.0.0.1:${port}/USER`,
    requests,
    frames,
    sentBytes: () => sent,
    dropAll,
    stopListening: () => {
      server.close();
    },
    [Symbol.asyncDispose]: async () => {
      dropAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function logIn(request: Request, out: Reply, options: FakeServerOptions): boolean {
  if (request.kind === 'Handshake') {
    out.send('Handshake', {
      protocolVersion: 69,
      unicode: true,
      compactDoubles: options.compactDoubles ?? false,
      locale: 'enuw',
    });
    return true;
  }
  if (request.kind === 'Connect') {
    if (options.refuse !== undefined) out.text(options.refuse, 417);
    else {
      out.send('Connect', {
        serverVersion: 'A fake server',
        delimitedIdentifiers: true,
        isolationLevel: 0,
        jobNumber: '4711',
        emptyStringCode: 0,
        features: options.features,
      });
    }
    return true;
  }
  return request.kind === 'Disconnect';
}

const usualColumns = [column('a', 4)];
/** Answers everything but statements that say `wait`. */
export const usual: Answer = (request, out) => {
  if ('text' in request && request.text.includes('wait')) return;
  if (request.kind === 'DirectQuery') out.rows(usualColumns, [[{ type: 'integer', value: 1 }]], true);
  else if (request.kind === 'PreparedQuery' || request.kind === 'Fetch')
    out.page(usualColumns, [[{ type: 'integer', value: 2 }]]);
  else if (request.kind === 'DirectUpdate')
    out.send('DirectUpdate', { parameters: [], statementFlag: 0, rowsAffected: [1] });
  else if (request.kind === 'ErrorText') out.send('ErrorText', { message: 'failed' });
  else if (request.kind !== 'ExternalInterrupt') out.status(0);
};
