import { parseVersionRange } from '../../manifest/version.js';
import { SYSTEM_REQUIREMENT_ATTRIBUTES } from '../../manifest/vocabulary.js';
import { emptyElement, replaceElement, setAttribute } from '../edits.js';
import type { RuleContext } from '../finding.js';
import { attribute, attributeValue, childrenNamed, childText } from '../xml-tree.js';
import type { XmlElement } from '../xml-tree.js';
import { checkAttributes } from './elements.js';

/** SystemRequirements and Dependencies. */
export function checkRequirements(context: RuleContext): void {
  for (const element of childrenNamed(context.module, 'SystemRequirements')) {
    checkForm(context, element);
    checkAttributes(context, element, SYSTEM_REQUIREMENT_ATTRIBUTES);
    for (const name of ['Version', 'IPMVersion', 'PythonVersion']) checkRange(context, element, name);
    const ipmVersion = attribute(element, 'IPMVersion');
    if (ipmVersion !== undefined) {
      context.report(
        'ipm-version-requirement',
        ipmVersion.start,
        'IPMVersion fails where IPM is mapped',
        'Remove it and check the version before installing.',
      );
    }
  }
  for (const dependencies of childrenNamed(context.module, 'Dependencies')) {
    for (const reference of dependencies.children) checkDependency(context, reference);
  }
}

function checkForm({ report }: RuleContext, element: XmlElement): void {
  const [child] = element.children;
  if (child === undefined) return;
  const pairs = element.children.map((inner) => [inner.name, requirementText(inner.text)] as const);
  const names = [...element.attributes.map(({ name }) => name), ...pairs.map(([name]) => name)];
  const mechanical =
    pairs.every(([name]) => (SYSTEM_REQUIREMENT_ATTRIBUTES as readonly string[]).includes(name)) &&
    new Set(names).size === names.length;
  const written = emptyElement('SystemRequirements', [
    ...element.attributes.map(({ name, value }) => [name, value] as const),
    ...pairs,
  ]);
  report(
    'requirements-form',
    child.start,
    `SystemRequirements holds <${child.name}>`,
    mechanical ? `Write ${written}` : `Use attributes only: ${SYSTEM_REQUIREMENT_ATTRIBUTES.join(', ')}.`,
    mechanical ? [replaceElement(element, written)] : undefined,
  );
}

/** People write `IRIS>=2024.1`; the name of the product is implied. */
function requirementText(text: string): string {
  return text.trim().replace(/^(?:InterSystems\s+)?IRIS\s*(?=[<>=^~\d])/i, '');
}

function checkRange({ report }: RuleContext, element: XmlElement, name: string): void {
  const found = attribute(element, name);
  if (found === undefined || parseVersionRange(found.value) !== undefined) return;
  const better = requirementText(found.value);
  const mechanical = parseVersionRange(better) !== undefined;
  report(
    'version-range',
    found.start,
    `SystemRequirements ${name}="${found.value}" is not a version range`,
    mechanical ? `Write ${name}="${better}".` : 'Write for example >=2024.1, ^1.2.0 or 1.0.0 - 2.0.0.',
    mechanical ? [setAttribute(found, better)] : undefined,
  );
}

function checkDependency({ report }: RuleContext, reference: XmlElement): void {
  if (reference.name !== 'ModuleReference') {
    report(
      'dependency',
      reference.start,
      `Dependencies holds <${reference.name}>`,
      'Write <ModuleReference><Name>x</Name><Version>^1.0.0</Version></ModuleReference>.',
    );
    return;
  }
  const name = childText(reference, 'Name');
  const version = childText(reference, 'Version');
  const extra = reference.children.find((child) => child.name !== 'Name' && child.name !== 'Version');
  if (!name || extra !== undefined) {
    report(
      'dependency',
      (extra ?? reference).start,
      name ? `ModuleReference holds <${extra?.name ?? ''}>` : 'ModuleReference has no Name',
      'Give it Name and Version child elements and nothing else.',
    );
  } else if (!version) {
    report(
      'dependency',
      reference.start,
      `The dependency on ${name} has no Version, which IPM before 0.10.7 requires`,
      'Add <Version>*</Version> or a range.',
    );
  } else if (parseVersionRange(version) === undefined) {
    report(
      'version-range',
      reference.start,
      `"${version}" is not a version range`,
      'Write for example ^1.2.0 or >=1.0.0.',
    );
  }
  const scope = attributeValue(reference, 'Scope');
  if (scope !== undefined && scope !== 'test' && scope !== 'verify') {
    report(
      'dependency',
      reference.start,
      `Scope "${scope}" is not known`,
      'Write Scope="test" or Scope="verify", or leave it out.',
    );
  }
}
