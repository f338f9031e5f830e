import { LogFile } from './files/log-file.js';
import { ServerFiles } from './files/server-files.js';
import { NativeInstance } from './objects/native-instance.js';
import { textOf } from './objects/server-objects.js';
import type { ServerObjects } from './objects/server-objects.js';
import { WheelInstaller } from './packages/wheel-installer.js';
import { ReleaseHost } from './release-host.js';

export interface RemoteHostOptions {
  /** The native API of a connection in the namespace %SYS, as an administrator: `connection.native` of @iris-devtools/driver. */
  readonly objects: ServerObjects;
  /** Base of URLs of the web server; it cannot be asked for. Without it nothing proves which code serves. */
  readonly webUrl?: string;
  /** Shown in messages. Default `the server`. */
  readonly name?: string;
  /** Absolute, on the server. Default: `lib/` of the installation. */
  readonly baseDirectory?: string;
  /** Absolute, on the server. Default: WSGI.log in the manager's directory. */
  readonly logPath?: string;
  /** Packages that Python in IRIS has already. */
  readonly providedPackages?: readonly string[];
}

/**
 * An instance that only its SuperServer port is known of: no shell, no files. Everything goes through class methods and
 * streams of one connection; packages are unpacked from pure-Python wheels, because nothing there runs pip.
 */
export class RemoteHost extends ReleaseHost {
  constructor(options: RemoteHostOptions) {
    const { objects, logPath, providedPackages = [] } = options;
    const files = new ServerFiles(objects);
    super({
      name: options.name ?? 'the server',
      webUrl: options.webUrl,
      files,
      instance: new NativeInstance(objects),
      packages: new WheelInstaller(files, providedPackages),
      providedPackages,
      baseDirectory: options.baseDirectory,
      log: async () => {
        const path = logPath ?? `${await managerDirectory(objects)}WSGI.log`;
        return new LogFile(files, path);
      },
    });
  }
}

async function managerDirectory(objects: ServerObjects): Promise<string> {
  const directory = textOf(await objects.classMethod('%SYSTEM.Util', 'ManagerDirectory'));
  return directory.replace(/\/*$/, '/');
}
