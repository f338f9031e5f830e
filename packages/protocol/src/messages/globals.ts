import type { ListItem } from '../list/list-item.js';
import type { ListReader } from '../list/list-reader.js';
import type { ListWriter } from '../list/list-writer.js';
import { ignoredBody, type BodyCodec, type Empty, type MessageCodec } from './codec.js';

/** A node of a global: the name without caret (locks: with caret) and its subscripts. */
export interface GlobalNode {
  readonly name: string;
  readonly subscripts: readonly ListItem[];
}

export interface GlobalGet extends GlobalNode {
  readonly kind: 'GlobalGet';
}
export interface GlobalSet extends GlobalNode {
  readonly kind: 'GlobalSet';
  readonly value: ListItem;
}
export interface GlobalKill extends GlobalNode {
  readonly kind: 'GlobalKill';
}
/** $ORDER: the last subscript is where to start. */
export interface GlobalOrder extends GlobalNode {
  readonly kind: 'GlobalOrder';
  readonly direction: 'next' | 'previous';
  readonly withValue: boolean;
}
export interface GlobalIncrement extends GlobalNode {
  readonly kind: 'GlobalIncrement';
  readonly by: ListItem;
}
export interface GlobalData extends GlobalNode {
  readonly kind: 'GlobalData';
}

export interface ValueReply {
  /** An undefined item: there is no value. */
  readonly value: ListItem;
}
export interface GlobalOrderReply {
  /** The empty string at the end. */
  readonly subscript: ListItem;
  /** Only when asked for and present. */
  readonly value?: ListItem;
}
export interface GlobalDataReply {
  /** 0, 1, 10 or 11, as $DATA. */
  readonly data: number;
}

export function writeNode(out: ListWriter, node: GlobalNode): void {
  out.text(node.name).integer(node.subscripts.length).items(node.subscripts);
}

export function readNode(body: ListReader): GlobalNode {
  const name = body.readText();
  const count = body.readCount('The number of subscripts', body.limits.maxParameters);
  return { name, subscripts: body.readItems(count) };
}

export const valueBody: BodyCodec<ValueReply> = {
  encode(reply, out) {
    out.item(reply.value);
  },
  decode: (body) => ({ value: body.readItem() }),
};

const ORDER_BASE = { next: 2, previous: 6 } as const;
const WITH_VALUE = 1;

export const GlobalGet: MessageCodec<GlobalGet, ValueReply> = {
  kind: 'GlobalGet',
  code: '41C2',
  family: 'native',
  request: {
    encode(message, out) {
      writeNode(out, message);
    },
    decode(body) {
      const node = readNode(body);
      body.expectEnd();
      return { kind: 'GlobalGet', ...node };
    },
  },
  reply: valueBody,
  summary: nodeSummary,
};

export const GlobalSet: MessageCodec<GlobalSet, Empty> = {
  kind: 'GlobalSet',
  code: '42C2',
  family: 'native',
  request: {
    encode(message, out) {
      writeNode(out, message);
      out.item(message.value);
    },
    decode(body) {
      const node = readNode(body);
      const value = body.readItem();
      body.expectEnd();
      return { kind: 'GlobalSet', ...node, value };
    },
  },
  reply: ignoredBody,
  summary: nodeSummary,
};

export const GlobalKill: MessageCodec<GlobalKill, Empty> = {
  kind: 'GlobalKill',
  code: '43C2',
  family: 'native',
  request: {
    encode(message, out) {
      writeNode(out, message);
    },
    decode(body) {
      const node = readNode(body);
      body.expectEnd();
      return { kind: 'GlobalKill', ...node };
    },
  },
  reply: ignoredBody,
  summary: nodeSummary,
};

export const GlobalOrder: MessageCodec<GlobalOrder, GlobalOrderReply> = {
  kind: 'GlobalOrder',
  code: '45C2',
  family: 'native',
  request: {
    encode(message, out) {
      writeNode(out, message);
      out.integer(ORDER_BASE[message.direction] + (message.withValue ? WITH_VALUE : 0));
    },
    /** The official addon sends the flag as a double. */
    decode(body) {
      const node = readNode(body);
      const flag = body.readInteger('An order flag');
      body.expectEnd();
      const direction = (flag & 4) === 0 ? 'next' : 'previous';
      return { kind: 'GlobalOrder', ...node, direction, withValue: (flag & WITH_VALUE) !== 0 };
    },
  },
  reply: {
    encode(reply, out) {
      out.item(reply.subscript);
      if (reply.value !== undefined) out.item(reply.value);
    },
    decode(body) {
      const subscript = body.readItem();
      return body.atEnd ? { subscript } : { subscript, value: body.readItem() };
    },
  },
  summary: nodeSummary,
};

export const GlobalIncrement: MessageCodec<GlobalIncrement, ValueReply> = {
  kind: 'GlobalIncrement',
  code: '46C2',
  family: 'native',
  request: {
    encode(message, out) {
      writeNode(out, message);
      out.item(message.by);
    },
    decode(body) {
      const node = readNode(body);
      const by = body.readItem();
      body.expectEnd();
      return { kind: 'GlobalIncrement', ...node, by };
    },
  },
  reply: valueBody,
  summary: nodeSummary,
};

export const GlobalData: MessageCodec<GlobalData, GlobalDataReply> = {
  kind: 'GlobalData',
  code: '49C2',
  family: 'native',
  request: {
    encode(message, out) {
      writeNode(out, message);
      out.integer(0);
    },
    decode(body) {
      const node = readNode(body);
      if (!body.atEnd) body.skip();
      body.expectEnd();
      return { kind: 'GlobalData', ...node };
    },
  },
  reply: {
    encode(reply, out) {
      out.integer(reply.data);
    },
    decode: (body) => ({ data: body.readInteger('A $DATA value') }),
  },
  summary: nodeSummary,
};

function nodeSummary(node: GlobalNode): string {
  return `${node.name} with ${node.subscripts.length} subscripts`;
}
