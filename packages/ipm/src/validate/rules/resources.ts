import { DOCUMENT_TYPES, LIMITS, PHASES, WHENS } from '../../manifest/vocabulary.js';
import { setAttribute } from '../edits.js';
import type { RuleContext } from '../finding.js';
import { attribute, attributeValue } from '../xml-tree.js';
import type { XmlElement } from '../xml-tree.js';
import { resourceElements } from './elements.js';

/** IPM's own pattern for wheels. */
const WHEEL = /^[A-Za-z0-9\-_.]+\.(whl|WHL)$/;
const TEST_PHASES = ['test', 'verify', 'test,verify'];

/** Names of resources, duplicates, and the elements that name files by type. */
export function checkResources(context: RuleContext): void {
  const seen = new Map<string, string>();
  for (const element of resourceElements(context.module)) {
    checkDuplicate(context, element, seen);
    switch (element.name) {
      case 'Resource':
        checkDocument(context, element);
        break;
      case 'PythonWheel':
        checkWheel(context, element);
        break;
      case 'CPF':
        checkCpf(context, element);
        break;
      case 'Test':
      case 'UnitTest':
        checkTest(context, element);
        break;
    }
  }
}

function checkDuplicate({ report }: RuleContext, element: XmlElement, seen: Map<string, string>): void {
  const isWebApplication = element.name === 'WebApplication' || element.name === 'CSPApplication';
  const name = isWebApplication
    ? (attributeValue(element, 'Name') ?? attributeValue(element, 'Url'))
    : attributeValue(element, 'Name');
  if (!name) return;
  // A leading slash exempts a name from being unique, but not the path of a web application.
  if (name.startsWith('/') && !isWebApplication) return;
  const key = `${isWebApplication ? 'web ' : ''}${name.toLowerCase()}`;
  const first = seen.get(key);
  if (first === undefined) {
    seen.set(key, element.name);
    return;
  }
  report('duplicate-resource', element.start, `"${name}" is listed more than once`, 'Keep one of them.');
}

function checkDocument({ report }: RuleContext, element: XmlElement): void {
  const name = attribute(element, 'Name');
  if (name === undefined || attributeValue(element, 'ProcessorClass') !== undefined) return;
  if (name.value.length > LIMITS.resourceNameChars) {
    report(
      'document-type',
      name.start,
      `The name has ${String(name.value.length)} characters`,
      'Use at most 255 characters.',
    );
    return;
  }
  if (name.value.startsWith('/')) return;
  const type = name.value.slice(name.value.lastIndexOf('.') + 1);
  if ((DOCUMENT_TYPES as readonly string[]).includes(type)) return;
  const upper = type.toUpperCase();
  if ((DOCUMENT_TYPES as readonly string[]).includes(upper)) {
    const better = name.value.slice(0, -type.length) + upper;
    report(
      'document-type-case',
      name.start,
      `"${name.value}" has its type in lower case`,
      `Write Name="${better}".`,
      [setAttribute(name, better)],
    );
    return;
  }
  const requirements = name.value.toLowerCase() === 'requirements.txt';
  report(
    'document-type',
    name.start,
    `"${name.value}" is no document that IPM loads`,
    requirements
      ? 'Remove it: IPM packs and installs requirements.txt next to module.xml by itself.'
      : `Name a document (${DOCUMENT_TYPES.slice(0, 6).join(', ')}, ...), or a directory with a leading slash, or use <FileCopy>.`,
  );
}

function checkWheel({ report }: RuleContext, element: XmlElement): void {
  const name = attribute(element, 'Name');
  if (name !== undefined && !WHEEL.test(name.value)) {
    report(
      'wheel-name',
      name.start,
      `"${name.value}" is not the name of a wheel`,
      'Give the file name only, e.g. x-1.0-py3-none-any.whl, and its directory in Directory.',
    );
  }
  const directory = attribute(element, 'Directory');
  if (
    directory !== undefined &&
    (directory.value.startsWith('/') || directory.value.split('/').includes('..'))
  ) {
    report(
      'wheel-directory',
      directory.start,
      `Directory "${directory.value}" is not inside the module`,
      'Use a relative path such as wheels.',
    );
  }
}

function checkCpf({ report }: RuleContext, element: XmlElement): void {
  const phase = attribute(element, 'Phase');
  const when = attribute(element, 'When');
  const known = (attributes: readonly string[], value: string | undefined): boolean =>
    value === undefined || attributes.includes(value);
  if (known(PHASES, phase?.value) && known(WHENS, when?.value)) return;
  report(
    'cpf-phase',
    (phase ?? when ?? element).start,
    'The CPF names a phase or moment that IPM does not have',
    `Use a phase of ${PHASES.join(' ')} and When="Before" or "After".`,
  );
}

function checkTest({ report }: RuleContext, element: XmlElement): void {
  const named = attributeValue(element, 'Package') ?? attributeValue(element, 'Class');
  if (!named) {
    report(
      'test-scope',
      element.start,
      `<${element.name}> names neither Package nor Class`,
      'Add Package="..." or Class="...".',
    );
  }
  const phase = attribute(element, 'Phase');
  if (phase !== undefined && !TEST_PHASES.includes(phase.value.toLowerCase().replaceAll(' ', ''))) {
    report(
      'test-scope',
      phase.start,
      `Phase "${phase.value}" runs no tests`,
      'Write test, verify or test,verify.',
    );
  }
}
