import { ignoredBody, type Empty, type MessageCodec } from './codec.js';

/** The client is about to close; no reply is awaited. */
export interface Disconnect {
  readonly kind: 'Disconnect';
}

export const Disconnect: MessageCodec<Disconnect, Empty> = {
  kind: 'Disconnect',
  code: 'DC',
  family: 'session',
  request: {
    encode: () => undefined,
    /** npm intersystems-iris sends one empty item, the Go driver and the official addon nothing. */
    decode(body) {
      if (!body.atEnd) body.skip();
      body.expectEnd();
      return { kind: 'Disconnect' };
    },
  },
  reply: ignoredBody,
};
