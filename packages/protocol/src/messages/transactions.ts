import { emptyBody, type MessageCodec } from './codec.js';
import { plainMessage } from './plain.js';

export interface Commit {
  readonly kind: 'Commit';
}
export interface Rollback {
  readonly kind: 'Rollback';
}
/** unverified on a live server: the payloads of this and the next three are assumed from their meaning. */
export interface AutocommitOn {
  readonly kind: 'AutocommitOn';
}
export interface AutocommitOff {
  readonly kind: 'AutocommitOff';
}
/**
 * The level that is wanted, or 0 to ask for it; the reply holds the one in use. Levels are JDBC's: 1 READ UNCOMMITTED, 2 READ
 * COMMITTED. The JDBC driver (3.10.3) sends 0 and 1, and takes another number in the reply for a refusal.
 */
export interface SetIsolationLevel {
  readonly kind: 'SetIsolationLevel';
  readonly level: number;
}
export interface SetIsolationLevelReply {
  readonly level: number;
}
export interface InTransaction {
  readonly kind: 'InTransaction';
}
export interface InTransactionReply {
  readonly inTransaction: boolean;
}

/** Empty both ways; a status other than 0 and 100 is a failure. */
export const Commit = plainMessage('Commit', 'TC', 'sql');
export const Rollback = plainMessage('Rollback', 'TR', 'sql');
export const AutocommitOn = plainMessage('AutocommitOn', 'AN', 'sql');
export const AutocommitOff = plainMessage('AutocommitOff', 'AF', 'sql');

export const SetIsolationLevel: MessageCodec<SetIsolationLevel, SetIsolationLevelReply> = {
  kind: 'SetIsolationLevel',
  code: 'IL',
  family: 'sql',
  request: {
    encode(message, out) {
      out.integer(message.level);
    },
    decode(body) {
      const level = body.readInteger('An isolation level');
      body.expectEnd();
      return { kind: 'SetIsolationLevel', level };
    },
  },
  reply: {
    encode(reply, out) {
      out.integer(reply.level);
    },
    decode: (body) => ({ level: body.readInteger('An isolation level') }),
  },
};

export const InTransaction: MessageCodec<InTransaction, InTransactionReply> = {
  kind: 'InTransaction',
  code: 'IT',
  family: 'sql',
  request: {
    encode: () => undefined,
    decode(body, context) {
      emptyBody.decode(body, context);
      return { kind: 'InTransaction' };
    },
  },
  reply: {
    encode(reply, out) {
      out.integer(reply.inTransaction ? 1 : 0);
    },
    decode: (body) => ({ inTransaction: body.readInteger('A transaction state') !== 0 }),
  },
};
