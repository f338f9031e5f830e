import { isAbsolute } from 'node:path';
import type { DeployTarget } from '@iris-devtools/core';
import { IrisError } from '@iris-devtools/core';
import { ContainerTarget, LocalTarget } from '@iris-devtools/ipm';
import { loginOf, sessionOf, targetOf } from '@iris-devtools/ipm/cli';
import type { ApplicationHost } from '../host/application-host.js';
import { connectInstance, connectRemoteHost } from '../host/connect-remote-host.js';
import { DirectHost } from '../host/direct-host.js';
import { IpmHost } from '../host/ipm-host.js';
import { SessionInstance } from '../host/session-instance.js';
import type { CliContext } from './cli-context.js';
import type { HostFlags } from './flags.js';

const WEB_PORT = 52_773;

/** @throws IrisError `IRIS_OPTION` naming the option. */
export async function hostOf(flags: HostFlags, context: CliContext): Promise<ApplicationHost> {
  const ways = [
    ['--container', flags.container],
    ['--remote', flags.remote],
    ['--emulator', flags.emulator],
  ].flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (ways.length > 1) {
    throw new IrisError(`${ways.join(' and ')} name two places`, {
      code: 'IRIS_OPTION',
      hint: 'Give one of them.',
    });
  }
  if (flags.remote !== undefined) return remoteHost(flags.remote, flags, context);
  if (flags.emulator !== undefined) return emulatorHost(flags.emulator, flags, context);
  const target = await webTargetOf(flags);
  const session = sessionOf(flags);
  if (flags.ipm) return new IpmHost({ target, session });
  const instance = new SessionInstance(target, session);
  return new DirectHost({
    target,
    instance,
    logPath: flags.wsgiLog ?? `${await instance.managerDirectory()}WSGI.log`,
    ...placesOf(flags),
  });
}

async function webTargetOf(flags: HostFlags): Promise<DeployTarget> {
  const webUrl = flags.webUrl === undefined ? await usualWebUrl(flags) : checkedUrl(flags.webUrl);
  return targetOf(flags, webUrl === undefined ? {} : { webUrl });
}

function placesOf({ directory, provided }: HostFlags) {
  return {
    ...(directory === undefined ? {} : { baseDirectory: directory }),
    ...(provided === undefined ? {} : { providedPackages: provided }),
  };
}

/** The web port of a server cannot be asked for: it may lie behind other web servers. */
async function remoteHost(address: string, flags: HostFlags, context: CliContext): Promise<ApplicationHost> {
  const { host, close } = await connectRemoteHost({
    url: withPassword(address, flags),
    ...(flags.webUrl === undefined ? {} : { webUrl: checkedUrl(flags.webUrl) }),
    ...(flags.wsgiLog === undefined ? {} : { logPath: flags.wsgiLog }),
    ...placesOf(flags),
  });
  context.closers.push(close);
  return host;
}

/** A URL on a command line can be seen by others, so its password, or both, may come from elsewhere. */
function withPassword(address: string, { username, passwordEnv }: HostFlags): string {
  const url = URL.parse(address);
  if (url === null || url.password !== '') return address;
  const user = url.username === '' ? username : decodeURIComponent(url.username);
  if (user === undefined || url.hostname === '') return address;
  const login = loginOf(user, passwordEnv);
  url.username = encodeURIComponent(login.username);
  url.password = encodeURIComponent(login.password.reveal());
  return url.href;
}

/** The emulator serves files of this machine, and runs ASGI itself. */
async function emulatorHost(
  address: string,
  flags: HostFlags,
  context: CliContext,
): Promise<ApplicationHost> {
  if (flags.directory === undefined || flags.webUrl === undefined || !isAbsolute(flags.directory)) {
    throw new IrisError('--emulator needs --directory and --web-url', {
      code: 'IRIS_OPTION',
      hint: 'Give an absolute directory for applications, and the web URL that the emulator printed.',
    });
  }
  const { instance, close } = await connectInstance(withPassword(address, flags));
  context.closers.push(close);
  return new DirectHost({
    target: new LocalTarget({ webUrl: checkedUrl(flags.webUrl) }),
    instance,
    baseDirectory: flags.directory,
    providedPackages: ['a2wsgi', ...(flags.provided ?? [])],
    ...(flags.wsgiLog === undefined ? {} : { logPath: flags.wsgiLog }),
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
