import { join } from 'node:path';
import { IrisError } from '@iris-devtools/core';
import { readJsonFile, writeJsonFile } from './json-file.js';

const FILE_NAME = 'namespaces.json';
const NAME = /^%?[A-Za-z][A-Za-z0-9_-]*$/;
const MAX_NAME_LENGTH = 255;
/** These come with every installation and cannot be deleted. */
const BUILT_IN = ['%SYS', 'USER'] as const;

/** The namespaces of an instance. Names are compared without case and kept in upper case, as IRIS does. */
export class NamespaceList {
  readonly #names: Set<string>;
  readonly #directory: string | undefined;

  private constructor(names: Iterable<string>, directory: string | undefined) {
    this.#names = new Set(names);
    this.#directory = directory;
  }

  static async open(initial: readonly string[], directory?: string): Promise<NamespaceList> {
    const saved = directory === undefined ? undefined : await readJsonFile(join(directory, FILE_NAME));
    const list = new NamespaceList(
      [...BUILT_IN, ...(Array.isArray(saved) ? (saved as string[]) : [])],
      directory,
    );
    for (const name of initial) if (!list.has(name)) await list.create(name);
    return list;
  }

  get names(): readonly string[] {
    return [...this.#names].sort();
  }

  has(name: string): boolean {
    return this.#names.has(name.toUpperCase());
  }

  /** Exists and did not come with the installation. */
  isCreated(name: string): boolean {
    const key = name.toUpperCase();
    return this.#names.has(key) && !BUILT_IN.some((builtIn) => builtIn === key);
  }

  /** @throws IrisError IRIS_VALUE for a bad name, IRIS_STATE for one that exists */
  async create(name: string): Promise<void> {
    if (!NAME.test(name) || name.length > MAX_NAME_LENGTH) {
      throw new IrisError(`${JSON.stringify(name)} is not a valid namespace name`, {
        code: 'IRIS_VALUE',
        hint: 'Use letters, digits, "-" and "_", starting with a letter or "%".',
      });
    }
    if (this.has(name)) {
      throw new IrisError(`Namespace ${name.toUpperCase()} exists already`, { code: 'IRIS_STATE' });
    }
    this.#names.add(name.toUpperCase());
    await this.#save();
  }

  /** @throws IrisError IRIS_STATE for one that does not exist or came with the installation */
  async delete(name: string): Promise<void> {
    const key = name.toUpperCase();
    if (!this.isCreated(key)) {
      throw new IrisError(`Namespace ${key} cannot be deleted`, {
        code: 'IRIS_STATE',
        hint: 'Only namespaces that were created can be deleted.',
      });
    }
    this.#names.delete(key);
    await this.#save();
  }

  async #save(): Promise<void> {
    if (this.#directory !== undefined) await writeJsonFile(join(this.#directory, FILE_NAME), this.names);
  }
}
