import { IrisError } from '@iris-devtools/core';
import { LocalTarget, requirementNames } from '@iris-devtools/ipm';
import type { HostState } from '../host/application-host.js';
import type { Release } from '../release/release.js';
import { prepareRelease } from '../release/release.js';
import { checkApplication } from '../source/check-application.js';
import { readPythonSources } from '../source/python-sources.js';
import { checkHost, currentRelease, keyOfSettings } from './checks.js';
import type { DeploymentOptions, Settings } from './options.js';
import type { DeploymentPlan } from './results.js';

/** A release with what its sources and the host say against it. */
export interface PreparedRelease {
  readonly release: Release;
  readonly warnings: readonly string[];
}

export interface PlannedDeployment {
  readonly before: HostState;
  readonly plan: DeploymentPlan;
}

/** @throws IrisError `IRIS_VALIDATION`, `IRIS_LIMIT`, `IRIS_IO` for the sources, and what the host refuses. */
export async function prepare(options: DeploymentOptions, settings: Settings): Promise<PreparedRelease> {
  const sourceWarnings = await checkSources(options, settings);
  const release = await prepareRelease(options, settings);
  return { release, warnings: [...sourceWarnings, ...(await options.host.check(release))] };
}

/** Compares with what is there now. @throws IrisError `IRIS_DEPLOY` naming what is in the way. */
export async function planFor(
  options: DeploymentOptions,
  settings: Settings,
  { release, warnings }: PreparedRelease,
  url: string | undefined,
): Promise<PlannedDeployment> {
  const { host } = options;
  const before = await host.inspect(keyOfSettings(settings));
  const hostWarnings = checkHost(settings, before, host);
  const current = currentRelease(settings, before);
  const plan: DeploymentPlan = {
    action: current === undefined ? 'create' : current === release.id ? 'nothing' : 'update',
    release: release.id,
    currentRelease: current,
    target: host.name,
    url,
    directory: `${before.baseDirectory}${release.directory}`,
    webApplications: release.webApplications.map(({ name }) => name),
    files: release.files.map(({ path }) => path),
    totalBytes: release.files.reduce((sum, file) => sum + file.sizeBytes, 0),
    requirements: requirementNames(release.requirements ?? ''),
    warnings: [...warnings, ...hostWarnings],
  };
  return { before, plan };
}

async function checkSources(options: DeploymentOptions, settings: Settings): Promise<string[]> {
  const { python = 'python3', path, app } = options;
  if (python === false) return ['the sources were not checked'];
  const sources = await readPythonSources(new LocalTarget(), python, path);
  if (sources === undefined) return [`${python} is not installed here, so the sources were not checked`];
  if (Object.keys(sources.files).length === 0) {
    throw new IrisError(`There is no Python file in ${path}`, {
      code: 'IRIS_VALIDATION',
      hint: 'Check `path`.',
    });
  }
  return checkApplication(sources, app, settings.type);
}
