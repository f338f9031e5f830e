import {
  APPLICATION_PROPERTIES,
  applicationProperty,
  AUTHENTICATION_BITS,
  autheEnabled,
  CSP_AUTHENTICATION_ATTRIBUTES,
} from '../../manifest/security-applications.js';
import { LIMITS } from '../../manifest/vocabulary.js';
import { addAttribute, removeAttribute, renameAttribute, setAttribute } from '../edits.js';
import type { RuleContext } from '../finding.js';
import { nearestName } from '../near-name.js';
import { attribute, attributeValue, childrenNamed } from '../xml-tree.js';
import type { XmlAttribute, XmlElement } from '../xml-tree.js';

/** Other names of CSPApplication, with the property that means the same. */
const CSP_ATTRIBUTES: Readonly<Record<string, string | undefined>> = {
  Directory: 'Path',
  DeployPath: 'Path',
  SourcePath: undefined,
  UseSessionCookie: 'UseCookies',
  DefaultTimeout: 'Timeout',
  DefaultSuperclass: 'SuperClass',
  Namespace: 'NameSpace',
};

const SYSTEM_TYPE_BIT = 1 << 5;

export function checkWebApplications(context: RuleContext): void {
  for (const element of childrenNamed(context.module, 'WebApplication')) {
    checkPath(context, element);
    checkAttributeNames(context, element);
    checkValues(context, element);
    checkAuthentication(context, element);
    if (attribute(element, 'NameSpace') === undefined && attribute(element, 'Namespace') === undefined) {
      context.report(
        'web-namespace',
        element.start,
        'The web application names no namespace',
        'Add NameSpace="${namespace}".',
        [addAttribute(element, 'NameSpace', '${namespace}')],
      );
    }
  }
}

function checkPath({ report }: RuleContext, element: XmlElement): void {
  const name = attribute(element, 'Name');
  const url = attribute(element, 'Url');
  const path = name ?? url;
  if (path === undefined) return; // resource-name tells it
  if (name === undefined && url !== undefined) {
    report('web-url', url.start, 'The path is given as Url', `Write Name="${url.value}".`, [
      renameAttribute(url, 'Name'),
    ]);
  }
  const value = path.value;
  const expressionFree = !value.includes('${') && !value.includes('{$');
  const wrong =
    (expressionFree && !value.startsWith('/')) ||
    (value.length > 1 && value.endsWith('/')) ||
    (expressionFree && value.length > LIMITS.webApplicationNameChars);
  if (!wrong) return;
  const better = `/${value.replace(/^\/+/, '').replace(/\/+$/, '')}`;
  const mechanical = better.length > 1 && better.length <= LIMITS.webApplicationNameChars;
  report(
    'web-name',
    path.start,
    `"${value}" is not the path of a web application`,
    mechanical ? `Write Name="${better}".` : 'Use a path of at most 64 characters such as /api.',
    mechanical ? [setAttribute(path, better)] : undefined,
  );
}

function checkAttributeNames({ report, source }: RuleContext, element: XmlElement): void {
  for (const found of element.attributes) {
    const { name } = found;
    if (name === 'Name' || name === 'Url' || name === 'Scope' || applicationProperty(name) !== undefined)
      continue;
    if (Object.hasOwn(CSP_AUTHENTICATION_ATTRIBUTES, name)) {
      report(
        'web-attribute',
        found.start,
        `WebApplication ignores ${name}`,
        `Use AutheEnabled="${String(wantedAuthentication(element))}" instead.`,
        authenticationEdits(source, element, found),
      );
    } else if (Object.hasOwn(CSP_ATTRIBUTES, name)) {
      const property = CSP_ATTRIBUTES[name];
      const free = property !== undefined && attribute(element, property) === undefined;
      report(
        'web-attribute',
        found.start,
        `WebApplication ignores ${name}`,
        property === undefined
          ? 'Copy the files with <FileCopy> and name their directory in Path.'
          : `Use ${property} instead.`,
        free ? [renameAttribute(found, property)] : undefined,
      );
    } else {
      const meant = nearestName(name, Object.keys(APPLICATION_PROPERTIES));
      const free = meant !== undefined && attribute(element, meant) === undefined;
      report(
        'unknown-attribute',
        found.start,
        `Security.Applications has no property "${name}"`,
        meant === undefined ? 'Remove it.' : `Write ${meant}="${found.value}".`,
        free ? [renameAttribute(found, meant)] : undefined,
      );
    }
  }
}

/** What the CSPApplication attributes ask for; password when they ask for nothing. */
function wantedAuthentication(element: XmlElement): number {
  const methods = Object.entries(CSP_AUTHENTICATION_ATTRIBUTES).flatMap(([name, method]) =>
    ['1', 'true'].includes(attributeValue(element, name) ?? '') ? [method] : [],
  );
  return autheEnabled(methods.length === 0 ? ['password'] : methods);
}

/** The first of them carries the whole change, so that it is made once. */
function authenticationEdits(source: string, element: XmlElement, found: XmlAttribute) {
  const all = element.attributes.filter(({ name }) => Object.hasOwn(CSP_AUTHENTICATION_ATTRIBUTES, name));
  if (all[0] !== found) return undefined;
  const removals = all.map((each) => removeAttribute(source, each));
  if (attribute(element, 'AutheEnabled') !== undefined) return removals;
  const [first, ...rest] = removals;
  if (first === undefined) return undefined;
  return [{ ...first, text: ` AutheEnabled="${String(wantedAuthentication(element))}"` }, ...rest];
}

function checkValues({ report }: RuleContext, element: XmlElement): void {
  for (const found of element.attributes) {
    const shape = applicationProperty(found.name);
    if (shape === undefined) continue;
    const { value } = found;
    const dynamic =
      value.includes('${') || value.includes('{$') || value.includes('#{') || value.includes('$$$');
    if (found.name === 'AutheEnabled' ? !/^\d+$/.test(value) : false) {
      report(
        'web-value',
        found.start,
        `AutheEnabled="${value}" is not a plain number`,
        'Write a sum of 4, 32 (password), 64 (unauthenticated), 2048, 8192, 16384.',
      );
    } else if (dynamic) {
      continue;
    } else if (
      shape.kind !== 'text' &&
      !(shape.kind === 'flag' ? /^(?:[01]|true|false)$/ : /^\d+$/).test(value)
    ) {
      report(
        'web-value',
        found.start,
        `${found.name}="${value}" is not a ${shape.kind === 'flag' ? 'flag' : 'number'}`,
        shape.kind === 'flag' ? 'Write 0 or 1.' : 'Write a whole number.',
      );
    } else if (shape.maxChars !== undefined && value.length > shape.maxChars) {
      report(
        'web-value',
        found.start,
        `${found.name} has ${String(value.length)} characters`,
        `Use at most ${String(shape.maxChars)}.`,
      );
    }
  }
  const type = Number(attributeValue(element, 'Type') ?? '2');
  if (Number.isInteger(type) && (type & SYSTEM_TYPE_BIT) !== 0) {
    report(
      'web-system-type',
      attribute(element, 'Type')?.start ?? element.start,
      `Type="${String(type)}" is a system application`,
      'Leave Type out, or write 2.',
    );
  }
}

function checkAuthentication({ report }: RuleContext, element: XmlElement): void {
  const found = attribute(element, 'AutheEnabled');
  if (found === undefined) {
    const old = element.attributes.some(({ name }) => Object.hasOwn(CSP_AUTHENTICATION_ATTRIBUTES, name));
    if (old) return; // web-attribute tells it, with the number
    report(
      'web-open',
      element.start,
      'The web application does not say how to log in',
      'Add AutheEnabled="32" (password).',
      [addAttribute(element, 'AutheEnabled', String(autheEnabled(['password'])))],
    );
    return;
  }
  if (/^\d+$/.test(found.value) && (Number(found.value) & AUTHENTICATION_BITS.unauthenticated) !== 0) {
    report(
      'web-unauthenticated',
      found.start,
      `AutheEnabled="${found.value}" lets everybody in`,
      'Use 32 (password), unless the application is meant to be public.',
    );
  }
}
