import { ignoredBody, type Empty, type MessageCodec } from './codec.js';
import { plainMessage } from './plain.js';

/** unverified on a live server: the codes are known (nDPI), that they carry nothing but the header's statement id is assumed. */
export interface CloseCursor {
  readonly kind: 'CloseCursor';
}
export interface CloseStatement {
  readonly kind: 'CloseStatement';
}
export interface ResetConnection {
  readonly kind: 'ResetConnection';
}
/**
 * Asks to interrupt what runs. The JDBC driver (3.10.3) logs in on a connection of its own and names the job of the other one, as
 * the server's login reply gave it. unverified on a live server: that it may be sent without, for the own connection.
 */
export interface ExternalInterrupt {
  readonly kind: 'ExternalInterrupt';
  readonly job?: number;
}

export const CloseCursor = plainMessage('CloseCursor', 'CC', 'sql');
export const CloseStatement = plainMessage('CloseStatement', 'CU', 'sql');
export const ResetConnection = plainMessage('ResetConnection', 'RN');

export const ExternalInterrupt: MessageCodec<ExternalInterrupt, Empty> = {
  kind: 'ExternalInterrupt',
  code: 'EI',
  family: 'session',
  request: {
    encode(message, out) {
      if (message.job !== undefined) out.integer(message.job).integer(0);
    },
    decode(body) {
      if (body.atEnd) return { kind: 'ExternalInterrupt' };
      const job = body.readInteger('A job number');
      // unverified on a live server: what the second item means; JDBC sends 0.
      body.skip();
      body.expectEnd();
      return { kind: 'ExternalInterrupt', job };
    },
  },
  reply: ignoredBody,
};
