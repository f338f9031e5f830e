import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Logger } from '@iris-devtools/core';
import { PgError } from '../pg-error.js';
import { SnapshotStore, compressSnapshot, type Snapshot } from './snapshot.js';
import type {
  NumberedReply,
  WorkerCall,
  WorkerOptions,
  WorkerReady,
  WorkerReply,
  WorkerSnapshot,
} from './worker-protocol.js';

/** Node runs compiled code in a worker thread, wherever this module itself was loaded from. */
const WORKER_FILE = join(__dirname, '..', '..', 'dist', 'oracle', 'worker.js');
/**
 * PostgreSQL stops at 2 MB of its own stack with 54001. The engine's native stack must be far larger than that,
 * or a deeply nested statement ends the instance instead.
 */
const WORKER_STACK_MB = 64;
const MAX_START_ATTEMPTS = 3;

export interface WorkerLinkOptions extends Omit<WorkerOptions, 'snapshot'> {
  /** Longest time that PGlite may take for one statement of a client. */
  readonly watchdogMs: number;
  /** Longest time for a batch of DDL of the mirror, or for the start. */
  readonly loadTimeoutMs: number;
  readonly cacheDir: string | undefined;
  readonly logger: Logger;
}

interface PendingCall {
  readonly id: number;
  readonly call: WorkerCall;
  readonly resolve: (reply: Extract<WorkerReply, { kind: 'answer' }>) => void;
  readonly reject: (error: Error) => void;
}

function closedError(): PgError {
  return new PgError({ sqlstate: '57P01', message: 'the catalog service is closed' });
}

/** One worker thread at a time, with its queue. A worker that hangs or breaks is replaced, and only the call at fault fails. */
export class WorkerLink {
  readonly #options: WorkerLinkOptions;
  readonly #snapshots: SnapshotStore;
  readonly #pending: PendingCall[] = [];
  #worker: Worker | undefined;
  #timer: NodeJS.Timeout | undefined;
  #nextId = 1;
  #closed = false;
  #restarting: Promise<void> | undefined;
  /** Compressing and writing the snapshot, which ends after the worker that sent it. */
  #keeping: Promise<void> | undefined;
  /** What a new worker must be told before it serves clients again. */
  #shadow: () => readonly string[] = () => [];

  constructor(options: WorkerLinkOptions) {
    this.#options = options;
    this.#snapshots = new SnapshotStore(options.server, options.cacheDir);
  }

  async start(): Promise<void> {
    const snapshot = await this.#snapshots.read();
    if (snapshot === undefined) this.#worker = await this.#spawn(undefined);
    else this.#worker = await this.#spawn(snapshot).catch(() => this.#spawnFresh());
  }

  /** A snapshot that starts no server would not start the next one either. */
  async #spawnFresh(): Promise<Worker> {
    await this.#snapshots.forget();
    return this.#spawn(undefined);
  }

  setShadow(shadow: () => readonly string[]): void {
    this.#shadow = shadow;
  }

  send(call: WorkerCall): Promise<Extract<WorkerReply, { kind: 'answer' }>> {
    if (this.#closed) return Promise.reject(closedError());
    return new Promise((resolve, reject) => {
      const pending = { id: this.#nextId++, call, resolve, reject };
      this.#pending.push(pending);
      if (this.#restarting === undefined) this.#post(pending);
    });
  }

  /** Replaces the worker, because its answer to the first call showed that it cannot go on. */
  discard(reason: string): void {
    this.#restart(reason);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const { reject } of this.#pending.splice(0)) reject(closedError());
    await this.#restarting?.catch(() => undefined);
    await this.#worker?.terminate();
    await this.#keeping;
    this.#worker = undefined;
  }

  #post({ id, call }: PendingCall): void {
    this.#worker?.postMessage({ id, call });
    if (this.#pending.length === 1) this.#watchFirst();
  }

  /** Calls are answered in order, so only the first can be the one that hangs. */
  #watchFirst(): void {
    clearTimeout(this.#timer);
    const [first] = this.#pending;
    if (first === undefined) return;
    const { watchdogMs, loadTimeoutMs } = this.#options;
    const limitMs = first.call.kind === 'load' ? loadTimeoutMs : watchdogMs;
    this.#timer = setTimeout(() => {
      this.#pending.shift();
      first.reject(
        new PgError({
          sqlstate: '57014',
          message: 'canceling statement due to statement timeout',
          detail: `A statement on the catalog may take ${limitMs} ms.`,
        }),
      );
      this.#restart(`no answer within ${limitMs} ms`);
    }, limitMs);
  }

  #receive(worker: Worker, { id, reply }: NumberedReply): void {
    const [first] = this.#pending;
    if (worker !== this.#worker || first?.id !== id) return;
    this.#pending.shift();
    this.#watchFirst();
    if (reply.kind === 'answer') first.resolve(reply);
    else if (reply.kind === 'refused') first.reject(new PgError(reply.error));
    else {
      first.reject(brokenError());
      this.#restart(reply.reason);
    }
  }

  #restart(reason: string): void {
    if (this.#closed || this.#restarting !== undefined) return;
    clearTimeout(this.#timer);
    this.#options.logger.log('warn', 'catalog worker replaced', { reason });
    const old = this.#worker;
    this.#worker = undefined;
    this.#restarting = this.#replace(old)
      .catch((error: unknown) => {
        this.#closed = true;
        const failure = new PgError(
          { sqlstate: '58000', message: 'the catalog service did not start again' },
          error,
        );
        for (const { reject } of this.#pending.splice(0)) reject(failure);
      })
      .finally(() => {
        this.#restarting = undefined;
        for (const { id, call } of this.#pending) this.#worker?.postMessage({ id, call });
        this.#watchFirst();
      });
  }

  async #replace(old: Worker | undefined): Promise<void> {
    await old?.terminate();
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.start();
        break;
      } catch (error) {
        if (attempt === MAX_START_ATTEMPTS || this.#closed) throw error;
      }
    }
    const statements = this.#shadow();
    // Unanswered on purpose: it is first in the new worker's queue, and its id belongs to no caller.
    if (statements.length > 0) this.#worker?.postMessage({ id: 0, call: { kind: 'load', statements } });
  }

  #spawn(snapshot: Snapshot | undefined): Promise<Worker> {
    const { server, maxResultRows, maxResultBytes, loadTimeoutMs } = this.#options;
    const workerData = { server, maxResultRows, maxResultBytes, snapshot } satisfies WorkerOptions;
    const worker = new Worker(WORKER_FILE, { workerData, resourceLimits: { stackSizeMb: WORKER_STACK_MB } });
    return new Promise((resolve, reject) => {
      const fail = (cause: unknown): void => {
        clearTimeout(timer);
        void worker.terminate();
        reject(new PgError({ sqlstate: '58000', message: 'the catalog service did not start' }, cause));
      };
      const timer = setTimeout(() => {
        fail(new Error(`not ready within ${loadTimeoutMs} ms`));
      }, loadTimeoutMs);
      worker.once('error', fail);
      worker.once('message', (_ready: WorkerReady) => {
        clearTimeout(timer);
        worker.off('error', fail);
        this.#attend(worker);
        resolve(worker);
      });
    });
  }

  async #keep(tar: Uint8Array): Promise<void> {
    try {
      await this.#snapshots.write(await compressSnapshot(tar));
    } catch (error) {
      // Only the next start is slower.
      const reason = error instanceof Error ? error.message : String(error);
      this.#options.logger.log('warn', 'the catalog snapshot was not kept', { reason });
    }
  }

  #attend(worker: Worker): void {
    worker.on('message', (message: NumberedReply | WorkerSnapshot) => {
      if (message.kind === 'reply') this.#receive(worker, message);
      else this.#keeping = this.#keep(message.tar);
    });
    const lost = (reason: string): void => {
      if (worker !== this.#worker || this.#closed) return;
      this.#pending.shift()?.reject(brokenError());
      this.#restart(reason);
    };
    worker.on('error', (error) => {
      lost(error instanceof Error ? error.message : String(error));
    });
    worker.on('exit', (code) => {
      lost(`exit code ${code}`);
    });
  }
}

function brokenError(): PgError {
  return new PgError({
    sqlstate: 'XX000',
    message: 'the statement ended the catalog service',
    hint: 'The service has been started again; this statement cannot be answered.',
  });
}
