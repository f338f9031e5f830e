import { posix } from 'node:path';
import type { DeployTarget } from '@iris-devtools/core';
import { IrisError, isIrisError } from '@iris-devtools/core';
import type { TargetFiles } from './target-files.js';

/** Files of a target that runs commands, with the tools that every Unix has. */
export class ShellFiles implements TargetFiles {
  readonly #target: DeployTarget;

  constructor(target: DeployTarget) {
    this.#target = target;
  }

  copyTo(localPath: string, path: string): Promise<void> {
    return this.#target.copyTo(localPath, path);
  }

  async makeDirectory(path: string): Promise<boolean> {
    const options = { allowFailure: true };
    const parent = await this.#target.run(['mkdir', '-p', posix.dirname(path)], options);
    const made = parent.exitCode === 0 ? await this.#target.run(['mkdir', path], options) : parent;
    if (made.exitCode === 0) return true;
    if (parent.exitCode === 0 && (await this.exists(path))) return false;
    throw new IrisError(`${posix.dirname(path)} cannot be written to: ${made.stderr.trim().slice(0, 300)}`, {
      code: 'IRIS_DEPLOY',
      hint: 'Work as a user that may write there (for IRIS: irisowner), or choose another directory.',
    });
  }

  async write(path: string, text: string): Promise<void> {
    await this.#target.run(['tee', path], { stdin: text });
  }

  async read(path: string, fromByte: number, maxBytes: number): Promise<Buffer> {
    // `tail` counts from 1. A following `head` would need a shell, so what is too long is cut here.
    const { exitCode, stdout } = await this.#target.run(['tail', '-c', `+${String(fromByte + 1)}`, path], {
      allowFailure: true,
    });
    return Buffer.from(exitCode === 0 ? stdout : '', 'utf8').subarray(0, maxBytes);
  }

  async sizeBytes(path: string): Promise<number> {
    const { exitCode, stdout } = await this.#target.run(['wc', '-c', path], { allowFailure: true });
    const size = Number.parseInt(stdout.trim(), 10);
    return exitCode === 0 && Number.isSafeInteger(size) ? size : 0;
  }

  async modifiedSeconds(path: string): Promise<number | undefined> {
    // GNU and busybox first, then BSD and macOS.
    for (const words of [
      ['-c', '%Y'],
      ['-f', '%m'],
    ]) {
      const { exitCode, stdout } = await this.#target.run(['stat', ...words, path], { allowFailure: true });
      const seconds = Number.parseInt(stdout.trim(), 10);
      if (exitCode === 0 && Number.isSafeInteger(seconds)) return seconds;
    }
    return undefined;
  }

  exists(path: string): Promise<boolean> {
    return this.#target.exists(path);
  }

  async list(directory: string): Promise<string[]> {
    if (!(await this.exists(directory))) return [];
    const { stdout } = await this.#target.run(['ls', '-1A', directory]);
    return stdout.split('\n').filter((name) => name !== '');
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#target.run(['mv', from, to]);
  }

  remove(path: string): Promise<void> {
    return this.#target.remove(path);
  }

  async follow(path: string, onText: (text: string) => void, signal: AbortSignal): Promise<void> {
    try {
      await this.#target.run(['tail', '-n', '50', '-F', path], { signal, onStdout: onText });
    } catch (error) {
      if (!(isIrisError(error) && error.code === 'IRIS_ABORTED')) throw error;
    }
  }
}
