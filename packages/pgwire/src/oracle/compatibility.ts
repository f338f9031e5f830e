import { scanSync } from 'libpg-query';
import { ByteOffsets, type Edit } from './edited-text.js';
import { internal } from './names.js';
import { isRecord, locationOf, walk, type SyntaxNode } from './syntax.js';

/**
 * psql 15 and 16 ask `pg_database` for `daticulocale` and `pg_collation` for `colliculocale` (`\l`, `\dO`). PostgreSQL 17
 * renamed both. A statement that names one of them reads our views, which have the old names too. All others read
 * the true catalogs: pg_dump refuses views in their place.
 */
const RENAMED: ReadonlyMap<string, string> = new Map([
  ['daticulocale', 'pg_database'],
  ['colliculocale', 'pg_collation'],
]);

export function mayUseRenamedColumns(sql: string): boolean {
  return [...RENAMED.keys()].some((name) => sql.includes(name));
}

function lastName(columnRef: SyntaxNode): string | undefined {
  const { fields } = columnRef.fields;
  const last: unknown = Array.isArray(fields) ? fields.at(-1) : undefined;
  if (!isRecord(last) || !isRecord(last.String)) return undefined;
  return typeof last.String.sval === 'string' ? last.String.sval : undefined;
}

/** Edits that make the statement read our views where it needs them. */
export function renamedColumnEdits(sql: string, tree: unknown): Edit[] {
  const wanted = new Set<string>();
  const tables: SyntaxNode[] = [];
  walk(tree, (node) => {
    if (node.kind === 'RangeVar') tables.push(node);
    const catalog = node.kind === 'ColumnRef' ? RENAMED.get(lastName(node) ?? '') : undefined;
    if (catalog !== undefined) wanted.add(catalog);
  });
  const found = tables.filter(({ fields: { relname, schemaname } }) => {
    const isCatalog = schemaname === undefined || schemaname === 'pg_catalog';
    return isCatalog && typeof relname === 'string' && wanted.has(relname);
  });
  if (found.length === 0) return [];
  return nameEdits(sql, found);
}

/** The tree says where a name starts, only the tokens say where it ends: `a` or `a . b`. */
function nameEdits(sql: string, tables: readonly SyntaxNode[]): Edit[] {
  const offsets = new ByteOffsets(sql);
  const { tokens } = scanSync(sql);
  return tables
    .flatMap((table) => {
      const first = tokens.findIndex((token) => token.start === locationOf(table));
      const last = tokens[table.fields.schemaname === undefined ? first : first + 2];
      if (first < 0 || last === undefined) return [];
      const start = offsets.units(locationOf(table));
      const relname = String(table.fields.relname);
      // Columns may be qualified with the catalog's own name.
      const name = internal(relname) + (table.fields.alias === undefined ? ` AS ${relname}` : '');
      return [{ start, end: offsets.units(last.end), text: name }];
    })
    .sort((a, b) => a.start - b.start);
}
