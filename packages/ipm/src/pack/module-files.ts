import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { IrisError } from '@iris-devtools/core';

/** One regular file of a module. */
export interface ModuleFile {
  /** Relative to the root, with `/`. */
  readonly path: string;
  readonly absolutePath: string;
  readonly sizeBytes: number;
  readonly executable: boolean;
}

export interface CollectOptions {
  /** Default 256 MiB. */
  readonly maxFileBytes?: number;
  /** Default 512 MiB, over all files. */
  readonly maxTotalBytes?: number;
  /** Default 50,000. */
  readonly maxFiles?: number;
  /** True leaves a file, or a directory with all in it, out; `path` is relative to the root, with `/`. */
  readonly exclude?: (path: string) => boolean;
}

const MEBIBYTE = 1024 * 1024;
const DEFAULTS = {
  maxFileBytes: 256 * MEBIBYTE,
  maxTotalBytes: 512 * MEBIBYTE,
  maxFiles: 50_000,
  exclude: () => false,
};
const MAX_DEPTH = 64;

/** Caches and version control: never part of a module. */
const SKIPPED_NAMES = new Set([
  '__pycache__',
  '.git',
  '.hg',
  '.svn',
  '.DS_Store',
  'Thumbs.db',
  'node_modules',
]);
const SKIPPED_ENDS = ['.pyc', '.pyo', '.swp'];

/**
 * The regular files below `paths` (files or directories relative to `root`), sorted by path.
 * Symbolic links are followed when they stay inside `root`.
 *
 * @throws IrisError `IRIS_VALIDATION` for a path or link that leaves the root or is neither file nor directory,
 *   `IRIS_LIMIT` when a limit is passed, `IRIS_IO` when something cannot be read.
 */
export async function collectFiles(
  root: string,
  paths: readonly string[],
  options: CollectOptions = {},
): Promise<ModuleFile[]> {
  const realRoot = await readable(root, () => realpath(root));
  const collector = new Collector(realRoot, { ...DEFAULTS, ...options });
  for (const path of paths) {
    if (path.split(/[/\\]/).includes('..')) throw leavesRoot(path);
    await collector.add(
      path
        .split('/')
        .filter((part) => part !== '' && part !== '.')
        .join('/'),
      0,
    );
  }
  return [...collector.files.values()].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

class Collector {
  readonly files = new Map<string, ModuleFile>();
  readonly #root: string;
  readonly #limits: Required<CollectOptions>;
  #totalBytes = 0;

  constructor(root: string, limits: Required<CollectOptions>) {
    this.#root = root;
    this.#limits = limits;
  }

  async add(path: string, depth: number): Promise<void> {
    if (this.files.has(path)) return;
    if (depth > MAX_DEPTH) throw limit(`Directories nest deeper than ${String(MAX_DEPTH)} at ${path}`);
    const absolutePath = await this.#inside(path);
    const info = await readable(path, () => stat(absolutePath));
    if (info.isDirectory()) {
      const names = await readable(path, () => readdir(absolutePath));
      for (const name of names.sort()) {
        const inner = path === '' ? name : `${path}/${name}`;
        if (!isSkipped(name) && !this.#limits.exclude(inner)) await this.add(inner, depth + 1);
      }
      return;
    }
    if (!info.isFile()) {
      throw new IrisError(`${path} is neither a file nor a directory`, {
        code: 'IRIS_VALIDATION',
        hint: 'Remove sockets, pipes and devices from the module.',
      });
    }
    this.#count(path, info.size);
    this.files.set(path, { path, absolutePath, sizeBytes: info.size, executable: (info.mode & 0o100) !== 0 });
  }

  /** The real path, when it lies inside the root. */
  async #inside(path: string): Promise<string> {
    const absolutePath = await readable(path, () => realpath(join(this.#root, path)));
    const fromRoot = relative(this.#root, absolutePath);
    if (fromRoot === '..' || fromRoot.startsWith(`..${sep}`)) throw leavesRoot(path);
    const link = await readable(path, () => lstat(join(this.#root, path)));
    // A link to a directory above itself would never end.
    if (link.isSymbolicLink() && join(this.#root, path).startsWith(`${absolutePath}${sep}`)) {
      throw new IrisError(`${path} links to a directory that holds it`, {
        code: 'IRIS_VALIDATION',
        hint: 'Remove the link.',
      });
    }
    return absolutePath;
  }

  #count(path: string, sizeBytes: number): void {
    const { maxFileBytes, maxTotalBytes, maxFiles } = this.#limits;
    this.#totalBytes += sizeBytes;
    if (sizeBytes > maxFileBytes)
      throw limit(`${path} has ${String(sizeBytes)} bytes, more than ${String(maxFileBytes)}`);
    if (this.#totalBytes > maxTotalBytes)
      throw limit(`The files have more than ${String(maxTotalBytes)} bytes (reached at ${path})`);
    if (this.files.size >= maxFiles)
      throw limit(`There are more than ${String(maxFiles)} files (reached at ${path})`);
  }
}

function isSkipped(name: string): boolean {
  return SKIPPED_NAMES.has(name) || SKIPPED_ENDS.some((end) => name.endsWith(end));
}

function leavesRoot(path: string): IrisError {
  return new IrisError(`${path} leads out of the module`, {
    code: 'IRIS_VALIDATION',
    hint: 'Copy the files into the module; ".." and links to the outside do not exist on the server.',
  });
}

function limit(message: string): IrisError {
  return new IrisError(message, {
    code: 'IRIS_LIMIT',
    hint: 'Leave data files out of the module, or raise the limit on purpose.',
  });
}

async function readable<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    throw new IrisError(`${path} cannot be read`, {
      code: 'IRIS_IO',
      hint: 'Check that it exists and that you may read it.',
      cause,
    });
  }
}
