import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DeployTarget } from '@iris-devtools/core';
import { IrisError } from '@iris-devtools/core';
import type { IrisSessionOptions } from '@iris-devtools/ipm';
import { installModule, packModule, uninstallModule, verifyModule } from '@iris-devtools/ipm';
import type { Release } from '../release/release.js';
import { writeModule } from '../release/release.js';
import type { ApplicationHost, ApplicationKey, HostState } from './application-host.js';
import { LogFile } from './files/log-file.js';
import { pruneReleases } from './files/prune-releases.js';
import { ShellFiles } from './files/shell-files.js';
import { SessionInstance } from './session-instance.js';

export interface IpmHostOptions {
  /** `ContainerTarget` or `LocalTarget` of @iris-devtools/ipm, or one of your own. */
  readonly target: DeployTarget;
  /** How `iris session` is run; the namespace is the application's. */
  readonly session?: Omit<IrisSessionOptions, 'namespace'>;
}

/** An IRIS with IPM, on this machine or in a container: applications are installed as modules. */
export class IpmHost implements ApplicationHost {
  readonly name: string;
  readonly webUrl: string | undefined;
  readonly files: ShellFiles;
  readonly #target: DeployTarget;
  readonly #session: Omit<IrisSessionOptions, 'namespace'>;
  readonly #instance: SessionInstance;
  #managerDirectory: Promise<string> | undefined;

  constructor(options: IpmHostOptions) {
    this.#target = options.target;
    this.files = new ShellFiles(options.target);
    this.#session = options.session ?? {};
    this.#instance = new SessionInstance(options.target, this.#session);
    this.name = options.target.name;
    this.webUrl = options.target.webUrl;
  }

  async inspect(key: ApplicationKey): Promise<HostState> {
    const facts = await this.#instance.facts(key.namespace, key.urlPaths);
    return {
      irisVersion: facts.irisVersion,
      namespaceExists: facts.namespaceExists,
      baseDirectory: `${facts.installDirectory ?? '/usr/irissys/'}lib/`,
      applications: facts.applications,
      allPaths: facts.allPaths,
      moduleVersion: facts.namespaceExists ? await this.#module(key) : undefined,
    };
  }

  /** IPM runs pip itself, with what it finds there. */
  check(): Promise<string[]> {
    return Promise.resolve([]);
  }

  async install(release: Release, before: HostState): Promise<void> {
    const { settings } = release;
    const work = await mkdtemp(join(tmpdir(), 'iris-wsgi-'));
    const remote = `/tmp/iris-wsgi-${randomBytes(6).toString('hex')}`;
    try {
      const module = join(work, 'module');
      await writeModule(release, module);
      const archive = join(work, 'module.tgz');
      await packModule(module, { outputPath: archive });
      await this.#target.copyTo(archive, `${remote}/module.tgz`);
      if (release.wheels.length > 0) await this.#target.copyTo(join(module, 'wheels'), `${remote}/wheels`);
      await installModule(this.#target, {
        ...this.#session,
        namespace: settings.namespace,
        path: `${remote}/module.tgz`,
        module: settings.name,
        version: settings.version,
        webApplications: release.webApplications.map(({ name }) => name),
        ...pipFlags(release, remote, before),
      });
    } finally {
      await rm(work, { recursive: true, force: true });
      await this.#target.remove(remote);
    }
  }

  async restore(release: Release, before: HostState): Promise<void> {
    const { settings } = release;
    const key = keyOf(release);
    if (before.moduleVersion === undefined && before.applications.size === 0) {
      await this.remove(key, before);
      return;
    }
    await this.#instance.putApplications(
      new Map(key.urlPaths.map((path) => [path, before.applications.get(path)])),
    );
    await this.#target.remove(`${before.baseDirectory}${settings.name}/r${release.id}`);
  }

  prune(release: Release, state: HostState): Promise<void> {
    return pruneReleases(this.files, `${state.baseDirectory}${release.settings.name}`, [`r${release.id}`]);
  }

  removeApplications(urlPaths: readonly string[]): Promise<void> {
    return this.#instance.putApplications(new Map(urlPaths.map((path) => [path, undefined])));
  }

  async remove(key: ApplicationKey, state: HostState): Promise<void> {
    await uninstallModule(this.#target, { ...this.#session, namespace: key.namespace, module: key.name });
    await this.removeApplications(key.urlPaths);
    await this.#target.remove(`${state.baseDirectory}${key.name}`);
  }

  hasFiles(key: ApplicationKey, state: HostState): Promise<boolean> {
    return this.#target.exists(`${state.baseDirectory}${key.name}`);
  }

  async logSizeBytes(): Promise<number> {
    return (await this.#log()).sizeBytes();
  }

  async readLog(fromByte: number): Promise<string> {
    return (await this.#log()).read(fromByte);
  }

  async followLog(onText: (text: string) => void, signal: AbortSignal): Promise<void> {
    await (await this.#log()).follow(onText, signal);
  }

  async #log(): Promise<LogFile> {
    this.#managerDirectory ??= this.#instance.managerDirectory();
    return new LogFile(this.files, `${await this.#managerDirectory}WSGI.log`);
  }

  async #module(key: ApplicationKey): Promise<string | undefined> {
    const state = await verifyModule(this.#target, {
      ...this.#session,
      namespace: key.namespace,
      module: key.name,
    });
    if (state.ipm !== 'present') {
      throw new IrisError(
        `IPM ${state.ipm === 'missing' ? 'is not there' : 'is too old'} in namespace ${key.namespace}`,
        {
          code: 'IRIS_DEPLOY',
          hint: 'Install IPM 0.9 or later, then run `zpm "enable -community"`.',
        },
      );
    }
    return state.installed ? (state.version ?? '0.0.0') : undefined;
  }
}

function keyOf(release: Release): ApplicationKey {
  const { name, namespace } = release.settings;
  return { name, namespace, urlPaths: release.webApplications.map((application) => application.name) };
}

/** pip leaves packages alone that are there, so a redeployment asks for newer ones. */
function pipFlags(release: Release, remote: string, before: HostState): { readonly extraPipFlags?: string } {
  if (release.requirements === undefined) return {};
  const flags = [
    ...(before.moduleVersion === undefined ? [] : ['--upgrade']),
    ...(release.wheels.length === 0 ? [] : ['--no-index', '--find-links', `${remote}/wheels`]),
  ];
  return flags.length === 0 ? {} : { extraPipFlags: flags.join(' ') };
}
