import type { RuleContext } from '../finding.js';
import { renameAttribute, setAttribute, addAttribute } from '../edits.js';
import { attribute, childrenNamed, childText } from '../xml-tree.js';
import type { XmlElement } from '../xml-tree.js';

type Report = RuleContext['report'];

/** Export, Document and Module; the module is looked at only when all three are found. */
export function checkDocument(
  root: XmlElement,
  source: string,
  report: Report,
): { readonly document: XmlElement; readonly module: XmlElement } | undefined {
  if (root.name !== 'Export') {
    report(
      'export-root',
      root.start,
      `The root element is <${root.name}>`,
      'Wrap the module in <Export generator="Cache" version="25"><Document name="NAME.ZPM">.',
    );
    return undefined;
  }
  const documents = childrenNamed(root, 'Document');
  const [document, secondDocument] = documents;
  if (document === undefined || secondDocument !== undefined) {
    report(
      'single-document',
      (secondDocument ?? root).start,
      `Export holds ${String(documents.length)} Document elements`,
      'Keep exactly one Document in module.xml.',
    );
    if (document === undefined) return undefined;
  }
  const modules = childrenNamed(document, 'Module');
  const [module, secondModule] = modules;
  if (module === undefined || secondModule !== undefined) {
    report(
      'single-module',
      (secondModule ?? document).start,
      `Document holds ${String(modules.length)} Module elements`,
      'Keep exactly one Module in the Document.',
    );
    if (module === undefined) return undefined;
  }
  checkDocumentName(document, module, source, report);
  return { document, module };
}

function checkDocumentName(document: XmlElement, module: XmlElement, source: string, report: Report): void {
  const moduleName = childText(module, 'Name');
  const expected = `${moduleName ?? 'NAME'}.ZPM`;
  const name = attribute(document, 'name');
  if (name === undefined) {
    const wrongCase = document.attributes.find((candidate) => candidate.name.toLowerCase() === 'name');
    const edits =
      wrongCase !== undefined
        ? [renameAttribute(wrongCase, 'name')]
        : moduleName
          ? [addAttribute(document, 'name', expected)]
          : undefined;
    report(
      'document-name-attribute',
      wrongCase?.start ?? document.start,
      wrongCase === undefined
        ? 'Document has no name'
        : `Document has "${wrongCase.name}" where IPM reads "name"`,
      `Write <Document name="${expected}">.`,
      edits,
    );
    return;
  }
  if (moduleName === undefined || name.value.toLowerCase() === expected.toLowerCase()) return;
  report(
    'document-name',
    name.start,
    `The document is named "${name.value}", the module "${moduleName}"`,
    `Write name="${expected}".`,
    source.slice(name.valueStart, name.valueEnd) === expected ? undefined : [setAttribute(name, expected)],
  );
}
