import { IrisError } from '@iris-devtools/core';
import type { AuthenticationMethod } from '@iris-devtools/ipm';
import { AUTHENTICATION_BITS, LocalTarget } from '@iris-devtools/ipm';
import { loginOf, secondsOf } from '@iris-devtools/ipm/cli';
import { AsgiDeployment } from '../deployment/asgi-deployment.js';
import type { DeploymentOptions, HealthOptions } from '../deployment/options.js';
import type { PythonDeployment } from '../deployment/python-deployment.js';
import { WsgiDeployment } from '../deployment/wsgi-deployment.js';
import type { FoundApplication } from '../source/find-applications.js';
import { findApplications } from '../source/find-applications.js';
import type { ApplicationType } from '../source/frameworks.js';
import { readPythonSources } from '../source/python-sources.js';
import type { ApplicationFlags, LoginFlags, SourceFlags } from './flags.js';
import { hostOf } from './host-of.js';
import type { CliContext } from './cli-context.js';

export interface ChosenDeployment {
  readonly deployment: PythonDeployment;
  readonly app: string;
  readonly type: ApplicationType;
  readonly framework: string | undefined;
}

/** The deployment that options ask for; the application and its type are found in the sources when they are not given. */
export async function deploymentOf(
  flags: SourceFlags,
  context: CliContext,
  watching: Pick<DeploymentOptions, 'onProgress' | 'signal'>,
): Promise<ChosenDeployment> {
  const chosen = await choose(flags);
  const options: DeploymentOptions = {
    ...common(flags),
    app: chosen.app,
    path: flags.path,
    host: await hostOf(flags, context),
    authentication: methodsOf(flags.auth),
    python: flags.python,
    ...watching,
    breakLock: flags.breakLock === true,
    health: {
      ...healthOf(flags),
      timeoutMs: secondsOf('--health-timeout-seconds', flags.healthTimeoutSeconds) * 1000,
    },
    ...(flags.moduleVersion === undefined ? {} : { version: flags.moduleVersion }),
    ...(flags.matchRoles === undefined ? {} : { matchRoles: flags.matchRoles }),
    ...(flags.static === undefined ? {} : { staticFiles: { directory: flags.static } }),
    ...(flags.requirements === undefined ? {} : { requirements: flags.requirements }),
    ...(flags.wheels === undefined ? {} : { wheels: flags.wheels }),
    ...(flags.exclude === undefined ? {} : { exclude: flags.exclude }),
  };
  const deployment = chosen.type === 'asgi' ? new AsgiDeployment(options) : new WsgiDeployment(options);
  return { deployment, ...chosen };
}

/** A deployment to look at or to remove: its sources are not needed, so they are not asked for. */
export async function existingDeployment(
  flags: ApplicationFlags,
  context: CliContext,
  health: HealthOptions = {},
): Promise<PythonDeployment> {
  return new WsgiDeployment({
    ...common(flags),
    app: 'unused:unused',
    path: '.',
    host: await hostOf(flags, context),
    breakLock: flags.breakLock === true,
    health,
  });
}

export function healthOf({ healthPath, webUser, webPasswordEnv }: LoginFlags): HealthOptions {
  return {
    path: healthPath,
    ...(webUser === undefined ? {} : { login: loginOf(webUser, webPasswordEnv) }),
  };
}

/** The applications in a directory. @throws IrisError `IRIS_OPTION` without Python. */
export async function applicationsIn(path: string, python: string): Promise<FoundApplication[]> {
  const sources = await readPythonSources(new LocalTarget(), python, path);
  if (sources !== undefined) return findApplications(sources);
  throw new IrisError(`${python} is not installed here, so the sources cannot be looked at`, {
    code: 'IRIS_OPTION',
    hint: 'Name a Python with --python, or give --app and --type.',
  });
}

function common(flags: ApplicationFlags) {
  return {
    urlPrefix: flags.urlPrefix,
    namespace: flags.namespace,
    ...(flags.name === undefined ? {} : { name: flags.name }),
  };
}

async function choose(flags: SourceFlags): Promise<Omit<ChosenDeployment, 'deployment'>> {
  const { app, type } = flags;
  if (app !== undefined && type !== undefined) return { app, type, framework: undefined };
  const found = (await applicationsIn(flags.path, flags.python)).filter(
    (each) => type === undefined || each.type === type,
  );
  if (app !== undefined) {
    const match = found.find((each) => each.app === app);
    // Names that tell nothing (imported ones, factories) are checked later; most such applications are WSGI.
    return { app, type: match?.type ?? 'wsgi', framework: match?.framework };
  }
  const [first] = found;
  if (first === undefined) {
    throw new IrisError(`No application was found in ${flags.path}`, {
      code: 'IRIS_OPTION',
      hint: 'Name it with --app module:callable and --type wsgi or asgi.',
    });
  }
  return { app: first.app, type: first.type, framework: first.framework };
}

function methodsOf(text: string): AuthenticationMethod[] {
  return text.split(',').map((word) => {
    const name = word.trim();
    if (isMethod(name)) return name;
    throw new IrisError(`--auth ${name} is not known`, {
      code: 'IRIS_OPTION',
      hint: `Use ${Object.keys(AUTHENTICATION_BITS).join(', ')}.`,
    });
  });
}

function isMethod(name: string): name is AuthenticationMethod {
  return Object.hasOwn(AUTHENTICATION_BITS, name);
}
