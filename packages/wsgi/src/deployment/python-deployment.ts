import { IrisError, isIrisError, silentLogger } from '@iris-devtools/core';
import { LocalTarget, requirementNames } from '@iris-devtools/ipm';
import type { HostState } from '../host/application-host.js';
import { probe, waitUntilServed } from '../probe/probe.js';
import type { Release } from '../release/release.js';
import { prepareRelease } from '../release/release.js';
import { checkApplication } from '../source/check-application.js';
import type { ApplicationType } from '../source/frameworks.js';
import { readPythonSources } from '../source/python-sources.js';
import { checkHost, currentRelease, keyOfSettings } from './checks.js';
import { notServed } from './not-served.js';
import type { DeploymentOptions, Settings } from './options.js';
import { settingsOf } from './options.js';
import type { DeploymentPlan, DeploymentResult, DeploymentStatus, UndeployResult } from './results.js';

interface Prepared {
  readonly release: Release;
  readonly before: HostState;
  readonly plan: DeploymentPlan;
}

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
    return (await this.#prepare()).plan;
  }

  /**
   * Installs the application and waits until it answers with this release. The same sources and options change nothing.
   * When it fails, everything is put back: the old release, or none.
   * @throws IrisError as `plan`; `IRIS_DEPLOY` with the Python traceback when the application does not come up.
   */
  async deploy(): Promise<DeploymentResult> {
    const startedAt = performance.now();
    const { host } = this.#options;
    this.#progress('checking sources and server');
    const { release, before, plan } = await this.#prepare();
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
      throw await this.#rollBack(release, before, error);
    }
  }

  /**
   * Removes the web applications, the module and its files. Python packages stay: others may use them.
   * @throws IrisError `IRIS_DEPLOY` when the path belongs to another application, or something is left.
   */
  async undeploy(): Promise<UndeployResult> {
    const { host } = this.#options;
    const key = keyOfSettings(this.#settings);
    const state = await host.inspect(key);
    const files = await host.hasFiles(key, state);
    if (state.applications.size === 0 && state.moduleVersion === undefined && !files)
      return { removed: false };
    checkHost(this.#settings, state, host);
    this.#progress(`removing ${this.#settings.name} from ${host.name}`);
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

  async #prepare(): Promise<Prepared> {
    const { host } = this.#options;
    const settings = this.#settings;
    const sourceWarnings = await this.#checkSources();
    const release = await prepareRelease(this.#options, settings);
    const before = await host.inspect(keyOfSettings(settings));
    const hostWarnings = checkHost(settings, before, host);
    const current = currentRelease(settings, before);
    const plan: DeploymentPlan = {
      action: current === undefined ? 'create' : current === release.id ? 'nothing' : 'update',
      release: release.id,
      currentRelease: current,
      target: host.name,
      url: this.url,
      directory: `${before.baseDirectory}${release.directory}`,
      webApplications: release.webApplications.map(({ name }) => name),
      files: release.files.map(({ path }) => path),
      totalBytes: release.files.reduce((sum, file) => sum + file.sizeBytes, 0),
      requirements: requirementNames(release.requirements ?? ''),
      warnings: [...sourceWarnings, ...hostWarnings],
    };
    return { release, before, plan };
  }

  async #checkSources(): Promise<string[]> {
    const { python = 'python3', path, app } = this.#options;
    if (python === false) return ['the sources were not checked'];
    const sources = await readPythonSources(new LocalTarget(), python, path);
    if (sources === undefined) return [`${python} is not installed here, so the sources were not checked`];
    if (Object.keys(sources.files).length === 0) {
      throw new IrisError(`There is no Python file in ${path}`, {
        code: 'IRIS_VALIDATION',
        hint: 'Check `path`.',
      });
    }
    return checkApplication(sources, app, this.#settings.type);
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
      await this.#options.host.prune(release, before);
    } catch (error) {
      const logger = this.#options.logger ?? silentLogger;
      logger.log('warn', 'old releases could not be removed', {
        reason: isIrisError(error) ? error.message : String(error),
      });
    }
  }

  async #rollBack(release: Release, before: HostState, error: unknown): Promise<unknown> {
    this.#progress('failed; putting back what was there');
    const details = isIrisError(error) ? error.details : {};
    const message = isIrisError(error) ? error.message : String(error);
    const hint = isIrisError(error) ? error.hint : undefined;
    const code = isIrisError(error) ? error.code : 'IRIS_DEPLOY';
    try {
      await this.#options.host.restore(release, before);
    } catch (second) {
      const reason = isIrisError(second) ? second.message : String(second);
      return new IrisError(`${message}; putting back what was there failed as well: ${reason}`, {
        code: 'IRIS_DEPLOY',
        hint: 'Look at the web application and its directory on the server.',
        cause: error,
        details: { ...details, rolledBack: false },
      });
    }
    return new IrisError(message, { code, hint, cause: error, details: { ...details, rolledBack: true } });
  }

  #stopIfAborted(): void {
    if (this.#options.signal?.aborted !== true) return;
    throw new IrisError('The deployment was aborted', { code: 'IRIS_ABORTED', hint: 'Deploy again.' });
  }

  #progress(step: string): void {
    this.#options.onProgress?.(step);
  }
}
