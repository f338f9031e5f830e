import { allowsOlderIris, parseVersionRange } from '../../manifest/version.js';
import { WSGI_DISPATCH_CLASS } from '../../manifest/vocabulary.js';
import { requirementNames } from '../../manifest/requirement-names.js';
import { addAttribute, emptyElement, insertBefore, setAttribute } from '../edits.js';
import type { TextEdit } from '../edits.js';
import type { RuleContext } from '../finding.js';
import { attribute, attributeValue, childrenNamed } from '../xml-tree.js';
import type { XmlElement } from '../xml-tree.js';
import { fileCopySource, fileCopyTarget, normalizeDirectory } from './file-copies.js';

const MODULE = /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/;
const IDENTIFIER = /^[A-Za-z_]\w*$/;

/** Web applications that Python code answers. */
export function checkPythonApplications(context: RuleContext): void {
  const applications = childrenNamed(context.module, 'WebApplication').filter(isPythonApplication);
  for (const element of applications) {
    checkDispatchClass(context, element);
    checkNames(context, element);
    checkLocation(context, element);
    checkType(context, element);
  }
  // One requirement serves all: the highest.
  const asgi = applications.find((element) => attributeValue(element, 'WSGIType') === '2');
  const [first] = applications;
  if (asgi !== undefined) checkIrisVersion(context, asgi, 'asgi-iris-version', 'ASGI', 2);
  else if (first !== undefined) checkIrisVersion(context, first, 'wsgi-iris-version', 'WSGI', 1);
}

function isPythonApplication(element: XmlElement): boolean {
  return (
    attributeValue(element, 'DispatchClass') === WSGI_DISPATCH_CLASS ||
    element.attributes.some(({ name }) => name.startsWith('WSGI'))
  );
}

function checkDispatchClass({ report }: RuleContext, element: XmlElement): void {
  const found = attribute(element, 'DispatchClass');
  if (found?.value === WSGI_DISPATCH_CLASS) return;
  report(
    'wsgi-dispatch',
    (found ?? element).start,
    found === undefined ? 'The Python application has no DispatchClass' : `DispatchClass is "${found.value}"`,
    `Write DispatchClass="${WSGI_DISPATCH_CLASS}".`,
    [
      found === undefined
        ? addAttribute(element, 'DispatchClass', WSGI_DISPATCH_CLASS)
        : setAttribute(found, WSGI_DISPATCH_CLASS),
    ],
  );
}

function checkNames({ report }: RuleContext, element: XmlElement): void {
  const name = attribute(element, 'WSGIAppName');
  const callable = attribute(element, 'WSGICallable');
  for (const required of ['WSGIAppLocation', 'WSGIAppName', 'WSGICallable']) {
    if (attributeValue(element, required)) continue;
    // `module:callable` in WSGIAppName is split by its own fix.
    if (required === 'WSGICallable' && name?.value.includes(':') === true) continue;
    report(
      'wsgi-required',
      element.start,
      `The Python application has no ${required}`,
      `Add ${required}="...".`,
    );
  }
  if (name !== undefined && name.value !== '' && !isDynamic(name.value) && !MODULE.test(name.value)) {
    reportAppName(report, element, name.value);
  }
  if (
    callable !== undefined &&
    callable.value !== '' &&
    !isDynamic(callable.value) &&
    !IDENTIFIER.test(callable.value)
  ) {
    report(
      'wsgi-callable',
      callable.start,
      `"${callable.value}" is not a Python name`,
      'Write the name of the callable in the module, e.g. app.',
    );
  }
}

function reportAppName(report: RuleContext['report'], element: XmlElement, value: string): void {
  const name = attribute(element, 'WSGIAppName');
  if (name === undefined) return;
  const [path = '', callable, ...rest] = value.split(':');
  const module = path
    .replace(/\.py$/, '')
    .replace(/^\.?\//, '')
    .replaceAll('/', '.');
  const existing = attribute(element, 'WSGICallable');
  const understood =
    MODULE.test(module) && rest.length === 0 && (callable === undefined || IDENTIFIER.test(callable));
  const edits: TextEdit[] = [setAttribute(name, module)];
  if (callable !== undefined) {
    edits.push(
      existing === undefined
        ? addAttribute(element, 'WSGICallable', callable)
        : setAttribute(existing, callable),
    );
  }
  const contradicts = callable !== undefined && existing !== undefined && existing.value !== callable;
  report(
    'wsgi-app-name',
    name.start,
    `"${value}" is not a Python module name`,
    understood
      ? `Write WSGIAppName="${module}"${callable === undefined ? '' : ` WSGICallable="${callable}"`}.`
      : 'Write the dotted name that Python imports, e.g. myapp or mysite.wsgi.',
    understood && !contradicts ? edits : undefined,
  );
}

function isDynamic(value: string): boolean {
  return value.includes('${') || value.includes('{$');
}

/** Some FileCopy has to fill the directory that Python imports from. */
function checkLocation({ report, module }: RuleContext, element: XmlElement): void {
  const location = attribute(element, 'WSGIAppLocation');
  if (location === undefined || location.value === '') return;
  const wanted = normalizeDirectory(location.value);
  const copies = childrenNamed(module, 'FileCopy').filter(
    (copy) => fileCopySource(copy) !== undefined && fileCopyTarget(copy) !== undefined,
  );
  // A directory below a copied one is filled as well.
  if (copies.some((copy) => wanted.startsWith(normalizeDirectory(fileCopyTarget(copy) ?? '')))) return;
  const targets = copies.map((copy) => fileCopyTarget(copy) ?? '').filter((target) => target.endsWith('/'));
  const only = targets.length === 1 ? targets[0] : undefined;
  report(
    'wsgi-location',
    location.start,
    `Nothing is copied to WSGIAppLocation "${location.value}"`,
    only === undefined
      ? `Add <FileCopy Name="/src/python/" Target="${location.value}"/>.`
      : `Write WSGIAppLocation="${only}", which a FileCopy fills, or copy the files to ${location.value}.`,
  );
}

function checkType({ report, files }: RuleContext, element: XmlElement): void {
  const type = attribute(element, 'WSGIType');
  if (type !== undefined && !isDynamic(type.value) && type.value !== '1' && type.value !== '2') {
    report(
      'wsgi-type',
      type.start,
      `WSGIType="${type.value}" is not known`,
      'Write 1 for WSGI or 2 for ASGI.',
    );
    return;
  }
  if (type?.value !== '2' || files === undefined) return;
  if (!requirementNames(files.read('requirements.txt') ?? '').includes('a2wsgi')) {
    report(
      'asgi-a2wsgi',
      type.start,
      'requirements.txt does not name a2wsgi',
      'Add a line "a2wsgi" to requirements.txt next to module.xml.',
    );
  }
}

function checkIrisVersion(
  { module, report, source }: RuleContext,
  element: XmlElement,
  rule: 'wsgi-iris-version' | 'asgi-iris-version',
  what: string,
  minor: number,
): void {
  const requirements = childrenNamed(module, 'SystemRequirements')[0];
  const version = requirements === undefined ? undefined : attribute(requirements, 'Version');
  const range = version === undefined ? undefined : parseVersionRange(version.value);
  if (range !== undefined && !allowsOlderIris(range, 2024, minor)) return;
  // What cannot be read, or stands in a child element, has a finding of its own.
  if (version !== undefined && range === undefined) return;
  if (requirements !== undefined && requirements.children.length > 0) return;
  const wanted = `>=2024.${String(minor)}`;
  const edits =
    version !== undefined
      ? [setAttribute(version, wanted)]
      : requirements !== undefined
        ? [addAttribute(requirements, 'Version', wanted)]
        : [insertBefore(source, element, emptyElement('SystemRequirements', [['Version', wanted]]))];
  report(
    rule,
    (version ?? requirements ?? element).start,
    version === undefined
      ? `The module has ${what} and does not say which IRIS it needs`
      : `Version="${version.value}" allows an IRIS without ${what}`,
    `Write <SystemRequirements Version="${wanted}"/>.`,
    edits,
  );
}
