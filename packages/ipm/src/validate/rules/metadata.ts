import { isBuiltInExpression } from '../../manifest/expressions.js';
import { parseVersion } from '../../manifest/version.js';
import { LIMITS } from '../../manifest/vocabulary.js';
import { emptyElement, replaceElement, setText } from '../edits.js';
import type { RuleContext } from '../finding.js';
import { attributeValue, childrenNamed } from '../xml-tree.js';
import type { XmlElement } from '../xml-tree.js';

const MODULE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

const SINGLE = [
  'Name',
  'Version',
  'ExternalName',
  'Description',
  'Keywords',
  'Author',
  'Packaging',
  'LifecycleClass',
  'SourcesRoot',
  'SystemRequirements',
  'AfterInstallMessage',
  'InstallerClass',
  'UpdatePackage',
];

/** Name, version and the other properties of the module itself. */
export function checkMetadata(context: RuleContext): void {
  const { module, report } = context;
  for (const name of SINGLE) {
    const second = childrenNamed(module, name)[1];
    if (second !== undefined) {
      report('repeated-element', second.start, `Module holds more than one ${name}`, `Keep one ${name}.`);
    }
  }
  checkName(context);
  checkVersion(context);
  const sourcesRoot = childrenNamed(module, 'SourcesRoot')[0];
  if (sourcesRoot !== undefined && sourcesRoot.text.trim().length > LIMITS.sourcesRootChars) {
    report(
      'sources-root',
      sourcesRoot.start,
      `SourcesRoot has ${String(sourcesRoot.text.trim().length)} characters`,
      'Use a directory name of at most 20 characters, e.g. src.',
    );
  }
  const packaging = childrenNamed(module, 'Packaging')[0];
  if (packaging !== undefined && !['module', 'studio-project'].includes(packaging.text.trim())) {
    report(
      'packaging',
      packaging.start,
      `Packaging is "${packaging.text.trim()}"`,
      'Write <Packaging>module</Packaging>.',
    );
  }
  const author = childrenNamed(module, 'Author')[0];
  if (author !== undefined && author.children.length === 0 && author.text.trim() !== '') {
    report(
      'author-text',
      author.start,
      'Author holds plain text',
      'Put the name into <Person> or <Organization> inside <Author>.',
    );
  }
  for (const element of childrenNamed(module, 'Default')) checkDefault(context, element);
  for (const element of childrenNamed(module, 'Parameter')) checkParameter(context, element);
}

function checkName({ module, report }: RuleContext): void {
  const element = childrenNamed(module, 'Name')[0];
  const name = element?.text.trim() ?? '';
  if (MODULE_NAME.test(name)) return;
  report(
    'module-name',
    (element ?? module).start,
    name === '' ? 'The module has no Name' : `"${name.slice(0, 120)}" is not a module name`,
    'Use at most 100 letters, digits, dots, hyphens and underscores, beginning with a letter or digit.',
  );
}

function checkVersion({ module, report }: RuleContext): void {
  const element = childrenNamed(module, 'Version')[0];
  const text = element?.text.trim() ?? '';
  const version = text.length > LIMITS.versionChars ? undefined : parseVersion(text);
  if (element === undefined || version === undefined) {
    const padded = paddedVersion(text);
    report(
      'module-version',
      (element ?? module).start,
      text === '' ? 'The module has no Version' : `"${text.slice(0, 120)}" is not a semantic version`,
      `Write major.minor.patch, e.g. ${padded ?? '1.0.0'}.`,
      element === undefined || padded === undefined ? undefined : [setText(element, padded)],
    );
    return;
  }
  if (version.prerelease?.toUpperCase() === 'SNAPSHOT') {
    report(
      'snapshot-version',
      element.start,
      `Version ${text} is a snapshot`,
      'Drop -SNAPSHOT for a release.',
    );
  }
}

/** `1` and `1.2` with the parts that are missing. */
function paddedVersion(text: string): string | undefined {
  const padded = /^\d+$/.test(text) ? `${text}.0.0` : `${text}.0`;
  return /^\d+(?:\.\d+)?$/.test(text) && parseVersion(padded) !== undefined ? padded : undefined;
}

function checkDefault({ report }: RuleContext, element: XmlElement): void {
  const name = attributeValue(element, 'Name') ?? '';
  const value = attributeValue(element, 'Value') ?? '';
  if (name === '' || name.length > 255 || value.length > LIMITS.defaultValueChars) {
    const what = name === '' ? 'has no Name' : 'has a Name or Value that is too long';
    report(
      'default-value',
      element.start,
      `Default ${what}`,
      'Write <Default Name="X" Value="..."/> within the limits.',
    );
  }
  if (isBuiltInExpression(name)) {
    report(
      'default-name',
      element.start,
      `Default "${name}" has the name of a built-in expression`,
      'Choose another name.',
    );
  }
}

function checkParameter({ report }: RuleContext, element: XmlElement): void {
  const name = attributeValue(element, 'Name');
  const text = element.text.trim();
  if (text === '') return;
  const edits =
    name === undefined
      ? undefined
      : [
          replaceElement(
            element,
            emptyElement('Default', [
              ['Name', name],
              ['Value', text],
            ]),
          ),
        ];
  report(
    'parameter-text',
    element.start,
    `The text of Parameter ${name ?? ''} is lost`,
    `Write <Default Name="${name ?? 'X'}" Value="${text.slice(0, 80)}"/>.`,
    edits,
  );
}
