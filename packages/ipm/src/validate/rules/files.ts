import type { ModuleFiles, RuleContext } from '../finding.js';
import { attributeValue, childrenNamed, childText } from '../xml-tree.js';
import type { XmlElement } from '../xml-tree.js';
import { resourceElements } from './elements.js';
import { fileCopySource } from './file-copies.js';

/** Directory that documents of a type are looked up in. Source: IPM's default directories by document type. */
const DOCUMENT_DIRECTORIES: Readonly<Record<string, string>> = {
  CLS: 'cls',
  PKG: 'cls',
  INC: 'inc',
  MAC: 'rtn',
  INT: 'rtn',
  GBL: 'gbl',
};

/** Files that the manifest names and that are not there. Needs `files`. */
export function checkFiles(context: RuleContext): void {
  const { files, module } = context;
  if (files === undefined) return;
  const sourcesRoot = childText(module, 'SourcesRoot') ?? '';
  for (const element of resourceElements(module)) {
    const missing = missingPath(element, sourcesRoot, files);
    if (missing !== undefined) {
      context.report(
        'missing-file',
        element.start,
        `${missing} is not in the module`,
        `Add ${missing}, or remove <${element.name}>.`,
      );
    }
  }
  for (const copy of childrenNamed(module, 'FileCopy')) {
    const source = fileCopySource(copy);
    if (source === undefined || source.startsWith('${') || source.startsWith('{$')) continue;
    if (source.split('/').includes('..')) continue; // copy-parent tells it
    const path = source.replace(/^\/+/, '').replace(/\/+$/, '');
    const kind = files.kindOf(path);
    if (kind === undefined || (source.endsWith('/') && kind === 'file')) {
      context.report(
        'missing-file',
        copy.start,
        `${source} is not in the module`,
        `Add ${source}, or correct Name.`,
      );
    }
  }
}

/** The first place that IPM looks in, when it is in none of them. */
function missingPath(element: XmlElement, sourcesRoot: string, files: ModuleFiles): string | undefined {
  const name = attributeValue(element, 'Name') ?? '';
  switch (element.name) {
    case 'PythonWheel':
      return firstMissing([join(attributeValue(element, 'Directory') ?? 'wheels', name)], files);
    case 'CPF':
      return firstMissing([join(sourcesRoot, attributeValue(element, 'Directory') ?? 'cpf', name)], files);
    case 'Test':
    case 'UnitTest':
      return firstMissing([join(name)], files);
    case 'Resource':
      return missingDocument(element, name, sourcesRoot, files);
    default:
      return undefined;
  }
}

function missingDocument(
  element: XmlElement,
  name: string,
  sourcesRoot: string,
  files: ModuleFiles,
): string | undefined {
  const generated = ['1', 'true'].includes(attributeValue(element, 'Generated') ?? '');
  const ownProcessor = attributeValue(element, 'ProcessorClass') !== undefined;
  if (generated || ownProcessor || name.startsWith('/') || !name.includes('.')) return undefined;
  const type = name.slice(name.lastIndexOf('.') + 1).toUpperCase();
  const typeDirectory = DOCUMENT_DIRECTORIES[type];
  if (typeDirectory === undefined) return undefined;
  const stem = name.slice(0, name.lastIndexOf('.'));
  const bases = [join(sourcesRoot, attributeValue(element, 'Directory') ?? typeDirectory), join(sourcesRoot)];
  const path = stem.replaceAll('.', '/');
  const names = type === 'PKG' ? [path, stem] : [path, stem].map((each) => `${each}.${type.toLowerCase()}`);
  if (type === 'CLS') names.push(`${stem}.xml`, `${path}.xml`);
  return firstMissing(
    bases.flatMap((base) => names.map((each) => join(base, each))),
    files,
  );
}

function firstMissing(paths: readonly string[], files: ModuleFiles): string | undefined {
  return paths.some((path) => files.kindOf(path) !== undefined) ? undefined : paths[0];
}

function join(...parts: readonly string[]): string {
  return parts
    .flatMap((part) => part.split('/'))
    .filter((part) => part !== '')
    .join('/');
}
