import { parseSync } from 'libpg-query';

/** A node of libpg-query's tree, `{ SelectStmt: { ... } }`, with its kind taken out. */
export interface SyntaxNode {
  readonly kind: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Nodes are objects with a single key that starts with a capital letter. */
export function asNode(value: unknown): SyntaxNode | undefined {
  if (!isRecord(value)) return undefined;
  const [kind, ...others] = Object.keys(value);
  if (kind === undefined || others.length > 0 || !/^[A-Z]/.test(kind)) return undefined;
  const fields = value[kind];
  return isRecord(fields) ? { kind, fields } : undefined;
}

/** Calls `visit` for every node in the tree, parents first. */
export function walk(tree: unknown, visit: (node: SyntaxNode) => void): void {
  if (Array.isArray(tree)) {
    for (const item of tree) walk(item, visit);
    return;
  }
  if (!isRecord(tree)) return;
  const node = asNode(tree);
  if (node !== undefined) visit(node);
  for (const value of Object.values(tree)) {
    if (typeof value === 'object') walk(value, visit);
  }
}

/** The statements of a text, as nodes. @throws libpg-query's SqlError on a syntax error */
export function parseStatements(sql: string): SyntaxNode[] {
  const statements = parseSync(sql).stmts ?? [];
  return statements.map(({ stmt }) => asNode(stmt)).filter((node) => node !== undefined);
}

/** Byte offset of a node in the statement; the tree omits 0. */
export function locationOf(node: SyntaxNode): number {
  const { location } = node.fields;
  return typeof location === 'number' ? location : 0;
}
