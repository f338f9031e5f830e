import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { IrisError } from '@iris-devtools/core';
import type { ModuleFile, ModuleResource, WebApplication } from '@iris-devtools/ipm';
import {
  asgiApplication,
  buildManifest,
  collectFiles,
  expressions,
  wsgiApplication,
} from '@iris-devtools/ipm';
import type { DeploymentOptions, Settings } from '../deployment/options.js';
import { readRequirements, withRequirement } from '../source/requirements.js';
import { entryModule, entryModuleName } from './entry-module.js';

/** What one deployment puts on the server; the same sources and settings give the same id. */
export interface Release {
  /** 12 hexadecimal digits. */
  readonly id: string;
  readonly settings: Settings;
  readonly files: readonly ModuleFile[];
  readonly requirements: string | undefined;
  readonly wheels: readonly ModuleFile[];
  /** Same requirements and wheels, same id: packages need not be installed, nor imported, again. */
  readonly packagesId: string;
  /** Below the base directory of the host. */
  readonly directory: string;
  /** The web applications, with expressions of IPM for directories and the namespace. */
  readonly webApplications: readonly WebApplication[];
  readonly manifest: string;
}

const PLACEHOLDER = 'RELEASE';

/** Expression of IPM that stands for the base directory of the host. */
export const BASE_EXPRESSION = expressions.libDir;

/**
 * Reads the sources; changes nothing.
 * @throws IrisError `IRIS_VALIDATION`, `IRIS_LIMIT` or `IRIS_IO` naming the file.
 */
export async function prepareRelease(options: DeploymentOptions, settings: Settings): Promise<Release> {
  const files = await applicationFiles(options, settings);
  const requirements = await requirementsOf(options, settings);
  const wheels =
    options.wheels === undefined
      ? []
      : (await collectFiles(options.wheels, [''])).filter(
          (file) => file.path.endsWith('.whl') && !file.path.includes('/'),
        );
  const id = await digest(files, requirements ?? '', manifestOf(settings, PLACEHOLDER));
  return {
    id,
    settings,
    files,
    requirements,
    wheels,
    packagesId: await digest(wheels, requirements ?? ''),
    directory: releaseDirectory(settings.name, id),
    webApplications: webApplicationsOf(settings, id),
    manifest: manifestOf(settings, id),
  };
}

export function releaseDirectory(name: string, id: string): string {
  return `${name}/r${id}/`;
}

/** The id in a directory of `releaseDirectory`, whatever lies before it. */
export function releaseIdOf(location: string, name: string): string | undefined {
  const parts = location.split('/').filter((part) => part !== '');
  const id = /^r([0-9a-f]{12})$/.exec(parts.at(-1) ?? '')?.[1];
  return parts.at(-2) === name ? id : undefined;
}

/** Writes the release as a module for IPM. */
export async function writeModule(release: Release, directory: string): Promise<void> {
  await writeSources(release, join(directory, 'src', 'python', `r${release.id}`));
  await writeFile(join(directory, 'module.xml'), release.manifest);
  if (release.requirements !== undefined)
    await writeFile(join(directory, 'requirements.txt'), release.requirements);
  for (const wheel of release.wheels) await copy(wheel, join(directory, 'wheels'));
}

/** Writes the application and the module in front of it; `packages` is a directory beside the releases. */
export async function writeSources(release: Release, directory: string, packages?: string): Promise<void> {
  for (const file of release.files) await copy(file, directory);
  await mkdir(directory, { recursive: true });
  const { app, type } = release.settings;
  const entry = entryModule({ ...app, type, release: release.id, packages });
  await writeFile(join(directory, `${entryModuleName(release.id)}.py`), entry);
}

async function copy(file: ModuleFile, directory: string): Promise<void> {
  const target = join(directory, file.path);
  await mkdir(dirname(target), { recursive: true });
  await copyFile(file.absolutePath, target);
}

async function applicationFiles(options: DeploymentOptions, settings: Settings): Promise<ModuleFile[]> {
  const excluded = new Set((options.exclude ?? []).map((path) => path.replace(/^\.?\/+|\/+$/g, '')));
  const all = await collectFiles(options.path, [''], {
    exclude: (path) => excluded.has(path) || (path.split('/').at(-1) ?? '').startsWith('.'),
  });
  // A directory with this file is a virtual environment: made for this machine, and large.
  const environments = all
    .filter((file) => file.path.endsWith('/pyvenv.cfg'))
    .map((file) => dirname(file.path));
  const files = all.filter(
    (file) => !environments.some((environment) => file.path.startsWith(`${environment}/`)),
  );
  const { staticFiles } = settings;
  if (staticFiles !== undefined && !files.some((file) => file.path.startsWith(`${staticFiles.directory}/`))) {
    throw new IrisError(`There is no file in ${staticFiles.directory}`, {
      code: 'IRIS_VALIDATION',
      hint: 'Check staticFiles.directory; for Django run collectstatic first.',
    });
  }
  return files;
}

async function requirementsOf(options: DeploymentOptions, settings: Settings): Promise<string | undefined> {
  const text = await readRequirements(options.path, options.requirements ?? 'requirements.txt');
  if (text === undefined && options.requirements !== undefined) {
    throw new IrisError(`${options.requirements} does not exist`, {
      code: 'IRIS_VALIDATION',
      hint: 'Check the option `requirements`; it is relative to `path`.',
    });
  }
  // IRIS runs ASGI applications through this package.
  return settings.type === 'asgi' ? withRequirement(text ?? '', 'a2wsgi') : text;
}

/** 12 hexadecimal digits. */
async function digest(files: readonly ModuleFile[], ...texts: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(`${String(text.length)}\n${text}`);
  for (const file of files) {
    const content = createHash('sha256')
      .update(await readFile(file.absolutePath))
      .digest('hex');
    hash.update(`${file.path}\0${content}\n`);
  }
  return hash.digest('hex').slice(0, 12);
}

function webApplicationsOf(settings: Settings, id: string): WebApplication[] {
  const location = `${BASE_EXPRESSION}${releaseDirectory(settings.name, id)}`;
  const { authentication, matchRoles, staticFiles } = settings;
  const make = settings.type === 'wsgi' ? wsgiApplication : asgiApplication;
  const main = make({
    urlPrefix: settings.urlPrefix,
    location,
    app: `${entryModuleName(id)}:app`,
    authentication,
    matchRoles,
    properties: { Description: `${settings.app.module}:${settings.app.callable} ${id}` },
  });
  if (staticFiles === undefined) return [main];
  return [
    main,
    {
      kind: 'web-application',
      name: staticFiles.url,
      authentication,
      properties: {
        NameSpace: expressions.namespace,
        Enabled: true,
        MatchRoles: matchRoles,
        Path: `${location}${staticFiles.directory}/`,
        ServeFiles: 1,
        Recurse: true,
      },
    },
  ];
}

function manifestOf(settings: Settings, id: string): string {
  const resources: ModuleResource[] = [
    // Releases lie side by side, so the old one serves until the web application is switched, and can come back.
    {
      kind: 'file-copy',
      source: '/src/python/',
      target: `${BASE_EXPRESSION}${settings.name}/`,
      overlay: true,
    },
    ...webApplicationsOf(settings, id),
  ];
  return buildManifest({
    name: settings.name,
    version: settings.version,
    description: `Python application ${settings.app.module}:${settings.app.callable}`,
    systemRequirements: { iris: settings.type === 'wsgi' ? '>=2024.1' : '>=2024.2' },
    sourcesRoot: 'src',
    resources,
    afterInstallMessage: `RELEASE ${id}`,
  });
}
