import type { Finding, ModuleFiles, RuleContext } from './finding.js';
import { FindingList } from './finding.js';
import { checkDocument } from './rules/document.js';
import { checkElements } from './rules/elements.js';
import { checkExpressions } from './rules/expression-uses.js';
import { checkFileCopies } from './rules/file-copies.js';
import { checkFiles } from './rules/files.js';
import { checkInvokes } from './rules/invokes.js';
import { checkMetadata } from './rules/metadata.js';
import { checkPythonApplications } from './rules/python-applications.js';
import { checkRequirements } from './rules/requirements.js';
import { checkResources } from './rules/resources.js';
import { checkWebApplications } from './rules/web-applications.js';
import { checkWsgiElements } from './rules/wsgi-elements.js';
import { parseXml } from './xml-tree.js';

export interface ValidateOptions {
  /** What lies next to module.xml; without it, rules about files are left out. */
  readonly files?: ModuleFiles;
  /** Classes that exist before the module is loaded although they are not listed in it. */
  readonly preloadedClasses?: readonly string[];
}

/** Longest module.xml that is looked at, in characters. */
export const MAX_MANIFEST_CHARS = 1_048_576;

const MODULE_RULES: readonly ((context: RuleContext) => void)[] = [
  checkMetadata,
  checkElements,
  checkWsgiElements,
  checkRequirements,
  checkInvokes,
  checkResources,
  checkWebApplications,
  checkPythonApplications,
  checkFileCopies,
  checkExpressions,
  checkFiles,
];

/**
 * What IPM would refuse, ignore or do differently than module.xml looks, in the order of the text; at most 1,000 findings.
 * Never throws for a bad manifest; a text that is not XML gives one finding.
 */
export function validateManifest(source: string, options: ValidateOptions = {}): Finding[] {
  const list = new FindingList(source);
  if (source.length > MAX_MANIFEST_CHARS) {
    const size = `${String(source.length)} characters, more than ${String(MAX_MANIFEST_CHARS)}`;
    list.report('xml-syntax', 0, `The file has ${size}`, 'Check that this is a module.xml.');
    return list.sorted();
  }
  const { root, problem } = parseXml(source);
  if (problem !== undefined || root === undefined) {
    list.report(
      'xml-syntax',
      problem?.offset ?? 0,
      `The file is not well-formed XML: ${problem?.message ?? 'there is no element'}`,
      'Correct the XML; `<` and `&` inside values are written &lt; and &amp;.',
    );
    return list.sorted();
  }
  const found = checkDocument(root, source, list.report);
  if (found !== undefined) {
    const context: RuleContext = {
      source,
      ...found,
      files: options.files,
      preloadedClasses: options.preloadedClasses ?? [],
      report: list.report,
    };
    for (const rule of MODULE_RULES) rule(context);
  }
  return list.sorted();
}
