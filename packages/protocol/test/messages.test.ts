import { describe, expect, it } from '@jest/globals';
import { isIrisError } from '@iris-devtools/core';
import {
  decodeReply,
  decodeRequest,
  encodeReply,
  encodeRequest,
  FrameDecoder,
  functionCode,
  functionCodeName,
  FUNCTION_NAMES,
  kindOfCode,
  MESSAGES,
  NO_VALUES,
  type CodecOptions,
  type Frame,
  type ListItem,
  type MessageKind,
  type Request,
} from '@iris-devtools/protocol';
import fc from 'fast-check';
import { toJson } from './json.js';
import { readVectors, type Vector } from './vectors.js';

const vectors = readVectors('messages.jsonl');

function frameOf(bytes: Buffer, chunkBytes = bytes.length): Frame {
  const decoder = new FrameDecoder();
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    decoder.push(bytes.subarray(at, at + chunkBytes));
    const frame = decoder.next();
    if (frame !== undefined) return frame;
  }
  throw new Error('no frame');
}

function optionsOf(vector: Vector): CodecOptions {
  const { outputCount = 0 } = vector;
  return { features: vector.features, isQuery: vector.isQuery === true, outputCount };
}

function decode(vector: Vector, frame: Frame): unknown {
  if (vector.replyTo === undefined) return decodeRequest(frame, optionsOf(vector));
  return decodeReply(vector.replyTo, frame, optionsOf(vector));
}

function encodeAgain(vector: Vector, frame: Frame): Buffer {
  const options = optionsOf(vector);
  if (vector.replyTo === undefined) return encodeRequest(decodeRequest(frame, options), frame, options);
  return encodeReply(vector.replyTo, decodeReply(vector.replyTo, frame, options), frame, options);
}

function typedOrValid(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    if (!isIrisError(error)) throw error;
    expect(['IRIS_PROTOCOL', 'IRIS_LIMIT']).toContain(error.code);
  }
}

describe('messages as real clients write and read them', () => {
  it.each(vectors)('$name is read, whole and byte by byte', (vector) => {
    const bytes = Buffer.from(vector.hex, 'hex');
    for (const chunkBytes of [bytes.length, 1, 5]) {
      expect(toJson(decode(vector, frameOf(bytes, chunkBytes)))).toEqual(vector.message);
    }
  });

  it.each(vectors.filter((vector) => vector.readOnly !== true))('$name is written', (vector) => {
    expect(encodeAgain(vector, frameOf(Buffer.from(vector.hex, 'hex'))).toString('hex')).toBe(vector.hex);
  });

  it.each(vectors)('$name, changed or cut off anywhere, gives a message or a typed error', (vector) => {
    const frame = frameOf(Buffer.from(vector.hex, 'hex'));
    for (let at = 0; at < frame.payload.length; at++) {
      typedOrValid(() => decode(vector, { ...frame, payload: frame.payload.subarray(0, at) }));
      for (const value of [0, 1, 2, 4, 5, 0x7f, 0x80, 0xff, (frame.payload[at] ?? 0) ^ 1]) {
        const payload = Buffer.from(frame.payload);
        payload[at] = value;
        typedOrValid(() => decode(vector, { ...frame, payload }));
      }
    }
  });

  it('refuses bytes behind a request', () => {
    for (const vector of vectors.filter((v) => v.replyTo === undefined)) {
      const frame = frameOf(Buffer.from(vector.hex, 'hex'));
      const payload = Buffer.concat([frame.payload, Buffer.from([2, 1, 2, 1])]);
      if (frame.code === functionCode('B0')) continue;
      expect(() => decodeRequest({ ...frame, payload })).toThrow(/too many/);
    }
  });
});

const text = fc.string({ unit: 'grapheme', maxLength: 30 });
const int = fc.integer({ min: -1000, max: 100_000 });
const value: fc.Arbitrary<ListItem> = fc.oneof(
  fc.constant<ListItem>({ type: 'undefined' }),
  int.map((n): ListItem => ({ type: 'integer', value: n })),
  fc.double({ noNaN: true }).map((n): ListItem => ({ type: 'double', value: n })),
  fc.string({ unit: 'grapheme-ascii' }).map((s): ListItem => ({ type: 'string', value: s })),
);
const byReference = value.map((item): ListItem =>
  item.type === 'undefined' ? item : { ...item, byReference: true },
);
const items = fc.array(fc.oneof(value, byReference), { maxLength: 5 });
const values = fc.oneof(
  fc.constant(NO_VALUES),
  fc.integer({ min: 1, max: 4 }).chain((count) =>
    fc.record({
      count: fc.constant(count),
      sets: fc.array(fc.array(value, { minLength: count, maxLength: count }), { maxLength: 4 }),
    }),
  ),
);
const parameters = fc.array(fc.record({ kind: fc.constantFrom(99, 63), mode: fc.nat(7) }), { maxLength: 4 });
const oref = fc.nat().map((id) => `${id}@Some.Class`);
const call = { target: oref, method: text, args: items };
const node = { name: text, subscripts: items };
const execution = { timeoutSeconds: int, maxRows: int };
const generatedKeyColumn = fc.constantFrom(undefined, 'ID', 3);
const stored = {
  stream: fc.constantFrom('0', '7@%Stream'),
  chunk: fc.uint8Array().map((b) => Buffer.from(b)),
};
const none = {};

/** One arbitrary per message kind: a new message without one does not compile. */
const bodies: Record<MessageKind, Record<string, fc.Arbitrary<unknown>>> = {
  Handshake: { protocolVersion: fc.nat(65_535) },
  Connect: {
    namespace: text,
    user: text,
    password: text,
    osUser: text,
    clientHost: text,
    applicationName: text,
    clientLocale: text,
    clientAddress: text,
    eventClass: text,
    autocommit: int,
    isolationLevel: int,
    features: int,
  },
  Disconnect: none,
  Ping: none,
  // A status is 16 bits wide.
  ErrorText: { status: fc.integer({ min: -32_768, max: 0xffff }) },
  ResetConnection: none,
  ExternalInterrupt: { job: fc.nat() },
  DirectQuery: { text, parameters, values, ...execution },
  DirectUpdate: { text, parameters, generatedKeyColumn, timeoutSeconds: int, values },
  Prepare: { text, parameters },
  PreparedQuery: { values, ...execution },
  PreparedUpdate: { generatedKeyColumn, timeoutSeconds: int, values },
  Fetch: none,
  GeneratedKeys: none,
  CloseCursor: none,
  CloseStatement: none,
  Commit: none,
  Rollback: none,
  AutocommitOn: none,
  AutocommitOff: none,
  SetIsolationLevel: { level: int },
  InTransaction: none,
  ReadStream: { handle: text, length: int },
  StreamSize: { handle: text },
  StreamPart: { handle: text, position: int, length: int },
  StatementBatch: {
    timeoutSeconds: int,
    statements: fc.array(fc.record({ text, values }), { maxLength: 3 }),
  },
  CloseStream: none,
  StoreCharacterStream: stored,
  StoreBinaryStream: stored,
  PrepareProcedure: { text },
  DirectProcedure: { text, ...execution, values: items },
  ProcedureQuery: { ...execution, values: items },
  ProcedureUpdate: { ...execution, values: items },
  ProcedureMultiple: { timeoutSeconds: int, values: items },
  MoreResults: none,
  FetchProcedure: none,
  FetchMultiple: none,
  ResultSetObject: { oref, more: fc.boolean() },
  CatalogTables: { table: text, types: text, schema: text },
  CatalogColumns: { table: text, column: text, schema: text },
  CatalogPrimaryKeys: { table: text, schema: text },
  CatalogImportedKeys: { table: text, schema: text },
  CatalogExportedKeys: { table: text, schema: text },
  CatalogCrossReference: { parentTable: text, foreignTable: text, parentSchema: text, foreignSchema: text },
  CatalogIndexes: { table: text, schema: text, nonUnique: text },
  CatalogTypes: none,
  CatalogSchemas: { schema: text },
  CatalogNamespaces: none,
  CatalogTableTypes: none,
  CatalogBestRowId: { table: text, schema: text },
  CatalogVersionColumns: { table: text, schema: text },
  CatalogTablePrivileges: { table: text, schema: text },
  CatalogColumnPrivileges: { table: text, column: text, schema: text },
  CatalogProcedures: { procedure: text, schema: text },
  CatalogProcedureColumns: { procedure: text, column: text, schema: text },
  CatalogFunctions: { procedure: text, schema: text },
  CatalogFunctionColumns: { procedure: text, column: text, schema: text },
  GlobalGet: node,
  GlobalSet: { ...node, value },
  GlobalKill: node,
  GlobalOrder: { ...node, direction: fc.constantFrom('next', 'previous'), withValue: fc.boolean() },
  GlobalIncrement: { ...node, by: value },
  GlobalData: node,
  RoutineFunction: call,
  RoutineProcedure: call,
  ClassMethodValue: call,
  ClassMethodVoid: call,
  InstanceMethodValue: call,
  InstanceMethodVoid: call,
  PropertyGet: { oref, property: text },
  PropertySet: { oref, property: text, value },
  Lock: { ...node, mode: text, timeoutSeconds: int },
  Unlock: { ...node, mode: text },
  ReleaseAllLocks: none,
  TStart: none,
  TCommit: none,
  TRollback: none,
  TRollbackOne: none,
  TLevel: none,
  NativeInit: { items },
};

const request = fc.oneof(
  ...Object.entries(bodies).map(([kind, body]) =>
    fc.record({ kind: fc.constant(kind), ...body }).map((message) => message as Request),
  ),
);

describe('every request', () => {
  it('is read as it was written, through chunks of any size', () => {
    fc.assert(
      fc.property(request, fc.integer({ min: 1, max: 50 }), (message, chunkBytes) => {
        const bytes = encodeRequest(message, { sequence: 7, statementId: 9 });
        const frame = frameOf(bytes, chunkBytes);
        expect([frame.sequence, frame.statementId]).toEqual([7, 9]);
        expect(toJson(decodeRequest(frame))).toEqual(toJson(message));
      }),
      { numRuns: 2000 },
    );
  });

  it('with random changes gives a message or a typed error', () => {
    const change = fc.record({ at: fc.nat(), byte: fc.nat(255) });
    fc.assert(
      fc.property(
        request,
        fc.array(change, { minLength: 1, maxLength: 4 }),
        fc.nat(),
        (message, changes, cut) => {
          const payload = Buffer.from(encodeRequest(message, { sequence: 1, statementId: 0 }).subarray(14));
          if (payload.length === 0) return;
          for (const { at, byte } of changes) payload[at % payload.length] = byte;
          const frame = {
            sequence: 1,
            statementId: 0,
            code: functionCode(MESSAGES[message.kind].code),
            payload,
          };
          typedOrValid(() => decodeRequest(frame));
          typedOrValid(() => decodeRequest({ ...frame, payload: payload.subarray(0, cut % payload.length) }));
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('of arbitrary bytes gives a message or a typed error, and so does every reply', () => {
    const kinds = Object.keys(MESSAGES) as MessageKind[];
    fc.assert(
      fc.property(
        fc.constantFrom(...kinds),
        fc.uint8Array({ maxLength: 80 }),
        fc.nat(3),
        (kind, bytes, features) => {
          const frame = {
            sequence: 1,
            statementId: 0,
            code: functionCode(MESSAGES[kind].code),
            payload: Buffer.from(bytes),
          };
          typedOrValid(() => decodeRequest(frame));
          const outputCount = bytes.length % 3;
          typedOrValid(() =>
            decodeReply(kind, frame, { features, isQuery: bytes.length % 2 === 0, outputCount }),
          );
        },
      ),
      { numRuns: 5000 },
    );
  });
});

describe('function codes', () => {
  it('have a name, and the ones with a codec find it', () => {
    for (const code of Object.keys(FUNCTION_NAMES)) {
      expect(functionCodeName(functionCode(code))).toBe(FUNCTION_NAMES[code]);
    }
    for (const { code, kind } of Object.values(MESSAGES)) {
      expect(kindOfCode(functionCode(code))).toBe(kind);
      expect(FUNCTION_NAMES[code]).toBeDefined();
    }
  });

  it('without a codec are refused', () => {
    const frame = { sequence: 0, statementId: 0, code: functionCode('EX'), payload: Buffer.alloc(0) };
    expect(() => decodeRequest(frame)).toThrow(/is not known/);
    expect(functionCodeName(functionCode('EX'))).toBe('execute static cursor');
    expect(functionCodeName(functionCode('@!'))).toBeUndefined();
  });
});

describe('limits', () => {
  it('a count beyond its limit is refused before anything is built', () => {
    const message: Request = {
      kind: 'PreparedQuery',
      values: { count: 3, sets: [[{ type: 'undefined' }, { type: 'undefined' }, { type: 'undefined' }]] },
      timeoutSeconds: 0,
      maxRows: 0,
    };
    const frame = frameOf(encodeRequest(message, { sequence: 0, statementId: 0 }));
    const limits = {
      maxPayloadBytes: 1000,
      maxItems: 10,
      maxColumns: 10,
      maxParameters: 2,
      maxParameterSets: 10,
      maxTextChunks: 10,
    };
    expect(() => decodeRequest(frame, { limits })).toThrow(/exceeds the limit of 2/);
    expect(() =>
      encodeRequest(
        { ...message, kind: 'Prepare', text: 'x'.repeat(2000), parameters: [] },
        { sequence: 0, statementId: 0 },
        { limits },
      ),
    ).toThrow(/exceeds the limit of 1000/);
  });
});
