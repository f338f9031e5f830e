import { autheEnabled, CSP_AUTHENTICATION_ATTRIBUTES } from '../../manifest/security-applications.js';
import { WSGI_DISPATCH_CLASS } from '../../manifest/vocabulary.js';
import { emptyElement, replaceElement } from '../edits.js';
import type { RuleContext } from '../finding.js';
import { attributeValue, childText } from '../xml-tree.js';
import type { XmlElement } from '../xml-tree.js';
import { WSGI_ELEMENTS } from './elements.js';
import { fileCopyTarget } from './file-copies.js';

/** `<WSGIApplication>` and `<ASGIApplication>`, in every form that has been seen, become a WebApplication. */
export function checkWsgiElements(context: RuleContext): void {
  for (const element of context.module.children) {
    if (!WSGI_ELEMENTS.includes(element.name)) continue;
    const attributes = webApplicationAttributes(context, element);
    const missing = attributes.filter(([, value]) => value === undefined).map(([name]) => name);
    const written = emptyElement(
      'WebApplication',
      attributes.map(([name, value]) => [name, value ?? '...'] as const),
    );
    context.report(
      'wsgi-element',
      element.start,
      `<${element.name}> does not exist in IPM`,
      missing.length === 0 ? `Write ${written}` : `Write ${written} and fill in ${missing.join(', ')}.`,
      missing.length === 0 ? [replaceElement(element, written)] : undefined,
    );
  }
}

function webApplicationAttributes(
  context: RuleContext,
  element: XmlElement,
): (readonly [string, string | undefined])[] {
  const value = (...names: string[]): string | undefined =>
    names.map((name) => attributeValue(element, name) ?? childText(element, name)).find((text) => text);
  const path = value('Url', 'URLPrefix', 'UrlPrefix', 'URL') ?? value('Name');
  const [module, callable] = (value('WSGIAppName', 'ASGIAppName', 'Module') ?? '').split(':');
  return [
    ['Name', path?.startsWith('/') === true ? withoutTrailingSlash(path) : undefined],
    ['NameSpace', value('NameSpace', 'Namespace') ?? '${namespace}'],
    ['Enabled', value('Enabled') === '0' || value('Enabled') === 'false' ? '0' : '1'],
    ['AutheEnabled', String(authentication(element))],
    ...optional('MatchRoles', value('MatchRoles')),
    ['DispatchClass', WSGI_DISPATCH_CLASS],
    ['WSGIAppLocation', value('WSGIAppLocation', 'Path', 'Location') ?? onlyCopyTarget(context.module)],
    ['WSGIAppName', module === '' ? undefined : module],
    ['WSGICallable', value('WSGICallable', 'Callable') ?? callable ?? 'app'],
    ...(element.name === 'ASGIApplication' ? [['WSGIType', '2'] as const] : []),
  ];
}

function optional(name: string, value: string | undefined): (readonly [string, string])[] {
  return value === undefined ? [] : [[name, value]];
}

function withoutTrailingSlash(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}

/** Password, unless the old attributes name something else. */
function authentication(element: XmlElement): number {
  const methods = Object.entries(CSP_AUTHENTICATION_ATTRIBUTES).flatMap(([name, method]) =>
    ['1', 'true'].includes(attributeValue(element, name) ?? '') ? [method] : [],
  );
  return methods.length === 0 ? autheEnabled(['password']) : autheEnabled(methods);
}

function onlyCopyTarget(module: XmlElement): string | undefined {
  const targets = module.children.flatMap((child) =>
    child.name === 'FileCopy' && fileCopyTarget(child)?.endsWith('/') === true ? [fileCopyTarget(child)] : [],
  );
  return targets.length === 1 ? targets[0] : undefined;
}
