import type { MessageCodec } from './codec.js';

/** First message of a connection. The version is the client's: 65, 67 and 69 were seen. */
export interface Handshake {
  readonly kind: 'Handshake';
  readonly protocolVersion: number;
}

/** The official addon refuses protocol versions below 61; Cache 2018.1 answers 53. */
export interface HandshakeReply {
  readonly protocolVersion: number;
  readonly unicode: boolean;
  /** The peer reads doubles in compact form. */
  readonly compactDoubles: boolean;
  /** Name of the server's character set: `UNICODE`, `LATIN1` and the like are what the Python clients know. */
  readonly locale: string;
}

const UNICODE = 1;
const COMPACT_DOUBLES = 2;

export const Handshake: MessageCodec<Handshake, HandshakeReply> = {
  kind: 'Handshake',
  code: 'HS',
  family: 'session',
  request: {
    encode(message, out) {
      out.rawUint16(message.protocolVersion);
    },
    decode(body) {
      const protocolVersion = body.readRawUint16();
      body.expectEnd();
      return { kind: 'Handshake', protocolVersion };
    },
  },
  reply: {
    encode(reply, out) {
      out.rawUint16(reply.protocolVersion);
      out.rawUint16((reply.unicode ? UNICODE : 0) | (reply.compactDoubles ? COMPACT_DOUBLES : 0));
      out.text(reply.locale);
    },
    /** Items after the locale are let pass, as other clients do: later servers may add some. */
    decode(body) {
      const protocolVersion = body.readRawUint16();
      const flags = body.readRawUint16();
      return {
        protocolVersion,
        unicode: (flags & UNICODE) !== 0,
        compactDoubles: (flags & COMPACT_DOUBLES) !== 0,
        locale: body.atEnd ? '' : body.readText(),
      };
    },
  },
  summary: (request) => `version ${request.protocolVersion}`,
};
