import { ignoredBody, type BodyCodec, type Empty, type MessageCodec } from './codec.js';
import { itemsBody, type ItemsReply } from './procedures.js';
import type { ListItem } from '../list/list-item.js';

/** Transactions by ObjectScript's commands; each request holds one 0. */
export interface TStart {
  readonly kind: 'TStart';
}
export interface TCommit {
  readonly kind: 'TCommit';
}
/** Rolls back every level. */
export interface TRollback {
  readonly kind: 'TRollback';
}
export interface TRollbackOne {
  readonly kind: 'TRollbackOne';
}
export interface TLevel {
  readonly kind: 'TLevel';
}
/** Sent by npm intersystems-iris after login; what its items mean is not known. It reads at least six items back. */
export interface NativeInit {
  readonly kind: 'NativeInit';
  readonly items: readonly ListItem[];
}

export interface TLevelReply {
  readonly level: number;
}

function zeroArgument<const Kind extends string, Reply>(
  kind: Kind,
  code: string,
  reply: BodyCodec<Reply>,
): MessageCodec<{ readonly kind: Kind }, Reply> {
  return {
    kind,
    code,
    family: 'native',
    request: {
      encode(_message, out) {
        out.integer(0);
      },
      /** The official Node addon sends a 0, the official Python client nothing. */
      decode(body) {
        if (!body.atEnd) body.skip();
        body.expectEnd();
        return { kind };
      },
    },
    reply,
  };
}

const levelBody: BodyCodec<TLevelReply> = {
  encode(reply, out) {
    out.integer(reply.level);
  },
  decode: (body) => ({ level: body.readInteger('A transaction level') }),
};

export const TStart: MessageCodec<TStart, Empty> = zeroArgument('TStart', '51C2', ignoredBody);
export const TCommit: MessageCodec<TCommit, Empty> = zeroArgument('TCommit', '52C2', ignoredBody);
export const TRollback: MessageCodec<TRollback, Empty> = zeroArgument('TRollback', '53C2', ignoredBody);
export const TRollbackOne: MessageCodec<TRollbackOne, Empty> = zeroArgument(
  'TRollbackOne',
  '54C2',
  ignoredBody,
);
export const TLevel: MessageCodec<TLevel, TLevelReply> = zeroArgument('TLevel', '55C2', levelBody);

export const NativeInit: MessageCodec<NativeInit, ItemsReply> = {
  kind: 'NativeInit',
  code: 'B0',
  family: 'session',
  request: {
    encode(message, out) {
      out.items(message.items);
    },
    decode: (body, context) => ({ kind: 'NativeInit', ...itemsBody.decode(body, context) }),
  },
  reply: itemsBody,
};
