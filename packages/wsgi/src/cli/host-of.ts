import { isAbsolute } from 'node:path';
import type { DeployTarget } from '@iris-devtools/core';
import { IrisError, Secret } from '@iris-devtools/core';
import type { IrisSessionOptions } from '@iris-devtools/ipm';
import { ContainerTarget, LocalTarget } from '@iris-devtools/ipm';
import type { ApplicationHost } from '../host/application-host.js';
import { DirectHost } from '../host/direct-host.js';
import { IpmHost } from '../host/ipm-host.js';
import { NativeInstance } from '../host/native-instance.js';
import { SessionInstance } from '../host/session-instance.js';
import type { HostFlags } from './flags.js';
import type { CliContext, Login } from './terminal.js';

const WEB_PORT = 52_773;
const MAX_SECONDS = 86_400;

/** @throws IrisError `IRIS_OPTION` naming the option. */
export async function hostOf(flags: HostFlags, context: CliContext): Promise<ApplicationHost> {
  if (flags.emulator !== undefined) return emulatorHost(flags.emulator, flags, context);
  const target = await targetOf(flags);
  const session = sessionOf(flags);
  if (flags.ipm) return new IpmHost({ target, session });
  const instance = new SessionInstance(target, session);
  return new DirectHost({
    target,
    instance,
    logPath: flags.wsgiLog ?? `${await instance.managerDirectory()}WSGI.log`,
    ...(flags.directory === undefined ? {} : { baseDirectory: flags.directory }),
  });
}

async function targetOf(flags: HostFlags): Promise<DeployTarget> {
  const webUrl = flags.webUrl === undefined ? await usualWebUrl(flags) : checkedUrl(flags.webUrl);
  const web = webUrl === undefined ? {} : { webUrl };
  return flags.container === undefined
    ? new LocalTarget(web)
    : new ContainerTarget({ container: flags.container, engine: flags.engine, ...web });
}

function sessionOf(flags: HostFlags): Omit<IrisSessionOptions, 'namespace'> {
  return {
    instance: flags.instance,
    irisProgram: flags.irisProgram,
    timeoutMs: seconds('--timeout-seconds', flags.timeoutSeconds) * 1000,
    ...(flags.osUser === undefined ? {} : { osUser: flags.osUser }),
    ...(flags.username === undefined ? {} : { login: loginOf(flags.username, flags.passwordEnv) }),
  };
}

/** The emulator serves files of this machine, and runs ASGI itself. */
async function emulatorHost(url: string, flags: HostFlags, context: CliContext): Promise<ApplicationHost> {
  if (flags.directory === undefined || flags.webUrl === undefined || !isAbsolute(flags.directory)) {
    throw new IrisError('--emulator needs --directory and --web-url', {
      code: 'IRIS_OPTION',
      hint: 'Give an absolute directory for applications, and the web URL that the emulator printed.',
    });
  }
  const caller = await context.openNativeCaller(url);
  context.closers.push(() => caller[Symbol.asyncDispose]());
  return new DirectHost({
    target: new LocalTarget({ webUrl: checkedUrl(flags.webUrl) }),
    instance: new NativeInstance(caller),
    baseDirectory: flags.directory,
    providedPackages: ['a2wsgi'],
    ...(flags.wsgiLog === undefined ? {} : { logPath: flags.wsgiLog }),
  });
}

/** The password comes from the environment: a command line can be seen by others. */
export function loginOf(username: string, variable: string): Login {
  const password = process.env[variable];
  if (password === undefined || /[\r\n]/.test(username + password)) {
    throw new IrisError(`There is no usable password in ${variable}`, {
      code: 'IRIS_OPTION',
      hint: `Set ${variable}, or name another environment variable.`,
    });
  }
  return { username, password: new Secret(password) };
}

export function seconds(option: string, text: string): number {
  const value = Number(text);
  if (value > 0 && value <= MAX_SECONDS) return value;
  throw new IrisError(`${option} ${text} is out of range`, {
    code: 'IRIS_OPTION',
    hint: `Use 1 to ${String(MAX_SECONDS)}.`,
  });
}

function checkedUrl(text: string): string {
  const url = URL.parse(text);
  if (
    url !== null &&
    ['http:', 'https:'].includes(url.protocol) &&
    url.username === '' &&
    url.search === ''
  ) {
    return text.replace(/\/+$/, '');
  }
  throw new IrisError(`--web-url ${url?.username === '' ? text : ''} cannot be used`, {
    code: 'IRIS_OPTION',
    hint: 'Write for example http://127.0.0.1:52773; user and password have options of their own.',
  });
}

/** Where the web port of IRIS is published; `undefined` when it is not. */
async function usualWebUrl(flags: HostFlags): Promise<string | undefined> {
  if (flags.container === undefined) return `http://127.0.0.1:${String(WEB_PORT)}`;
  // Refuses names that the engine could take for an option.
  new ContainerTarget({ container: flags.container });
  const asked = await new LocalTarget().run(
    [flags.engine, 'port', flags.container, `${String(WEB_PORT)}/tcp`],
    {
      allowFailure: true,
      timeoutMs: 30_000,
    },
  );
  const published = /^(?:0\.0\.0\.0|\[::\]|([\d.]+)):(\d+)$/m.exec(asked.stdout);
  return published === null ? undefined : `http://${published[1] ?? '127.0.0.1'}:${published[2] ?? ''}`;
}
