import { readFileSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { IrisError } from '@iris-devtools/core';
import type { Finding, ModuleFiles } from '../validate/finding.js';
import { resourceElements } from '../validate/rules/elements.js';
import { fileCopySource } from '../validate/rules/file-copies.js';
import { MAX_MANIFEST_CHARS, validateManifest } from '../validate/validate-manifest.js';
import { attributeValue, childText, parseXml } from '../validate/xml-tree.js';
import type { XmlElement } from '../validate/xml-tree.js';

/** Absent: the manifest does not say it. */
export interface ManifestFacts {
  readonly name: string | undefined;
  readonly version: string | undefined;
  readonly sourcesRoot: string | undefined;
  /** Paths of the web applications that the module creates, in order; those with expressions are left out. */
  readonly webApplications: readonly string[];
}

/** A module on disk: module.xml and what lies next to it. */
export interface ModuleDirectory extends ManifestFacts {
  readonly root: string;
  readonly source: string;
  readonly files: ModuleFiles;
  /** Paths that belong to the module, relative to its root; they exist. */
  readonly paths: readonly string[];
}

/** Files that IPM packs whatever the manifest says. */
const ALWAYS = [
  'module.xml',
  'requirements.txt',
  'README.md',
  'LICENSE',
  'CHANGELOG.md',
  'preload',
  '.modules',
];

/**
 * Reads `root`/module.xml and finds what belongs to the module.
 * @throws IrisError `IRIS_IO` when there is no module.xml that can be read.
 */
export function openModuleDirectory(root: string): ModuleDirectory {
  const source = readManifest(join(root, 'module.xml'));
  const files = filesOf(root);
  const module = moduleElement(source);
  const facts = factsOf(module);
  const named = module === undefined ? [] : namedPaths(module, facts.sourcesRoot);
  return {
    root,
    source,
    files,
    ...facts,
    paths: [...new Set([...ALWAYS, ...named])].filter((path) => files.kindOf(path) !== undefined),
  };
}

/** What a manifest says about its module; nothing is checked. */
export function readManifestFacts(source: string): ManifestFacts {
  return factsOf(moduleElement(source));
}

function moduleElement(source: string): XmlElement | undefined {
  const document = parseXml(source).root?.children.find((child) => child.name === 'Document');
  return document?.children.find((child) => child.name === 'Module');
}

function factsOf(module: XmlElement | undefined): ManifestFacts {
  return {
    name: module && childText(module, 'Name'),
    version: module && childText(module, 'Version'),
    sourcesRoot: module && childText(module, 'SourcesRoot'),
    webApplications: module === undefined ? [] : webApplicationPaths(module),
  };
}

/** Findings for a module on disk, rules about files included. */
export function validateModuleDirectory(directory: ModuleDirectory): Finding[] {
  return validateManifest(directory.source, { files: directory.files });
}

function readManifest(path: string): string {
  try {
    if (statSync(path).size > MAX_MANIFEST_CHARS * 4) throw new Error('the file is too large');
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new IrisError(`${path} cannot be read`, {
      code: 'IRIS_IO',
      hint: 'Give the directory that holds module.xml, or make one with `iris-ipm init`.',
      cause,
    });
  }
}

function filesOf(root: string): ModuleFiles {
  const inside = (path: string): string | undefined =>
    path === '' || isAbsolute(path) || path.split('/').includes('..') ? undefined : join(root, path);
  return {
    kindOf(path) {
      const full = inside(path);
      const info = full === undefined ? undefined : statSync(full, { throwIfNoEntry: false });
      return info?.isDirectory() === true ? 'directory' : info?.isFile() === true ? 'file' : undefined;
    },
    read(path) {
      const full = inside(path);
      const info = full === undefined ? undefined : statSync(full, { throwIfNoEntry: false });
      if (full === undefined || info?.isFile() !== true || info.size > MAX_MANIFEST_CHARS) return undefined;
      return readFileSync(full, 'utf8');
    },
  };
}

/** The sources root as a whole, and what resources name outside of it. Without a sources root, what is named. */
function namedPaths(module: XmlElement, sourcesRoot: string | undefined): string[] {
  const found: string[] = [];
  if (sourcesRoot) found.push(trimSlashes(sourcesRoot));
  else found.push('cls', 'inc', 'rtn', 'gbl', 'cpf', 'src');
  for (const element of resourceElements(module)) {
    const name = attributeValue(element, 'Name') ?? '';
    if (element.name === 'PythonWheel')
      found.push(trimSlashes(attributeValue(element, 'Directory') ?? 'wheels'));
    if (element.name === 'Test' || element.name === 'UnitTest') found.push(trimSlashes(name));
    if (element.name === 'Resource' && name.startsWith('/')) found.push(trimSlashes(name));
    if (element.name === 'FileCopy') {
      const source = fileCopySource(element) ?? '';
      if (!source.startsWith('${') && !source.startsWith('{$')) found.push(trimSlashes(source));
    }
  }
  return found.filter((path) => path !== '');
}

function webApplicationPaths(module: XmlElement): string[] {
  return module.children.flatMap((element) => {
    if (element.name !== 'WebApplication' && element.name !== 'CSPApplication') return [];
    const path = attributeValue(element, 'Name') ?? attributeValue(element, 'Url') ?? '';
    return path.startsWith('/') && !path.includes('{') ? [path] : [];
  });
}

function trimSlashes(path: string): string {
  return path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
}
