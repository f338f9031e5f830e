import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { IrisError, sqlError } from '@iris-devtools/core';
import { PgWriter } from './pg-writer.js';
import { readAnswer } from './pg-reader.js';
import type { PgAnswer, PgFailure, PgResult } from './pg-reader.js';
import { StatementNames } from './statement-names.js';
import type { StorageRequest } from './statement-names.js';
import { GATE_COMMITTED, GATE_OPEN, transferList } from './worker-messages.js';
import type { WorkerReply, WorkerRequest, WorkerSettings } from './worker-messages.js';

export interface StorageOptions {
  /** Directory of the database; undefined: in memory. */
  readonly dataDir?: string | undefined;
  readonly image?: Uint8Array<ArrayBuffer> | undefined;
  /** A statement that takes longer ends the storage: nothing else can stop it. */
  readonly watchdogMs: number;
  readonly maxAnswerBytes: number;
  readonly maxPreparedStatements: number;
}

/** A statement failed in PostgreSQL; the engine turns it into an SQLCODE. */
export class StorageFailure extends Error {
  readonly failure: PgFailure;
  /** Results of the requests before the one that failed; their effects are undone. */
  readonly completed: number;

  constructor(failure: PgFailure, completed: number) {
    super(failure.message);
    this.name = 'StorageFailure';
    this.failure = failure;
    this.completed = completed;
  }
}

const COMMIT_END = new PgWriter().sync().take();
// After an error PostgreSQL skips everything up to a Sync, the ROLLBACK too, and has nothing to take back.
const ABORT_END = new PgWriter().query('ROLLBACK').sync().take();

interface Pending {
  readonly resolve: (bytes: Uint8Array) => void;
  readonly reject: (error: Error) => void;
}

/** Runs requests; all of one call happen or none. */
export interface StorageAccess {
  run(requests: readonly StorageRequest[]): Promise<readonly PgResult[]>;
}

/** What the triggers of the storage need to know about the statement. */
export interface StatementSettings {
  /** The IRIS transaction, '' outside one. */
  readonly transaction: string;
  /** Other sessions have uncommitted changes, so locks must be looked at. */
  readonly others: boolean;
  /** %NOCHECK: foreign keys are not checked. */
  readonly unchecked: boolean;
}

/** For work that is no statement of a client. */
export const NO_SETTINGS: StatementSettings = { transaction: '', others: false, unchecked: false };

export interface RunOptions {
  /** Absent: a query, for which they do not matter. */
  readonly settings?: StatementSettings;
  /** See `WorkerRequest.end`. */
  readonly gate?: Int32Array<SharedArrayBuffer>;
}

const SETTINGS_SQL =
  "SELECT set_config('iris.txn', $1, false), set_config('iris.others', $2, false), set_config('iris.nocheck', $3, false)";

/** PostgreSQL (PGlite) in a worker thread: one session, shared by everybody, so each call is a transaction of its own. */
export class Storage implements StorageAccess {
  readonly #worker: Worker;
  readonly #options: StorageOptions;
  readonly #names: StatementNames;
  readonly #pending = new Map<number, Pending>();
  readonly #writer = new PgWriter();
  #nextId = 1;
  #exclusive: Promise<void> | undefined;
  #watchdog: NodeJS.Timeout | undefined;
  #ended: Error | undefined;
  #settings = '';
  #onClosed: (() => void) | undefined;
  #onImage: ((bytes: Uint8Array) => void) | undefined;
  /** The data directory was created by this start. */
  readonly fresh: boolean;

  private constructor(worker: Worker, options: StorageOptions, fresh: boolean) {
    this.#worker = worker;
    this.#options = options;
    this.#names = new StatementNames(options.maxPreparedStatements);
    this.fresh = fresh;
    worker.on('message', (reply: WorkerReply) => {
      this.#receive(reply);
    });
    worker.on('error', (error) => {
      this.#end(storageLost(error));
    });
    worker.on('exit', () => {
      this.#end(storageLost(undefined));
    });
  }

  /** @throws IrisError IRIS_IO when PostgreSQL cannot start on the directory */
  static async open(options: StorageOptions): Promise<Storage> {
    const settings: WorkerSettings = {
      dataDir: options.dataDir,
      image: options.image,
      maxAnswerBytes: options.maxAnswerBytes,
    };
    const worker = new Worker(join(__dirname, 'worker.js'), { workerData: settings });
    const first = await new Promise<WorkerReply>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
    if (first.kind !== 'ready') {
      await worker.terminate();
      throw new IrisError(
        `The storage did not start: ${first.kind === 'failed' ? first.message : first.kind}`,
        {
          code: 'IRIS_IO',
          hint: 'Check that the data directory belongs to this version, is writable and is used by no other process.',
        },
      );
    }
    return new Storage(worker, options, first.fresh);
  }

  async run(requests: readonly StorageRequest[], options: RunOptions = {}): Promise<readonly PgResult[]> {
    while (this.#exclusive !== undefined) await this.#exclusive;
    return this.#run(requests, options);
  }

  /** Several calls as one transaction, with nobody in between. Rolls back when `work` throws. */
  async transaction<T>(
    work: (access: StorageAccess) => Promise<T>,
    settings: StatementSettings = NO_SETTINGS,
  ): Promise<T> {
    while (this.#exclusive !== undefined) await this.#exclusive;
    let release = (): void => undefined;
    this.#exclusive = new Promise((resolve) => (release = resolve));
    try {
      await this.#simple('BEGIN');
      const result = await work({ run: (requests) => this.#run(requests, { settings }) });
      await this.#simple('COMMIT');
      return result;
    } catch (error) {
      if (this.#ended === undefined) await this.#simple('ROLLBACK');
      throw error;
    } finally {
      this.#exclusive = undefined;
      release();
    }
  }

  /** A script of several statements without parameters. */
  async script(sql: string): Promise<void> {
    while (this.#exclusive !== undefined) await this.#exclusive;
    await this.#simple(sql);
  }

  /** To be called after DDL. */
  forgetStatements(): void {
    this.#names.clear(this.#writer);
  }

  /** The whole database as a compressed tar, to start others from. */
  dump(): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) reject(this.#ended);
      this.#onImage = resolve;
      this.#worker.postMessage('dump');
    });
  }

  async close(): Promise<void> {
    if (this.#ended !== undefined) return;
    const closed = new Promise<void>((resolve) => (this.#onClosed = resolve));
    this.#worker.postMessage('close');
    this.#arm();
    await closed;
    await this.#worker.terminate();
  }

  async #run(requests: readonly StorageRequest[], options: RunOptions): Promise<readonly PgResult[]> {
    if (requests.some((request) => request.sql.includes('\0'))) {
      // A text ends at its NUL in PostgreSQL's protocol: what follows would be read as something else.
      throw sqlError(-400, 'The emulator does not run statements with $CHAR(0) in them');
    }
    const named: string[] = [];
    const skipped = options.settings === undefined ? 0 : this.#applySettings(options.settings);
    const { gate } = options;
    for (const request of requests) {
      const name = this.#names.write(this.#writer, request);
      if (name !== undefined) named.push(name);
    }
    let end: WorkerRequest['end'];
    let bytes: Uint8Array<ArrayBuffer>;
    if (gate === undefined) {
      bytes = this.#writer.sync().take();
    } else {
      bytes = this.#writer.flush().take();
      // The first try of a statement that had to wait for a lock has closed the gate behind it.
      Atomics.compareExchange(gate, 0, GATE_COMMITTED, GATE_OPEN);
      end = { gate, commit: COMMIT_END, abort: ABORT_END };
    }
    const answer = this.#checked(await this.#post(bytes, end));
    if (answer.failure !== undefined) {
      this.#names.forget(named);
      throw new StorageFailure(answer.failure, answer.results.length - skipped);
    }
    return answer.results.slice(skipped);
  }

  /**
   * Writes the settings when they differ from those in force, as a transaction of their own: a failing statement
   * must not take them back unnoticed. @returns how many results they add
   */
  #applySettings(settings: StatementSettings): number {
    const text = [settings.transaction, settings.others ? '1' : '0', settings.unchecked ? '1' : '0'];
    const key = text.join(' ');
    if (key === this.#settings) return 0;
    this.#names.write(this.#writer, { sql: SETTINGS_SQL, parameters: text });
    this.#writer.sync();
    this.#settings = key;
    return 1;
  }

  async #simple(sql: string): Promise<void> {
    const answer = readAnswer(await this.#post(this.#writer.query(sql).take(), undefined));
    if (answer.failure !== undefined) throw new StorageFailure(answer.failure, answer.results.length);
  }

  /** An answer without ReadyForQuery comes from an instance that is broken for good. */
  #checked(bytes: Uint8Array): PgAnswer {
    const answer = readAnswer(bytes);
    if (answer.ready) return answer;
    const lost = storageLost(new Error('PostgreSQL gave no answer'));
    this.#end(lost);
    void this.#worker.terminate();
    throw lost;
  }

  #post(bytes: Uint8Array<ArrayBuffer>, end: WorkerRequest['end']): Promise<Uint8Array> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    const id = this.#nextId++;
    const request: WorkerRequest = end === undefined ? { id, bytes } : { id, bytes, end };
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#worker.postMessage(request, transferList(bytes));
      if (this.#watchdog === undefined) this.#arm();
    });
  }

  #receive(reply: WorkerReply): void {
    if (reply.kind === 'answer') {
      this.#disarm();
      const pending = this.#pending.get(reply.id);
      this.#pending.delete(reply.id);
      pending?.resolve(reply.bytes);
      if (this.#pending.size > 0) this.#arm();
    } else if (reply.kind === 'image') {
      this.#onImage?.(reply.bytes);
    } else if (reply.kind === 'closed') {
      this.#end(storageLost(undefined));
      this.#onClosed?.();
    } else if (reply.kind === 'failed') {
      this.#end(storageLost(new Error(reply.message)));
      void this.#worker.terminate();
    }
  }

  #arm(): void {
    this.#disarm();
    this.#watchdog = setTimeout(() => {
      this.#end(
        new IrisError(
          `A statement ran longer than ${this.#options.watchdogMs} ms and the storage was stopped`,
          {
            code: 'IRIS_TIMEOUT',
            sqlcode: -400,
            hint: 'Restart the emulator; with a data directory, committed data is still there.',
          },
        ),
      );
      void this.#worker.terminate();
    }, this.#options.watchdogMs);
    this.#watchdog.unref();
  }

  #disarm(): void {
    clearTimeout(this.#watchdog);
    this.#watchdog = undefined;
  }

  #end(error: Error): void {
    this.#ended ??= error;
    this.#disarm();
    for (const { reject } of this.#pending.values()) reject(this.#ended);
    this.#pending.clear();
    this.#onClosed?.();
  }
}

function storageLost(cause: Error | undefined): IrisError {
  return new IrisError(
    `The storage of the emulator has ended${cause === undefined ? '' : `: ${cause.message}`}`,
    {
      code: 'IRIS_STATE',
      sqlcode: -400,
      hint: 'Start the emulator again.',
      cause,
    },
  );
}
