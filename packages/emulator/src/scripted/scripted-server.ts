import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import { IrisError } from '@iris-devtools/core';
import {
  decodeRequest,
  encodeFrame,
  encodeReply,
  encodeTextReply,
  FrameDecoder,
  MESSAGES,
  NATIVE_OK,
  statusCode,
} from '@iris-devtools/protocol';
import type { CodecOptions, Frame, MessageKind, ReplyOf, Request, RequestOf } from '@iris-devtools/protocol';

/** Fields of a request that must be equal; the others may be anything. */
export type ExpectedRequest = {
  [K in MessageKind]: { readonly kind: K } & Partial<RequestOf<K>>;
}[MessageKind];

/** One thing that a scripted server does. Replies answer the request that was expected last. */
export type ScriptStep =
  | { readonly step: 'expect'; readonly request: ExpectedRequest; readonly statementId?: number }
  /** Sends a reply with a payload. */
  | ReplyStep
  /** A page of rows or another payload as it is. */
  | { readonly step: 'send-payload'; readonly payload: Uint8Array; readonly status: number }
  /** A reply whose payload is one text, e.g. a refused login. */
  | { readonly step: 'send-text'; readonly text: string; readonly status: number }
  /** Bytes that need not be a message. */
  | { readonly step: 'send-bytes'; readonly bytes: Uint8Array }
  /** What follows is encoded and decoded for these features. */
  | { readonly step: 'use'; readonly options: CodecOptions }
  | { readonly step: 'close' }
  | { readonly step: 'expect-close' };

type ReplyStep = {
  [K in MessageKind]: {
    readonly step: 'send';
    readonly kind: K;
    readonly reply: ReplyOf<K>;
    /** Default: success. */
    readonly status?: number;
  };
}[MessageKind];

export interface ScriptedServer extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** Settles when the whole script has run; rejects with the first difference. */
  readonly done: Promise<void>;
  close(): Promise<void>;
}

/**
 * Serves exactly one connection by a script, for tests of clients: what is expected is compared, what is to be sent is sent.
 * A difference ends the connection and rejects `done` with IrisError IRIS_STATE, whose details hold both requests.
 */
export async function startScriptedServer(
  steps: readonly ScriptStep[],
  address: { readonly host?: string; readonly port?: number } = {},
): Promise<ScriptedServer> {
  const host = address.host ?? '127.0.0.1';
  const sockets = new Set<Socket>();
  let resolveDone = (): void => undefined;
  let rejectDone: (error: unknown) => void = () => undefined;
  const done = new Promise<void>((resolve, reject) => {
    resolveDone = resolve;
    rejectDone = reject;
  });
  // A test that only looks at its client must not fail by an unhandled rejection.
  done.catch(() => undefined);
  let used = false;
  const server = createServer((socket) => {
    if (used) {
      socket.destroy();
      return;
    }
    used = true;
    sockets.add(socket);
    const run = new ScriptRun(socket, steps);
    void run.run().then(resolveDone, rejectDone);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(address.port ?? 0, host, resolve);
  });
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    if (!server.listening) return;
    await new Promise<void>((resolve) => {
      server.close(() => {
        resolve();
      });
    });
    rejectDone(
      new IrisError('The scripted server was closed before its script ended', { code: 'IRIS_STATE' }),
    );
  };
  return { host, port: (server.address() as AddressInfo).port, done, close, [Symbol.asyncDispose]: close };
}

/** One connection going through the script. */
class ScriptRun {
  readonly #socket: Socket;
  readonly #steps: readonly ScriptStep[];
  readonly #decoder = new FrameDecoder();
  readonly #frames: Frame[] = [];
  #options: CodecOptions = {};
  #last: Frame | undefined;
  #closed = false;
  #failure: unknown;
  #wake: () => void = () => undefined;

  constructor(socket: Socket, steps: readonly ScriptStep[]) {
    this.#socket = socket;
    this.#steps = steps;
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      this.#receive(chunk);
    });
    socket.on('close', () => {
      this.#closed = true;
      this.#wake();
    });
  }

  async run(): Promise<void> {
    try {
      for (const [index, step] of this.#steps.entries()) await this.#play(step, index);
    } catch (error) {
      this.#socket.destroy();
      throw error;
    }
  }

  async #play(step: ScriptStep, index: number): Promise<void> {
    switch (step.step) {
      case 'expect':
        await this.#expect(step.request, step.statementId, index);
        return;
      case 'send': {
        const success = MESSAGES[step.kind].family === 'native' ? NATIVE_OK : 0;
        const header = this.#header(step.status ?? success);
        this.#socket.write(encodeReply(step.kind, step.reply, header, this.#options));
        return;
      }
      case 'send-payload':
        this.#socket.write(encodeFrame(this.#header(step.status), step.payload));
        return;
      case 'send-text':
        this.#socket.write(encodeTextReply(step.text, this.#header(step.status)));
        return;
      case 'send-bytes':
        this.#socket.write(step.bytes);
        return;
      case 'use':
        this.#options = step.options;
        return;
      case 'close':
        this.#socket.end();
        return;
      case 'expect-close':
        while (!this.#closed) await this.#event();
    }
  }

  async #expect(expected: ExpectedRequest, statementId: number | undefined, index: number): Promise<void> {
    while (this.#frames.length === 0 && !this.#closed && this.#failure === undefined) await this.#event();
    const frame = this.#frames.shift();
    if (frame === undefined) {
      throw new IrisError(
        `Step ${index}: the client ended the connection instead of sending ${expected.kind}`,
        {
          code: 'IRIS_STATE',
          cause: this.#failure,
        },
      );
    }
    this.#last = frame;
    const request = decodeRequest(frame, this.#options);
    const wrong = differences(expected, request);
    if (statementId !== undefined && statementId !== frame.statementId) wrong.push('statementId');
    if (wrong.length === 0) return;
    throw new IrisError(`Step ${index}: ${wrong.join(', ')} of ${request.kind} is not what was expected`, {
      code: 'IRIS_STATE',
      details: { expected, request, statementId: frame.statementId },
    });
  }

  #receive(chunk: Buffer): void {
    try {
      this.#decoder.push(chunk);
      for (let frame = this.#decoder.next(); frame !== undefined; frame = this.#decoder.next())
        this.#frames.push(frame);
    } catch (error) {
      this.#failure = error;
    }
    this.#wake();
  }

  #event(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #header(status: number) {
    const { sequence = 0, statementId = 0 } = this.#last ?? {};
    return { sequence, statementId, code: statusCode(status) };
  }
}

function differences(expected: ExpectedRequest, request: Request): string[] {
  return Object.entries(expected)
    .filter(
      ([field, value]) => !isDeepStrictEqual(value, (request as unknown as Record<string, unknown>)[field]),
    )
    .map(([field]) => field);
}
