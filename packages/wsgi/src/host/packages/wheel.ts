import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { IrisError, isIrisError } from '@iris-devtools/core';
import { requirementNames } from '@iris-devtools/ipm';
import { unzipSync } from 'fflate';

export interface Wheel {
  readonly path: string;
  /** Name of the file. */
  readonly file: string;
  /** In small letters with `-` for `_` and `.`. */
  readonly name: string;
  readonly version: string;
  readonly requires: readonly { readonly name: string; readonly marker: string | undefined }[];
}

/** `name-version[-build]-python-abi-platform.whl` */
const FILE_NAME = /^([A-Za-z0-9][\w.]*)-([\w.!+]+?)(?:-\d\w*)?-([\w.]+)-([\w.]+)-([\w.]+)\.whl$/;
const MAX_UNPACKED_BYTES = 512 * 1024 * 1024;
const MAX_FILES = 50_000;

/** @throws IrisError `IRIS_VALIDATION` for what is no wheel, or has code for one kind of machine. */
export async function readWheel(path: string): Promise<Wheel> {
  const file = basename(path);
  const [, name = '', version = '', python = '', abi, platform] = FILE_NAME.exec(file) ?? [];
  if (name === '')
    throw invalid(file, 'its name is not that of a wheel', 'Take the file as pip downloads it.');
  if (abi !== 'none' || platform !== 'any' || !python.split('.').some((tag) => tag.startsWith('py3'))) {
    throw invalid(
      file,
      'it is not pure Python 3, and what machine IRIS runs on cannot be asked',
      'Use a version or a package without compiled code, or deploy where commands can be run.',
    );
  }
  const contents = unzip(file, await readFile(path), (entry) => entry.endsWith('.dist-info/METADATA'));
  const [metadata] = contents.values();
  if (metadata === undefined) throw invalid(file, 'it has no METADATA', 'Fetch it again.');
  const [normalized = name] = requirementNames(name);
  return { path, file, name: normalized, version, requires: requirementsOf(metadata) };
}

/** Writes the modules of a wheel into a directory, as pip's `--target` does; scripts and data are left out. */
export async function unpackWheel(wheel: Wheel, directory: string): Promise<void> {
  const contents = unzip(wheel.file, await readFile(wheel.path), () => true);
  for (const [entry, bytes] of contents) {
    const place = placeOf(entry);
    if (place === undefined) continue;
    await mkdir(dirname(join(directory, place)), { recursive: true });
    await writeFile(join(directory, place), bytes);
  }
}

/** `name.data/purelib/` is a second root of modules; other parts of `.data` lie outside of the path of Python. */
function placeOf(entry: string): string | undefined {
  const [, part, rest] = /^[^/]+\.data\/([^/]+)\/(.*)$/.exec(entry) ?? [];
  return part === undefined ? entry : part === 'purelib' ? rest : undefined;
}

function unzip(file: string, bytes: Uint8Array, wanted: (entry: string) => boolean): Map<string, Uint8Array> {
  let total = 0;
  let count = 0;
  try {
    const entries = unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        if (name.startsWith('/') || name.includes('\\') || name.split('/').includes('..'))
          throw invalid(file, `"${name.slice(0, 100)}" in it leaves the directory`, 'Do not use it.');
        if (name.endsWith('/') || !wanted(name)) return false;
        total += originalSize;
        count += 1;
        if (total > MAX_UNPACKED_BYTES || count > MAX_FILES)
          throw new IrisError(`${file} is too large`, {
            code: 'IRIS_LIMIT',
            hint: 'Leave this package out.',
          });
        return true;
      },
    });
    return new Map(Object.entries(entries));
  } catch (cause) {
    if (isIrisError(cause)) throw cause;
    throw invalid(file, 'it cannot be unpacked', 'Fetch it again.', cause);
  }
}

/** Requirements of extras are left out: nobody has asked for them. */
function requirementsOf(metadata: Uint8Array): Wheel['requires'] {
  const [head = ''] = Buffer.from(metadata)
    .toString('utf8')
    .split(/\r?\n\r?\n/, 1);
  return [...head.matchAll(/^Requires-Dist:\s*(.+)$/gm)].flatMap(([, text = '']) => {
    const [requirement = '', marker] = text.split(';', 2);
    const [name] = requirementNames(requirement.trim());
    if (name === undefined || /\bextra\b/.test(marker ?? '')) return [];
    return [{ name, marker: marker?.trim() }];
  });
}

function invalid(file: string, why: string, hint: string, cause?: unknown): IrisError {
  return new IrisError(`${file} cannot be used: ${why}`, { code: 'IRIS_VALIDATION', hint, cause });
}
