import { join } from 'node:path';
import { readJsonFile, writeJsonFile } from './json-file.js';

const FILE_NAME = 'security.json';

/** Property names and values of one service or web application, all as text. */
export type SecurityRecord = Readonly<Record<string, string>>;

interface SecurityDocument {
  readonly services: Record<string, SecurityRecord>;
  readonly applications: Record<string, SecurityRecord>;
}

/** Services of a fresh installation; AutheEnabled: 16 operating system, 32 password, 64 unauthenticated. */
const INITIAL_SERVICES: Readonly<Record<string, SecurityRecord>> = {
  '%Service_Bindings': { Enabled: '1', AutheEnabled: '32', Public: '0' },
  '%Service_CallIn': { Enabled: '0', AutheEnabled: '0', Public: '0' },
  '%Service_Console': { Enabled: '1', AutheEnabled: '48', Public: '0' },
  '%Service_Telnet': { Enabled: '0', AutheEnabled: '0', Public: '0' },
  '%Service_Terminal': { Enabled: '1', AutheEnabled: '48', Public: '0' },
  '%Service_WebGateway': { Enabled: '1', AutheEnabled: '32', Public: '0' },
};

/** Told after a web application was created, changed or deleted. */
export type ApplicationListener = (name: string, record: SecurityRecord | undefined) => void;

/** Services and web applications of an instance. */
export class SecuritySettings {
  readonly #document: SecurityDocument;
  readonly #directory: string | undefined;
  readonly #listeners = new Set<ApplicationListener>();

  private constructor(document: SecurityDocument, directory: string | undefined) {
    this.#document = document;
    this.#directory = directory;
  }

  static async open(directory?: string): Promise<SecuritySettings> {
    const saved = directory === undefined ? undefined : await readJsonFile(join(directory, FILE_NAME));
    const document = (saved ?? { services: INITIAL_SERVICES, applications: {} }) as SecurityDocument;
    return new SecuritySettings(structuredClone(document), directory);
  }

  /** Whether clients may connect at all: `%Service_Bindings`. */
  get bindingsEnabled(): boolean {
    return this.service('%Service_Bindings')?.Enabled !== '0';
  }

  /** Names are compared without case. */
  service(name: string): SecurityRecord | undefined {
    return find(this.#document.services, name)?.[1];
  }

  /** Changes the given properties of a service that exists. Returns false when there is none. */
  async modifyService(name: string, changes: SecurityRecord): Promise<boolean> {
    const found = find(this.#document.services, name);
    if (found === undefined) return false;
    this.#document.services[found[0]] = { ...found[1], ...changes };
    await this.#save();
    return true;
  }

  application(name: string): SecurityRecord | undefined {
    return find(this.#document.applications, name)?.[1];
  }

  get applications(): readonly (readonly [string, SecurityRecord])[] {
    return Object.entries(this.#document.applications);
  }

  /** Creates or replaces an application. */
  async putApplication(name: string, record: SecurityRecord): Promise<void> {
    const key = find(this.#document.applications, name)?.[0] ?? name;
    this.#document.applications[key] = record;
    await this.#save();
    for (const listener of this.#listeners) listener(key, record);
  }

  async deleteApplication(name: string): Promise<boolean> {
    const found = find(this.#document.applications, name);
    if (found === undefined) return false;
    Reflect.deleteProperty(this.#document.applications, found[0]);
    await this.#save();
    for (const listener of this.#listeners) listener(found[0], undefined);
    return true;
  }

  onApplicationChange(listener: ApplicationListener): void {
    this.#listeners.add(listener);
  }

  async #save(): Promise<void> {
    if (this.#directory !== undefined) await writeJsonFile(join(this.#directory, FILE_NAME), this.#document);
  }
}

function find<T>(records: Readonly<Record<string, T>>, name: string): [string, T] | undefined {
  const wanted = name.toLowerCase();
  return Object.entries(records).find(([key]) => key.toLowerCase() === wanted);
}
