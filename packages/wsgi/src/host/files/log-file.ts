import type { TargetFiles } from './target-files.js';

/** Most that is read of a log at once. */
const MAX_LOG_BYTES = 65_536;

/** A log on a target that others write. */
export class LogFile {
  readonly #files: TargetFiles;
  readonly #path: string;

  constructor(files: TargetFiles, path: string) {
    this.#files = files;
    this.#path = path;
  }

  sizeBytes(): Promise<number> {
    return this.#files.sizeBytes(this.#path);
  }

  /** The end of it, from `fromByte` on at most. */
  async read(fromByte: number): Promise<string> {
    const size = await this.sizeBytes();
    // A log that became shorter was begun anew.
    const start = Math.max(fromByte > size ? 0 : fromByte, size - MAX_LOG_BYTES);
    return (await this.#files.read(this.#path, start, MAX_LOG_BYTES)).toString('utf8');
  }

  follow(onText: (text: string) => void, signal: AbortSignal): Promise<void> {
    return this.#files.follow(this.#path, onText, signal);
  }
}
