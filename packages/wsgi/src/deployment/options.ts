import type { Clock, Logger, Secret } from '@iris-devtools/core';
import { IrisError } from '@iris-devtools/core';
import type { AuthenticationMethod } from '@iris-devtools/ipm';
import { parseAppName } from '@iris-devtools/ipm';
import type { ApplicationHost } from '../host/application-host.js';
import type { ApplicationType } from '../source/frameworks.js';

export interface DeploymentOptions {
  /** `module:callable`, e.g. `myapp:app` or `mysite.wsgi:application`. */
  readonly app: string;
  /** Directory that the module is imported from. */
  readonly path: string;
  /** URL path, e.g. `/api`. */
  readonly urlPrefix: string;
  /** Where it goes. */
  readonly host: ApplicationHost;
  /** Name of the module and its directory. Default: made of `urlPrefix`. */
  readonly name?: string;
  /** Version of the module. Default `1.0.0`. */
  readonly version?: string;
  /** Namespace that the Python code runs in. Default `USER`. */
  readonly namespace?: string;
  /** Ways to log in. Default: password. */
  readonly authentication?: readonly AuthenticationMethod[];
  /** Roles that requests get in addition. Default: the role of the namespace's database, always. */
  readonly matchRoles?: string;
  /** A directory of `path` that the web server serves by itself, below `urlPrefix`. */
  readonly staticFiles?: { readonly directory: string; readonly urlPath?: string };
  /** Relative to `path`. Default `requirements.txt`, when it exists. */
  readonly requirements?: string;
  /** Local directory of wheels: pip takes packages from there and never from a network. */
  readonly wheels?: string;
  /** Files and directories of `path` to leave out, relative to it. Dotfiles, caches and virtual environments always are. */
  readonly exclude?: readonly string[];
  readonly health?: HealthOptions;
  /** Program that parses the sources before anything is changed; `false`: do not check. Default `python3`. */
  readonly python?: string | false;
  /** Takes the lock away from another deployment of this name, which must not be at work any more. Default false. */
  readonly breakLock?: boolean;
  readonly logger?: Logger;
  readonly clock?: Clock;
  /** Stops between steps and while waiting for an answer; what was there is put back. */
  readonly signal?: AbortSignal;
  /** Called at every step. */
  readonly onProgress?: (step: string) => void;
}

export interface HealthOptions {
  /** Below `urlPrefix`. Default `/`. */
  readonly path?: string;
  /** Default 60 seconds. */
  readonly timeoutMs?: number;
  /** For applications that ask for a password. */
  readonly login?: { readonly username: string; readonly password: Secret };
}

/** Options with defaults in place and checked. */
export interface Settings {
  readonly type: ApplicationType;
  readonly app: { readonly module: string; readonly callable: string };
  readonly path: string;
  readonly urlPrefix: string;
  readonly name: string;
  readonly version: string;
  readonly namespace: string;
  readonly authentication: readonly AuthenticationMethod[];
  readonly matchRoles: string;
  readonly staticFiles: { readonly directory: string; readonly url: string } | undefined;
  readonly healthPath: string;
  readonly healthTimeoutMs: number;
}

const URL_PREFIX = /^(?:\/[A-Za-z0-9._~-]+)+$/;
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/;
const NAMESPACE = /^%?[A-Za-z][A-Za-z0-9_-]{0,63}$/;
const ROLES = /^[A-Za-z0-9_%:,${}.-]*$/;
const HEALTH_PATH = /^\/[!-~]*$/;
const MAX_URL_CHARS = 64;

/** @throws IrisError `IRIS_OPTION` naming the option. */
export function settingsOf(options: DeploymentOptions, type: ApplicationType): Settings {
  const { urlPrefix, namespace = 'USER', matchRoles = ':${globalsDbRole}' } = options;
  const name = options.name ?? urlPrefix.split('/').filter(Boolean).join('-').toLowerCase();
  const healthPath = options.health?.path ?? '/';
  check(
    URL_PREFIX.test(urlPrefix) && urlPrefix.length <= MAX_URL_CHARS && !hasDots(urlPrefix),
    'urlPrefix',
    urlPrefix,
    'Use a path of at most 64 characters such as /api, without a slash at its end.',
  );
  check(NAME.test(name) && !hasDots(name), 'name', name, 'Use letters, digits, ".", "_" and "-".');
  check(NAMESPACE.test(namespace), 'namespace', namespace, 'Use the name of a namespace, e.g. USER.');
  check(
    namespace.toUpperCase() !== '%SYS',
    'namespace',
    namespace,
    'An application in %SYS could change the instance; use another namespace.',
  );
  check(
    ROLES.test(matchRoles),
    'matchRoles',
    matchRoles,
    'Write roles as :%DB_USER or Match:Target,Match:Target.',
  );
  check(
    (options.authentication ?? ['password']).length > 0,
    'authentication',
    '',
    'Name at least one way to log in.',
  );
  check(HEALTH_PATH.test(healthPath), 'health.path', healthPath, 'Begin it with "/".');
  return {
    type,
    app: parseAppName(options.app),
    path: options.path,
    urlPrefix,
    name,
    version: options.version ?? '1.0.0',
    namespace: namespace.toUpperCase(),
    authentication: options.authentication ?? ['password'],
    matchRoles,
    staticFiles: staticFilesOf(options),
    healthPath,
    healthTimeoutMs: options.health?.timeoutMs ?? 60_000,
  };
}

function staticFilesOf({ staticFiles, urlPrefix }: DeploymentOptions): Settings['staticFiles'] {
  if (staticFiles === undefined) return undefined;
  const directory = staticFiles.directory
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
  check(
    directory !== '' &&
      !hasDots(directory) &&
      !staticFiles.directory.startsWith('/') &&
      !/["$\\]/.test(directory),
    'staticFiles.directory',
    staticFiles.directory,
    'Name a directory inside of `path`.',
  );
  const url = `${urlPrefix}/${(staticFiles.urlPath ?? 'static').replace(/^\/+|\/+$/g, '')}`;
  check(
    URL_PREFIX.test(url) && url.length <= MAX_URL_CHARS && !hasDots(url),
    'staticFiles.urlPath',
    url,
    'Use a short path such as static.',
  );
  return { directory, url };
}

function hasDots(path: string): boolean {
  return path.split('/').some((part) => part === '..' || part === '.');
}

function check(condition: boolean, option: string, value: string, hint: string): void {
  if (condition) return;
  throw new IrisError(`${option} "${value.slice(0, 100)}" cannot be used`, { code: 'IRIS_OPTION', hint });
}
