import type { CommandRunner } from '@iris-devtools/core';
import { isIrisError } from '@iris-devtools/core';

/** Most that is read of a log at once. */
const MAX_LOG_BYTES = 65_536;

/** A log file on a target, read with the tools that every Unix has. */
export class LogFile {
  readonly #runner: CommandRunner;
  readonly #path: string;

  constructor(runner: CommandRunner, path: string) {
    this.#runner = runner;
    this.#path = path;
  }

  async sizeBytes(): Promise<number> {
    const { exitCode, stdout } = await this.#runner.run(['wc', '-c', this.#path], { allowFailure: true });
    const size = Number.parseInt(stdout.trim(), 10);
    return exitCode === 0 && Number.isSafeInteger(size) ? size : 0;
  }

  async read(fromByte: number): Promise<string> {
    const size = await this.sizeBytes();
    // A log that became shorter was begun anew.
    const start = fromByte > size ? 0 : fromByte;
    const length = Math.min(size - start, MAX_LOG_BYTES);
    if (length <= 0) return '';
    const { stdout } = await this.#runner.run(['tail', '-c', String(length), this.#path], {
      allowFailure: true,
    });
    return stdout;
  }

  async follow(onText: (text: string) => void, signal: AbortSignal): Promise<void> {
    try {
      await this.#runner.run(['tail', '-n', '50', '-F', this.#path], { signal, onStdout: onText });
    } catch (error) {
      if (!(isIrisError(error) && error.code === 'IRIS_ABORTED')) throw error;
    }
  }
}

const TRACEBACK = 'Traceback (most recent call last):';

/** The last Python traceback of a log with the line that names the exception; one that is still being written only if there is no other. */
export function lastTraceback(log: string): string | undefined {
  let end = log.length;
  let unfinished: string | undefined;
  for (;;) {
    const start = log.slice(0, end).lastIndexOf(TRACEBACK);
    if (start < 0) return unfinished;
    const lines = log.slice(start, end).split('\n');
    const last = lines.findIndex((line, i) => i > 0 && line !== '' && !/^\s/.test(line));
    if (last > 0)
      return lines
        .slice(0, last + 1)
        .join('\n')
        .trim();
    unfinished ??= lines.join('\n').trim();
    end = start;
  }
}
