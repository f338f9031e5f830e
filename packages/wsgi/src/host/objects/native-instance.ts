import { isIrisError } from '@iris-devtools/core';
import type { ApplicationRecord } from '../application-host.js';
import type { Instance, InstanceFacts } from '../instance.js';
import { RECORD_PROPERTIES } from '../instance.js';
import { expectOk, isObject, isTrue, newObject, queryRows, textOf } from './server-objects.js';
import type { ServerObject, ServerObjects } from './server-objects.js';

const APPLICATIONS = 'Security.Applications';

/**
 * An instance that is reached through objects over a connection in %SYS. Web applications are objects of the persistent
 * class Security.Applications: opened by their name in small letters, changed, and stored as a whole.
 * unverified on a live server: all of it over the native API; in ObjectScript this way is in use.
 */
export class NativeInstance implements Instance {
  readonly #objects: ServerObjects;

  constructor(objects: ServerObjects) {
    this.#objects = objects;
  }

  async facts(namespace: string, urlPaths: readonly string[]): Promise<InstanceFacts> {
    const objects = this.#objects;
    const major = textOf(await objects.classMethod('%SYSTEM.Version', 'GetMajor'));
    const minor = textOf(await objects.classMethod('%SYSTEM.Version', 'GetMinor'));
    const namespaceExists = isTrue(await objects.classMethod('%SYS.Namespace', 'Exists', namespace));
    const install = textOf(await objects.classMethod('%SYSTEM.Util', 'InstallDirectory'));
    const applications = new Map<string, ApplicationRecord>();
    for (const path of urlPaths) {
      const application = await this.#open(path);
      if (application !== undefined) applications.set(path, await this.#read(application));
    }
    const rows = await queryRows(objects, [APPLICATIONS, 'List'], ['Name'], ['*']);
    return {
      irisVersion: `${major}.${minor}`,
      namespaceExists,
      installDirectory: install.startsWith('/') ? install.replace(/\/*$/, '/') : undefined,
      globalsRole: namespaceExists ? await this.#globalsRole(namespace) : `%DB_${namespace}`,
      applications,
      allPaths: rows?.map(([name = '']) => name),
    };
  }

  async putApplications(records: ReadonlyMap<string, ApplicationRecord | undefined>): Promise<void> {
    for (const [path, record] of records) {
      if (record !== undefined) await this.#write(path, record);
      else if (isTrue(await this.#objects.classMethod(APPLICATIONS, 'Exists', path)))
        await this.#expectOk(
          `IRIS refused to delete the web application ${path}`,
          await this.#objects.classMethod(APPLICATIONS, 'Delete', path),
        );
    }
  }

  async #open(path: string): Promise<ServerObject | undefined> {
    if (!isTrue(await this.#objects.classMethod(APPLICATIONS, 'Exists', path))) return undefined;
    return newObject(this.#objects, APPLICATIONS, '%OpenId', path.toLowerCase());
  }

  async #read(application: ServerObject): Promise<ApplicationRecord> {
    const record: Record<string, string> = {};
    for (const property of RECORD_PROPERTIES) {
      const value = await this.#property(application, property);
      if (value !== undefined) record[property] = value;
    }
    return record;
  }

  /** `undefined`: this IRIS has no such property. */
  async #property(application: ServerObject, property: string): Promise<string | undefined> {
    if (property === 'MatchRoles') return this.#roles(application);
    try {
      return textOf(await this.#objects.getProperty(application, property));
    } catch (error) {
      // The code of an ObjectScript error is the beginning of its text.
      if (isIrisError(error) && error.message.startsWith('<PROPERTY DOES NOT EXIST>')) return undefined;
      throw error;
    }
  }

  async #roles(application: ServerObject): Promise<string> {
    const list = await this.#roleList(application);
    const count = Number(textOf(await this.#objects.instanceMethod(list, 'Count')));
    const rules: string[] = [];
    for (let i = 1; i <= count; i++) rules.push(textOf(await this.#objects.instanceMethod(list, 'GetAt', i)));
    return rules.join(',');
  }

  async #roleList(application: ServerObject): Promise<ServerObject> {
    const list = await this.#objects.getProperty(application, 'MatchRoles');
    if (isObject(list)) return list;
    throw new TypeError('MatchRoles of Security.Applications is a list');
  }

  /** One %Save: there is no moment at which a half set application serves. */
  async #write(path: string, record: ApplicationRecord): Promise<void> {
    const opened = await this.#open(path);
    const application = opened ?? (await newObject(this.#objects, APPLICATIONS, '%New'));
    if (opened === undefined) await this.#objects.setProperty(application, 'Name', path);
    const { MatchRoles = '', ...rest } = record;
    for (const [property, value] of Object.entries(rest))
      await this.#objects.setProperty(application, property, value);
    const list = await this.#roleList(application);
    await this.#objects.instanceMethod(list, 'Clear');
    for (const rule of MatchRoles.split(',').filter((each) => each !== ''))
      await this.#objects.instanceMethod(list, 'Insert', rule);
    await this.#expectOk(
      `IRIS refused to set the web application ${path}`,
      await this.#objects.instanceMethod(application, '%Save'),
    );
  }

  async #globalsRole(namespace: string): Promise<string> {
    const destination = textOf(await this.#objects.classMethod('%SYS.Namespace', 'GetGlobalDest', namespace));
    // `system^directory`: a database of another system has no role here.
    const [system, directory = ''] = destination.split('^', 2);
    const database =
      system === '' ? await this.#objects.classMethod('SYS.Database', '%OpenId', directory) : null;
    if (!isObject(database)) return `%DB_${namespace}`;
    return textOf(await this.#objects.getProperty(database, 'ResourceName')) || `%DB_${namespace}`;
  }

  #expectOk(what: string, status: Parameters<typeof expectOk>[2]): Promise<void> {
    return expectOk(this.#objects, what, status);
  }
}
