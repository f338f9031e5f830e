import { ignoredBody, type Empty, type MessageCodec } from './codec.js';
import { readNode, writeNode, type GlobalNode } from './globals.js';

/** The name has its caret here. `mode` holds letters as in ObjectScript: S shared, E escalating, I immediate unlock, D deferred unlock. */
export interface Lock extends GlobalNode {
  readonly kind: 'Lock';
  readonly mode: string;
  readonly timeoutSeconds: number;
}
export interface Unlock extends GlobalNode {
  readonly kind: 'Unlock';
  readonly mode: string;
}
export interface ReleaseAllLocks {
  readonly kind: 'ReleaseAllLocks';
}

export interface LockReply {
  /** False when the timeout ran out. */
  readonly granted: boolean;
}

export const Lock: MessageCodec<Lock, LockReply> = {
  kind: 'Lock',
  code: '4EC2',
  family: 'native',
  request: {
    encode(message, out) {
      writeNode(out, message);
      out.text(message.mode).integer(message.timeoutSeconds);
    },
    decode(body) {
      const node = readNode(body);
      const mode = body.readText();
      const timeoutSeconds = body.readInteger('A lock timeout');
      body.expectEnd();
      return { kind: 'Lock', ...node, mode, timeoutSeconds };
    },
  },
  reply: {
    encode(reply, out) {
      out.integer(reply.granted ? 1 : 0);
    },
    decode: (body) => ({ granted: body.readInteger('A lock result') !== 0 }),
  },
  summary: (request) => request.name,
};

export const Unlock: MessageCodec<Unlock, Empty> = {
  kind: 'Unlock',
  code: '4FC2',
  family: 'native',
  request: {
    encode(message, out) {
      writeNode(out, message);
      out.text(message.mode);
    },
    decode(body) {
      const node = readNode(body);
      const mode = body.readText();
      body.expectEnd();
      return { kind: 'Unlock', ...node, mode };
    },
  },
  reply: ignoredBody,
  summary: (request) => request.name,
};

export const ReleaseAllLocks: MessageCodec<ReleaseAllLocks, Empty> = {
  kind: 'ReleaseAllLocks',
  code: '50C2',
  family: 'native',
  request: {
    encode(_message, out) {
      out.integer(0);
    },
    decode(body) {
      if (!body.atEnd) body.skip();
      body.expectEnd();
      return { kind: 'ReleaseAllLocks' };
    },
  },
  reply: ignoredBody,
};
