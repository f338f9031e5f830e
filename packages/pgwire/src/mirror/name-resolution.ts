import { scanSync, type ScanToken } from 'libpg-query';
import { quoteIdentifier } from '../oracle/bootstrap.js';
import { ByteOffsets, applyEdits, originalPosition, type Edit } from '../oracle/edited-text.js';
import type { Description, Oracle, OracleRequest } from '../oracle/oracle.js';
import { isRecord, walk, type SyntaxNode } from '../oracle/syntax.js';
import { PgError } from '../pg-error.js';
import type { MirrorCatalog, MirrorTable } from '../sql/plan.js';

/**
 * IRIS finds a name in whatever case it is written, quoted or not. PostgreSQL does not find `"Person"` where its catalog
 * says `person`. When a statement failed because of a name, its names are looked up again as IRIS would; those that
 * PostgreSQL can find by itself, and all aliases, are left alone.
 */
export interface ResolvedStatement {
  /** The tree with PostgreSQL's names; locations still refer to the client's text. */
  readonly node: unknown;
  /** What to change in the client's text; empty when no name was found. */
  readonly edits: readonly Edit[];
}

interface Replacement {
  /** Byte offset of the whole dotted name. */
  readonly location: number;
  /** Which part of it. */
  readonly part: number;
  readonly name: string;
  /** The select list must go on showing the client's own spelling. */
  readonly showAs?: string;
}

interface StringNode {
  readonly String: { sval: string };
}

function isStringNode(value: unknown): value is StringNode {
  return isRecord(value) && isRecord(value.String) && typeof value.String.sval === 'string';
}

function sameInIris(a: string, b: string): boolean {
  return a.toUpperCase() === b.toUpperCase();
}

class Resolver {
  readonly replacements: Replacement[] = [];
  readonly #catalog: MirrorCatalog;
  readonly #searchPath: readonly string[];
  readonly #tables = new Set<MirrorTable>();
  /** Names that the statement itself gives: aliases, CTEs, output columns. */
  readonly #ownNames = new Set<string>();
  /** Tables named without an alias: the name that qualifies their columns, and the one that must do so now. */
  readonly #renamedTables = new Map<string, string>();
  readonly #shown = new Set<SyntaxNode['fields']>();

  constructor(catalog: MirrorCatalog, searchPath: readonly string[]) {
    this.#catalog = catalog;
    this.#searchPath = searchPath;
  }

  collect({ kind, fields }: SyntaxNode): void {
    for (const key of ['aliasname', 'ctename'] as const) {
      if (typeof fields[key] === 'string') this.#ownNames.add(fields[key]);
    }
    for (const key of ['alias', 'aliascolnames', 'colnames'] as const) this.#collectNames(fields[key]);
    if (kind !== 'SelectStmt') return;
    for (const target of resTargets(fields.targetList)) {
      if (typeof target.name === 'string') this.#ownNames.add(target.name);
    }
  }

  #collectNames(value: unknown): void {
    if (Array.isArray(value)) for (const item of value) this.#collectNames(item);
    else if (isStringNode(value)) this.#ownNames.add(value.String.sval);
    else if (isRecord(value)) {
      if (typeof value.aliasname === 'string') this.#ownNames.add(value.aliasname);
      this.#collectNames(value.colnames);
    }
  }

  table(fields: Record<string, unknown>): void {
    const { relname, schemaname } = fields;
    if (typeof relname !== 'string') return;
    const schema = typeof schemaname === 'string' ? schemaname : undefined;
    if (schema === undefined && this.#ownNames.has(relname)) return;
    const table = this.#catalog.findTable(schema, relname, this.#searchPath);
    if (table === undefined) return;
    this.#tables.add(table);
    const location = locationIn(fields);
    if (schema !== undefined && schema !== table.pgSchema) {
      this.replacements.push({ location, part: 0, name: table.pgSchema });
      fields.schemaname = table.pgSchema;
    }
    if (relname === table.pgName) return;
    this.replacements.push({ location, part: schema === undefined ? 0 : 1, name: table.pgName });
    fields.relname = table.pgName;
    if (!isRecord(fields.alias)) this.#renamedTables.set(relname, table.pgName);
  }

  #column(name: string): string | undefined {
    const columns = [...this.#tables].flatMap((table) => table.columns);
    if (this.#ownNames.has(name) || columns.some((column) => column.pgName === name)) return undefined;
    const found = new Set(
      columns.filter((column) => sameInIris(column.irisName, name)).map((column) => column.pgName),
    );
    return found.size === 1 ? [...found][0] : undefined;
  }

  /** What stands before a column: the table next to it, the schema one further. */
  #qualifier(name: string, distance: number): string | undefined {
    if (distance === 2) return this.#renamedTables.get(name);
    const table = [...this.#tables].find(({ irisSchema }) => sameInIris(irisSchema, name));
    return table === undefined || table.pgSchema === name ? undefined : table.pgSchema;
  }

  /** `Title`, `Movies.Title`, `Sample.Movies.Title`. */
  reference(fields: Record<string, unknown>): void {
    const parts: unknown[] = Array.isArray(fields.fields) ? fields.fields : [];
    for (const [part, node] of parts.entries()) {
      if (!isStringNode(node)) continue;
      const isLast = part === parts.length - 1;
      const written = node.String.sval;
      const name = isLast ? this.#column(written) : this.#qualifier(written, parts.length - part);
      if (name === undefined) continue;
      node.String.sval = name;
      const showAs = isLast && this.#shown.has(fields) ? { showAs: written } : {};
      this.replacements.push({ location: locationIn(fields), part, name, ...showAs });
    }
  }

  /** A column alone in the outermost select list names the output column. */
  target(fields: Record<string, unknown>): void {
    const { val, name } = fields;
    if (!isRecord(val) || !isRecord(val.ColumnRef) || name !== undefined) return;
    this.#shown.add(val.ColumnRef);
    const parts: unknown = val.ColumnRef.fields;
    const last: unknown = Array.isArray(parts) ? parts.at(-1) : undefined;
    if (isStringNode(last) && this.#column(last.String.sval) !== undefined) fields.name = last.String.sval;
  }

  /** Columns that INSERT and UPDATE write to. */
  written(targets: unknown): void {
    for (const fields of resTargets(targets)) {
      const name = typeof fields.name === 'string' ? this.#column(fields.name) : undefined;
      if (name === undefined) continue;
      this.replacements.push({ location: locationIn(fields), part: 0, name });
      fields.name = name;
    }
  }
}

function resTargets(list: unknown): Record<string, unknown>[] {
  const items: unknown[] = Array.isArray(list) ? list : [];
  return items.flatMap((item) => (isRecord(item) && isRecord(item.ResTarget) ? [item.ResTarget] : []));
}

/** The list whose names the client sees: of the first leg of a set operation, or of RETURNING. */
function outermostTargets(node: unknown): Record<string, unknown>[] {
  let statement: unknown = isRecord(node) ? Object.values(node)[0] : undefined;
  while (isRecord(statement) && statement.larg !== undefined) statement = statement.larg;
  if (!isRecord(statement)) return [];
  const isSelect = isRecord(node) && 'SelectStmt' in node;
  if (isSelect) return resTargets(statement.targetList);
  return isRecord(statement.returningClause) ? resTargets(statement.returningClause.exprs) : [];
}

function locationIn(fields: Readonly<Record<string, unknown>>): number {
  return typeof fields.location === 'number' ? fields.location : 0;
}

function editsFor(sql: string, replacements: readonly Replacement[]): Edit[] {
  const { tokens } = scanSync(sql);
  const offsets = new ByteOffsets(sql);
  const starts = new Map(tokens.map((token, index) => [token.start, index]));
  const tokenOf = ({ location, part }: Replacement): ScanToken | undefined =>
    // Names and dots take turns; `a . b` may have blanks, which are no tokens.
    tokens[(starts.get(location) ?? Number.NaN) + 2 * part];
  return replacements
    .flatMap((replacement) => {
      const token = tokenOf(replacement);
      if (token === undefined) return [];
      const showAs = replacement.showAs === undefined ? '' : ` AS ${quoteIdentifier(replacement.showAs)}`;
      return [{ token, text: quoteIdentifier(replacement.name) + showAs }];
    })
    .sort((a, b) => a.token.start - b.token.start)
    .map(({ token, text }) => ({ start: offsets.units(token.start), end: offsets.units(token.end), text }));
}

/** Looks up the statement's names as IRIS does. libpg-query must be loaded. */
export function resolveNames(
  sql: string,
  node: unknown,
  catalog: MirrorCatalog,
  searchPath: readonly string[],
): ResolvedStatement {
  const copy: unknown = structuredClone(node);
  const resolver = new Resolver(catalog, searchPath);
  const each = (kind: string, visit: (fields: Record<string, unknown>) => void): void => {
    walk(copy, (found) => {
      if (found.kind === kind) visit(found.fields);
    });
  };
  walk(copy, (found) => {
    resolver.collect(found);
  });
  each('RangeVar', (fields) => {
    resolver.table(fields);
  });
  each('InsertStmt', ({ relation, cols }) => {
    if (isRecord(relation)) resolver.table(relation);
    resolver.written(cols);
  });
  each('UpdateStmt', ({ relation, targetList }) => {
    if (isRecord(relation)) resolver.table(relation);
    resolver.written(targetList);
  });
  each('DeleteStmt', ({ relation }) => {
    if (isRecord(relation)) resolver.table(relation);
  });
  for (const target of outermostTargets(copy)) resolver.target(target);
  each('ColumnRef', (fields) => {
    resolver.reference(fields);
  });
  return { node: copy, edits: editsFor(sql, resolver.replacements) };
}

/** Describes the statement under its resolved names; positions refer to the client's text. @throws PgError */
export async function describeResolved(
  oracle: Pick<Oracle, 'describe'>,
  request: OracleRequest,
  edits: readonly Edit[],
): Promise<Description> {
  try {
    return await oracle.describe({ ...request, sql: applyEdits(request.sql, edits) });
  } catch (error) {
    if (!(error instanceof PgError) || error.fields.position === undefined) throw error;
    const position = originalPosition(request.sql, edits, error.fields.position);
    throw new PgError({ ...error.fields, position }, error);
  }
}
