import { ByteReader } from '../wire/byte-reader.js';
import type { ByteWriter } from '../wire/byte-writer.js';
import type { Codec, MessageOf } from '../wire/codec.js';
import type { Frame } from '../wire/frame-decoder.js';
import { protocolViolation } from '../wire/protocol-violation.js';
import { PasswordMessage } from './auth/password-message.js';
import { SASLInitialResponse } from './auth/sasl-initial-response.js';
import { SASLResponse } from './auth/sasl-response.js';
import { CopyData } from './copy-data.js';
import { CopyDone } from './copy-done.js';
import { Bind } from './frontend/bind.js';
import { Close } from './frontend/close.js';
import { CopyFail } from './frontend/copy-fail.js';
import { Describe } from './frontend/describe.js';
import { Execute } from './frontend/execute.js';
import { Flush } from './frontend/flush.js';
import { FunctionCall } from './frontend/function-call.js';
import { Parse } from './frontend/parse.js';
import { Query } from './frontend/query.js';
import { Sync } from './frontend/sync.js';
import { Terminate } from './frontend/terminate.js';

/** Every message a client may send once it is logged in. A new one joins by one line here. */
const FRONTEND = {
  Bind,
  Close,
  CopyData,
  CopyDone,
  CopyFail,
  Describe,
  Execute,
  Flush,
  FunctionCall,
  Parse,
  Query,
  Sync,
  Terminate,
} as const;

/** The `p` family: one type byte, and only the state of the login tells which message it is. */
const LOGIN = { PasswordMessage, SASLInitialResponse, SASLResponse } as const;

export type FrontendMessage = MessageOf<typeof FRONTEND>;
export type LoginMessage = MessageOf<typeof LOGIN>;
export type LoginMessageKind = keyof typeof LOGIN;

const BY_TAG: ReadonlyMap<number, Codec<FrontendMessage>> = new Map(
  Object.values<Codec<FrontendMessage>>(FRONTEND as Record<string, Codec<FrontendMessage>>).map((codec) => [
    codec.tag ?? -1,
    codec,
  ]),
);

/** Longest body for a type byte after login; `undefined` for one that is not known. */
export function frontendBodyLimit(tag: number): number | undefined {
  return BY_TAG.get(tag)?.maxBodyBytes;
}

/** During login only the `p` family is accepted. */
export function loginBodyLimit(tag: number): number | undefined {
  return tag === PasswordMessage.tag ? PasswordMessage.maxBodyBytes : undefined;
}

/** @throws PgError 08P01 (FATAL) for a malformed body, 22021 for text that is not UTF-8 */
export function decodeFrontend(frame: Frame): FrontendMessage {
  const codec = BY_TAG.get(frame.tag);
  if (codec === undefined) throw protocolViolation(`invalid frontend message type ${frame.tag}`);
  return decodeWhole(codec, frame.body);
}

export function decodeLogin<Kind extends LoginMessageKind>(
  kind: Kind,
  frame: Frame,
): Extract<LoginMessage, { kind: Kind }> {
  const codec = LOGIN[kind] as unknown as Codec<Extract<LoginMessage, { kind: Kind }>>;
  if (codec.tag !== frame.tag)
    throw protocolViolation(`expected password response, got message type ${frame.tag}`);
  return decodeWhole(codec, frame.body);
}

export function encodeFrontend(message: FrontendMessage | LoginMessage, out: ByteWriter): void {
  const codec = ({ ...FRONTEND, ...LOGIN } as Record<string, Codec<FrontendMessage | LoginMessage>>)[
    message.kind
  ];
  out.frame(codec?.tag, (body) => codec?.encode(message, body));
}

function decodeWhole<Message extends { readonly kind: string }>(
  codec: Codec<Message>,
  bytes: Uint8Array,
): Message {
  const body = new ByteReader(bytes);
  const message = codec.decode(body);
  body.end();
  return message;
}
