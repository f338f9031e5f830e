import type { CommandRunner } from '@iris-devtools/core';
import { IrisError } from '@iris-devtools/core';
import type { IrisSessionOptions } from '@iris-devtools/ipm';
import { IrisSession, terminalString } from '@iris-devtools/ipm';
import type { ApplicationRecord } from './application-host.js';
import type { Instance, InstanceFacts } from './instance.js';
import { RECORD_PROPERTIES } from './instance.js';

/** An instance that is reached with the `iris` program. */
export class SessionInstance implements Instance {
  readonly #runner: CommandRunner;
  readonly #options: Omit<IrisSessionOptions, 'namespace'>;

  constructor(runner: CommandRunner, options: Omit<IrisSessionOptions, 'namespace'>) {
    this.#runner = runner;
    this.#options = options;
  }

  async facts(namespace: string, urlPaths: readonly string[]): Promise<InstanceFacts> {
    const session = this.#session();
    const name = terminalString(namespace);
    const { answers, answerList } = await session.run([
      session.answer('iris', '$system.Version.GetMajor()_"."_$system.Version.GetMinor()'),
      session.answer('install', '$system.Util.InstallDirectory()'),
      session.answer('namespace', `##class(%SYS.Namespace).Exists(${name})`),
      `set sc=##class(Config.Namespaces).Get(${name},.namespace)`,
      'set sc=##class(Config.Databases).Get(namespace("Globals"),.database)',
      session.answer('role', '##class(SYS.Database).%OpenId(database("Directory")).ResourceName'),
      // unverified on a live server: that Security.Applications can be selected from under this name
      'set rows=##class(%SQL.Statement).%ExecDirect(,"select Name from Security.Applications")',
      session.answer('sqlcode', 'rows.%SQLCODE'),
      `while rows.%Next() { ${session.answer('path', 'rows.%Get("Name")')} }`,
      ...urlPaths.flatMap((path, i) => recordLines(session, path, i)),
    ]);
    const install = answers.get('install');
    if (install === undefined || !install.startsWith('/')) {
      throw new IrisError('The session does not tell where IRIS is installed', {
        code: 'IRIS_DEPLOY',
        hint: 'The user of the session has to reach the namespace %SYS; only Unix paths are supported.',
      });
    }
    return {
      irisVersion: answers.get('iris'),
      namespaceExists: answers.get('namespace') === '1',
      installDirectory: install.replace(/\/*$/, '/'),
      globalsRole: answers.get('role') || `%DB_${namespace}`,
      applications: new Map(
        urlPaths.flatMap((path, i): [string, ApplicationRecord][] =>
          answers.get(`exists${String(i)}`) === '1' ? [[path, recordOf(answers, i)]] : [],
        ),
      ),
      allPaths:
        Number(answers.get('sqlcode')) >= 0
          ? answerList.filter(([key]) => key === 'path').map(([, value]) => value)
          : undefined,
    };
  }

  async putApplications(records: ReadonlyMap<string, ApplicationRecord | undefined>): Promise<void> {
    const session = this.#session();
    const entries = [...records];
    const { answers } = await session.run(
      entries.flatMap(([path, record], i) => {
        const lines = record === undefined ? ['kill properties'] : propertyLines(record);
        return [...lines, session.answer(`ok${String(i)}`, putExpression(path, record !== undefined))];
      }),
    );
    const refused = entries.find((_, i) => answers.get(`ok${String(i)}`) !== '1');
    if (refused === undefined) return;
    throw new IrisError(
      `IRIS refused to ${refused[1] === undefined ? 'delete' : 'set'} the web application ${refused[0]}`,
      {
        code: 'IRIS_DEPLOY',
        hint: 'The user of the session needs %Admin_Secure:USE.',
      },
    );
  }

  /** The manager's directory, ends with `/`. */
  async managerDirectory(): Promise<string> {
    const session = this.#session();
    const { answers } = await session.run([session.answer('mgr', '$system.Util.ManagerDirectory()')]);
    return (answers.get('mgr') ?? '/usr/irissys/mgr').replace(/\/*$/, '/');
  }

  #session(): IrisSession {
    return new IrisSession(this.#runner, { ...this.#options, namespace: '%SYS' });
  }
}

function recordLines(session: IrisSession, path: string, index: number): string[] {
  const name = terminalString(path);
  return [
    'kill properties',
    `set sc=##class(Security.Applications).Get(${name},.properties)`,
    session.answer(`exists${String(index)}`, `##class(Security.Applications).Exists(${name})`),
    ...RECORD_PROPERTIES.map((property) =>
      session.answer(`${String(index)}.${property}`, definedValue(property)),
    ),
  ];
}

/** `1` and the value, or `0`: an empty property is put back as empty, one that this IRIS does not have is not. */
function definedValue(property: string): string {
  const node = `properties(${terminalString(property)})`;
  return `$data(${node})_$get(${node})`;
}

function recordOf(answers: ReadonlyMap<string, string>, index: number): ApplicationRecord {
  return Object.fromEntries(
    RECORD_PROPERTIES.flatMap((property) => {
      const answer = answers.get(`${String(index)}.${property}`) ?? '0';
      return answer.startsWith('1') ? [[property, answer.slice(1)] as const] : [];
    }),
  );
}

function propertyLines(record: ApplicationRecord): string[] {
  const set = ([key, value]: readonly [string, string]): string =>
    `set properties(${terminalString(key)})=${terminalString(value)}`;
  return ['kill properties', ...Object.entries(record).map(set)];
}

/** 1 when IRIS did it. */
function putExpression(path: string, present: boolean): string {
  const name = terminalString(path);
  const security = '##class(Security.Applications)';
  const ok = (call: string): string => `$system.Status.IsOK(${security}.${call})`;
  return present
    ? `$select(${security}.Exists(${name}):${ok(`Modify(${name},.properties)`)},1:${ok(`Create(${name},.properties)`)})`
    : `$select(${security}.Exists(${name}):${ok(`Delete(${name})`)},1:1)`;
}
