import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DeployTarget } from '@iris-devtools/core';
import { IrisError } from '@iris-devtools/core';
import type { IrisSessionOptions, WebApplication } from '@iris-devtools/ipm';
import {
  installModule,
  IrisSession,
  packModule,
  terminalString,
  uninstallModule,
  verifyModule,
} from '@iris-devtools/ipm';
import type { Release } from '../release/release.js';
import { writeModule } from '../release/release.js';
import type { ApplicationHost, ApplicationKey, ApplicationRecord, HostState } from './application-host.js';
import { LogFile } from './log-file.js';

export interface IpmHostOptions {
  /** `ContainerTarget` or `LocalTarget` of @iris-devtools/ipm, or one of your own. */
  readonly target: DeployTarget;
  /** How `iris session` is run; the namespace is the application's. */
  readonly session?: Omit<IrisSessionOptions, 'namespace'>;
}

/** Properties that are read and put back. */
const PROPERTIES = [
  'NameSpace',
  'Enabled',
  'AutheEnabled',
  'MatchRoles',
  'Description',
  'DispatchClass',
  'WSGIAppLocation',
  'WSGIAppName',
  'WSGICallable',
  'WSGIDebug',
  'WSGIType',
  'Path',
  'ServeFiles',
];

/** An IRIS with IPM, on this machine or in a container: applications are installed as modules. */
export class IpmHost implements ApplicationHost {
  readonly name: string;
  readonly webUrl: string | undefined;
  readonly #target: DeployTarget;
  readonly #session: Omit<IrisSessionOptions, 'namespace'>;
  #managerDirectory: Promise<string> | undefined;

  constructor(options: IpmHostOptions) {
    this.#target = options.target;
    this.#session = options.session ?? {};
    this.name = options.target.name;
    this.webUrl = options.target.webUrl;
  }

  async inspect(key: ApplicationKey): Promise<HostState> {
    const session = this.#systemSession();
    const { answers, answerList } = await session.run([
      session.answer('iris', '$system.Version.GetMajor()_"."_$system.Version.GetMinor()'),
      session.answer('install', '$system.Util.InstallDirectory()'),
      session.answer('namespace', `##class(%SYS.Namespace).Exists(${terminalString(key.namespace)})`),
      'set rows=##class(%SQL.Statement).%ExecDirect(,"select Name from Security.Applications")',
      session.answer('sqlcode', 'rows.%SQLCODE'),
      `while rows.%Next() { ${session.answer('path', 'rows.%Get("Name")')} }`,
      ...key.urlPaths.flatMap((path, i) => [
        'kill properties',
        `set sc=##class(Security.Applications).Get(${terminalString(path)},.properties)`,
        session.answer(
          `exists${String(i)}`,
          `##class(Security.Applications).Exists(${terminalString(path)})`,
        ),
        ...PROPERTIES.map((name) =>
          session.answer(`${String(i)}.${name}`, `$get(properties(${terminalString(name)}))`),
        ),
      ]),
    ]);
    const install = answers.get('install');
    if (install === undefined || !install.startsWith('/')) {
      throw new IrisError('The session does not tell where IRIS is installed', {
        code: 'IRIS_DEPLOY',
        hint: 'The user of the session has to reach the namespace %SYS.',
      });
    }
    const namespaceExists = answers.get('namespace') === '1';
    const module = namespaceExists ? await this.#module(key) : undefined;
    return {
      irisVersion: answers.get('iris'),
      namespaceExists,
      baseDirectory: `${install.replace(/\/*$/, '/')}lib/`,
      applications: new Map(
        key.urlPaths.flatMap((path, i): [string, ApplicationRecord][] =>
          answers.get(`exists${String(i)}`) === '1'
            ? [
                [
                  path,
                  Object.fromEntries(
                    PROPERTIES.map((name) => [name, answers.get(`${String(i)}.${name}`) ?? '']),
                  ),
                ],
              ]
            : [],
        ),
      ),
      allPaths:
        Number(answers.get('sqlcode')) >= 0
          ? answerList.filter(([name]) => name === 'path').map(([, value]) => value)
          : undefined,
      moduleVersion: module,
    };
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
    await this.#putRecords(release.webApplications, before);
    await this.#target.remove(`${before.baseDirectory}${settings.name}/r${release.id}`);
  }

  async prune(key: ApplicationKey, state: HostState, keepId: string): Promise<void> {
    const directory = `${state.baseDirectory}${key.name}`;
    const { stdout } = await this.#target.run(['ls', '-1', directory]);
    for (const name of stdout.split('\n')) {
      if (/^r[0-9a-f]{12}$/.test(name) && name !== `r${keepId}`)
        await this.#target.remove(`${directory}/${name}`);
    }
  }

  async remove(key: ApplicationKey, state: HostState): Promise<void> {
    await uninstallModule(this.#target, { ...this.#session, namespace: key.namespace, module: key.name });
    await this.#putRecords(
      key.urlPaths.map((name) => ({ name })),
      { ...state, applications: new Map() },
    );
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
    this.#managerDirectory ??= this.#askManagerDirectory();
    return new LogFile(this.#target, `${await this.#managerDirectory}WSGI.log`);
  }

  async #askManagerDirectory(): Promise<string> {
    const session = this.#systemSession();
    const { answers } = await session.run([session.answer('mgr', '$system.Util.ManagerDirectory()')]);
    return (answers.get('mgr') ?? '/usr/irissys/mgr').replace(/\/*$/, '/');
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

  /** Gives applications the record that they had; those without one are deleted. */
  async #putRecords(applications: readonly Pick<WebApplication, 'name'>[], before: HostState): Promise<void> {
    const session = this.#systemSession();
    const lines = applications.flatMap(({ name }, i) => {
      const path = terminalString(name);
      const record = before.applications.get(name);
      const ok = (call: string): string => session.answer(`ok${String(i)}`, `$system.Status.IsOK(${call})`);
      if (record === undefined) {
        const exists = `##class(Security.Applications).Exists(${path})`;
        return [
          session.answer(
            `ok${String(i)}`,
            `$select(${exists}:$system.Status.IsOK(##class(Security.Applications).Delete(${path})),1:1)`,
          ),
        ];
      }
      return [
        'kill properties',
        ...Object.entries(record).map(
          ([key, value]) => `set properties(${terminalString(key)})=${terminalString(value)}`,
        ),
        ok(`##class(Security.Applications).Modify(${path},.properties)`),
      ];
    });
    const { answers } = await session.run(lines);
    const failed = applications.find((_, i) => answers.get(`ok${String(i)}`) !== '1');
    if (failed !== undefined) {
      throw new IrisError(`The web application ${failed.name} could not be put back`, {
        code: 'IRIS_DEPLOY',
        hint: 'Look at it in the Management Portal.',
      });
    }
  }

  #systemSession(): IrisSession {
    return new IrisSession(this.#target, { ...this.#session, namespace: '%SYS' });
  }
}

export function keyOf(release: Release): ApplicationKey {
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
