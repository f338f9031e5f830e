import { join } from 'node:path';
import type { CommandRunner } from '@iris-devtools/core';
import { IrisError, isIrisError } from '@iris-devtools/core';

/** What a module binds to a name at its top level. */
export type Binding =
  | {
      readonly kind: 'function';
      readonly line: number;
      readonly async: boolean;
      readonly required: number;
      /** `null`: any number (`*args`). */
      readonly positional: number | null;
    }
  | { readonly kind: 'class'; readonly line: number; readonly usable: boolean }
  /** `callee` as far as it is a plain dotted name, imports resolved. */
  | { readonly kind: 'call'; readonly line: number; readonly callee: string | null }
  | { readonly kind: 'import' | 'literal' | 'value'; readonly line: number };

export type SourceFile =
  | { readonly error: { readonly line: number; readonly message: string } }
  | { readonly names: Readonly<Record<string, Binding>>; readonly star: boolean };

export interface PythonSources {
  /** Version of the Python that read them; the one inside IRIS may be another. */
  readonly python: string;
  /** There were more files than are looked at. */
  readonly truncated: boolean;
  /** Names of the standard library that files or directories of the application have. */
  readonly hidden: readonly string[];
  /** By path relative to the root, with `/`. */
  readonly files: Readonly<Record<string, SourceFile>>;
}

/** Lies beside the TypeScript sources, which are published with the package. */
const SCRIPT = join(__dirname, '..', '..', 'src', 'source', 'inspect.py');
const MAX_FILE_BYTES = 2 * 1024 * 1024;
const MAX_FILES = 3000;

/**
 * Parses all Python files below `root`; none is imported or run.
 * @returns `undefined` when this machine has no such Python.
 * @throws IrisError `IRIS_COMMAND_FAILED` when Python is there and fails.
 */
export async function readPythonSources(
  runner: CommandRunner,
  python: string,
  root: string,
): Promise<PythonSources | undefined> {
  // -I: neither the directory nor variables of the user change what the script imports.
  const argv = [python, '-I', SCRIPT, root, String(MAX_FILE_BYTES), String(MAX_FILES)];
  let stdout: string;
  try {
    ({ stdout } = await runner.run(argv, { timeoutMs: 60_000 }));
  } catch (error) {
    if (isIrisError(error) && error.code === 'IRIS_COMMAND_FAILED' && error.details.exitCode === undefined)
      return undefined;
    throw error;
  }
  try {
    return JSON.parse(stdout) as PythonSources;
  } catch (cause) {
    throw new IrisError(`${python} did not answer as expected`, {
      code: 'IRIS_COMMAND_FAILED',
      hint: 'Name a Python 3.8 or later with the option `python`, or `python: false` to leave the check out.',
      cause,
    });
  }
}
