import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DeployTarget } from '@iris-devtools/core';
import { IrisError, isIrisError } from '@iris-devtools/core';
import type { WebApplication } from '@iris-devtools/ipm';
import { autheEnabled, requirementNames } from '@iris-devtools/ipm';
import type { Release } from '../release/release.js';
import { writeSources } from '../release/release.js';
import { packageLines } from '../source/requirements.js';
import type { ApplicationHost, ApplicationKey, ApplicationRecord, HostState } from './application-host.js';
import type { Instance } from './instance.js';
import { LogFile } from './log-file.js';
import { pruneReleases } from './prune-releases.js';

export interface DirectHostOptions {
  /** Where the files go, and where pip runs. */
  readonly target: DeployTarget;
  readonly instance: Instance;
  /** Absolute; `undefined`: `lib/` of the installation. */
  readonly baseDirectory?: string;
  /** Absolute path of WSGI.log. */
  readonly logPath?: string;
  /** Python on the target that installs packages; the same version as inside IRIS. Default `python3`. */
  readonly python?: string;
  /** Packages that the host brings itself. */
  readonly providedPackages?: readonly string[];
}

const PIP_INSTALL = [
  '-m',
  'pip',
  'install',
  '--no-input',
  '--disable-pip-version-check',
  '--only-binary=:all:',
];
const PIP_TIMEOUT_MS = 600_000;

/**
 * An instance without IPM: files are copied, packages go into a directory of the application's own, and the records of
 * Security.Applications are set. Nothing of it is a transaction, so every step can be undone.
 */
export class DirectHost implements ApplicationHost {
  readonly name: string;
  readonly webUrl: string | undefined;
  readonly #options: DirectHostOptions;
  readonly #target: DeployTarget;
  /** Directories of packages that this host has made, by release. */
  readonly #installed = new Map<string, string>();

  constructor(options: DirectHostOptions) {
    this.#options = options;
    this.#target = options.target;
    this.name = options.target.name;
    this.webUrl = options.target.webUrl;
  }

  async inspect(key: ApplicationKey): Promise<HostState> {
    const facts = await this.#options.instance.facts(key.namespace, key.urlPaths);
    const base = this.#options.baseDirectory ?? (facts.installDirectory && `${facts.installDirectory}lib`);
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

  async install(release: Release, before: HostState): Promise<void> {
    const directory = `${before.baseDirectory}${release.directory}`.replace(/\/$/, '');
    const work = await mkdtemp(join(tmpdir(), 'iris-wsgi-'));
    try {
      const sources = join(work, 'sources');
      const [packages] = this.#ownPackages(release) ?? [];
      await writeSources(release, sources, packages);
      await this.#target.copyTo(sources, directory);
      if (packages !== undefined) {
        await this.#installPackages(
          release,
          `${before.baseDirectory}${release.settings.name}/${packages}`,
          work,
        );
      }
    } finally {
      await rm(work, { recursive: true, force: true });
    }
    const { namespace } = release.settings;
    const { globalsRole } = await this.#options.instance.facts(namespace, []);
    const evaluate = evaluator(before.baseDirectory, namespace, globalsRole);
    await this.#options.instance.putApplications(
      new Map(
        release.webApplications.map((application) => [application.name, recordOf(application, evaluate)]),
      ),
    );
  }

  async restore(release: Release, before: HostState): Promise<void> {
    await this.#options.instance.putApplications(
      new Map(release.webApplications.map(({ name }) => [name, before.applications.get(name)])),
    );
    const directory = `${before.baseDirectory}${release.settings.name}`;
    if (before.applications.size === 0) {
      await this.#target.remove(directory);
      return;
    }
    await this.#target.remove(`${directory}/r${release.id}`);
    const packages = this.#installed.get(release.id);
    if (packages !== undefined) await this.#target.remove(packages);
  }

  prune(release: Release, state: HostState): Promise<void> {
    const keep = [`r${release.id}`, ...(this.#ownPackages(release) ?? [])];
    return pruneReleases(this.#target, `${state.baseDirectory}${release.settings.name}`, keep);
  }

  async remove(key: ApplicationKey, state: HostState): Promise<void> {
    await this.#options.instance.putApplications(new Map(key.urlPaths.map((path) => [path, undefined])));
    await this.#target.remove(`${state.baseDirectory}${key.name}`);
  }

  hasFiles(key: ApplicationKey, state: HostState): Promise<boolean> {
    return this.#target.exists(`${state.baseDirectory}${key.name}`);
  }

  async logSizeBytes(): Promise<number> {
    return (await this.#log()?.sizeBytes()) ?? 0;
  }

  async readLog(fromByte: number): Promise<string> {
    return (await this.#log()?.read(fromByte)) ?? '';
  }

  async followLog(onText: (text: string) => void, signal: AbortSignal): Promise<void> {
    const log = this.#log();
    if (log !== undefined) return log.follow(onText, signal);
    throw new IrisError('The place of WSGI.log is not known', { code: 'IRIS_OPTION', hint: 'Give logPath.' });
  }

  #log(): LogFile | undefined {
    const { logPath } = this.#options;
    return logPath === undefined ? undefined : new LogFile(this.#target, logPath);
  }

  /** Name of the directory for packages, when there are some to install. */
  #ownPackages(release: Release): [string] | undefined {
    const { providedPackages = [] } = this.#options;
    const wanted = packageLines(release.requirements ?? '').filter(
      (line) => !requirementNames(line).some((name) => providedPackages.includes(name)),
    );
    return wanted.length === 0 ? undefined : [`p${release.packagesId}`];
  }

  /** Into a directory that gets its name when it is complete, so one that is there need not be made again. */
  async #installPackages(release: Release, directory: string, work: string): Promise<void> {
    if (release.requirements === undefined || (await this.#target.exists(directory))) return;
    this.#installed.set(release.id, directory);
    const partial = `${directory}.partial`;
    await this.#target.remove(partial);
    const requirements = `${partial}/requirements.txt`;
    const local = join(work, 'requirements.txt');
    await writeFile(local, release.requirements);
    try {
      await this.#target.copyTo(local, requirements);
      const wheels = await this.#copyWheels(release, partial);
      const places = wheels === undefined ? [] : ['--no-index', '--find-links', wheels];
      const argv = [
        this.#options.python ?? 'python3',
        ...PIP_INSTALL,
        '--target',
        `${partial}/packages`,
        ...places,
      ];
      await this.#target.run([...argv, '-r', requirements], { timeoutMs: PIP_TIMEOUT_MS });
      await this.#target.run(['mv', `${partial}/packages`, directory]);
    } catch (cause) {
      const said = isIrisError(cause) ? cause.message : String(cause);
      throw new IrisError(`pip failed: ${said.slice(-1500)}`, {
        code: 'IRIS_DEPLOY',
        hint: 'Packages need wheels for this Python; without a network give `wheels`.',
        cause,
      });
    } finally {
      await this.#target.remove(partial);
    }
  }

  async #copyWheels(release: Release, directory: string): Promise<string | undefined> {
    if (release.wheels.length === 0) return undefined;
    const wheels = `${directory}/wheels`;
    for (const wheel of release.wheels)
      await this.#target.copyTo(wheel.absolutePath, `${wheels}/${wheel.path}`);
    return wheels;
  }
}

/** Values for the expressions that IPM would evaluate. */
function evaluator(baseDirectory: string, namespace: string, globalsRole: string): (text: string) => string {
  return (text) =>
    text
      .replaceAll('${libDir}', () => baseDirectory)
      .replaceAll('${namespace}', () => namespace)
      .replaceAll('${globalsDbRole}', () => globalsRole);
}

function recordOf(application: WebApplication, evaluate: (text: string) => string): ApplicationRecord {
  const properties = Object.entries(application.properties).map(([name, value]): [string, string] => [
    name,
    typeof value === 'boolean'
      ? String(Number(value))
      : typeof value === 'number'
        ? String(value)
        : evaluate(value),
  ]);
  return {
    ...Object.fromEntries(properties),
    AutheEnabled: String(autheEnabled(application.authentication)),
  };
}
