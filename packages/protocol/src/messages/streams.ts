import { protocolError } from '../errors.js';
import type { ListReader } from '../list/list-reader.js';
import { ignoredBody, type Empty, type MessageCodec } from './codec.js';

/**
 * Reads a LOB. `length` -1: all of it (Go driver). The official Python client (5.4.1) asks for the size and sends that; it takes fewer
 * characters, or another number of bytes, for an error, so a server must send all that was asked for in one message.
 * A further read goes on where the last one ended: so reads the JDBC driver (3.10.3), in pieces of 8,192 bytes.
 */
export interface ReadStream {
  readonly kind: 'ReadStream';
  readonly handle: string;
  readonly length: number;
}

/** Raw bytes, not items. Text is UTF-8 for the Go driver and the official Python client (5.4.1). */
export interface ReadStreamReply {
  readonly data: Buffer;
}

export const ReadStream: MessageCodec<ReadStream, ReadStreamReply> = {
  kind: 'ReadStream',
  code: 'JS',
  family: 'sql',
  request: {
    encode(message, out) {
      out.text(message.handle).integer(message.length);
    },
    decode(body) {
      const handle = body.readText();
      const length = body.readInteger('A stream length');
      body.expectEnd();
      return { kind: 'ReadStream', handle, length };
    },
  },
  reply: {
    encode(reply, out) {
      out.rawBytes(reply.data);
    },
    decode: (body) => ({ data: body.readRawBytes(body.remaining) }),
  },
};

/** Appends one piece to a stream; `stream` is `0` for a new one, later what the last reply gave. */
export interface StoreStream<Kind extends string> {
  readonly kind: Kind;
  readonly stream: string;
  /** At most 4096 bytes in the clients that are known; character streams as UTF-8. */
  readonly chunk: Buffer;
}

export type StoreCharacterStream = StoreStream<'StoreCharacterStream'>;
export type StoreBinaryStream = StoreStream<'StoreBinaryStream'>;

export interface StoreStreamReply {
  /** What to bind as the parameter, and to send with the next piece. */
  readonly stream: string;
}

/** Largest piece that known clients send. */
export const MAX_STREAM_CHUNK_BYTES = 4096;

function storeStream<const Kind extends string>(
  kind: Kind,
  code: string,
): MessageCodec<StoreStream<Kind>, StoreStreamReply> {
  return {
    kind,
    code,
    family: 'sql',
    request: {
      encode(message, out) {
        if (message.stream === '0') out.text('0');
        else out.oref(message.stream);
        out.rawInt32(message.chunk.length).rawBytes(message.chunk);
      },
      decode(body) {
        const stream = body.readText();
        const chunk = readChunk(body, kind === 'StoreCharacterStream');
        return { kind, stream, chunk };
      },
    },
    reply: {
      encode(reply, out) {
        out.oref(reply.stream);
      },
      decode: (body) => ({ stream: body.readText() }),
    },
  };
}

/** The length before a piece of text: the Python clients count bytes, the JDBC driver (3.10.3) UTF-16 units. */
function readChunk(body: ListReader, isText: boolean): Buffer {
  const at = body.offset;
  const length = body.readRawInt32();
  const units = isText ? body.bytes.toString('utf8', body.offset, body.end).length : body.remaining;
  if (length === units && length !== body.remaining) return body.readRawBytes(body.remaining);
  if (length > body.remaining) throw protocolError('A piece of a stream is shorter than announced', at);
  const chunk = body.readRawBytes(length);
  body.expectEnd();
  return chunk;
}

/** Layout from the Python DB-API; unverified on a live server. */
export const StoreCharacterStream = storeStream('StoreCharacterStream', 'SM');
export const StoreBinaryStream = storeStream('StoreBinaryStream', 'SB');

/** A part of a LOB; `position` is 1 for its beginning. Of text the JDBC driver (3.10.3) counts characters. */
export interface StreamPart {
  readonly kind: 'StreamPart';
  readonly handle: string;
  readonly position: number;
  readonly length: number;
}

export const StreamPart: MessageCodec<StreamPart, ReadStreamReply> = {
  kind: 'StreamPart',
  code: 'GB',
  family: 'sql',
  request: {
    encode(message, out) {
      out.text(message.handle).integer(message.position).integer(message.length);
    },
    decode(body) {
      const handle = body.readText();
      const position = body.readInteger('A stream position');
      const length = body.readInteger('A stream length');
      body.expectEnd();
      return { kind: 'StreamPart', handle, position, length };
    },
  },
  reply: ReadStream.reply,
};

/** Size of a LOB; seen from the official Python client (5.4.1), which asks before it reads. */
export interface StreamSize {
  readonly kind: 'StreamSize';
  readonly handle: string;
}

export interface StreamSizeReply {
  /** Bytes; characters of a text, as the official Python (5.4.1) and JDBC (3.10.3) drivers count them. */
  readonly size: number;
}

export const StreamSize: MessageCodec<StreamSize, StreamSizeReply> = {
  kind: 'StreamSize',
  code: 'SS',
  family: 'sql',
  request: {
    encode(message, out) {
      out.text(message.handle);
    },
    decode(body) {
      const handle = body.readText();
      body.expectEnd();
      return { kind: 'StreamSize', handle };
    },
  },
  reply: {
    encode(reply, out) {
      out.integer(reply.size);
    },
    decode: (body) => ({ size: body.readInteger('A stream size') }),
  },
};

/** The client is done with a LOB. No reply is awaited (official Python client 5.4.1, which sends the integer 0). */
export interface CloseStream {
  readonly kind: 'CloseStream';
}

export const CloseStream: MessageCodec<CloseStream, Empty> = {
  kind: 'CloseStream',
  code: 'CS',
  family: 'sql',
  request: {
    encode(_message, out) {
      out.integer(0);
    },
    decode(body) {
      if (!body.atEnd) body.skip();
      body.expectEnd();
      return { kind: 'CloseStream' };
    },
  },
  reply: ignoredBody,
};
