import { IrisError, isIrisError, silentLogger, systemClock } from '@iris-devtools/core';
import type { HostState } from '../host/application-host.js';
import { probe, waitUntilServed } from '../probe/probe.js';
import type { Release } from '../release/release.js';
import type { ApplicationType } from '../source/frameworks.js';
import { checkHost, currentRelease, keyOfSettings, keyWithCompanions, withoutForeign } from './checks.js';
import { DeploymentLock } from './lock/deployment-lock.js';
import { notServed } from './not-served.js';
import type { DeploymentOptions, Settings } from './options.js';
import { settingsOf } from './options.js';
import { planFor, prepare } from './prepare.js';
import type { PreparedRelease } from './prepare.js';
import type { DeploymentPlan, DeploymentResult, DeploymentStatus, UndeployResult } from './results.js';
import { rollBack } from './roll-back.js';

/** What WSGI and ASGI deployments have in common. */
export abstract class PythonDeployment {
  readonly #options: DeploymentOptions;
  readonly #settings: Settings;

  protected constructor(options: DeploymentOptions, type: ApplicationType) {
    this.#options = options;
    this.#settings = settingsOf(options, type);
  }

  /** Of the application, with a slash at its end, which IRIS wants; `undefined` when the web server is not known. */
  get url(): string | undefined {
    const { webUrl } = this.#options.host;
    return webUrl === undefined ? undefined : `${webUrl.replace(/\/+$/, '')}${this.#settings.urlPrefix}/`;
  }

  /**
   * Checks everything that can be known without changing anything, and tells what `deploy` would do.
   * @throws IrisError `IRIS_VALIDATION`, `IRIS_LIMIT`, `IRIS_IO` for the sources; `IRIS_DEPLOY` for the server.
   */
  async plan(): Promise<DeploymentPlan> {
    const prepared = await prepare(this.#options, this.#settings);
    return (await planFor(this.#options, this.#settings, prepared, this.url)).plan;
  }

  /**
   * Installs the application and waits until it answers with this release. The same sources and options change nothing.
   * When it fails, everything is put back: the old release, or none.
   * @throws IrisError as `plan`; `IRIS_DEPLOY` with the Python traceback when the application does not come up.
   */
  async deploy(): Promise<DeploymentResult> {
    const startedAt = performance.now();
    this.#progress('checking sources and server');
    const prepared = await prepare(this.#options, this.#settings);
    const { before } = await planFor(this.#options, this.#settings, prepared, this.url);
    this.#stopIfAborted();
    await using _lock = await this.#lock(before);
    return await this.#deployAlone(prepared, startedAt);
  }

  /** While no other deployment of this name is at work, which may have changed something since it was last looked at. */
  async #deployAlone(prepared: PreparedRelease, startedAt: number): Promise<DeploymentResult> {
    const { host } = this.#options;
    const { release } = prepared;
    const { before, plan } = await planFor(this.#options, this.#settings, prepared, this.url);
    const preparedAt = performance.now();
    const logSizeBytes = await host.logSizeBytes();
    this.#stopIfAborted();
    try {
      if (plan.action !== 'nothing') {
        this.#progress(`installing release ${release.id} on ${host.name}`);
        await host.install(release, before);
      }
      const installedAt = performance.now();
      this.#stopIfAborted();
      const proof = await this.#prove(release, logSizeBytes);
      const provenAt = performance.now();
      await this.#prune(release, before, plan);
      const ms = (from: number, to: number): number => Math.round(to - from);
      return {
        ...plan,
        proof,
        timings: {
          prepareMs: ms(startedAt, preparedAt),
          installMs: ms(preparedAt, installedAt),
          firstAnswerMs: ms(installedAt, provenAt),
          totalMs: ms(startedAt, performance.now()),
        },
      };
    } catch (error) {
      if (plan.action === 'nothing') throw error;
      this.#progress('failed; putting back what was there');
      throw await rollBack(host, release, before, error);
    }
  }

  /**
   * Removes the web applications, the module and its files. Python packages stay: others may use them.
   * @throws IrisError `IRIS_DEPLOY` when the path belongs to another application, or something is left.
   */
  async undeploy(): Promise<UndeployResult> {
    const { host } = this.#options;
    const own = keyOfSettings(this.#settings);
    const found = await host.inspect(own);
    const candidates = keyWithCompanions(this.#settings, found);
    const state = withoutForeign(this.#settings, await host.inspect(candidates));
    const files = await host.hasFiles(own, state);
    if (state.applications.size === 0 && state.moduleVersion === undefined && !files)
      return { removed: false };
    checkHost(this.#settings, state, host);
    await using _lock = await this.#lock(state);
    this.#progress(`removing ${this.#settings.name} from ${host.name}`);
    const key = { ...own, urlPaths: [...new Set([...own.urlPaths, ...state.applications.keys()])] };
    await host.remove(key, state);
    const after = await host.inspect(key);
    const left = [
      ...after.applications.keys(),
      ...(after.moduleVersion === undefined ? [] : [`module ${key.name}`]),
      ...((await host.hasFiles(key, after)) ? [`${after.baseDirectory}${key.name}`] : []),
    ];
    if (left.length > 0) {
      throw new IrisError(`Not everything was removed: ${left.join(', ')}`, {
        code: 'IRIS_DEPLOY',
        hint: 'Remove it by hand, or try again.',
        details: { left },
      });
    }
    return { removed: true };
  }

  /** What is there now. */
  async status(): Promise<DeploymentStatus> {
    const { host } = this.#options;
    const state = await host.inspect(keyOfSettings(this.#settings));
    const record = state.applications.get(this.#settings.urlPrefix);
    const release = currentRelease(this.#settings, state);
    const deployed = release !== undefined;
    return {
      deployed,
      type: this.#settings.type,
      target: host.name,
      url: this.url,
      release,
      enabled: record !== undefined && record.Enabled !== '0',
      moduleVersion: state.moduleVersion,
      webApplications: [...state.applications.keys()],
      answer:
        deployed && this.url !== undefined ? await probe(this.#probeOptions(release, this.url)) : undefined,
    };
  }

  /** Text of WSGI.log as it is written, beginning with the last lines, until aborted. It is one log for all applications. */
  followLogs(onText: (text: string) => void, signal: AbortSignal): Promise<void> {
    return this.#options.host.followLog(onText, signal);
  }

  /** The end of WSGI.log. */
  logs(): Promise<string> {
    return this.#options.host.readLog(0);
  }

  #lock(state: HostState): Promise<DeploymentLock> {
    const { name } = this.#settings;
    const { host, breakLock = false, clock = systemClock } = this.#options;
    return DeploymentLock.acquire({
      files: host.files,
      // Beside the directory of the application, which a first deployment that fails removes.
      directory: `${state.baseDirectory}.${name}.deploying`,
      name,
      force: breakLock,
      clock,
    });
  }

  #probeOptions(release: string, url: string) {
    const { health, signal } = this.#options;
    return {
      url: `${url.replace(/\/$/, '')}${this.#settings.healthPath}`,
      release,
      ...(health?.login === undefined ? {} : { login: health.login }),
      ...(signal === undefined ? {} : { signal }),
    };
  }

  async #prove(release: Release, logSizeBytes: number): Promise<DeploymentResult['proof']> {
    if (this.url === undefined) return 'unasked';
    const options = this.#probeOptions(release.id, this.url);
    this.#progress(`waiting for an answer of release ${release.id}`);
    const { clock } = this.#options;
    const outcome = await waitUntilServed({
      ...options,
      timeoutMs: this.#settings.healthTimeoutMs,
      ...(clock === undefined ? {} : { clock }),
    });
    if (outcome.kind === 'proven') return 'proven';
    this.#stopIfAborted();
    if (outcome.kind === 'login' && options.login === undefined) return 'login';
    throw notServed(outcome, options.url, await this.#options.host.readLog(logSizeBytes));
  }

  /** Nothing depends on old releases any more; when they cannot be removed, that is no failure of the new one. */
  async #prune(release: Release, before: HostState, plan: DeploymentPlan): Promise<void> {
    if (plan.action === 'nothing') return;
    try {
      await this.#removeStale(release, before);
      await this.#options.host.prune(release, before);
    } catch (error) {
      const logger = this.#options.logger ?? silentLogger;
      logger.log('warn', 'old releases could not be removed', {
        reason: isIrisError(error) ? error.message : String(error),
      });
    }
  }

  /** Static files that the release before had and this one has not: their directory goes with it. */
  async #removeStale(release: Release, before: HostState): Promise<void> {
    const { host } = this.#options;
    const state = await host.inspect(keyWithCompanions(this.#settings, before));
    const current = release.webApplications.map(({ name }) => name);
    const stale = [...withoutForeign(this.#settings, state).applications.keys()].filter(
      (path) => !current.includes(path),
    );
    if (stale.length > 0) await host.removeApplications(stale);
  }

  #stopIfAborted(): void {
    if (this.#options.signal?.aborted !== true) return;
    throw new IrisError('The deployment was aborted', { code: 'IRIS_ABORTED', hint: 'Deploy again.' });
  }

  #progress(step: string): void {
    this.#options.onProgress?.(step);
  }
}
