import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { IrisError } from '@iris-devtools/core';

/** Reads a JSON document; `undefined` when the file is not there. */
export async function readJsonFile(path: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if (isMissingFile(cause)) return undefined;
    throw new IrisError(`Cannot read ${path}`, { code: 'IRIS_IO', cause, hint: 'Check the data directory.' });
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new IrisError(`${path} is not valid JSON`, {
      code: 'IRIS_IO',
      cause,
      hint: 'Restore the file from a backup, or start with an empty data directory.',
    });
  }
}

/** Replaces a file whole: a crash leaves either the old document or the new one. */
export async function writeJsonFile(path: string, document: unknown): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.new`;
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(JSON.stringify(document, undefined, 1));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}

/** True for the error of opening a file that is not there. Not by `instanceof`: Jest has an `Error` of its own. */
export function isMissingFile(cause: unknown): boolean {
  return typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === 'ENOENT';
}
