import type { ListItem } from '../list/list-item.js';
import type { ListReader } from '../list/list-reader.js';
import type { ListWriter } from '../list/list-writer.js';
import { ignoredBody, type BodyCodec, type Empty, type MessageCodec } from './codec.js';
import { valueBody, type ValueReply } from './globals.js';

/** A call of a class method, an instance method, a function or a procedure of a routine. */
export interface Call<Kind extends string> {
  readonly kind: Kind;
  /** Class or routine name, or the OREF of an instance. */
  readonly target: string;
  readonly method: string;
  /** Those with `byReference` come back in the reply. */
  readonly args: readonly ListItem[];
}

export type ClassMethodValue = Call<'ClassMethodValue'>;
export type ClassMethodVoid = Call<'ClassMethodVoid'>;
export type InstanceMethodValue = Call<'InstanceMethodValue'>;
export type InstanceMethodVoid = Call<'InstanceMethodVoid'>;
export type RoutineFunction = Call<'RoutineFunction'>;
export type RoutineProcedure = Call<'RoutineProcedure'>;

export interface PropertyGet {
  readonly kind: 'PropertyGet';
  readonly oref: string;
  readonly property: string;
}
export interface PropertySet {
  readonly kind: 'PropertySet';
  readonly oref: string;
  readonly property: string;
  readonly value: ListItem;
}

/** One item per by-reference argument, in order: the official addon crashes when one is missing. */
export interface CallReply {
  /** Absent for the void forms. */
  readonly value?: ListItem;
  readonly byReference: readonly ListItem[];
}

function replyBody(hasValue: boolean): BodyCodec<CallReply> {
  return {
    encode(reply, out) {
      if (hasValue) out.item(reply.value ?? { type: 'undefined' });
      out.items(reply.byReference);
    },
    decode(body) {
      const value = hasValue && !body.atEnd ? body.readItem() : undefined;
      const byReference: ListItem[] = [];
      while (!body.atEnd) byReference.push(body.readItem());
      return value === undefined ? { byReference } : { value, byReference };
    },
  };
}

function call<const Kind extends string>(
  kind: Kind,
  code: string,
  options: { readonly onInstance: boolean; readonly hasValue: boolean },
): MessageCodec<Call<Kind>, CallReply> {
  return {
    kind,
    code,
    family: 'native',
    request: {
      encode(message, out) {
        if (options.onInstance) out.oref(message.target);
        else out.text(message.target);
        out.text(message.method).integer(message.args.length).items(message.args);
      },
      decode(body) {
        const target = body.readText();
        const method = body.readText();
        const args = body.readItems(body.readCount('The number of arguments', body.limits.maxParameters));
        body.expectEnd();
        return { kind, target, method, args };
      },
    },
    reply: replyBody(options.hasValue),
    summary: (request) => `${request.target}.${request.method} with ${request.args.length} arguments`,
  };
}

export const ClassMethodValue = call('ClassMethodValue', '4BC2', { onInstance: false, hasValue: true });
export const ClassMethodVoid = call('ClassMethodVoid', '4CC2', { onInstance: false, hasValue: false });
/** The official addon uses this one for void calls too. */
export const InstanceMethodValue = call('InstanceMethodValue', '5BC2', { onInstance: true, hasValue: true });
export const InstanceMethodVoid = call('InstanceMethodVoid', '5CC2', { onInstance: true, hasValue: false });
export const RoutineFunction = call('RoutineFunction', '48C2', { onInstance: false, hasValue: true });
export const RoutineProcedure = call('RoutineProcedure', '5AC2', { onInstance: false, hasValue: false });

export const PropertyGet: MessageCodec<PropertyGet, ValueReply> = {
  kind: 'PropertyGet',
  code: '5DC2',
  family: 'native',
  request: {
    encode(message, out) {
      writeProperty(out, message);
    },
    decode(body) {
      const property = readProperty(body);
      body.expectEnd();
      return { kind: 'PropertyGet', ...property };
    },
  },
  reply: valueBody,
  summary: (request) => request.property,
};

export const PropertySet: MessageCodec<PropertySet, Empty> = {
  kind: 'PropertySet',
  code: '5EC2',
  family: 'native',
  request: {
    encode(message, out) {
      writeProperty(out, message);
      out.item(message.value);
    },
    decode(body) {
      const property = readProperty(body);
      const value = body.readItem();
      body.expectEnd();
      return { kind: 'PropertySet', ...property, value };
    },
  },
  reply: ignoredBody,
  summary: (request) => request.property,
};

function writeProperty(out: ListWriter, message: { readonly oref: string; readonly property: string }): void {
  out.oref(message.oref).text(message.property);
}

function readProperty(body: ListReader): { oref: string; property: string } {
  return { oref: body.readText(), property: body.readText() };
}
