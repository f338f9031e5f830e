import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Lines kept in memory. */
const MAX_LINES = 1_000;
const MAX_LINE_LENGTH = 4_000;

/** A log file, of which the latest lines are kept in memory as well. */
export class TextLog {
  readonly #lines: string[];
  readonly #path: string | undefined;
  #writing: Promise<void> = Promise.resolve();

  /** @param path absent: in memory only @param earlier lines that are in memory already */
  constructor(path: string | undefined, earlier: readonly string[] = []) {
    this.#path = path;
    this.#lines = [...earlier];
  }

  get lines(): readonly string[] {
    return this.#lines;
  }

  /** Adds one line; a longer one is cut. */
  append(line: string): void {
    const text = line.slice(0, MAX_LINE_LENGTH);
    this.#lines.push(text);
    if (this.#lines.length > MAX_LINES) this.#lines.shift();
    const path = this.#path;
    if (path === undefined) return;
    this.#writing = this.#writing
      .then(() => mkdir(dirname(path), { recursive: true }))
      .then(() => appendFile(path, `${text}\n`))
      // A log that cannot be written must not take the server down; the lines in memory remain.
      .catch(() => undefined);
  }

  async flush(): Promise<void> {
    await this.#writing;
  }
}
