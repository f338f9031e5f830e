import { IrisError } from '@iris-devtools/core';
import type { ListItem } from '@iris-devtools/protocol';
import { serverObject } from '../classes/class-definition.js';
import type { ClassDefinition, ServerObject } from '../classes/class-definition.js';
import type { EngineParameter } from '../engine/engine.js';

/** A stream that a client writes piece by piece before it binds it as a parameter. */
interface StreamState {
  readonly chunks: Buffer[];
  byteLength: number;
  readonly binary: boolean;
}

function streamClass(name: string): ClassDefinition<StreamState> {
  return { name, properties: { Size: { get: (stream) => stream.byteLength } } };
}

const characterStreamClass = streamClass('%Stream.TmpCharacter');
const binaryStreamClass = streamClass('%Stream.TmpBinary');

export function newStream(binary: boolean): ServerObject {
  const state: StreamState = { chunks: [], byteLength: 0, binary };
  return serverObject(binary ? binaryStreamClass : characterStreamClass, state);
}

/** @throws IrisError IRIS_LIMIT with SQLCODE -412 when the stream gets too long, -411 when the object is no stream */
export function appendToStream(object: ServerObject, chunk: Buffer, maxBytes: number): void {
  const state = streamState(object);
  if (state === undefined) {
    throw new IrisError('The object is no stream', { code: 'IRIS_SQL', sqlcode: -411 });
  }
  if (state.byteLength + chunk.length > maxBytes) {
    throw new IrisError(`A stream of more than ${maxBytes} bytes is refused`, {
      code: 'IRIS_LIMIT',
      sqlcode: -412,
      hint: 'Raise the limit maxStreamBytes of the emulator.',
    });
  }
  // The chunk is a view of a network buffer that would be kept alive whole.
  state.chunks.push(Buffer.from(chunk));
  state.byteLength += chunk.length;
}

/** The id in an OREF; the JDBC driver (3.10.3) binds the stream that it wrote as the OREF's text. */
export function streamOref(item: ListItem): number | undefined {
  if (item.type === 'oref') return Number.parseInt(item.value, 10);
  if (item.type !== 'string') return undefined;
  const [, id, name] = /^(\d{1,15})@(%Stream\.\w+)$/.exec(item.value) ?? [];
  const isStream = name === characterStreamClass.name || name === binaryStreamClass.name;
  return id === undefined || !isStream ? undefined : Number(id);
}

/** The stream's contents as a parameter; `undefined` when the object is no stream. */
export function streamParameter(object: ServerObject): EngineParameter | undefined {
  const state = streamState(object);
  if (state === undefined) return undefined;
  const data = Buffer.concat(state.chunks);
  return state.binary ? { kind: 'bytes', value: data } : { kind: 'string', value: data.toString('utf8') };
}

function streamState(object: ServerObject): StreamState | undefined {
  const isStream =
    object.definition.name === characterStreamClass.name || object.definition.name === binaryStreamClass.name;
  return isStream ? object.state : undefined;
}
