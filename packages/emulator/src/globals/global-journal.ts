import { createReadStream } from 'node:fs';
import { mkdir, open, rename } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { IrisError } from '@iris-devtools/core';
import { isMissingFile } from '../server/json-file.js';
import { Decimal } from './native-value.js';
import type { GlobalChange, GlobalEvent, GlobalStore } from './global-store.js';
import type { NativeValue } from './native-value.js';

const FILE_NAME = 'globals.jsonl';
const LINES_PER_WRITE = 1_000;

/**
 * Keeps globals on disk: a file of changes, one JSON line each, replayed at start and rewritten without history then.
 * Transactions that a crash left open are undone, and a line that it cut short at the very end is dropped.
 */
export class GlobalJournal {
  readonly #path: string;
  readonly #file: FileHandle;
  #pending: string[] = [];
  #writing: Promise<void> = Promise.resolve();
  #scheduled = false;
  #failure: unknown;

  private constructor(path: string, file: FileHandle) {
    this.#path = path;
    this.#file = file;
  }

  /** Replays the journal into `store` and opens it for more. */
  static async open(directory: string, store: GlobalStore): Promise<GlobalJournal> {
    await mkdir(directory, { recursive: true });
    const path = join(directory, FILE_NAME);
    await replay(path, store);
    const compact = `${path}.new`;
    const file = await open(compact, 'w', 0o600);
    let lines: string[] = [];
    for (const change of store.changes()) {
      lines.push(encode({ type: 'change', change, transaction: undefined }));
      if (lines.length < LINES_PER_WRITE) continue;
      await file.appendFile(lines.join(''));
      lines = [];
    }
    await file.appendFile(lines.join(''));
    await file.sync();
    await rename(compact, path);
    return new GlobalJournal(path, file);
  }

  /** Queues an event; those of one turn of the event loop are written together. A failure shows in `flush`. */
  append(event: GlobalEvent): void {
    this.#pending.push(encode(event));
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#writing = this.#writing.then(() => this.#writePending());
  }

  /** Settles when everything so far is on disk. @throws IrisError IRIS_IO when it could not be written */
  async flush(): Promise<void> {
    await this.#writing;
    if (this.#failure !== undefined) {
      throw new IrisError(`Cannot write ${this.#path}`, {
        code: 'IRIS_IO',
        cause: this.#failure,
        hint: 'Check the free space and the rights of the data directory.',
      });
    }
    await this.#file.sync();
  }

  async close(): Promise<void> {
    try {
      await this.flush();
    } finally {
      await this.#file.close();
    }
  }

  async #writePending(): Promise<void> {
    this.#scheduled = false;
    const lines = this.#pending;
    this.#pending = [];
    try {
      await this.#file.appendFile(lines.join(''));
    } catch (cause) {
      this.#failure ??= cause;
    }
  }
}

async function replay(path: string, store: GlobalStore): Promise<void> {
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (cause) {
    if (isMissingFile(cause)) return;
    throw new IrisError(`Cannot read ${path}`, { code: 'IRIS_IO', cause, hint: 'Check the data directory.' });
  }
  await file.close();
  let bad: { readonly line: number; readonly cause: unknown } | undefined;
  const unfinished = new Map<number, GlobalChange[]>();
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity })) {
    line += 1;
    if (bad !== undefined) {
      throw new IrisError(`Line ${bad.line} of ${path} is damaged`, {
        code: 'IRIS_IO',
        cause: bad.cause,
        hint: 'Restore the file from a backup, or remove it to start without globals.',
      });
    }
    try {
      replayEvent(decode(text), store, unfinished);
    } catch (cause) {
      bad = { line, cause };
    }
  }
  const undo = [...unfinished.values()].flat().reverse();
  for (const change of undo) store.apply(change);
}

/** @param unfinished what undoes each transaction that has not ended so far */
function replayEvent(event: GlobalEvent, store: GlobalStore, unfinished: Map<number, GlobalChange[]>): void {
  if (event.type === 'end') {
    unfinished.delete(event.transaction);
    return;
  }
  const undo = store.apply(event.change);
  if (event.transaction === undefined) return;
  const list = unfinished.get(event.transaction) ?? [];
  list.push(...undo);
  unfinished.set(event.transaction, list);
}

/** Values keep their kind: JSON text for strings, numbers as they are, the rest tagged. */
function encode(event: GlobalEvent): string {
  if (event.type === 'end') return `${JSON.stringify(event)}\n`;
  const { change } = event;
  const written = change.kind === 'set' ? { ...change, value: encodeValue(change.value) } : change;
  return `${JSON.stringify({ ...event, change: written })}\n`;
}

function encodeValue(value: NativeValue): unknown {
  if (typeof value === 'bigint') return { integer: value.toString() };
  if (value instanceof Decimal) return { decimal: value.text };
  if (typeof value === 'number') return Number.isFinite(value) ? value : { double: String(value) };
  // An object reference means nothing after its process ended; IRIS stores its text, too.
  return String(value);
}

function decode(text: string): GlobalEvent {
  const event = JSON.parse(text) as GlobalEvent;
  if (event.type === 'end' || event.change.kind !== 'set') return event;
  return { ...event, change: { ...event.change, value: decodeValue(event.change.value) } };
}

function decodeValue(value: unknown): Exclude<NativeValue, undefined> {
  if (typeof value === 'string' || typeof value === 'number') return value;
  const tagged = value as { integer?: string; decimal?: string; double?: string };
  if (tagged.integer !== undefined) return BigInt(tagged.integer);
  if (tagged.decimal !== undefined) return new Decimal(tagged.decimal);
  return Number(tagged.double);
}
