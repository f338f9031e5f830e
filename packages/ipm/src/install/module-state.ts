import type { CommandRunner } from '@iris-devtools/core';
import { IrisError } from '@iris-devtools/core';
import { LIMITS } from '../manifest/vocabulary.js';
import { terminalString } from './ipm-command.js';
import type { IrisSessionOptions } from './iris-session.js';
import { IrisSession } from './iris-session.js';

/** What an instance has, as it says itself. */
export interface ModuleState {
  /** `major.minor`. */
  readonly irisVersion: string | undefined;
  readonly ipm: 'present' | 'too-old' | 'missing';
  /** `undefined` also where IPM is mapped from another namespace and not listed in this one. */
  readonly ipmVersion: string | undefined;
  readonly installed: boolean;
  readonly version: string | undefined;
  /** By path. */
  readonly webApplications: ReadonlyMap<string, boolean>;
}

export interface ModuleQuery extends IrisSessionOptions {
  readonly module: string;
  /** Paths of web applications to look for. */
  readonly webApplications?: readonly string[];
}

const MODULE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** The name as IPM stores it. */
export function storedModuleName(name: string): string {
  if (name.length <= LIMITS.moduleNameChars && MODULE_NAME.test(name)) return name.toLowerCase();
  throw new IrisError(`"${name.slice(0, 80)}" is not a module name`, {
    code: 'IRIS_OPTION',
    hint: 'Use letters, digits, ".", "_" and "-".',
  });
}

/**
 * Asks the instance, changing nothing: IRIS and IPM versions, the module's version, and which web applications exist.
 * @throws IrisError `IRIS_COMMAND_FAILED`, `IRIS_LOGIN_REFUSED` or `IRIS_TIMEOUT` when no session can be had.
 */
export async function verifyModule(runner: CommandRunner, query: ModuleQuery): Promise<ModuleState> {
  const session = new IrisSession(runner, query);
  const name = terminalString(storedModuleName(query.module));
  const paths = query.webApplications ?? [];
  // A line that fails prints an error and gives no answer; the next one runs all the same.
  const { answers } = await session.run([
    session.answer('iris', '$system.Version.GetMajor()_"."_$system.Version.GetMinor()'),
    session.answer('ipm', '$system.CLS.IsMthd("%IPM.Main","Shell")'),
    session.answer('zpm', '$system.CLS.IsMthd("%ZPM.PackageManager","Shell")'),
    // unverified on a live server: that IPM lists itself as zpm wherever it is not mapped
    session.answer('ipmVersion', '##class(%IPM.Storage.Module).NameOpen("zpm").VersionString'),
    session.answer('installed', `##class(%IPM.Storage.Module).NameExists(${name})`),
    session.answer('version', `##class(%IPM.Storage.Module).NameOpen(${name}).VersionString`),
    'zn "%SYS"',
    ...paths.map((path, i) =>
      session.answer(`web${String(i)}`, `##class(Security.Applications).Exists(${terminalString(path)})`),
    ),
  ]);
  const unanswered = paths.find((_, i) => answers.get(`web${String(i)}`) === undefined);
  if (unanswered !== undefined) {
    throw new IrisError(`The session could not ask for the web application ${unanswered}`, {
      code: 'IRIS_COMMAND_FAILED',
      hint: 'The user of the session needs %Admin_Secure:USE and access to %SYS.',
    });
  }
  return {
    irisVersion: answers.get('iris'),
    ipm: answers.get('ipm') === '1' ? 'present' : answers.get('zpm') === '1' ? 'too-old' : 'missing',
    ipmVersion: answers.get('ipmVersion'),
    installed: answers.get('installed') === '1',
    version: answers.get('version'),
    webApplications: new Map(paths.map((path, i) => [path, answers.get(`web${String(i)}`) === '1'])),
  };
}

/** @throws IrisError `IRIS_DEPLOY` unless a usable IPM is there. */
export function requireIpm(state: ModuleState, namespace: string): void {
  if (state.ipm === 'present') return;
  throw state.ipm === 'too-old'
    ? new IrisError(`IPM in namespace ${namespace} is older than 0.9`, {
        code: 'IRIS_DEPLOY',
        hint: 'Update IPM: before 0.9 it has no <WebApplication>.',
      })
    : new IrisError(`IPM is not installed or not enabled in namespace ${namespace}`, {
        code: 'IRIS_DEPLOY',
        hint: 'Install IPM, then run `zpm "enable -community"` to have it in every namespace.',
      });
}

export interface InstalledModule {
  readonly name: string;
  readonly version: string;
}

/**
 * The modules of a namespace, by name.
 * @throws IrisError `IRIS_DEPLOY` when IPM is missing, else as `verifyModule`.
 */
export async function listModules(
  runner: CommandRunner,
  options: IrisSessionOptions = {},
): Promise<InstalledModule[]> {
  const session = new IrisSession(runner, options);
  const { answers, answerList } = await session.run([
    session.answer('ipm', '$system.CLS.IsMthd("%IPM.Main","Shell")'),
    // unverified on a live server: the names of the table and its columns, which are those of the class in IPM 0.10
    'set rows=##class(%SQL.Statement).%ExecDirect(,"select Name,VersionString from %IPM_Storage.ModuleItem order by Name")',
    session.answer('sqlcode', 'rows.%SQLCODE'),
    `while rows.%Next() { ${session.answer('module', 'rows.%Get("Name")_" "_rows.%Get("VersionString")')} }`,
    session.answer('done', '1'),
  ]);
  if (answers.get('ipm') !== '1') {
    throw new IrisError('IPM is not installed or not enabled in this namespace', {
      code: 'IRIS_DEPLOY',
      hint: 'Install IPM 0.9 or later, then run `zpm "enable -community"`.',
    });
  }
  const sqlcode = Number(answers.get('sqlcode'));
  if (!(sqlcode >= 0) || answers.get('done') !== '1') {
    throw new IrisError('The list of modules could not be read', {
      code: 'IRIS_DEPLOY',
      hint: 'The user needs SELECT on %IPM_Storage.ModuleItem.',
      ...(Number.isInteger(sqlcode) ? { sqlcode } : {}),
    });
  }
  return answerList
    .filter(([key]) => key === 'module')
    .map(([, value]) => {
      const [name = '', version = ''] = value.split(' ');
      return { name, version };
    });
}
