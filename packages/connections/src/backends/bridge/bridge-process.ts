import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { encodeJsonFrame, IrisError, isIrisError, JsonFrameReader, type Retry } from '@iris-devtools/core';
import type { BridgeAnswers, BridgeReply, BridgeRequest } from './messages.js';

export interface BridgeCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Sent first, for what must not be seen in arguments or the environment. */
  readonly hello?: unknown;
  /** Descriptor that answers come on: 1, or 3 for a program whose libraries print to standard output. */
  readonly answersOn: 1 | 3;
}

/** Limits of one request. */
export interface BridgeControl {
  /** 0 or absent: none. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

interface Job {
  readonly message: BridgeRequest | undefined;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
  release: () => void;
}

/** What the program said on standard error, kept for messages. */
const MAX_SAID_CHARACTERS = 4000;
const GOODBYE_MS = 5000;

/**
 * A program that holds one session with IRIS. One request at a time; a request that must stop ends the program, since
 * nothing else reliably stops code inside IRIS or a native addon, and IRIS rolls back what was open.
 */
export class BridgeProcess {
  readonly #child: ChildProcess;
  readonly #toBridge: Writable;
  readonly #program: string;
  readonly #waiting: Job[] = [];
  readonly #listeners: ((error: IrisError | undefined) => void)[] = [];
  #running: Job | undefined;
  #ended: IrisError | undefined;
  #said = '';
  #closing = false;
  /** $TLEVEL after the last answer. */
  level = 0;

  private constructor({ program, args, env, hello, answersOn }: BridgeCommand) {
    this.#program = program;
    const stdio = Array.from({ length: answersOn === 1 ? 3 : 4 }, () => 'pipe' as const);
    this.#child = spawn(program, args, { env, stdio, windowsHide: true });
    this.#toBridge = this.#child.stdio[0] as Writable;
    const reader = new JsonFrameReader(
      (message) => {
        this.#answered(message as BridgeReply);
      },
      () => {
        this.#end(lost('The bridge wrote something that is no message', 'unknown'));
      },
    );
    (this.#child.stdio[answersOn] as Readable).on('data', (chunk: Buffer) => {
      reader.push(chunk);
    });
    for (const output of answersOn === 1 ? [2] : [1, 2]) {
      (this.#child.stdio[output] as Readable).setEncoding('utf8').on('data', (text: string) => {
        this.#said = (this.#said + text).slice(-MAX_SAID_CHARACTERS);
      });
    }
    this.#toBridge.on('error', () => undefined);
    this.#child.once('error', (cause) => {
      this.#end(notStarted(program, cause));
    });
    // `close`, not `exit`: what it printed last is there by then.
    this.#child.once('close', (code, signal) => {
      this.#end(this.#exited(signal ?? String(code)));
    });
    if (hello !== undefined) this.#toBridge.write(encodeJsonFrame(hello));
  }

  /**
   * Starts the program and waits for its session.
   * @returns the process and what it said of the server
   * @throws IrisError IRIS_CONNECT_FAILED, IRIS_TIMEOUT, IRIS_ABORTED, and what `refused` makes of its refusal
   */
  static async start(
    command: BridgeCommand,
    control: BridgeControl,
    refused: (message: string) => IrisError,
  ): Promise<{ readonly process: BridgeProcess; readonly version: string }> {
    const bridge = new BridgeProcess(command);
    try {
      return { process: bridge, version: String(await bridge.#enqueue(undefined, control)) };
    } catch (error) {
      bridge.kill();
      throw beforeSession(error, refused);
    }
  }

  get open(): boolean {
    return this.#ended === undefined && !this.#closing;
  }

  get busy(): boolean {
    return this.#running !== undefined;
  }

  /** @throws IrisError IRIS_SQL, IRIS_NATIVE, IRIS_TIMEOUT, IRIS_ABORTED, IRIS_CONNECTION_LOST, IRIS_CONNECTION_CLOSED */
  async ask<Request extends BridgeRequest>(
    message: Request,
    control: BridgeControl = {},
  ): Promise<BridgeAnswers[Request['op']]> {
    return (await this.#enqueue(message, control)) as BridgeAnswers[Request['op']];
  }

  /** Ends what runs by ending the program. */
  kill(reason: IrisError = closed()): void {
    this.#end(reason);
  }

  /** Lets what is queued finish, then ends the program. */
  async close(): Promise<void> {
    this.#closing = true;
    const gone = new Promise<void>((resolve) => {
      if (this.#ended !== undefined) resolve();
      this.whenEnded(() => {
        resolve();
      });
    });
    this.#endIfIdle();
    await gone;
  }

  /** @param listener told once, with the error unless the end was wanted */
  whenEnded(listener: (error: IrisError | undefined) => void): void {
    this.#listeners.push(listener);
  }

  #enqueue(message: BridgeRequest | undefined, { timeoutMs = 0, signal }: BridgeControl): Promise<unknown> {
    if (this.#ended !== undefined || this.#closing) return Promise.reject(this.#ended ?? closed());
    if (signal?.aborted) return Promise.reject(aborted(signal.reason, 'safe'));
    return new Promise((resolve, reject) => {
      const job: Job = { message, resolve, reject, release: () => undefined };
      const onAbort = (): void => {
        this.#giveUp(job, (retry) => aborted(signal?.reason, retry));
      };
      const timer =
        timeoutMs === 0
          ? undefined
          : setTimeout(() => {
              this.#giveUp(job, (retry) => timedOut(timeoutMs, retry));
            }, timeoutMs);
      signal?.addEventListener('abort', onAbort, { once: true });
      job.release = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
      };
      this.#waiting.push(job);
      this.#next();
    });
  }

  #next(): void {
    if (this.#running !== undefined) return;
    const job = this.#waiting.shift();
    this.#running = job;
    if (job === undefined) {
      this.#endIfIdle();
      return;
    }
    // The first job has no message: the program speaks first.
    if (job.message === undefined) return;
    try {
      this.#toBridge.write(encodeJsonFrame(job.message));
    } catch (error) {
      this.#settle(job, () => {
        job.reject(error);
      });
    }
  }

  #answered(reply: BridgeReply): void {
    const job = this.#running;
    if (job === undefined) return;
    this.level = reply.level;
    this.#settle(job, () => {
      if ('error' in reply) job.reject(new BridgeRefusal(reply.error.message, reply.error.sqlcode));
      else job.resolve(reply.result);
    });
  }

  #settle(job: Job, settle: () => void): void {
    this.#running = undefined;
    job.release();
    settle();
    this.#next();
  }

  #giveUp(job: Job, error: (retry: Retry) => IrisError): void {
    if (job === this.#running) {
      this.#end(error('unknown'));
      return;
    }
    this.#waiting.splice(this.#waiting.indexOf(job), 1);
    job.release();
    job.reject(error('safe'));
  }

  #endIfIdle(): void {
    if (!this.#closing || this.#running !== undefined || this.#ended !== undefined) return;
    this.#toBridge.end();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), GOODBYE_MS);
    this.#child.once('close', () => {
      clearTimeout(timer);
    });
  }

  /** What runs gets the error as it is; what waits was never sent. */
  #end(error: IrisError): void {
    if (this.#ended !== undefined) return;
    const wanted = this.#closing || error.code === 'IRIS_CONNECTION_CLOSED';
    this.#ended = closed();
    this.#child.kill('SIGKILL');
    const running = this.#running;
    this.#running = undefined;
    running?.release();
    running?.reject(error);
    for (const job of this.#waiting.splice(0)) {
      job.release();
      job.reject(wanted ? closed() : lost('The bridge ended before this request', 'safe', error));
    }
    for (const listener of this.#listeners.splice(0)) listener(wanted ? undefined : error);
  }

  #exited(how: string): IrisError {
    const said = this.#said.trim() === '' ? '' : `: ${this.#said.trim()}`;
    return lost(`${this.#program} ended with ${how}${said}`, 'unknown');
  }
}

/** What a bridge answered to one request. Its session makes an error of the family of it. */
export class BridgeRefusal extends Error {
  readonly sqlcode: number | undefined;

  constructor(message: string, sqlcode: number | undefined) {
    super(message);
    this.sqlcode = sqlcode;
  }
}

function beforeSession(error: unknown, refused: (message: string) => IrisError): unknown {
  if (error instanceof BridgeRefusal) return refused(error.message);
  if (!isIrisError(error) || error.code !== 'IRIS_CONNECTION_LOST') return error;
  return new IrisError(error.message, {
    code: 'IRIS_CONNECT_FAILED',
    retry: 'safe',
    cause: error.cause,
    hint: 'The program must be able to `import iris`, or to load the addon; its own words are in the message.',
  });
}

function lost(message: string, retry: Retry, cause?: unknown): IrisError {
  return new IrisError(message, {
    code: 'IRIS_CONNECTION_LOST',
    retry,
    cause,
    hint: 'Open a new session. Repeat work that may have been done only when that is harmless.',
  });
}

function closed(): IrisError {
  return new IrisError('The session is closed', { code: 'IRIS_CONNECTION_CLOSED', retry: 'safe' });
}

function aborted(reason: unknown, retry: Retry): IrisError {
  return new IrisError('The caller aborted the request', { code: 'IRIS_ABORTED', retry, cause: reason });
}

function timedOut(timeoutMs: number, retry: Retry): IrisError {
  return new IrisError(`The request took longer than ${timeoutMs} ms`, {
    code: 'IRIS_TIMEOUT',
    retry,
    details: { timeoutMs },
    hint: 'Raise the time limit if the work needs it. This client ends its session to stop a request.',
  });
}

function notStarted(program: string, cause: unknown): IrisError {
  return new IrisError(`${program} could not be started`, {
    code: 'IRIS_CONNECT_FAILED',
    retry: 'safe',
    cause,
    hint: 'Check that the program exists and may be run.',
  });
}
