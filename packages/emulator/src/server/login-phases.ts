import { FEATURE, STATUS } from '@iris-devtools/protocol';
import { protocolError } from '@iris-devtools/protocol';
import type { CodecOptions, Request, RequestOf } from '@iris-devtools/protocol';
import { ClientSession } from './client-session.js';
import { IrisProcess } from './iris-process.js';
import { ReadyPhase } from './ready-phase.js';
import { setIsolationLevel } from './session-handlers.js';
import type { ServerContext } from './server-context.js';
import type { User } from '../users/user.js';
import type { Exchange } from './exchange.js';
import type { Phase, PhaseResult } from './phase.js';

/** What the emulator answers to the handshake: the version that the Go driver, the newest known client, speaks. */
const PROTOCOL_VERSION = 69;
/**
 * The name of a character set, and this one for a Unicode server: the Python client in django-iris 0.3.0 decodes streams as UTF-8
 * then, and takes other names than those of character sets for an unknown codec.
 */
const LOCALE = 'UNICODE';
const ACCESS_DENIED = 'Access Denied';
/** Item 10 of the login. */
const AUTOCOMMIT_OFF = 2;
const SQL_EMPTY_STRING_CODE = 0;

/** Waits for the handshake, the first message of a connection. */
export class HandshakePhase implements Phase {
  readonly name = 'handshake';
  readonly timed = true;
  readonly codec: CodecOptions;
  readonly #context: ServerContext;
  readonly #overloaded: boolean;

  /** @param overloaded there are as many connections as allowed, so this one is refused at login */
  constructor(context: ServerContext, overloaded: boolean) {
    this.#context = context;
    this.#overloaded = overloaded;
    this.codec = { limits: context.codecLimits };
  }

  handle(request: Request, exchange: Exchange): PhaseResult {
    if (request.kind !== 'Handshake') throw protocolError(`${request.kind} comes before the handshake`, 12);
    exchange.reply('Handshake', {
      protocolVersion: PROTOCOL_VERSION,
      unicode: true,
      compactDoubles: false,
      locale: LOCALE,
    });
    return new LoginPhase(this.#context, this.#overloaded);
  }
}

/** Waits for user and password. One attempt per connection. */
class LoginPhase implements Phase {
  readonly name = 'login';
  readonly timed = true;
  readonly codec: CodecOptions;
  readonly #context: ServerContext;
  readonly #overloaded: boolean;

  constructor(context: ServerContext, overloaded: boolean) {
    this.#context = context;
    this.#overloaded = overloaded;
    this.codec = { limits: context.codecLimits };
  }

  async handle(request: Request, exchange: Exchange): Promise<PhaseResult> {
    if (request.kind === 'Disconnect') return 'close';
    if (request.kind !== 'Connect') throw protocolError(`${request.kind} comes before the login`, 12);
    const refusal = this.#overloaded ? '<LICENSE LIMIT EXCEEDED>' : await this.#refusalBeforePassword();
    if (refusal !== undefined) return refuse(exchange, refusal);
    const login = await this.#context.instance.authenticator.login(request.user, request.password);
    if (!login.ok) {
      return refuse(
        exchange,
        login.reason === 'change-password' ? changePasswordText(request.user) : ACCESS_DENIED,
      );
    }
    if (!this.#context.instance.namespaces.has(request.namespace)) {
      // unverified on a live server: the words for an unknown namespace.
      return refuse(exchange, `Namespace '${request.namespace}' does not exist`);
    }
    return this.#welcome(request, login.user, exchange);
  }

  async #refusalBeforePassword(): Promise<string | undefined> {
    const fault = await this.#context.faults.onLogin();
    if (fault !== undefined) return fault;
    return this.#context.instance.security.bindingsEnabled ? undefined : ACCESS_DENIED;
  }

  async #welcome(request: RequestOf<'Connect'>, user: User, exchange: Exchange): Promise<PhaseResult> {
    const { instance, settings } = this.#context;
    const process = await IrisProcess.start(instance, user, request.namespace);
    const features = settings.fastSelect === 'refused' ? 0 : request.features & FEATURE.FAST_SELECT;
    const session = new ClientSession(process, settings, {
      autocommit: request.autocommit !== AUTOCOMMIT_OFF,
      fastSelect: (features & FEATURE.FAST_SELECT) !== 0,
    });
    if (request.isolationLevel > 0) await setIsolationLevel(session, request.isolationLevel);
    exchange.reply('Connect', {
      serverVersion: instance.versionText,
      delimitedIdentifiers: settings.delimitedIdentifiers,
      isolationLevel: request.isolationLevel,
      jobNumber: String(process.id),
      emptyStringCode: SQL_EMPTY_STRING_CODE,
      features,
    });
    return new ReadyPhase(this.#context, session, features);
  }
}

function refuse(exchange: Exchange, text: string): PhaseResult {
  exchange.text(text, STATUS.LOGIN_REFUSED);
  return 'close';
}

/** As IRIS's Python driver shows it. */
function changePasswordText(user: string): string {
  return `[SQLCODE: <-853>:<User ${user} is required to change password before login>]`;
}
