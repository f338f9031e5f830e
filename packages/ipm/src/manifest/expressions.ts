/**
 * What IPM evaluates inside attribute values and arguments: `${name}` or `{$name}`, names without case.
 * Source: IPM's Storage.Module.%Evaluate and the resource processors; see the class of each group below.
 */

/** Directory values end with `/`. Use them inside template strings: `${expressions.libDir}myapp/`. */
export const expressions = {
  namespace: '${namespace}',
  namespaceLower: '${namespaceLower}',
  namespaceRoutineDb: '${namespaceRoutineDB}',
  namespaceGlobalsDb: '${namespaceGlobalsDB}',
  installDir: '${installDir}',
  dataDir: '${dataDir}',
  mgrDir: '${mgrDir}',
  cspDir: '${cspDir}',
  binDir: '${binDir}',
  libDir: '${libDir}',
  webRoot: '${webroot}',
  globalsDbRole: '${globalsDbRole}',
  /** Only in `MatchRoles` of a web application: a role that may read the code database. */
  codeDbReadRole: '${codeDbReadRole}',
  root: '${root}',
  packageName: '${packagename}',
  /** Needs IPM 0.10.4 in resources, 0.10.5 in arguments of an invoke. */
  ipmDir: '${ipmDir}',
} as const;

/** The value of a `Default` of the module, overridable at install time with `-DName=value`. */
export function parameter<Name extends string>(name: Name): `\${${Name}}` {
  return `\${${name}}`;
}

const BUILT_IN = new Set(
  [
    'namespace',
    'ns',
    'namespaceLower',
    'namespaceRoutineDB',
    'namespaceGlobalsDB',
    'installDir',
    'dataDir',
    'mgrDir',
    'cspDir',
    'binDir',
    'libDir',
    'webroot',
    'globalsDbRole',
    'dbrole',
    'root',
    'packagename',
    'ipmDir',
    'version',
    'verbose',
    'codeDbReadRole',
  ].map((name) => name.toLowerCase()),
);

/** True when IPM itself gives this name a value. */
export function isBuiltInExpression(name: string): boolean {
  return BUILT_IN.has(name.toLowerCase());
}

export interface ExpressionUse {
  readonly name: string;
  /** Where `${` or `{$` begins in the text, in UTF-16 units. */
  readonly offset: number;
  readonly length: number;
}

/** Every `${name}` and `{$name}` of a text, left to right. An unclosed one is not an expression: IPM leaves it as it is. */
export function findExpressions(text: string): ExpressionUse[] {
  const found: ExpressionUse[] = [];
  let at = 0;
  while (at < text.length - 1) {
    const opener = text.startsWith('${', at) || text.startsWith('{$', at);
    if (!opener) {
      at += 1;
      continue;
    }
    const end = text.indexOf('}', at + 2);
    // Nothing is closed from here on.
    if (end < 0) break;
    found.push({ name: text.slice(at + 2, end), offset: at, length: end + 1 - at });
    at = end + 1;
  }
  return found;
}

/** One spelling for comparing values: `{$LibDir}x/` and `${libdir}x/` are the same place. */
export function normalizeExpressions(text: string): string {
  let out = '';
  let at = 0;
  for (const use of findExpressions(text)) {
    out += `${text.slice(at, use.offset)}\${${use.name.toLowerCase()}}`;
    at = use.offset + use.length;
  }
  return out + text.slice(at);
}
