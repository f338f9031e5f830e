import { findExpressions, isBuiltInExpression } from '../../manifest/expressions.js';
import { setAttribute } from '../edits.js';
import type { RuleContext } from '../finding.js';
import { nearestName } from '../near-name.js';
import { attributeValue, childrenNamed } from '../xml-tree.js';
import type { XmlAttribute, XmlElement } from '../xml-tree.js';
import { isResourceElement } from './elements.js';

const DEPRECATED: Readonly<Record<string, string>> = {
  dbrole: 'globalsDbRole',
};

const NAMES = [
  'namespace',
  'mgrdir',
  'libdir',
  'cspdir',
  'bindir',
  'datadir',
  'installdir',
  'globalsDbRole',
  'ipmdir',
  'root',
];

/** `${...}` in resources, defaults, arguments and the message. */
export function checkExpressions(context: RuleContext): void {
  const defaults = childrenNamed(context.module, 'Default').map(
    (element) => attributeValue(element, 'Name') ?? '',
  );
  const known = new Set(defaults.map((name) => name.toLowerCase()));
  for (const element of context.module.children) {
    if (element.name === 'AfterInstallMessage') checkText(context, element, element.text, known);
    if (element.name === 'Invoke') {
      for (const arg of childrenNamed(element, 'Arg')) checkText(context, arg, arg.text, known);
    }
    if (isResourceElement(element.name) || element.name === 'Invoke' || element.name === 'Default') {
      for (const attribute of element.attributes) checkAttribute(context, attribute, known);
    }
  }
}

function checkText(
  context: RuleContext,
  element: XmlElement,
  text: string,
  known: ReadonlySet<string>,
): void {
  for (const { name } of findExpressions(text)) reportUse(context, element.start, name, known, undefined);
}

function checkAttribute(context: RuleContext, attribute: XmlAttribute, known: ReadonlySet<string>): void {
  for (const { name } of findExpressions(attribute.value)) {
    reportUse(context, attribute.start, name, known, attribute);
  }
  if (attribute.value.includes('#{')) {
    context.report(
      'code-expression',
      attribute.start,
      `${attribute.name} is computed by ObjectScript`,
      'Write the value itself.',
    );
  }
}

function reportUse(
  { report }: RuleContext,
  offset: number,
  name: string,
  known: ReadonlySet<string>,
  attribute: XmlAttribute | undefined,
): void {
  const lower = name.toLowerCase();
  const better = DEPRECATED[lower];
  if (better !== undefined) {
    const edits =
      attribute === undefined
        ? undefined
        : [setAttribute(attribute, replaceExpression(attribute.value, lower, better))];
    report('deprecated-expression', offset, `\${${name}} is deprecated`, `Write \${${better}}.`, edits);
    return;
  }
  if (known.has(lower) || isBuiltInExpression(name)) return;
  const meant = nearestName(name, NAMES);
  report(
    'unknown-expression',
    offset,
    `IPM has no expression \${${name}}`,
    lower === 'authunauthenticated'
      ? 'Write the number in AutheEnabled: 64 is unauthenticated, 32 is password.'
      : meant === undefined
        ? `Add <Default Name="${name}" Value="..."/> or use a built-in expression.`
        : `Write \${${meant}}.`,
  );
}

function replaceExpression(text: string, lowerName: string, replacement: string): string {
  let out = '';
  let at = 0;
  for (const use of findExpressions(text)) {
    if (use.name.toLowerCase() !== lowerName) continue;
    out += `${text.slice(at, use.offset)}\${${replacement}}`;
    at = use.offset + use.length;
  }
  return out + text.slice(at);
}
