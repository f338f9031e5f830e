import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { encodeJsonFrame, IrisError, JsonFrameReader } from '@iris-devtools/core';
import { errorAnswer } from '../python/iris-calls.js';
import { wholeLines } from './whole-lines.js';
import type { CallHandler, PythonCall } from '../python/iris-calls.js';

/** What the Python side must know of its application. */
export interface PythonApplication {
  readonly location: string;
  readonly module: string;
  readonly callable: string;
  readonly asgi: boolean;
  readonly debug: boolean;
}

export interface PythonRequest {
  readonly environ: Readonly<Record<string, string>>;
  readonly headers: readonly (readonly [string, string])[];
  /** Base64. */
  readonly body: string;
}

export interface PythonResponse {
  readonly type: 'response';
  /** Begins with the number, e.g. `200 OK`. */
  readonly status: string;
  readonly headers: readonly (readonly [string, string])[];
  /** Base64. */
  readonly body: string;
}

export type PythonAnswer = PythonResponse | { readonly type: 'failure'; readonly traceback: string };

type Incoming = PythonAnswer | ({ readonly type: 'call' } & PythonCall);

/** The script lies beside the TypeScript sources, which are published with the package. */
const RUNNER = join(__dirname, '..', '..', 'src', 'web', 'runner.py');

/** A Python interpreter that serves one application, one request at a time. */
export class PythonProcess {
  readonly #child: ChildProcess;
  readonly #toPython: Writable;
  #onMessage: (message: Incoming) => void = () => undefined;
  #onEnd: (error: IrisError) => void = () => undefined;
  #ended: IrisError | undefined;

  /** @param onOutput takes what the application prints, line by line */
  constructor(python: string, application: PythonApplication, onOutput: (text: string) => void) {
    // -u: what it prints is logged at once. No variables of this process that could change what Python loads.
    const { PATH, HOME, LANG } = process.env;
    const env = Object.fromEntries(
      Object.entries({ PATH, HOME, LANG, PYTHONDONTWRITEBYTECODE: '1' }).filter(
        ([, value]) => value !== undefined,
      ),
    );
    this.#child = spawn(python, ['-u', RUNNER], {
      cwd: application.location,
      env,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
    });
    const [, stdout, stderr, toPython, fromPython] = this.#child.stdio;
    this.#toPython = toPython as Writable;
    for (const output of [stdout, stderr] as Readable[]) wholeLines(output, onOutput);
    const reader = new JsonFrameReader(
      (message) => {
        if (this.#ended === undefined) this.#onMessage(message as Incoming);
      },
      () => {
        this.#break();
      },
    );
    (fromPython as Readable).on('data', (chunk: Buffer) => {
      reader.push(chunk);
    });
    this.#toPython.on('error', () => undefined);
    this.#child.on('error', (cause) => {
      this.#end(`${python} cannot be started`, cause);
    });
    this.#child.on('exit', (code, signal) => {
      this.#end(`Python ended with ${signal ?? String(code)}`);
    });
    this.#write(application);
  }

  get alive(): boolean {
    return this.#ended === undefined;
  }

  /** @throws IrisError IRIS_STATE when the interpreter ends before it has answered */
  async run(request: PythonRequest, handle: CallHandler): Promise<PythonAnswer> {
    if (this.#ended !== undefined) throw this.#ended;
    return new Promise((resolve, reject) => {
      this.#onEnd = reject;
      this.#onMessage = (message) => {
        if (message.type !== 'call') {
          resolve(message);
          return;
        }
        handle(message)
          .then((value) => {
            this.#write({ value });
          })
          .catch((error: unknown) => {
            this.#write(errorAnswer(error));
          });
      };
      this.#write(request);
    });
  }

  async stop(): Promise<void> {
    if (this.#ended !== undefined) return;
    const exited = new Promise<void>((resolve) => {
      this.#child.once('exit', () => {
        resolve();
      });
    });
    this.#child.kill('SIGKILL');
    await exited;
  }

  #write(message: unknown): void {
    this.#toPython.write(encodeJsonFrame(message));
  }

  /** An application that writes to our descriptor has broken its own process: what still comes from it counts no more. */
  #break(): void {
    this.#child.kill('SIGKILL');
    this.#end('Python wrote something that is no message');
  }

  #end(reason: string, cause?: unknown): void {
    if (this.#ended !== undefined) return;
    this.#ended = new IrisError(reason, {
      code: 'IRIS_STATE',
      cause,
      hint: 'See WSGI.log for what the application printed; Python 3 must be installed.',
    });
    this.#onEnd(this.#ended);
  }
}
