import type { MessageCodec } from './codec.js';

/** Asks for the words of a failure: the status that the failed reply had, as it stood in the header. */
export interface ErrorText {
  readonly kind: 'ErrorText';
  readonly status: number;
}

export interface ErrorTextReply {
  /** Begins with `[SQLCODE: <-119>:` on real servers. */
  readonly message: string;
}

export const ErrorText: MessageCodec<ErrorText, ErrorTextReply> = {
  kind: 'ErrorText',
  code: 'OE',
  family: 'session',
  request: {
    encode(message, out) {
      out.integer(message.status);
    },
    decode(body) {
      const status = body.readInteger('A status');
      body.expectEnd();
      return { kind: 'ErrorText', status };
    },
  },
  reply: {
    encode(reply, out) {
      out.text(reply.message);
    },
    /** Only the first item is known. */
    decode: (body) => ({ message: body.atEnd ? '' : body.readText() }),
  },
  summary: (request) => `status ${request.status}`,
};
