import { createReadStream } from 'node:fs';
import { mkdir, open, rename } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { IrisError } from '@iris-devtools/core';
import { isMissingFile } from '../server/json-file.js';
import { Decimal } from './native-value.js';
import type { GlobalChange, GlobalStore } from './global-store.js';
import type { NativeValue } from './native-value.js';

const FILE_NAME = 'globals.jsonl';

/**
 * Keeps globals on disk: a file of changes, one JSON line each, replayed at start and rewritten without history then.
 * A line that a crash cut short at the very end is dropped.
 */
export class GlobalJournal {
  readonly #path: string;
  readonly #file: FileHandle;
  #pending: string[] = [];
  #writing: Promise<void> = Promise.resolve();
  #scheduled = false;

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
    for (const change of store.changes()) await file.write(`${encode(change)}\n`);
    await file.sync();
    await rename(compact, path);
    return new GlobalJournal(path, file);
  }

  /** Queues a change; changes made in one turn of the event loop are written together. */
  append(change: GlobalChange): void {
    this.#pending.push(encode(change));
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#writing = this.#writing.then(() => this.#writePending());
  }

  /** Settles when everything so far is on disk. */
  async flush(): Promise<void> {
    await this.#writing;
    await this.#file.sync();
  }

  async close(): Promise<void> {
    await this.flush();
    await this.#file.close();
  }

  async #writePending(): Promise<void> {
    this.#scheduled = false;
    const lines = this.#pending;
    this.#pending = [];
    try {
      await this.#file.write(lines.map((line) => `${line}\n`).join(''));
    } catch (cause) {
      throw new IrisError(`Cannot write ${this.#path}`, {
        code: 'IRIS_IO',
        cause,
        hint: 'Check the free space and the rights of the data directory.',
      });
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
      store.apply(decode(text));
    } catch (cause) {
      bad = { line, cause };
    }
  }
}

/** Values keep their kind: JSON text for strings, numbers as they are, the rest tagged. */
function encode(change: GlobalChange): string {
  if (change.kind !== 'set') return JSON.stringify(change);
  return JSON.stringify({ ...change, value: encodeValue(change.value) });
}

function encodeValue(value: NativeValue): unknown {
  if (typeof value === 'bigint') return { integer: value.toString() };
  if (value instanceof Decimal) return { decimal: value.text };
  if (typeof value === 'number') return Number.isFinite(value) ? value : { double: String(value) };
  // An object reference means nothing after its process ended; IRIS stores its text, too.
  return String(value);
}

function decode(text: string): GlobalChange {
  const { value, ...rest } = JSON.parse(text) as GlobalChange & { value?: unknown };
  if (rest.kind !== 'set') return rest;
  return { ...rest, kind: 'set', value: decodeValue(value) };
}

function decodeValue(value: unknown): Exclude<NativeValue, undefined> {
  if (typeof value === 'string' || typeof value === 'number') return value;
  const tagged = value as { integer?: string; decimal?: string; double?: string };
  if (tagged.integer !== undefined) return BigInt(tagged.integer);
  if (tagged.decimal !== undefined) return new Decimal(tagged.decimal);
  return Number(tagged.double);
}
