import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

interface Reply {
  readonly id: number;
  readonly rows?: readonly (readonly unknown[])[];
  readonly error?: string;
}

/** PostgreSQL as the judge of statements that mean the same in IRIS. */
export class PostgreSql {
  readonly #worker = new Worker(join(__dirname, 'postgresql-worker.cjs'));
  #serial = 0;

  async rows(sql: string): Promise<readonly (readonly unknown[])[]> {
    const id = ++this.#serial;
    this.#worker.postMessage({ id, sql });
    const [reply] = (await once(this.#worker, 'message')) as [Reply];
    if (reply.id !== id || reply.rows === undefined)
      throw new Error(reply.error ?? 'one statement at a time');
    return reply.rows;
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}
