import { readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { IrisError } from '@iris-devtools/core';
import { requirementNames } from '@iris-devtools/ipm';

const MAX_DEPTH = 5;
const MAX_BYTES = 1024 * 1024;

/**
 * The text of a requirements file with `-r other.txt` put in place.
 * @returns `undefined` when there is no such file.
 * @throws IrisError `IRIS_VALIDATION` for lines that IPM's pip cannot install: it takes wheels only, by name.
 */
export async function readRequirements(root: string, file: string): Promise<string | undefined> {
  const lines = await linesOf(resolve(root), resolve(root, file), 0);
  return lines === undefined ? undefined : `${lines.join('\n')}\n`;
}

/** Adds a package unless it is named. */
export function withRequirement(text: string, name: string): string {
  return requirementNames(text).includes(name)
    ? text
    : `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${name}\n`;
}

/** Lines that name a package: neither comments nor options. */
export function packageLines(text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '' && !/^\s*(?:#|-)/.test(line));
}

async function linesOf(root: string, path: string, depth: number): Promise<string[] | undefined> {
  const shown = relative(root, path).split(sep).join('/');
  if (shown.startsWith('..') || depth > MAX_DEPTH) {
    throw refused(
      shown,
      'it lies outside of the application or includes itself',
      'Put it into the application.',
    );
  }
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if (typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === 'ENOENT') {
      if (depth === 0) return undefined;
      throw refused(shown, 'it does not exist', 'Check the "-r" line that names it.');
    }
    throw new IrisError(`${shown} cannot be read`, {
      code: 'IRIS_IO',
      hint: 'Check the permissions.',
      cause,
    });
  }
  if (text.length > MAX_BYTES)
    throw refused(shown, 'it is too long', 'Check that this is a requirements file.');
  const lines: string[] = [];
  for (const [index, raw] of text
    .replaceAll(/\\\r?\n/g, ' ')
    .split(/\r\n|\r|\n/)
    .entries()) {
    const line = raw.trim();
    const included = /^(?:-r|--requirement)[\s=]+(\S+)$/.exec(line)?.[1];
    if (included === undefined) {
      refuseLine(line, `${shown}:${String(index + 1)}`);
      if (line !== '') lines.push(line);
    } else {
      lines.push(...((await linesOf(root, join(dirname(path), included), depth + 1)) ?? []));
    }
  }
  return lines;
}

function refuseLine(line: string, place: string): void {
  if (/^(?:-e|--editable)\b/.test(line))
    throw refused(place, 'editable packages have no wheel', 'Build a wheel and use `wheels`.');
  if (/^(?:-c|--constraint)\b/.test(line))
    throw refused(place, 'a constraint file is not copied', 'Write the versions into the requirements.');
  if (/(?:^|@\s*)(?:git|hg|svn|bzr)\+/.test(line))
    throw refused(place, 'packages from version control have no wheel', 'Build a wheel and use `wheels`.');
  if (/^(?:\.{0,2}\/|file:)/.test(line) || /@\s*file:/.test(line)) {
    throw refused(place, 'a local path does not exist on the server', 'Build a wheel and use `wheels`.');
  }
}

function refused(place: string, why: string, hint: string): IrisError {
  return new IrisError(`${place} cannot be used: ${why}`, { code: 'IRIS_VALIDATION', hint });
}
