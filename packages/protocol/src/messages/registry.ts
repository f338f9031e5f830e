import { protocolError } from '../errors.js';
import { functionCode } from '../function-codes.js';
import { encodeFrame, HEADER_BYTES, writeHeader, type Frame, type FrameHeader } from '../frame/frame.js';
import { ListReader } from '../list/list-reader.js';
import { ListWriter } from '../list/list-writer.js';
import type { ProtocolLimits } from '../limits.js';
import * as calls from './calls.js';
import * as catalogs from './catalogs.js';
import type { MessageCodec, MessageContext } from './codec.js';
import { Connect } from './connect.js';
import { CloseCursor, CloseStatement, ExternalInterrupt, ResetConnection } from './cursors.js';
import { DirectQuery } from './direct-query.js';
import { DirectUpdate } from './direct-update.js';
import { Disconnect } from './disconnect.js';
import { ErrorText } from './error-text.js';
import { Fetch } from './fetch.js';
import { GeneratedKeys } from './generated-keys.js';
import { GlobalData, GlobalGet, GlobalIncrement, GlobalKill, GlobalOrder, GlobalSet } from './globals.js';
import { Handshake } from './handshake.js';
import { Lock, ReleaseAllLocks, Unlock } from './locks.js';
import { NativeInit, TCommit, TLevel, TRollback, TRollbackOne, TStart } from './native-transactions.js';
import { Ping } from './ping.js';
import { PreparedQuery } from './prepared-query.js';
import { PreparedUpdate } from './prepared-update.js';
import { Prepare } from './prepare.js';
import { FetchMultiple, FetchProcedure, MoreResults, ResultSetObject } from './procedure-results.js';
import * as procedures from './procedures.js';
import { StatementBatch } from './statement-batch.js';
import {
  CloseStream,
  ReadStream,
  StoreBinaryStream,
  StoreCharacterStream,
  StreamPart,
  StreamSize,
} from './streams.js';
import {
  AutocommitOff,
  AutocommitOn,
  Commit,
  InTransaction,
  Rollback,
  SetIsolationLevel,
} from './transactions.js';

/** Every message whose payload is known. A new message joins by one line here: the types and the dispatch follow. */
export const MESSAGES = {
  Handshake,
  Connect,
  Disconnect,
  Ping,
  ErrorText,
  ResetConnection,
  ExternalInterrupt,
  DirectQuery,
  DirectUpdate,
  Prepare,
  PreparedQuery,
  PreparedUpdate,
  StatementBatch,
  Fetch,
  GeneratedKeys,
  CloseCursor,
  CloseStatement,
  Commit,
  Rollback,
  AutocommitOn,
  AutocommitOff,
  SetIsolationLevel,
  InTransaction,
  ReadStream,
  StreamSize,
  StreamPart,
  CloseStream,
  StoreCharacterStream,
  StoreBinaryStream,
  PrepareProcedure: procedures.PrepareProcedure,
  DirectProcedure: procedures.DirectProcedure,
  ProcedureQuery: procedures.ProcedureQuery,
  ProcedureUpdate: procedures.ProcedureUpdate,
  ProcedureMultiple: procedures.ProcedureMultiple,
  MoreResults,
  FetchProcedure,
  FetchMultiple,
  ResultSetObject,
  CatalogTables: catalogs.CatalogTables,
  CatalogColumns: catalogs.CatalogColumns,
  CatalogPrimaryKeys: catalogs.CatalogPrimaryKeys,
  CatalogImportedKeys: catalogs.CatalogImportedKeys,
  CatalogExportedKeys: catalogs.CatalogExportedKeys,
  CatalogCrossReference: catalogs.CatalogCrossReference,
  CatalogIndexes: catalogs.CatalogIndexes,
  CatalogTypes: catalogs.CatalogTypes,
  CatalogSchemas: catalogs.CatalogSchemas,
  CatalogNamespaces: catalogs.CatalogNamespaces,
  CatalogTableTypes: catalogs.CatalogTableTypes,
  CatalogBestRowId: catalogs.CatalogBestRowId,
  CatalogVersionColumns: catalogs.CatalogVersionColumns,
  CatalogTablePrivileges: catalogs.CatalogTablePrivileges,
  CatalogColumnPrivileges: catalogs.CatalogColumnPrivileges,
  CatalogProcedures: catalogs.CatalogProcedures,
  CatalogProcedureColumns: catalogs.CatalogProcedureColumns,
  CatalogFunctions: catalogs.CatalogFunctions,
  CatalogFunctionColumns: catalogs.CatalogFunctionColumns,
  GlobalGet,
  GlobalSet,
  GlobalKill,
  GlobalOrder,
  GlobalIncrement,
  GlobalData,
  RoutineFunction: calls.RoutineFunction,
  RoutineProcedure: calls.RoutineProcedure,
  ClassMethodValue: calls.ClassMethodValue,
  ClassMethodVoid: calls.ClassMethodVoid,
  InstanceMethodValue: calls.InstanceMethodValue,
  InstanceMethodVoid: calls.InstanceMethodVoid,
  PropertyGet: calls.PropertyGet,
  PropertySet: calls.PropertySet,
  Lock,
  Unlock,
  ReleaseAllLocks,
  TStart,
  TCommit,
  TRollback,
  TRollbackOne,
  TLevel,
  NativeInit,
} as const;

type Messages = typeof MESSAGES;
export type MessageKind = keyof Messages;
type RequestOfCodec<C> = C extends MessageCodec<infer Request, infer _> ? Request : never;
type ReplyOfCodec<C> = C extends MessageCodec<infer _, infer Reply> ? Reply : never;

/** Every request, told apart by `kind`. */
export type Request = { [K in MessageKind]: RequestOfCodec<Messages[K]> }[MessageKind];
export type RequestOf<K extends MessageKind> = RequestOfCodec<Messages[K]>;
/** The reply payload to a request of kind `K`. */
export type ReplyOf<K extends MessageKind> = ReplyOfCodec<Messages[K]>;

/** Codecs seen without their own types: what the dispatch works with. */
interface Encoder {
  encode(body: never, out: ListWriter, context: MessageContext): void;
}

interface AnyCodec extends Pick<MessageCodec<{ readonly kind: string }, unknown>, 'code' | 'family'> {
  readonly kind: MessageKind;
  readonly request: Encoder & {
    decode(body: ListReader, context: MessageContext): Request;
  };
  readonly reply: Encoder & {
    decode(body: ListReader, context: MessageContext): unknown;
  };
}

const BY_CODE: ReadonlyMap<number, AnyCodec> = new Map(
  Object.values<AnyCodec>(MESSAGES).map((codec) => [functionCode(codec.code), codec]),
);

/** The kind of message a function code stands for; `undefined` when its payload is not known. */
export function kindOfCode(code: number): MessageKind | undefined {
  return BY_CODE.get(code)?.kind;
}

/** What encoding and decoding depend on. */
export interface CodecOptions extends MessageContext {
  readonly limits?: ProtocolLimits;
  /** The server announced compact doubles in its handshake. */
  readonly compactDoubles?: boolean;
}

const NO_OPTIONS: CodecOptions = {};

/** A whole request, header included. */
export function encodeRequest(
  request: Request,
  header: Omit<FrameHeader, 'code'>,
  options: CodecOptions = NO_OPTIONS,
): Buffer {
  const codec = MESSAGES[request.kind] as AnyCodec;
  return encodeBody(codec.request, request, { ...header, code: functionCode(codec.code) }, options);
}

/** @throws IrisError IRIS_PROTOCOL, also for a function code whose payload is not known; IRIS_LIMIT */
export function decodeRequest(frame: Frame, options: CodecOptions = NO_OPTIONS): Request {
  const codec = BY_CODE.get(frame.code);
  if (codec === undefined) throw protocolError(`Function code ${frame.code.toString(16)} is not known`, 12);
  return codec.request.decode(readerOf(frame, options), options);
}

/** A whole reply, header included; `code` is the status. */
export function encodeReply<K extends MessageKind>(
  kind: K,
  reply: ReplyOf<K>,
  header: FrameHeader,
  options: CodecOptions = NO_OPTIONS,
): Buffer {
  return encodeBody((MESSAGES[kind] as AnyCodec).reply, reply, header, options);
}

/** The payload of a successful reply to a request of kind `kind`. Look at the status first. @throws IrisError IRIS_PROTOCOL, IRIS_LIMIT */
export function decodeReply<K extends MessageKind>(
  kind: K,
  frame: Frame,
  options: CodecOptions = NO_OPTIONS,
): ReplyOf<K> {
  return (MESSAGES[kind] as AnyCodec).reply.decode(readerOf(frame, options), options) as ReplyOf<K>;
}

/** A reply that says only its status: `statusCode(-30)`, `STATUS.OK`. */
export function encodeStatus(header: FrameHeader): Buffer {
  return encodeFrame(header);
}

/** A reply that is one text: a refused login, or a failed native request. */
export function encodeTextReply(text: string, header: FrameHeader): Buffer {
  const out = new ListWriter({ reserveBytes: HEADER_BYTES });
  const message = out.text(text).finish();
  writeHeader(message, header);
  return message;
}

function encodeBody(codec: Encoder, body: unknown, header: FrameHeader, options: CodecOptions): Buffer {
  const out = new ListWriter({
    reserveBytes: HEADER_BYTES,
    compactDoubles: options.compactDoubles ?? false,
    ...(options.limits === undefined ? {} : { maxBytes: options.limits.maxPayloadBytes }),
  });
  codec.encode(body as never, out, options);
  const message = out.finish();
  writeHeader(message, header);
  return message;
}

function readerOf(frame: Frame, options: CodecOptions): ListReader {
  return new ListReader(frame.payload, 0, frame.payload.length, options.limits);
}
