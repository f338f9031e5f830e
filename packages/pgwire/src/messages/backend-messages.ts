import { ByteReader } from '../wire/byte-reader.js';
import type { ByteWriter } from '../wire/byte-writer.js';
import type { Codec, MessageOf } from '../wire/codec.js';
import type { Frame } from '../wire/frame-decoder.js';
import { protocolViolation } from '../wire/protocol-violation.js';
import { Authentication } from './backend/authentication.js';
import { BackendKeyData } from './backend/backend-key-data.js';
import { BindComplete } from './backend/bind-complete.js';
import { CloseComplete } from './backend/close-complete.js';
import { CommandComplete } from './backend/command-complete.js';
import { CopyInResponse } from './backend/copy-in-response.js';
import { CopyOutResponse } from './backend/copy-out-response.js';
import { DataRow } from './backend/data-row.js';
import { EmptyQueryResponse } from './backend/empty-query-response.js';
import { ErrorResponse } from './backend/error-response.js';
import { NegotiateProtocolVersion } from './backend/negotiate-protocol-version.js';
import { NoData } from './backend/no-data.js';
import { NoticeResponse } from './backend/notice-response.js';
import { ParameterDescription } from './backend/parameter-description.js';
import { ParameterStatus } from './backend/parameter-status.js';
import { ParseComplete } from './backend/parse-complete.js';
import { PortalSuspended } from './backend/portal-suspended.js';
import { ReadyForQuery } from './backend/ready-for-query.js';
import { RowDescription } from './backend/row-description.js';
import { CopyData } from './copy-data.js';
import { CopyDone } from './copy-done.js';

/** Every message the server may send. A new one joins by one line here. */
const BACKEND = {
  Authentication,
  BackendKeyData,
  BindComplete,
  CloseComplete,
  CommandComplete,
  CopyData,
  CopyDone,
  CopyInResponse,
  CopyOutResponse,
  DataRow,
  EmptyQueryResponse,
  ErrorResponse,
  NegotiateProtocolVersion,
  NoData,
  NoticeResponse,
  ParameterDescription,
  ParameterStatus,
  ParseComplete,
  PortalSuspended,
  ReadyForQuery,
  RowDescription,
} as const;

export type BackendMessage = MessageOf<typeof BACKEND>;

const BY_KIND = BACKEND as Record<string, Codec<BackendMessage>>;
const BY_TAG: ReadonlyMap<number, Codec<BackendMessage>> = new Map(
  Object.values(BY_KIND).map((codec) => [codec.tag ?? -1, codec]),
);

export function encodeBackend(message: BackendMessage, out: ByteWriter): void {
  const codec = BY_KIND[message.kind];
  out.frame(codec?.tag, (body) => codec?.encode(message, body));
}

export function backendBodyLimit(tag: number): number | undefined {
  return BY_TAG.get(tag)?.maxBodyBytes;
}

/** For clients and tests. @throws PgError 08P01 for a malformed or unknown message */
export function decodeBackend(frame: Frame): BackendMessage {
  const codec = BY_TAG.get(frame.tag);
  if (codec === undefined) throw protocolViolation(`invalid backend message type ${frame.tag}`);
  const body = new ByteReader(frame.body);
  const message = codec.decode(body);
  body.end();
  return message;
}
