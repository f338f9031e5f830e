import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { IrisError } from '@iris-devtools/core';
import { isMissingFile } from './json-file.js';

const FILE_NAME = 'emulator.lock';

/**
 * Claims a data directory for this process, so that no second emulator writes to it. What a process left that has ended is
 * taken over.
 * @returns gives the directory back
 * @throws IrisError IRIS_IO while another process, or another emulator of this one, uses it
 */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  const path = join(directory, FILE_NAME);
  if (!(await claim(path))) {
    const holder = await readHolder(path);
    if (holder !== undefined && (await isRunning(holder))) {
      throw new IrisError(`The data directory ${directory} is in use by process ${holder.processId}`, {
        code: 'IRIS_IO',
        hint: 'Stop that emulator, or choose another directory with the option "data" (on the command line: --data).',
      });
    }
    await rm(path, { force: true });
    if (!(await claim(path))) {
      throw new IrisError(`The data directory ${directory} was taken by another process just now`, {
        code: 'IRIS_IO',
      });
    }
  }
  return () => rm(path, { force: true });
}

/** A process id alone is used again, in containers even at once; where the system tells, its start goes with it. */
interface Holder {
  readonly processId: number;
  readonly startedAt: string;
}

async function claim(path: string): Promise<boolean> {
  const holder: Holder = { processId: process.pid, startedAt: (await startOf(process.pid)) ?? '' };
  try {
    await writeFile(path, JSON.stringify(holder), { flag: 'wx' });
    return true;
  } catch (cause) {
    if (errorCode(cause) === 'EEXIST') return false;
    throw new IrisError(`Cannot write ${path}`, {
      code: 'IRIS_IO',
      cause,
      hint: 'Check the rights of the directory.',
    });
  }
}

/** `undefined` for a file that is gone or was cut short. */
async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    const { processId, startedAt } = JSON.parse(await readFile(path, 'utf8')) as Partial<Holder>;
    return processId !== undefined && processId > 0 ? { processId, startedAt: startedAt ?? '' } : undefined;
  } catch (cause) {
    if (isMissingFile(cause) || cause instanceof SyntaxError) return undefined;
    throw cause;
  }
}

async function isRunning({ processId, startedAt }: Holder): Promise<boolean> {
  const start = await startOf(processId);
  if (start !== undefined) return startedAt === '' || start === startedAt;
  try {
    process.kill(processId, 0);
    return true;
  } catch (cause) {
    // EPERM: it runs and belongs to someone else.
    return errorCode(cause) === 'EPERM';
  }
}

/** When a process began, on Linux: field 22 of its `stat`, counted behind the name in parentheses. */
async function startOf(processId: number): Promise<string | undefined> {
  try {
    const stat = await readFile(`/proc/${processId}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

function errorCode(cause: unknown): unknown {
  return typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
}
