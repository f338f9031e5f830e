import type { DeployTarget } from '@iris-devtools/core';
import { LogFile } from './files/log-file.js';
import { ShellFiles } from './files/shell-files.js';
import type { Instance } from './instance.js';
import { PipInstaller } from './packages/pip-installer.js';
import { ReleaseHost } from './release-host.js';

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

/** An instance without IPM on a target that runs commands. */
export class DirectHost extends ReleaseHost {
  constructor(options: DirectHostOptions) {
    const { target, instance, logPath, python = 'python3', providedPackages = [] } = options;
    const files = new ShellFiles(target);
    super({
      name: target.name,
      webUrl: target.webUrl,
      files,
      instance,
      packages: new PipInstaller(target, python, providedPackages),
      providedPackages,
      baseDirectory: options.baseDirectory,
      log: () => Promise.resolve(logPath === undefined ? undefined : new LogFile(files, logPath)),
    });
  }
}
