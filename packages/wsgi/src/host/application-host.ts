import type { Release } from '../release/release.js';
import type { TargetFiles } from './files/target-files.js';

/** Which application is meant. */
export interface ApplicationKey {
  /** Name of the module and its directory. */
  readonly name: string;
  readonly namespace: string;
  /** URL prefix first, then the one for static files, if any. */
  readonly urlPaths: readonly string[];
}

/** A record of Security.Applications, as far as a deployment sets it. */
export type ApplicationRecord = Readonly<Record<string, string>>;

/** What is there before a deployment. */
export interface HostState {
  /** `major.minor`. */
  readonly irisVersion: string | undefined;
  readonly namespaceExists: boolean;
  /** Absolute, ends with `/`; releases lie in `<baseDirectory><name>/r<id>/`. */
  readonly baseDirectory: string;
  /** By URL path; only those that were asked for and exist. */
  readonly applications: ReadonlyMap<string, ApplicationRecord>;
  /** All URL paths of the instance; `undefined` when the user may not see them. */
  readonly allPaths: readonly string[] | undefined;
  /** Version of the module; `undefined`: not installed, or the host has no modules. */
  readonly moduleVersion: string | undefined;
}

/** Where applications are deployed to: IRIS with IPM through a command runner, or something that behaves like it. */
export interface ApplicationHost {
  readonly name: string;
  /** Base of URLs, e.g. `http://127.0.0.1:52773`; `undefined`: nobody can ask over HTTP. */
  readonly webUrl: string | undefined;
  /** Files there; the lock of a deployment lies among them. */
  readonly files: TargetFiles;
  /** Changes nothing. @throws IrisError when the host cannot be used at all. */
  inspect(key: ApplicationKey): Promise<HostState>;
  /** What only this host can tell about a release; changes nothing. @returns warnings. @throws IrisError when it cannot install it. */
  check(release: Release): Promise<string[]>;
  /**
   * Copies the release beside the old one, installs packages, and points the web applications to it.
   * @throws IrisError `IRIS_DEPLOY`; then `restore` brings back what was there.
   */
  install(release: Release, before: HostState): Promise<void>;
  /** Undoes `install`, also half of one: records as before, no file of the new release. */
  restore(release: Release, before: HostState): Promise<void>;
  /** Removes releases other than this one, and what belonged to them. */
  prune(release: Release, state: HostState): Promise<void>;
  /** Removes web applications, and nothing else. */
  removeApplications(urlPaths: readonly string[]): Promise<void>;
  /** Removes the web applications, the module and its directory. */
  remove(key: ApplicationKey, state: HostState): Promise<void>;
  /** True when a file or directory of the application is left. */
  hasFiles(key: ApplicationKey, state: HostState): Promise<boolean>;
  /** Length of WSGI.log; 0 when there is none. */
  logSizeBytes(): Promise<number>;
  /** The end of WSGI.log from `fromByte` on, at most 64 KiB. */
  readLog(fromByte: number): Promise<string>;
  /** Gives text as it is written, beginning with the last lines, until aborted. */
  followLog(onText: (text: string) => void, signal: AbortSignal): Promise<void>;
}
