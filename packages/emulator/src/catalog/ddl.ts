import { sqlError } from '@iris-devtools/core';
import type { PrivilegeNeed } from '../compile/context.js';
import type { QualifiedName } from '../sql/ast.js';
import type { StorageAccess } from '../engine/storage/storage.js';
import type { StorageRequest } from '../engine/storage/statement-names.js';
import type { Catalog, CatalogChange } from './catalog.js';
import type { CatalogEntry, Relation, SchemaDef, TableDef } from './model.js';

/** What a DDL statement works with. */
export interface DdlContext {
  readonly catalog: Catalog;
  readonly namespace: string;
  readonly defaultSchema: string;
  readonly user: string;
}

/** What a DDL statement does: the physical statements and the change of the catalog, in one transaction. */
export interface DdlPlan {
  readonly statements: readonly (string | StorageRequest)[];
  readonly change: CatalogChange;
  /** Work that depends on stored rows; runs before the statements. */
  readonly before?: (access: StorageAccess) => Promise<void>;
  /** Tables that no other transaction may hold rows of. */
  readonly locks?: readonly TableDef[];
  /** What the user needs besides the privilege for the statement. */
  readonly privileges?: readonly PrivilegeNeed[];
}

/** `IF [NOT] EXISTS` had nothing to do. */
export interface NothingToDo {
  readonly nothing: string;
}

export const nothingToDo = (nothing: string): NothingToDo => ({ nothing });

export interface ResolvedName {
  readonly schema: string;
  readonly name: string;
}

/** @throws IrisError -312 for schema User */
export function resolveName(name: QualifiedName, context: DdlContext): ResolvedName {
  const schema = name.schema?.name ?? context.defaultSchema;
  if (schema.toUpperCase() === 'USER') throw sqlError(-312, ` Invalid schema name '${schema}'`);
  const existing = context.catalog.schema(context.namespace, schema);
  return { schema: existing?.name ?? schema, name: name.name.name };
}

export function findRelation(name: QualifiedName, context: DdlContext): Relation | undefined {
  return context.catalog.relation(
    context.namespace,
    name.schema?.name ?? context.defaultSchema,
    name.name.name,
  );
}

/** @throws IrisError -30 when there is no such table, or when it is a view */
export function requireTable(name: QualifiedName, context: DdlContext): TableDef {
  const found = findRelation(name, context);
  if (found?.kind !== 'table') {
    const schema = name.schema?.name ?? context.defaultSchema;
    throw sqlError(-30, ` Table '${schema.toUpperCase()}.${name.name.name.toUpperCase()}' not found`);
  }
  if (found.system === true)
    throw sqlError(-300, ` DDL not allowed on table '${found.schema}.${found.name}'`);
  return found;
}

export const needsAlter = (relation: Relation): PrivilegeNeed => ({
  action: '%ALTER',
  relation,
  columns: new Set(),
});

/** A new object makes its schema when there is none. */
export function withSchema(
  schema: string,
  context: DdlContext,
  entries: readonly CatalogEntry[],
): CatalogEntry[] {
  if (context.catalog.schema(context.namespace, schema) !== undefined) return [...entries];
  const created: SchemaDef = {
    kind: 'schema',
    id: context.catalog.newId(),
    namespace: context.namespace,
    explicit: false,
    name: schema,
  };
  return [created, ...entries];
}

/** A schema that came with its first object goes with its last. */
export function emptySchema(schema: string, context: DdlContext, leaving: readonly number[]): number[] {
  const found = context.catalog.schema(context.namespace, schema);
  if (
    found === undefined ||
    found.explicit ||
    found.name.toUpperCase() === context.defaultSchema.toUpperCase()
  )
    return [];
  const left = objectsOf(schema, context).filter((entry) => !leaving.includes(entry.id));
  return left.length === 0 ? [found.id] : [];
}

function objectsOf(schema: string, context: DdlContext): readonly { readonly id: number }[] {
  const { catalog, namespace } = context;
  const inSchema = (entry: { readonly schema: string }): boolean =>
    entry.schema.toUpperCase() === schema.toUpperCase();
  return [
    ...catalog.tables(namespace).filter(inSchema),
    ...catalog.views(namespace).filter(inSchema),
    ...catalog.routines(namespace).filter(inSchema),
  ];
}

/** Name of a class: the package of the schema and the name without punctuation. */
export function classNameOf(schema: string, name: string): string {
  const stripped = name.replace(/[^\p{L}\p{N}]/gu, '');
  // A class name begins with a letter.
  if (!/\p{L}/u.test(stripped)) throw sqlError(-400, `ERROR #5053: Class name '${name}' is invalid`);
  const packageName = schema.toUpperCase() === 'SQLUSER' ? 'User' : schema.replaceAll('_', '.');
  return `${packageName}.${/^\p{L}/u.test(stripped) ? stripped : `n${stripped}`}`;
}

/** Property names are column names without punctuation; equal ones are numbered. */
export function propertyName(column: string, taken: readonly string[]): string {
  const stripped = column.replace(/[^\p{L}\p{N}%]/gu, '') || 'n';
  const base = /^[\p{L}%]/u.test(stripped) ? stripped : `n${stripped}`;
  const used = new Set(taken.map((name) => name.toUpperCase()));
  if (!used.has(base.toUpperCase())) return base;
  for (let index = 0; ; index++) {
    const candidate = `${base.slice(0, -1)}${index}`;
    if (!used.has(candidate.toUpperCase())) return candidate;
  }
}
