import { IrisError, sqlError, systemClock } from '@iris-devtools/core';
import type { Clock } from '@iris-devtools/core';
import type { MessageKind, Request } from '@iris-devtools/protocol';

/** Requests that run a statement. */
const STATEMENT_KINDS: readonly MessageKind[] = [
  'DirectQuery',
  'DirectUpdate',
  'PreparedQuery',
  'PreparedUpdate',
];

export interface LoginRefusal {
  /** What the client is told. Default `Access Denied`. */
  readonly text?: string;
  /** Logins to refuse. Default: all until `clear`. */
  readonly count?: number;
}

export interface AnswerDelay {
  readonly delayMs: number;
  /** Requests to delay, e.g. `DirectQuery`. Default: all after the login. */
  readonly kinds?: readonly MessageKind[];
  /** Answers to delay. Default: all until `clear`. */
  readonly count?: number;
}

export interface StatementFailure {
  /** Which statement from now on fails: 1 is the next one, on any connection. */
  readonly nth: number;
  /** Negative, e.g. -400. */
  readonly sqlcode: number;
  /** `%msg` */
  readonly message?: string;
  /** How many fail in a row from there. Default 1. */
  readonly count?: number;
}

export interface ConnectionDrop {
  /** Bytes that the server still sends on a connection before it cuts it, counted from the connection's beginning. */
  readonly afterBytes: number;
  /** Connections to cut. Default 1. */
  readonly count?: number;
}

/** Something to go wrong on purpose, for testing clients. Each part is armed by a method and disarmed by `clear`. */
export class FaultPlan {
  readonly #clock: Clock;
  #refusal: { text: string; left: number } | undefined;
  #delay: { delayMs: number; kinds: readonly MessageKind[] | undefined; left: number } | undefined;
  #failure: { before: number; sqlcode: number; message: string | undefined; left: number } | undefined;
  #drop: { afterBytes: number; left: number } | undefined;

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  refuseLogins({ text = 'Access Denied', count = Infinity }: LoginRefusal = {}): void {
    this.#refusal = { text, left: positive('count', count) };
  }

  delayAnswers({ delayMs, kinds, count = Infinity }: AnswerDelay): void {
    this.#delay = { delayMs: positive('delayMs', delayMs), kinds, left: positive('count', count) };
  }

  failStatement({ nth, sqlcode, message, count = 1 }: StatementFailure): void {
    if (!Number.isInteger(sqlcode) || sqlcode >= 0 || sqlcode < -32_768) {
      throw new IrisError('sqlcode must be a negative SQLCODE', {
        code: 'IRIS_OPTION',
        hint: 'For example -400.',
      });
    }
    this.#failure = { before: positive('nth', nth) - 1, sqlcode, message, left: positive('count', count) };
  }

  /** Applies to connections that are made from now on. */
  dropConnection({ afterBytes, count = 1 }: ConnectionDrop): void {
    if (!Number.isInteger(afterBytes) || afterBytes < 0) {
      throw new IrisError('afterBytes must be 0 or more', { code: 'IRIS_OPTION' });
    }
    this.#drop = { afterBytes, left: positive('count', count) };
  }

  clear(): void {
    this.#refusal = undefined;
    this.#delay = undefined;
    this.#failure = undefined;
    this.#drop = undefined;
  }

  /** For a new connection: how many bytes it may send. */
  onConnection(): number {
    return take(this.#drop)?.afterBytes ?? Infinity;
  }

  /** For a login: the text of a refusal. */
  async onLogin(): Promise<string | undefined> {
    await this.#wait('Connect');
    return take(this.#refusal)?.text;
  }

  /** For a request of a logged-in client. @throws IrisError with the SQLCODE asked for */
  async onRequest({ kind }: Request): Promise<void> {
    await this.#wait(kind);
    if (this.#failure === undefined || !STATEMENT_KINDS.includes(kind)) return;
    if (this.#failure.before > 0) {
      this.#failure.before -= 1;
      return;
    }
    const failure = take(this.#failure);
    if (failure !== undefined) throw sqlError(failure.sqlcode, failure.message);
  }

  async #wait(kind: MessageKind): Promise<void> {
    const delay = this.#delay;
    if (delay === undefined || (delay.kinds === undefined ? kind === 'Connect' : !delay.kinds.includes(kind)))
      return;
    if (take(delay) === undefined) return;
    await new Promise<void>((resolve) => this.#clock.after(delay.delayMs, resolve));
  }
}

/** Uses one up. */
function take<T extends { left: number }>(fault: T | undefined): T | undefined {
  if (fault === undefined || fault.left <= 0) return undefined;
  fault.left -= 1;
  return fault;
}

function positive(name: string, value: number): number {
  if (!(value > 0)) throw new IrisError(`${name} must be more than 0`, { code: 'IRIS_OPTION' });
  return value;
}
