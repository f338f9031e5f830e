import { normalizeExpressions } from '../../manifest/expressions.js';
import { setAttribute } from '../edits.js';
import type { RuleContext } from '../finding.js';
import { attribute, attributeValue, childrenNamed } from '../xml-tree.js';
import type { XmlElement } from '../xml-tree.js';

const SHARED_DIRECTORIES = new Set([
  '/',
  '${installdir}',
  '${bindir}',
  '${cspdir}',
  '${datadir}',
  '${libdir}',
  '${libdir}python/',
  '${mgrdir}',
  '${mgrdir}python/',
  '${webroot}',
  '/usr/irissys/',
  '/usr/irissys/bin/',
  '/usr/irissys/csp/',
  '/usr/irissys/lib/',
  '/usr/irissys/lib/python/',
  '/usr/irissys/mgr/',
  '/usr/irissys/mgr/python/',
]);

/** Where a FileCopy puts its files; IPM has three names for it. */
export function fileCopyTarget(element: XmlElement): string | undefined {
  return (
    attributeValue(element, 'InstallDirectory') ??
    attributeValue(element, 'Target') ??
    attributeValue(element, 'Dest')
  );
}

export function fileCopySource(element: XmlElement): string | undefined {
  return attributeValue(element, 'SourceDirectory') ?? attributeValue(element, 'Name');
}

const DIRECTORY_EXPRESSION = /(\$\{(?:install|data|mgr|csp|bin|lib|ipm)dir\}|\$\{root\})/g;

/** Names between slashes; an expression for a directory ends with a slash of its own. */
function segments(path: string): string[] {
  return normalizeExpressions(path).replaceAll(DIRECTORY_EXPRESSION, '$1/').split('/');
}

/** A directory as IRIS would see it: `.` and `..` resolved, one slash between names, expressions in one spelling. */
export function normalizeDirectory(path: string): string {
  const parts: string[] = [];
  for (const part of segments(path)) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0) parts.pop();
    else parts.push(part);
  }
  const absolute = path.startsWith('/') ? '/' : '';
  const joined = parts.map((part) => `${part}/`).join('');
  return (
    absolute +
    joined.replaceAll(/(\$\{[a-z]+\})\//g, (whole, expression: string) =>
      expression.search(DIRECTORY_EXPRESSION) === 0 ? expression : whole,
    )
  );
}

/** Sources inside the module, targets of its own. */
export function checkFileCopies(context: RuleContext): void {
  for (const element of childrenNamed(context.module, 'FileCopy')) {
    checkSource(context, element);
    checkTarget(context, element);
  }
}

function checkSource({ report, files }: RuleContext, element: XmlElement): void {
  const name = attribute(element, 'Name');
  if (name === undefined) return;
  const source = name.value;
  if (segments(source).includes('..')) {
    report(
      'copy-parent',
      name.start,
      `FileCopy source "${source}" leaves the module`,
      'Move the files into the module and name them from its root.',
    );
    return;
  }
  if (source.startsWith('${') || source.startsWith('{$')) return;
  const slashless = files?.kindOf(source.replace(/^\/+/, '')) === 'directory' && !source.endsWith('/');
  const wanted = `${source.startsWith('/') ? '' : '/'}${source}${slashless ? '/' : ''}`;
  if (!source.startsWith('/')) {
    report(
      'copy-slash',
      name.start,
      `FileCopy source "${source}" has no leading slash`,
      `Write Name="${wanted}".`,
      [setAttribute(name, wanted)],
    );
  } else if (slashless) {
    report(
      'copy-directory-slash',
      name.start,
      `FileCopy source "${source}" is a directory`,
      `Write Name="${wanted}".`,
      [setAttribute(name, wanted)],
    );
  }
}

function checkTarget({ report }: RuleContext, element: XmlElement): void {
  const target = fileCopyTarget(element);
  if (target === undefined || target === '') {
    if (element.children.length > 0) return; // resource-child tells it, with the fix
    report('copy-target', element.start, 'FileCopy has no target', 'Add Target="${libdir}NAME/".');
    return;
  }
  const at = ['InstallDirectory', 'Target', 'Dest'].map((name) => attribute(element, name)).find(Boolean);
  const offset = at?.start ?? element.start;
  if (segments(target).includes('..')) {
    report(
      'copy-parent',
      offset,
      `FileCopy target "${target}" leaves its directory`,
      'Name the directory without "..".',
    );
    return;
  }
  const isDirectory = fileCopySource(element)?.endsWith('/') === true;
  if (isDirectory && SHARED_DIRECTORIES.has(normalizeDirectory(target))) {
    report(
      'copy-shared-target',
      offset,
      `FileCopy target "${target}" is shared with others`,
      'Use a directory of this module, e.g. ${libdir}NAME/.',
    );
  } else if (isDirectory && !target.endsWith('/') && at !== undefined) {
    report(
      'copy-directory-slash',
      offset,
      `FileCopy target "${target}" is a directory`,
      `Write Target="${target}/".`,
      [setAttribute(at, `${target}/`)],
    );
  }
}
