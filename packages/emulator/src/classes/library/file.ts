import { constants } from 'node:fs';
import { access, lstat, mkdir, rename, rm, rmdir, stat, unlink, writeFile } from 'node:fs/promises';
import { posix } from 'node:path';
import { accessiblePath } from './file-access.js';
import { horologOf } from './horolog.js';
import type { IrisProcess } from '../../server/iris-process.js';
import type { ClassDefinition, ClassMethod } from '../class-definition.js';

/** %Library.File: directories and whole files of the installation directory. */
export const fileClass: ClassDefinition = {
  name: '%Library.File',
  classMethods: {
    ManagerDirectory: (process) => process.instance.files.managerDirectory(),
    NormalizeDirectory: (_process, args) => posix.join(args.text(0), '/'),
    Exists: test((path) => stat(path)),
    DirectoryExists: test(async (path) => {
      if (!(await stat(path)).isDirectory()) throw new Error('not a directory');
    }),
    Writeable: test((path) => access(path, constants.W_OK)),
    CreateDirectory: test((path) => mkdir(path)),
    CreateDirectoryChain: test((path) => mkdir(path, { recursive: true })),
    RemoveDirectory: test((path) => rmdir(path)),
    RemoveDirectoryTree: test(async (path) => {
      if (!(await lstat(path)).isDirectory()) throw new Error('not a directory');
      await rm(path, { recursive: true });
    }),
    Delete: test((path) => unlink(path)),
    /** Makes an empty file, or empties one. */
    Truncate: test((path) => writeFile(path, '')),
    Rename: async (process, args) => {
      const [from, to] = [
        await accessiblePath(process, args.text(0)),
        await accessiblePath(process, args.text(1)),
      ];
      if (from === undefined || to === undefined) return 0;
      return succeeds(() => rename(from, to));
    },
    // unverified on a live server: the number for a file that is not there, -2 as the operating system's.
    GetFileSize: async (process, args) => (await status(process, args.text(0)))?.size ?? -2,
    /** The second argument asks for UTC; without it local time is meant. */
    GetFileDateModified: async (process, args) => {
      const found = await status(process, args.text(0));
      return found === undefined ? '' : horologOf(found.mtime, args.flag(1, false));
    },
  },
};

/** A method with a path that gives 1 when `work` succeeds and 0 when it does not, or may not be tried. */
function test(work: (path: string) => Promise<unknown>): ClassMethod {
  return async (process, args) => {
    const path = await accessiblePath(process, args.text(0));
    return path === undefined ? 0 : succeeds(() => work(path));
  };
}

async function succeeds(work: () => Promise<unknown>): Promise<0 | 1> {
  try {
    await work();
    return 1;
  } catch {
    return 0;
  }
}

async function status(process: IrisProcess, name: string) {
  const path = await accessiblePath(process, name);
  return path === undefined ? undefined : stat(path).catch(() => undefined);
}
