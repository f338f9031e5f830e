import { sqlError } from '@iris-devtools/core';
import { STATUS } from '@iris-devtools/protocol';
import { appendToStream, newStream } from './stream-class.js';
import type { ClientSession, OpenStream } from './client-session.js';
import type { Handlers } from './handler.js';

/**
 * LOBs: read by the handle that a row carries, written piece by piece before they are bound. Lengths of text are in characters, which is what
 * the official Python client (5.4.1) checks them against ("Expected n UTF-8 characters"), and text travels as UTF-8.
 */
export const streamHandlers: Handlers = {
  // A read goes on where the last one ended: the JDBC driver (3.10.3) sends the same request again until it has all.
  ReadStream: (session, request, exchange) => {
    const stream = open(session, request.handle);
    const end = request.length < 0 ? stream.data.length : stream.position + request.length;
    exchange.raw(part(stream.data, stream.position, end), STATUS.OK);
    stream.position = Math.min(end, stream.data.length);
  },

  StreamPart: (session, request, exchange) => {
    const start = Math.max(0, request.position - 1);
    exchange.raw(
      part(open(session, request.handle).data, start, start + Math.max(0, request.length)),
      STATUS.OK,
    );
  },

  StreamSize: (session, request, exchange) => {
    // unverified on a live server: that it also goes back to the beginning, for a client that reads the value again.
    const stream = open(session, request.handle);
    stream.position = 0;
    exchange.reply('StreamSize', { size: stream.data.length });
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

function open(session: ClientSession, handle: string): OpenStream {
  const stream = session.streams.get(handle);
  if (stream === undefined) throw sqlError(-412, 'The stream handle is not known');
  return stream;
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
