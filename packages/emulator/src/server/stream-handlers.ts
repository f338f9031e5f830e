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
  ReadStream: (session, request, exchange) => {
    const length = request.length < 0 ? undefined : request.length;
    exchange.raw(part(contents(session, request.handle), 0, length), STATUS.OK);
  },

  StreamPart: (session, request, exchange) => {
    const start = Math.max(0, request.position - 1);
    exchange.raw(
      part(contents(session, request.handle), start, start + Math.max(0, request.length)),
      STATUS.OK,
    );
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

/** Of text the positions are characters. unverified on a live server: its character set; clients write and read UTF-8. */
function part(data: string | Uint8Array, start: number, end: number | undefined): Buffer {
  return Buffer.from(typeof data === 'string' ? data.slice(start, end) : data.subarray(start, end));
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
