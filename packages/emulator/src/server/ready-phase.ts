import { isIrisError, sqlError } from '@iris-devtools/core';
import { functionCodeName, functionCodeText, MESSAGES, protocolError } from '@iris-devtools/protocol';
import type { CodecOptions, MessageKind, Request } from '@iris-devtools/protocol';
import { NATIVE_FAILED } from './exchange.js';
import { callHandlers, globalHandlers } from './native-handlers.js';
import { catalogHandlers } from './catalog/catalog-handlers.js';
import { procedureHandlers } from './procedure-handlers.js';
import { sessionHandlers } from './session-handlers.js';
import { statementHandlers } from './statement-handlers.js';
import { streamHandlers } from './stream-handlers.js';
import type { ClientSession } from './client-session.js';
import type { Exchange } from './exchange.js';
import type { Handler, Handlers } from './handler.js';
import type { Phase, PhaseResult } from './phase.js';
import type { ServerContext } from './server-context.js';

const HANDLERS: Handlers = {
  ...sessionHandlers,
  ...statementHandlers,
  ...procedureHandlers,
  ...streamHandlers,
  ...catalogHandlers,
  ...globalHandlers,
  ...callHandlers,
};

/** SQLCODE for a request that is not supported. */
const INVALID_SERVER_FUNCTION = -409;

/** Serves a logged-in client. A failed request is answered and the connection goes on. */
export class ReadyPhase implements Phase {
  readonly name = 'ready';
  readonly timed = false;
  readonly codec: CodecOptions;
  readonly #context: ServerContext;
  readonly #session: ClientSession;

  constructor(context: ServerContext, session: ClientSession, features: number) {
    this.#context = context;
    this.#session = session;
    this.codec = { limits: context.codecLimits, features };
    context.sessions.add(session);
  }

  async handle(request: Request, exchange: Exchange): Promise<PhaseResult> {
    if (request.kind === 'Disconnect') return 'close';
    if (request.kind === 'Handshake' || request.kind === 'Connect') {
      throw protocolError(`${request.kind} comes a second time`, 12);
    }
    this.#session.process.beginRequest();
    try {
      await this.#context.faults.onRequest(request);
      if (request.kind === 'ExternalInterrupt' && request.job !== undefined) this.#interruptJob(request.job);
      await this.#dispatch(request.kind, request, exchange);
    } catch (error) {
      // What the client sent in a stream or list inside a valid message can still be broken: that ends the connection.
      if (isIrisError(error) && error.code === 'IRIS_PROTOCOL') throw error;
      exchange.discard();
      this.#fail(request.kind, error, exchange);
    }
    return 'stay';
  }

  refuse(code: number, exchange: Exchange): void {
    const name = functionCodeName(code) ?? 'unknown';
    const error = sqlError(
      INVALID_SERVER_FUNCTION,
      `The emulator does not support "${name}" (${functionCodeText(code)})`,
    );
    exchange.status(this.#session.noteFailure(error));
  }

  interrupt(): void {
    this.#session.process.interrupt();
  }

  async close(): Promise<void> {
    this.#context.sessions.delete(this.#session);
    await this.#session.close();
  }

  async #dispatch(kind: MessageKind, request: Request, exchange: Exchange): Promise<void> {
    // The table pairs each kind with the handler of its request, which the compiler cannot follow through a variable.
    const handler: Handler<never> | undefined = HANDLERS[kind];
    if (handler === undefined) {
      throw sqlError(INVALID_SERVER_FUNCTION, `The emulator does not support ${kind}`);
    }
    await handler(this.#session, request as never, exchange);
  }

  /** Interrupts another connection of the same user. @throws IrisError SQLCODE -409 when there is none */
  #interruptJob(job: number): void {
    const { user } = this.#session.process;
    const other = [...this.#context.sessions].find(
      ({ process }) => process.id === job && process.user.name === user.name,
    );
    if (other === undefined)
      throw sqlError(INVALID_SERVER_FUNCTION, `No connection of ${user.name} has the job number ${job}`);
    other.process.interrupt();
  }

  #fail(kind: MessageKind, error: unknown, exchange: Exchange): void {
    if (!isIrisError(error)) {
      this.#context.instance.logger.log('error', 'unexpected failure', { request: kind, error });
    }
    const status = this.#session.noteFailure(error);
    if (MESSAGES[kind].family !== 'native') {
      exchange.status(status);
      return;
    }
    exchange.text(isIrisError(error) ? error.message : '<SYSTEM>', NATIVE_FAILED);
  }
}
