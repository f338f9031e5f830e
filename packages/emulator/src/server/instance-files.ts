import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve, sep } from 'node:path';

/** Directories of an installation that are there from the start. */
const DIRECTORIES = ['bin', 'csp', 'lib', 'mgr'];
const MAX_PATH_LENGTH = 4_000;

/**
 * The installation directory of an instance, on this machine. Clients can write files, and web applications are run from
 * them, so nothing outside of it can be reached, neither by `..` nor through links.
 */
export class InstanceFiles {
  readonly #dataDirectory: string | undefined;
  #root: Promise<string> | undefined;

  /** @param dataDirectory absent: a temporary directory, made at the first use and removed by `close` */
  constructor(dataDirectory: string | undefined) {
    this.#dataDirectory = dataDirectory;
  }

  /** Absolute, ends with a slash. */
  async installDirectory(): Promise<string> {
    this.#root ??= this.#make();
    return `${await this.#root}/`;
  }

  /** Absolute, ends with a slash. */
  async managerDirectory(): Promise<string> {
    return `${await this.installDirectory()}mgr/`;
  }

  /** The absolute path that a client means, or `undefined` when it is relative or lies outside. */
  async locate(path: string): Promise<string | undefined> {
    const root = (await this.installDirectory()).slice(0, -1);
    if (!path.startsWith('/') || path.includes('\0') || path.length > MAX_PATH_LENGTH) return undefined;
    const wanted = resolve(path);
    return isWithin(wanted, root) && isWithin(await existingPart(wanted), root) ? wanted : undefined;
  }

  async close(): Promise<void> {
    if (this.#root === undefined || this.#dataDirectory !== undefined) return;
    await rm(await this.#root, { recursive: true, force: true });
    this.#root = undefined;
  }

  async #make(): Promise<string> {
    const root =
      this.#dataDirectory === undefined
        ? await mkdtemp(join(tmpdir(), 'iris-emulator-'))
        : join(resolve(this.#dataDirectory), 'irissys');
    for (const name of DIRECTORIES) await mkdir(join(root, name), { recursive: true });
    return realpath(root);
  }
}

function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(`${directory}${sep}`);
}

/** Where the part of a path that exists really is. */
async function existingPart(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    return existingPart(dirname(path));
  }
}
