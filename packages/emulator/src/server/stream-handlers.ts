import { sqlError } from '@iris-devtools/core';
import { STATUS } from '@iris-devtools/protocol';
import { appendToStream, newStream } from './stream-class.js';
import type { ClientSession } from './client-session.js';
import type { Handlers } from './handler.js';

/** LOBs: read by the handle that a row carries, written piece by piece before they are bound. */
export const streamHandlers: Handlers = {
  ReadStream: (session, request, exchange) => {
    const bytes = contents(session, request.handle);
    exchange.raw(request.length < 0 ? bytes : bytes.subarray(0, request.length), STATUS.OK);
  },

  StreamSize: (session, request, exchange) => {
    exchange.reply('StreamSize', { size: contents(session, request.handle).length });
  },

  // The handle stays valid: it may be in a row that the client has not read yet. No reply is awaited.
  CloseStream: () => undefined,

  StoreCharacterStream: (session, request, exchange) => {
    exchange.reply('StoreCharacterStream', { stream: append(session, request, false) });
  },

  StoreBinaryStream: (session, request, exchange) => {
    exchange.reply('StoreBinaryStream', { stream: append(session, request, true) });
  },
};

/** unverified on a live server: the character set of stream text; clients write UTF-8. */
function contents(session: ClientSession, handle: string): Buffer {
  const data = session.streams.get(handle);
  if (data === undefined) throw sqlError(-412, 'The stream handle is not known');
  return Buffer.from(data);
}

/** Appends to a stream, or begins one for the name `0`. Returns the OREF to bind. */
function append(session: ClientSession, piece: { stream: string; chunk: Buffer }, binary: boolean): string {
  const { objects } = session.process;
  const { maxStreamBytes } = session.settings.limits;
  if (piece.stream === '0' || piece.stream === '') {
    const stream = newStream(binary);
    appendToStream(stream, piece.chunk, maxStreamBytes);
    return objects.add(stream).toString();
  }
  appendToStream(objects.get(Number.parseInt(piece.stream, 10)), piece.chunk, maxStreamBytes);
  return piece.stream;
}
