import { APPLICATION_PROPERTIES } from '../../manifest/security-applications.js';
import {
  COMMON_RESOURCE_ATTRIBUTES,
  INVOKE_ATTRIBUTES,
  MODULE_PROPERTIES,
  RESOURCE_ELEMENTS,
} from '../../manifest/vocabulary.js';
import { renameAttribute, renameElement, replaceElement, emptyElement } from '../edits.js';
import type { RuleContext } from '../finding.js';
import { nearestName } from '../near-name.js';
import { attributeValue } from '../xml-tree.js';
import type { XmlElement } from '../xml-tree.js';

const RESOURCE_NAMES = [...Object.keys(RESOURCE_ELEMENTS), 'WebApplication'];
const KNOWN = [...MODULE_PROPERTIES, ...RESOURCE_NAMES];

const DEPRECATED: Readonly<Record<string, string>> = {
  CSPApplication: 'Use <WebApplication> with the properties of Security.Applications.',
  UnitTest: 'Use <Test> (IPM 0.9 and later).',
  SystemSetting: 'Set it with a <CPF> merge file.',
};

export const WSGI_ELEMENTS = ['WSGIApplication', 'ASGIApplication'];

export function isResourceElement(name: string): boolean {
  return RESOURCE_NAMES.includes(name);
}

/** The resources of a module: its own children and those in a Resources wrapper. */
export function resourceElements(module: XmlElement): XmlElement[] {
  return module.children.flatMap((child) =>
    child.name === 'Resources'
      ? child.children.filter((inner) => inner.name === 'Resource')
      : isResourceElement(child.name)
        ? [child]
        : [],
  );
}

/** Elements and attributes that IPM does not read. */
export function checkElements(context: RuleContext): void {
  for (const element of context.module.children) {
    if (WSGI_ELEMENTS.includes(element.name)) continue;
    if (element.name === 'Resources') checkWrapper(context, element);
    else if (isResourceElement(element.name)) checkResource(context, element);
    else if (!(MODULE_PROPERTIES as readonly string[]).includes(element.name))
      reportUnknown(context, element);
    if (element.name === 'Invoke') checkAttributes(context, element, INVOKE_ATTRIBUTES);
  }
}

function reportUnknown({ report }: RuleContext, element: XmlElement): void {
  // A dotted name can be the class of somebody's own resource processor, which only the server knows.
  if (element.name.includes('.') && element.attributes.some(({ name }) => name === 'Name')) return;
  const meant = nearestName(element.name, KNOWN);
  report(
    'unknown-element',
    element.start,
    `IPM knows no element <${element.name}>`,
    meant === undefined ? 'Remove it, or use an element that IPM has.' : `Write <${meant}>.`,
    meant === undefined ? undefined : renameElement(element, meant),
  );
}

/** Inside the wrapper IPM's transformation recognises Resource elements only. */
function checkWrapper(context: RuleContext, wrapper: XmlElement): void {
  for (const element of wrapper.children) {
    if (element.name === 'Resource') checkResource(context, element);
    else {
      context.report(
        'unknown-element',
        element.start,
        `Inside <Resources> IPM reads <Resource> only, not <${element.name}>`,
        `Put <${element.name}> directly into <Module>.`,
      );
    }
  }
}

function checkResource(context: RuleContext, element: XmlElement): void {
  const { report } = context;
  const deprecated = DEPRECATED[element.name];
  if (deprecated !== undefined) {
    const edits = element.name === 'UnitTest' ? renameElement(element, 'Test') : undefined;
    report('deprecated-element', element.start, `<${element.name}> is deprecated`, deprecated, edits);
  }
  const children = checkChildren(context, element);
  const named = ['Name', 'Path', 'SourcePath', 'Url'].some(
    (name) => attributeValue(element, name) !== undefined,
  );
  if (!named && !children.givesName) {
    report(
      'resource-name',
      element.start,
      `<${element.name}> has no Name attribute`,
      `Write <${element.name} Name="..."/>.`,
    );
  }
  const allowed = allowedAttributes(element);
  if (allowed !== undefined && element.name !== 'WebApplication') checkAttributes(context, element, allowed);
}

/** Child elements that say what an attribute should say become that attribute. */
function checkChildren(context: RuleContext, element: XmlElement): { readonly givesName: boolean } {
  if (element.children.length === 0) return { givesName: false };
  const allowed = allowedAttributes(element) ?? [];
  const pairs = element.children.map(
    (child) => [attributeFor(element.name, child.name, allowed), child] as const,
  );
  const mechanical = pairs.every(
    ([name, child]) =>
      name !== undefined &&
      child.children.length === 0 &&
      child.attributes.length === 0 &&
      attributeValue(element, name) === undefined,
  );
  const named = pairs.flatMap(([name, child]) =>
    name === undefined ? [] : [[name, child.text.trim()] as const],
  );
  const attributes = [...element.attributes.map(({ name, value }) => [name, value] as const), ...named];
  const distinct = new Set(attributes.map(([name]) => name)).size === attributes.length;
  const replacement = emptyElement(element.name, attributes);
  context.report(
    'resource-child',
    (element.children[0] ?? element).start,
    `<${element.name}> holds <${element.children.map((child) => child.name).join('>, <')}>`,
    mechanical && distinct ? `Write ${replacement}` : 'Write the values as attributes.',
    mechanical && distinct ? [replaceElement(element, replacement)] : undefined,
  );
  return { givesName: named.some(([name]) => name === 'Name') };
}

function attributeFor(element: string, child: string, allowed: readonly string[]): string | undefined {
  if (element === 'FileCopy' && child === 'Source') return 'Name';
  if (allowed.includes(child)) return child;
  return undefined;
}

function allowedAttributes(element: XmlElement): readonly string[] | undefined {
  if (element.name === 'WebApplication') return ['Name', 'Url', ...Object.keys(APPLICATION_PROPERTIES)];
  // A processor class of the user's own defines its own attributes.
  if (attributeValue(element, 'ProcessorClass') !== undefined) return undefined;
  const own = RESOURCE_ELEMENTS[element.name];
  return own === undefined ? undefined : [...COMMON_RESOURCE_ATTRIBUTES, ...own];
}

export function checkAttributes(context: RuleContext, element: XmlElement, allowed: readonly string[]): void {
  for (const attribute of element.attributes) {
    if (allowed.includes(attribute.name)) continue;
    const meant = nearestName(attribute.name, allowed);
    context.report(
      'unknown-attribute',
      attribute.start,
      `<${element.name}> has no attribute "${attribute.name}"`,
      meant === undefined ? 'Remove it.' : `Write ${meant}="${attribute.value}".`,
      meant === undefined || attributeValue(element, meant) !== undefined
        ? undefined
        : [renameAttribute(attribute, meant)],
    );
  }
}
