import { PythonProcess } from './python-process.js';
import type { CallHandler } from '../python/iris-calls.js';
import type { PythonAnswer, PythonApplication, PythonRequest } from './python-process.js';

/** Interpreters of one application, each serving one request at a time. */
const MAX_PROCESSES = 2;

/** Keeps the interpreters of one application: modules stay loaded in them, as in IRIS's web processes. */
export class ApplicationPool {
  readonly #python: string;
  readonly #application: PythonApplication;
  readonly #onOutput: (text: string) => void;
  readonly #idle: PythonProcess[] = [];
  readonly #all = new Set<PythonProcess>();
  readonly #waiting: (() => void)[] = [];

  constructor(python: string, application: PythonApplication, onOutput: (text: string) => void) {
    this.#python = python;
    this.#application = application;
    this.#onOutput = onOutput;
  }

  /** @throws IrisError IRIS_STATE when the interpreter cannot be started or dies */
  async run(request: PythonRequest, handle: CallHandler): Promise<PythonAnswer> {
    const process = await this.#take();
    try {
      return await process.run(request, handle);
    } finally {
      if (process.alive) this.#idle.push(process);
      else this.#all.delete(process);
      this.#waiting.shift()?.();
    }
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#all].map((process) => process.stop()));
    this.#all.clear();
    this.#idle.length = 0;
  }

  async #take(): Promise<PythonProcess> {
    for (;;) {
      const idle = this.#idle.pop();
      if (idle?.alive === true) return idle;
      if (idle !== undefined) {
        this.#all.delete(idle);
        continue;
      }
      if (this.#all.size < MAX_PROCESSES) {
        const started = new PythonProcess(this.#python, this.#application, this.#onOutput);
        this.#all.add(started);
        return started;
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }
}
