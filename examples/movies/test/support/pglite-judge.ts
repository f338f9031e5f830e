import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { CREATE_TABLES, distributorLine, movieLine, readMovies } from '@iris-devtools/example-movies';
import type { Answer } from './answers.js';
import type { Comparison } from './queries.js';

type Request =
  | { readonly kind: 'exec'; readonly sql: string }
  | { readonly kind: 'copy'; readonly sql: string; readonly text: string }
  | { readonly kind: 'query'; readonly sql: string; readonly parameters: readonly unknown[] }
  | { readonly kind: 'close' };

interface Reply {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

/** PostgreSQL (PGlite) with the same films, loaded by its own COPY. */
export class PgliteJudge {
  readonly #worker = new Worker(path.join(__dirname, 'pglite-worker.cjs'));
  readonly #waiting = new Map<
    number,
    { resolve: (value: unknown) => void; reject: (error: Error) => void }
  >();
  #lastId = 0;

  private constructor() {
    this.#worker.on('message', ({ id, value, error }: Reply) => {
      const waiter = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === undefined) waiter?.resolve(value);
      else waiter?.reject(new Error(error));
    });
    this.#worker.on('error', (error: Error) => {
      for (const { reject } of this.#waiting.values()) reject(error);
    });
  }

  static async start(): Promise<PgliteJudge> {
    const judge = new PgliteJudge();
    for (const sql of CREATE_TABLES) await judge.#ask({ kind: 'exec', sql });
    const { movies, distributors } = readMovies();
    await judge.#copy('distributors', distributors.map(distributorLine));
    await judge.#copy('movies', movies.map(movieLine));
    return judge;
  }

  async answer({ sql, parameters = [] }: Comparison): Promise<Answer> {
    return (await this.#ask({ kind: 'query', sql, parameters })) as Answer;
  }

  async close(): Promise<void> {
    await this.#ask({ kind: 'close' });
    await this.#worker.terminate();
  }

  async #copy(table: string, lines: readonly string[]): Promise<void> {
    await this.#ask({ kind: 'copy', sql: `copy ${table} from '/dev/blob'`, text: lines.join('') });
  }

  #ask(request: Request): Promise<unknown> {
    const id = (this.#lastId += 1);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, ...request });
    });
  }
}
