import { cp, mkdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, isAbsolute, resolve } from 'node:path';
import type { CommandOptions, CommandResult, DeployTarget } from '@iris-devtools/core';
import { IrisError, isIrisError } from '@iris-devtools/core';
import { spawnCommand } from './spawn-command.js';

/** Commands and files on this machine, for an IRIS that runs here. */
export class LocalTarget implements DeployTarget {
  readonly name = 'this machine';
  readonly webUrl: string | undefined;

  constructor(options: { readonly webUrl?: string } = {}) {
    this.webUrl = options.webUrl;
  }

  run(argv: readonly string[], options?: CommandOptions): Promise<CommandResult> {
    return spawnCommand(argv, options);
  }

  async copyTo(localPath: string, remotePath: string): Promise<void> {
    absolute(remotePath);
    await io(remotePath, async () => {
      await mkdir(dirname(remotePath), { recursive: true });
      // What links point to is copied, as into a container.
      await cp(localPath, remotePath, { recursive: true, force: true, dereference: true });
    });
  }

  readFile(remotePath: string): Promise<Uint8Array> {
    return io(remotePath, () => readFile(absolute(remotePath)));
  }

  async exists(remotePath: string): Promise<boolean> {
    try {
      await stat(absolute(remotePath));
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw failed(remotePath, error);
    }
  }

  async remove(remotePath: string): Promise<void> {
    removable(remotePath);
    await io(remotePath, () => rm(remotePath, { recursive: true, force: true }));
  }
}

/** Paths on a target are absolute, so that nothing depends on a working directory. */
export function absolute(path: string): string {
  if (isAbsolute(path) && !path.includes('\0')) return path;
  throw new IrisError(`${path} is not an absolute path`, {
    code: 'IRIS_OPTION',
    hint: 'Give the whole path on the target, beginning with "/".',
  });
}

/** Refuses to remove a root or a directory directly below it: a mistake there cannot be undone. */
export function removable(path: string): string {
  const resolved = resolve(absolute(path));
  if (resolved.split(/[/\\]/).filter((part) => part !== '').length >= 2) return resolved;
  throw new IrisError(`${path} is not removed`, {
    code: 'IRIS_OPTION',
    hint: 'Name a directory at least two levels below the root.',
  });
}

async function io<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw failed(path, cause);
  }
}

/** Not `instanceof`: under Jest the errors of node:fs come from another realm. */
function isMissing(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    (error.code === 'ENOENT' || error.code === 'ENOTDIR')
  );
}

function failed(path: string, cause: unknown): IrisError {
  if (isIrisError(cause)) return cause;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : 'failed';
  return new IrisError(`${path}: ${code}`, {
    code: 'IRIS_IO',
    hint: 'Check the path, the permissions and the free space.',
    cause,
  });
}
