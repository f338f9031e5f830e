import type { Node } from '@pgsql/types';

export interface RelationReference {
  readonly schema: string | undefined;
  readonly name: string;
  /** UTF-8 byte offset. */
  readonly location: number;
}

export interface FunctionReference {
  /** The last part of its name. */
  readonly name: string;
  readonly schema: string | undefined;
  readonly location: number;
}

export interface References {
  readonly relations: readonly RelationReference[];
  readonly functions: readonly FunctionReference[];
}

type Tree = Readonly<Record<string, unknown>>;

interface Found {
  readonly relations: RelationReference[];
  readonly functions: FunctionReference[];
}

/** Every table and function that a statement names, wherever it does; names of CTEs are told from tables by scope. */
export function referencesOf(node: Node): References {
  const found: Found = { relations: [], functions: [] };
  visit(node, new Set(), found);
  return found;
}

function visit(value: unknown, ctes: ReadonlySet<string>, found: Found): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(item, ctes, found);
    return;
  }
  if (!isTree(value)) return;
  const scope = isTree(value['withClause']) ? visitWith(value['withClause'], ctes, found) : ctes;
  for (const [key, child] of Object.entries(value)) {
    if (key === 'withClause') continue;
    if (key === 'RangeVar') addRelation(child, scope, found);
    // The target of INSERT, UPDATE, DELETE and MERGE: always a table, whatever CTEs are called.
    else if ((key === 'relation' || key === 'rel') && isTree(child) && 'relname' in child) {
      addRelation(child, new Set(), found);
    } else {
      if (key === 'FuncCall') addFunction(child, found);
      visit(child, scope, found);
    }
  }
}

/** Without RECURSIVE a CTE sees the ones before it, and a table of its own name rather than itself. */
function visitWith(clause: Tree, outer: ReadonlySet<string>, found: Found): ReadonlySet<string> {
  const names = new Set(outer);
  const ctes = Array.isArray(clause['ctes']) ? clause['ctes'].map(commonTableExpression).filter(isTree) : [];
  if (clause['recursive'] === true) for (const cte of ctes) names.add(String(cte['ctename']));
  for (const cte of ctes) {
    visit(cte['ctequery'], names, found);
    names.add(String(cte['ctename']));
  }
  return names;
}

function commonTableExpression(item: unknown): unknown {
  return isTree(item) ? item['CommonTableExpr'] : undefined;
}

function addRelation(value: unknown, ctes: ReadonlySet<string>, found: Found): void {
  if (!isTree(value)) return;
  const name = String(value['relname']);
  const schema = typeof value['schemaname'] === 'string' ? value['schemaname'] : undefined;
  if (schema === undefined && ctes.has(name)) return;
  found.relations.push({ schema, name, location: locationIn(value) });
}

function addFunction(value: unknown, found: Found): void {
  if (!isTree(value) || !Array.isArray(value['funcname'])) return;
  const names = value['funcname'].map((part) =>
    isTree(part) && isTree(part['String']) ? String(part['String']['sval']) : '',
  );
  found.functions.push({ name: names.at(-1) ?? '', schema: names.at(-2), location: locationIn(value) });
}

function locationIn(value: Tree): number {
  return typeof value['location'] === 'number' ? Math.max(value['location'], 0) : 0;
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
