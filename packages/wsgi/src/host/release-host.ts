import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IrisError } from '@iris-devtools/core';
import type { Release } from '../release/release.js';
import { writeSources } from '../release/release.js';
import type { ApplicationHost, ApplicationKey, HostState } from './application-host.js';
import { evaluator, recordOf } from './application-records.js';
import type { LogFile } from './files/log-file.js';
import { pruneReleases } from './files/prune-releases.js';
import type { TargetFiles } from './files/target-files.js';
import type { Instance } from './instance.js';
import { wantedPackages } from './packages/package-installer.js';
import type { PackageInstaller } from './packages/package-installer.js';

/** What a host without IPM is put together from. */
export interface HostParts {
  readonly name: string;
  readonly webUrl: string | undefined;
  readonly files: TargetFiles;
  readonly instance: Instance;
  readonly packages: PackageInstaller;
  readonly providedPackages: readonly string[];
  /** Absolute; `undefined`: `lib/` of the installation. */
  readonly baseDirectory: string | undefined;
  /** `undefined`: where WSGI.log lies is not known. */
  readonly log: () => Promise<LogFile | undefined>;
}

/**
 * An instance without IPM: files are copied, packages go into a directory of the application's own, and the records of
 * Security.Applications are set. Nothing of it is a transaction, so every step can be undone.
 */
export abstract class ReleaseHost implements ApplicationHost {
  readonly name: string;
  readonly webUrl: string | undefined;
  readonly files: TargetFiles;
  readonly #parts: HostParts;
  /** Directories of packages that this host has made, by release. */
  readonly #installed = new Map<string, string>();

  /** @throws IrisError `IRIS_OPTION` for a directory that is not absolute. */
  protected constructor(parts: HostParts) {
    const { baseDirectory } = parts;
    if (
      baseDirectory !== undefined &&
      (!baseDirectory.startsWith('/') || baseDirectory.split('/').includes('..'))
    ) {
      throw new IrisError(`The directory for applications "${baseDirectory.slice(0, 200)}" is not absolute`, {
        code: 'IRIS_OPTION',
        hint: 'Give the whole path on the server, without "..".',
      });
    }
    this.#parts = parts;
    this.name = parts.name;
    this.webUrl = parts.webUrl;
    this.files = parts.files;
  }

  async inspect(key: ApplicationKey): Promise<HostState> {
    const facts = await this.#parts.instance.facts(key.namespace, key.urlPaths);
    const base = this.#parts.baseDirectory ?? (facts.installDirectory && `${facts.installDirectory}lib`);
    if (base === undefined) {
      throw new IrisError('The directory for applications is not known', {
        code: 'IRIS_OPTION',
        hint: 'Give baseDirectory, or --directory.',
      });
    }
    return {
      irisVersion: facts.irisVersion,
      namespaceExists: facts.namespaceExists,
      baseDirectory: base.replace(/\/*$/, '/'),
      applications: facts.applications,
      allPaths: facts.allPaths,
      moduleVersion: undefined,
    };
  }

  check(release: Release): Promise<string[]> {
    return this.#parts.packages.check(release);
  }

  async install(release: Release, before: HostState): Promise<void> {
    const own = `${before.baseDirectory}${release.settings.name}`;
    const directory = `${before.baseDirectory}${release.directory}`.replace(/\/$/, '');
    // Not left to copying, which may work as another user than pip does.
    await this.files.makeDirectory(own);
    const work = await mkdtemp(join(tmpdir(), 'iris-wsgi-'));
    try {
      const sources = join(work, 'sources');
      const [packages] = this.#ownPackages(release);
      await writeSources(release, sources, packages);
      await this.files.copyTo(sources, directory);
      if (packages !== undefined) {
        const place = `${own}/${packages}`;
        // One that is there is complete: it gets its name last.
        if (!(await this.files.exists(place))) {
          this.#installed.set(release.id, place);
          await this.#parts.packages.install(release, place, work);
        }
      }
    } finally {
      await rm(work, { recursive: true, force: true });
    }
    const { namespace } = release.settings;
    const { globalsRole } = await this.#parts.instance.facts(namespace, []);
    const evaluate = evaluator(before.baseDirectory, namespace, globalsRole);
    await this.#parts.instance.putApplications(
      new Map(
        release.webApplications.map((application) => [application.name, recordOf(application, evaluate)]),
      ),
    );
  }

  async restore(release: Release, before: HostState): Promise<void> {
    await this.#parts.instance.putApplications(
      new Map(release.webApplications.map(({ name }) => [name, before.applications.get(name)])),
    );
    const directory = `${before.baseDirectory}${release.settings.name}`;
    if (before.applications.size === 0) {
      await this.files.remove(directory);
      return;
    }
    await this.files.remove(`${directory}/r${release.id}`);
    const packages = this.#installed.get(release.id);
    if (packages !== undefined) await this.files.remove(packages);
  }

  prune(release: Release, state: HostState): Promise<void> {
    const keep = [`r${release.id}`, ...this.#ownPackages(release)];
    return pruneReleases(this.files, `${state.baseDirectory}${release.settings.name}`, keep);
  }

  removeApplications(urlPaths: readonly string[]): Promise<void> {
    return this.#parts.instance.putApplications(new Map(urlPaths.map((path) => [path, undefined])));
  }

  async remove(key: ApplicationKey, state: HostState): Promise<void> {
    await this.removeApplications(key.urlPaths);
    await this.files.remove(`${state.baseDirectory}${key.name}`);
  }

  hasFiles(key: ApplicationKey, state: HostState): Promise<boolean> {
    return this.files.exists(`${state.baseDirectory}${key.name}`);
  }

  async logSizeBytes(): Promise<number> {
    return (await (await this.#parts.log())?.sizeBytes()) ?? 0;
  }

  async readLog(fromByte: number): Promise<string> {
    return (await (await this.#parts.log())?.read(fromByte)) ?? '';
  }

  async followLog(onText: (text: string) => void, signal: AbortSignal): Promise<void> {
    const log = await this.#parts.log();
    if (log !== undefined) return log.follow(onText, signal);
    throw new IrisError('The place of WSGI.log is not known', {
      code: 'IRIS_OPTION',
      hint: 'Give logPath, or --wsgi-log.',
    });
  }

  /** Name of the directory for packages, when there are some to install. */
  #ownPackages(release: Release): [string] | [] {
    const wanted = wantedPackages(release, this.#parts.providedPackages);
    return wanted.length === 0 ? [] : [`p${release.packagesId}`];
  }
}
