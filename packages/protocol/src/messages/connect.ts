import { ListReader } from '../list/list-reader.js';
import type { MessageCodec } from './codec.js';
import { readCredential, writeCredential } from './obfuscation.js';

/** Login. Twelve items in this order, the same from every client that was observed. */
export interface Connect {
  readonly kind: 'Connect';
  readonly namespace: string;
  readonly user: string;
  readonly password: string;
  readonly osUser: string;
  readonly clientHost: string;
  readonly applicationName: string;
  /** Item 7: the official addon sends a C locale buffer, others nothing. */
  readonly clientLocale: string;
  /** Item 8: client address, or a request for shared memory; free text is accepted. */
  readonly clientAddress: string;
  readonly eventClass: string;
  /** 1 on, 2 off. */
  readonly autocommit: number;
  readonly isolationLevel: number;
  /** Bits of FEATURE that the client asks for. */
  readonly features: number;
}

export interface ConnectReply {
  /** Like $ZVERSION. */
  readonly serverVersion: string;
  /** When false, `"x"` is a string literal in SQL text. */
  readonly delimitedIdentifiers: boolean;
  readonly isolationLevel: number;
  /** Number of the server process. */
  readonly jobNumber: string;
  /** SQL code of the empty string. */
  readonly emptyStringCode: number;
  /** Negotiated feature bits; `undefined` when the server sends none (Cache 2018.1). */
  readonly features: number | undefined;
}

export const Connect: MessageCodec<Connect, ConnectReply> = {
  kind: 'Connect',
  code: 'CN',
  family: 'session',
  request: {
    encode(message, out) {
      out.text(message.namespace);
      writeCredential(out, message.user);
      writeCredential(out, message.password);
      out.text(message.osUser).text(message.clientHost).text(message.applicationName);
      out.text(message.clientLocale).text(message.clientAddress).text(message.eventClass);
      out.integer(message.autocommit).integer(message.isolationLevel).integer(message.features);
    },
    /** Clients in C leave the terminating NUL on items 4 to 7; it is removed. */
    decode(body) {
      const message: Connect = {
        kind: 'Connect',
        namespace: untilNul(body.readText()),
        user: readCredential(body),
        password: readCredential(body),
        osUser: untilNul(body.readText()),
        clientHost: untilNul(body.readText()),
        applicationName: untilNul(body.readText()),
        clientLocale: untilNul(body.readText()),
        clientAddress: untilNul(body.readText()),
        eventClass: untilNul(body.readText()),
        autocommit: body.readInteger('The autocommit mode'),
        isolationLevel: body.readInteger('The isolation level'),
        features: body.readInteger('The feature bits'),
      };
      body.expectEnd();
      return message;
    },
  },
  reply: {
    encode(reply, out) {
      out
        .text(reply.serverVersion)
        .integer(reply.delimitedIdentifiers ? 1 : 0)
        .integer(0);
      out.integer(reply.isolationLevel).text(reply.jobNumber).integer(reply.emptyStringCode);
      if (reply.features !== undefined) out.integer(reply.features);
    },
    /** Items after the seventh are let pass. */
    decode(body) {
      const serverVersion = body.readText();
      const delimitedIdentifiers = body.readInteger('The delimited-identifier flag') !== 0;
      body.skip();
      const isolationLevel = body.readInteger('The isolation level');
      const jobNumber = body.readText();
      const emptyStringCode = body.readInteger('The empty-string code');
      const features = body.atEnd ? undefined : body.readInteger('The feature bits');
      return { serverVersion, delimitedIdentifiers, isolationLevel, jobNumber, emptyStringCode, features };
    },
  },
  summary: (request) =>
    `namespace ${request.namespace}, user and password hidden, features ${request.features}`,
};

/** The text that a refused login (status 417) comes with. */
export function decodeRefusal(payload: Buffer): string {
  const body = new ListReader(payload);
  return body.atEnd ? '' : body.readText();
}

function untilNul(text: string): string {
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}
