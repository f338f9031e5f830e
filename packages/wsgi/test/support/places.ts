import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret } from '@iris-devtools/core';
import { connect } from '@iris-devtools/driver';
import { startEmulator } from '@iris-devtools/emulator';
import { LocalTarget } from '@iris-devtools/ipm';
import { DirectHost, NativeInstance, RemoteHost, SessionInstance } from '@iris-devtools/wsgi';
import type { ApplicationHost, Instance } from '@iris-devtools/wsgi';
import { FakeInstance } from './fake-instance.js';

/** Somewhere to deploy to, on this machine, with what a test wants to know of it. */
export interface Place extends AsyncDisposable {
  readonly host: ApplicationHost;
  readonly instance: Instance;
  /** Where applications go; a file named `file` lies in it. */
  readonly directory: string;
  /** The same host with another directory. */
  within(directory: string): ApplicationHost;
  readonly login: { readonly username: string; readonly password: Secret };
  /** Status and body of a GET with that login. */
  get(path: string): Promise<string>;
}

/** Every way of deploying that can run without an IRIS. */
export const PLACES: readonly (readonly [name: string, open: () => Promise<Place>])[] = [
  ['the emulator, files on this machine', emulatorPlace],
  ['a server over a connection', remotePlace],
  ['an instance with IPM', () => standInPlace(true)],
  ['an instance without IPM', () => standInPlace(false)],
];

/** What applications have put into the directory, and locks. */
export function filesOf({ directory }: Place): string[] {
  return readdirSync(directory).filter((name) => name !== 'file');
}

async function emulatorPlace(): Promise<Place> {
  const emulator = await startEmulator({ webPort: 0 });
  const connection = await connect(emulator.url.replace('/USER', '/%25SYS'));
  const directory = mkdtempSync(join(tmpdir(), 'wsgi-place-'));
  writeFileSync(join(directory, 'file'), '');
  const webUrl = String(emulator.webUrl);
  const target = new LocalTarget({ webUrl });
  const instance = new NativeInstance(connection.native);
  // The emulator keeps its log among the files of its installation.
  const manager = await connection.native.classMethod('%SYSTEM.Util', 'ManagerDirectory');
  const logPath = `${String(manager)}WSGI.log`;
  const within = (baseDirectory: string) => new DirectHost({ target, instance, baseDirectory, logPath });
  return {
    ...webOf(webUrl, '_SYSTEM', 'SYS'),
    host: within(directory),
    instance,
    directory,
    within,
    [Symbol.asyncDispose]: async () => {
      await connection.close();
      await emulator.stop();
      rmSync(directory, { recursive: true });
    },
  };
}

async function remotePlace(): Promise<Place> {
  const emulator = await startEmulator({ webPort: 0 });
  const connection = await connect(emulator.url.replace('/USER', '/%25SYS'));
  const objects = connection.native;
  const webUrl = String(emulator.webUrl);
  const directory = `${String(await objects.classMethod('%SYSTEM.Util', 'InstallDirectory'))}lib`;
  writeFileSync(join(directory, 'file'), '');
  return {
    ...webOf(webUrl, '_SYSTEM', 'SYS'),
    host: new RemoteHost({ objects, webUrl }),
    instance: new NativeInstance(objects),
    directory,
    within: (baseDirectory) => new RemoteHost({ objects, webUrl, baseDirectory }),
    [Symbol.asyncDispose]: async () => {
      await connection.close();
      await emulator.stop();
    },
  };
}

async function standInPlace(ipm: boolean): Promise<Place> {
  const iris = await FakeInstance.start({ ipm });
  const target = new LocalTarget({ webUrl: iris.webUrl });
  const instance = new SessionInstance(target, { irisProgram: iris.program });
  const directory = join(iris.directory, 'irissys', 'lib');
  writeFileSync(join(directory, 'file'), '');
  const logPath = join(iris.directory, 'irissys', 'mgr', 'WSGI.log');
  const within = (baseDirectory: string) => new DirectHost({ target, instance, baseDirectory, logPath });
  return {
    ...webOf(iris.webUrl, 'tester', 'secret'),
    host: ipm ? iris.host : within(directory),
    instance,
    directory,
    within,
    [Symbol.asyncDispose]: () => iris[Symbol.asyncDispose](),
  };
}

function webOf(webUrl: string, username: string, password: string): Pick<Place, 'login' | 'get'> {
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  return {
    login: { username, password: new Secret(password) },
    get: async (path) => {
      const response = await fetch(`${webUrl}${path}`, { headers: { authorization } });
      return `${String(response.status)} ${await response.text()}`;
    },
  };
}
