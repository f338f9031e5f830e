import type { ByteReader } from './byte-reader.js';
import type { ByteWriter } from './byte-writer.js';

/** As PostgreSQL: messages that carry names and numbers only (PQ_SMALL_MESSAGE_LIMIT). */
export const SMALL_MESSAGE_BYTES = 10_000;
/** As PostgreSQL: messages that carry SQL or data (PQ_LARGE_MESSAGE_LIMIT). A server may set a lower limit. */
export const LARGE_MESSAGE_BYTES = 0x3fff_fffe;

/** One message of PostgreSQL's protocol: type byte, limit, and both directions. */
export interface Codec<Message extends { readonly kind: string }> {
  readonly kind: Message['kind'];
  /** `undefined`: a packet of the startup phase, which has no type byte. */
  readonly tag: number | undefined;
  /** Longest body that is accepted, checked before it is buffered. */
  readonly maxBodyBytes: number;
  encode(message: Message, out: ByteWriter): void;
  decode(body: ByteReader): Message;
}

/** The union of the messages in a table of codecs. */
export type MessageOf<Table> = {
  [Kind in keyof Table]: Table[Kind] extends Codec<infer Message> ? Message : never;
}[keyof Table];

/** Codec of a message that is its type byte and nothing else. */
export function emptyMessage<const Kind extends string>(
  kind: Kind,
  tag: string,
): Codec<{ readonly kind: Kind }> {
  return {
    kind,
    tag: tag.charCodeAt(0),
    maxBodyBytes: 0,
    encode: () => undefined,
    decode: () => ({ kind }),
  };
}
