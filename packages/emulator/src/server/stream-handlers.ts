import { sqlError } from '@iris-devtools/core';
import { STATUS } from '@iris-devtools/protocol';
import { appendToStream, newStream } from './stream-class.js';
import type { ClientSession } from './client-session.js';
import type { Handlers } from './handler.js';

/**
 * LOBs: read by the handle that a row carries, written piece by piece before they are bound. Lengths of text are in characters, which is what
 * the official Python client (5.4.1) checks them against ("Expected n UTF-8 characters"), and text travels as UTF-8.
 */
export const streamHandlers: Handlers = {
  // unverified on a live server: whether a second read goes on where the first one ended. Here each begins at the start.
  ReadStream: (session, { handle, length }, exchange) => {
    const data = contents(session, handle);
    exchange.raw(Buffer.from(length < 0 ? data : data.slice(0, length)), STATUS.OK);
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

function contents(session: ClientSession, handle: string): string | Uint8Array {
  const data = session.streams.get(handle);
  if (data === undefined) throw sqlError(-412, 'The stream handle is not known');
  return data;
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
