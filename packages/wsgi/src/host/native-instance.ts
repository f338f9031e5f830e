import { IrisError } from '@iris-devtools/core';
import type { ApplicationRecord } from './application-host.js';
import type { Instance, InstanceFacts } from './instance.js';
import { RECORD_PROPERTIES } from './instance.js';

/** The part of a driver's class method calls that a deployment needs; the connection is in %SYS. */
export interface ClassMethodCaller {
  call(className: string, method: string, ...args: readonly string[]): Promise<unknown>;
  /** The last argument is an array, passed by reference; gives the result and the array as the method left it. */
  callWithArray(
    className: string,
    method: string,
    name: string,
    array: ApplicationRecord,
  ): Promise<{ readonly result: unknown; readonly array: ApplicationRecord }>;
}

const APPLICATIONS = 'Security.Applications';

/**
 * An instance that is reached through class methods.
 * unverified on a live server: the emulator takes arrays by reference; whether IRIS lets a client pass them is not known.
 */
export class NativeInstance implements Instance {
  readonly #caller: ClassMethodCaller;

  constructor(caller: ClassMethodCaller) {
    this.#caller = caller;
  }

  async facts(namespace: string, urlPaths: readonly string[]): Promise<InstanceFacts> {
    const [major, minor, namespaceExists] = await Promise.all([
      this.#caller.call('%SYSTEM.Version', 'GetMajor'),
      this.#caller.call('%SYSTEM.Version', 'GetMinor'),
      this.#caller.call('Config.Namespaces', 'Exists', namespace),
    ]);
    const applications = new Map<string, ApplicationRecord>();
    for (const path of urlPaths) {
      if (!(await this.#exists(path))) continue;
      const { array } = await this.#caller.callWithArray(APPLICATIONS, 'Get', path, {});
      applications.set(path, known(array));
    }
    return {
      irisVersion: `${String(major)}.${String(minor)}`,
      namespaceExists: Number(namespaceExists) === 1,
      installDirectory: undefined,
      globalsRole: `%DB_${namespace}`,
      applications,
      allPaths: undefined,
    };
  }

  async putApplications(records: ReadonlyMap<string, ApplicationRecord | undefined>): Promise<void> {
    for (const [path, record] of records) {
      const exists = await this.#exists(path);
      if (record === undefined && !exists) continue;
      const method = record === undefined ? 'Delete' : exists ? 'Modify' : 'Create';
      const result =
        record === undefined
          ? await this.#caller.call(APPLICATIONS, method, path)
          : (await this.#caller.callWithArray(APPLICATIONS, method, path, record)).result;
      if (Number(result) !== 1) {
        throw new IrisError(`IRIS refused to ${method.toLowerCase()} the web application ${path}`, {
          code: 'IRIS_DEPLOY',
          hint: 'The user needs %Admin_Secure:USE.',
        });
      }
    }
  }

  async #exists(path: string): Promise<boolean> {
    return Number(await this.#caller.call(APPLICATIONS, 'Exists', path)) === 1;
  }
}

/** The properties that a deployment sets. */
function known(array: ApplicationRecord): ApplicationRecord {
  return Object.fromEntries(
    RECORD_PROPERTIES.flatMap((name) => {
      const value = array[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}
