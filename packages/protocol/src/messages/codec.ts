import type { ListReader } from '../list/list-reader.js';
import type { ListWriter } from '../list/list-writer.js';

/** Feature bits of the login (go-irisnative mod.go). The reply holds the subset that the server grants. */
export const FEATURE = {
  FAST_SELECT: 1,
  FAST_INSERT: 2,
  DURABLE_TRANSACTIONS: 4,
  NOT_NULLABLE: 8,
  REDIRECT_OUTPUT: 32,
} as const;

/** What both sides agreed on, and what a reply's shape depends on besides. */
export interface MessageContext {
  /** Negotiated feature bits; `undefined` when the server's login reply has none (Cache 2018.1): then no feature prefixes at all. */
  readonly features?: number | undefined;
  /** Prepare replies hold columns only for a statement that gives rows; the client knows that from its own lexer. */
  readonly isQuery?: boolean;
  /** Output items before the first result of a procedure with many: as many as its description has parameters. */
  readonly outputCount?: number;
}

/** Encodes and decodes one payload. Decoding throws IrisError IRIS_PROTOCOL or IRIS_LIMIT. */
export interface BodyCodec<Body> {
  encode(body: Body, out: ListWriter, context: MessageContext): void;
  decode(body: ListReader, context: MessageContext): Body;
}

/**
 * One request with its reply. `code` is the function code: two letters, or four hex digits for the native ones.
 * The reply codec is for the payload of a successful reply; failures are described by the status alone (SQL) or by one text item (native).
 */
export interface MessageCodec<Request extends { readonly kind: string }, Reply> {
  readonly kind: Request['kind'];
  readonly code: string;
  readonly family: 'session' | 'sql' | 'native';
  readonly request: BodyCodec<Request>;
  readonly reply: BodyCodec<Reply>;
  /** One line for the trace: what the request asks for, never a secret or a value. */
  summary?(request: Request): string;
}

/** A payload without content. */
export type Empty = Readonly<Record<string, never>>;

export const emptyBody: BodyCodec<Empty> = {
  encode: () => undefined,
  decode(body) {
    body.expectEnd();
    return {};
  },
};

/** A reply that clients do not look at, because its content on a real server is not known. */
export const ignoredBody: BodyCodec<Empty> = {
  encode: () => undefined,
  decode: () => ({}),
};
