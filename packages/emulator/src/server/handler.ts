import type { MessageKind, RequestOf } from '@iris-devtools/protocol';
import type { ClientSession } from './client-session.js';
import type { Exchange } from './exchange.js';

/** Answers one kind of request of a logged-in client. Errors that it throws become the failure reply. */
export type Handler<K extends MessageKind> = (
  session: ClientSession,
  request: RequestOf<K>,
  exchange: Exchange,
) => Promise<void> | void;

/** Kinds without a handler are refused. */
export type Handlers = { readonly [K in MessageKind]?: Handler<K> };
