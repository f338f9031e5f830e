import { IrisError } from '@iris-devtools/core';
import type { ApplicationHost, ApplicationKey, HostState } from '../host/application-host.js';
import { releaseIdOf } from '../release/release.js';
import type { Settings } from './options.js';

/** The path and the one for static files. */
export function keyOfSettings(settings: Settings): ApplicationKey {
  const { name, namespace, urlPrefix, staticFiles } = settings;
  return { name, namespace, urlPaths: [urlPrefix, ...(staticFiles === undefined ? [] : [staticFiles.url])] };
}

/**
 * The same with what a deployment with other options may have put below the path: whoever removes an application need not
 * know which static files it had.
 */
export function keyWithCompanions(settings: Settings, state: HostState): ApplicationKey {
  const key = keyOfSettings(settings);
  const below = `${settings.urlPrefix.toLowerCase()}/`;
  const others = (state.allPaths ?? [`${settings.urlPrefix}/static`])
    .map((path) => path.replace(/\/+$/, ''))
    .filter((path) => path.toLowerCase().startsWith(below) && !key.urlPaths.includes(path));
  return { ...key, urlPaths: [...key.urlPaths, ...others] };
}

/** Leaves out applications below the path that are not of this deployment. */
export function withoutForeign(settings: Settings, state: HostState): HostState {
  const own = keyOfSettings(settings).urlPaths;
  const applications = [...state.applications].filter(
    ([path, record]) =>
      own.includes(path) || isOurs(record.WSGIAppLocation ?? '', record.Path ?? '', settings, state),
  );
  return { ...state, applications: new Map(applications) };
}

/**
 * What can be known about the server before anything is changed.
 * @returns warnings.
 * @throws IrisError `IRIS_DEPLOY` naming what is in the way.
 */
export function checkHost(settings: Settings, state: HostState, host: ApplicationHost): string[] {
  const minor = settings.type === 'wsgi' ? 1 : 2;
  if (state.irisVersion !== undefined && isOlder(state.irisVersion, 2024, minor)) {
    throw refused(
      `IRIS ${state.irisVersion} does not serve ${settings.type.toUpperCase()} applications`,
      `Use IRIS 2024.${String(minor)} or later.`,
    );
  }
  if (!state.namespaceExists)
    throw refused(`There is no namespace ${settings.namespace}`, 'Create it, or choose another.');
  for (const [path, record] of state.applications) {
    if (!isOurs(record.WSGIAppLocation ?? '', record.Path ?? '', settings, state)) {
      throw refused(
        `${path} is a web application already, and not one of this deployment`,
        'Choose another urlPrefix, or remove that application first.',
      );
    }
  }
  return [...neighbours(settings, state), ...unknowns(settings, state, host)];
}

/** A record belongs to this deployment when it points into its directory. */
function isOurs(location: string, path: string, settings: Settings, state: HostState): boolean {
  const directory = `${state.baseDirectory}${settings.name}/`;
  return location.startsWith(directory) || (location === '' && path.startsWith(directory));
}

function isOlder(version: string, year: number, minor: number): boolean {
  const [major = 0, second = 0] = version.split('.').map(Number);
  return major < year || (major === year && second < minor);
}

/** Applications whose path lies above or below ours take requests from each other; the longer path wins. */
function neighbours(settings: Settings, state: HostState): string[] {
  const own = keyOfSettings(settings).urlPaths.map((path) => path.toLowerCase());
  const ours = settings.urlPrefix.toLowerCase();
  return (state.allPaths ?? []).flatMap((path) => {
    const other = path.toLowerCase().replace(/\/+$/, '');
    if (other === '' || own.includes(other)) return [];
    if (other.startsWith(`${ours}/`))
      return [`${path} exists and takes requests below ${settings.urlPrefix}`];
    if (ours.startsWith(`${other}/`))
      return [`${settings.urlPrefix} takes requests from ${path}, which exists`];
    return [];
  });
}

function unknowns(settings: Settings, state: HostState, host: ApplicationHost): string[] {
  const warnings: string[] = [];
  if (state.irisVersion === undefined) warnings.push('the version of IRIS is not known');
  if (state.allPaths === undefined)
    warnings.push('other web applications cannot be seen, so their paths are not compared');
  if (host.webUrl === undefined)
    warnings.push('the URL of the web server is not known, so nothing proves that the new code serves');
  if (settings.authentication.includes('unauthenticated'))
    warnings.push('anyone can call the application without logging in');
  return warnings;
}

/** The release that a web application points to. */
export function currentRelease(settings: Settings, state: HostState): string | undefined {
  const record = state.applications.get(settings.urlPrefix);
  return record === undefined ? undefined : releaseIdOf(record.WSGIAppLocation ?? '', settings.name);
}

function refused(message: string, hint: string): IrisError {
  return new IrisError(message, { code: 'IRIS_DEPLOY', hint });
}
