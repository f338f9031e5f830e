import type { Node } from '@pgsql/types';
import { notSupported } from '../pg-error.js';
import { characterCount } from './parse-statements.js';
import { referencesOf } from './references.js';
import type { FunctionReference, RelationReference, References } from './references.js';

/** Who answers a statement: PostgreSQL's catalogs, IRIS, or the session itself. */
export type Route = 'oracle' | 'iris' | 'session' | 'copy';

const CATALOG_SCHEMAS: ReadonlySet<string> = new Set(['pg_catalog', 'information_schema', 'pg_toast']);

/** Statements about the session; each has its command. */
export const SESSION_STATEMENTS = [
  'TransactionStmt',
  'VariableSetStmt',
  'VariableShowStmt',
  'ConstraintsSetStmt',
  'PrepareStmt',
  'ExecuteStmt',
  'DeallocateStmt',
  'DeclareCursorStmt',
  'FetchStmt',
  'ClosePortalStmt',
  'DiscardStmt',
  'ListenStmt',
  'UnlistenStmt',
  'NotifyStmt',
  'LockStmt',
  'DoStmt',
  'CallStmt',
  'LoadStmt',
  'CheckPointStmt',
  'VacuumStmt',
  'ExplainStmt',
] as const;
export type SessionStatementKind = (typeof SESSION_STATEMENTS)[number];

const QUERY_KINDS: ReadonlySet<string> = new Set([
  'SelectStmt',
  'InsertStmt',
  'UpdateStmt',
  'DeleteStmt',
  'MergeStmt',
]);

/**
 * Functions that the oracle must not run: they read tables by a name or query given as text (its tables are empty,
 * so the answer would be wrong), or they leave something behind in the one PostgreSQL that all clients share.
 */
const REFUSED_ON_ORACLE: ReadonlySet<string> = new Set([
  'query_to_xml',
  'query_to_xmlschema',
  'query_to_xml_and_xmlschema',
  'table_to_xml',
  'table_to_xmlschema',
  'table_to_xml_and_xmlschema',
  'schema_to_xml',
  'schema_to_xmlschema',
  'schema_to_xml_and_xmlschema',
  'database_to_xml',
  'database_to_xmlschema',
  'database_to_xml_and_xmlschema',
  'cursor_to_xml',
  'cursor_to_xmlschema',
  'ts_stat',
  'ts_rewrite',
  'pg_advisory_lock',
  'pg_advisory_lock_shared',
  'pg_try_advisory_lock',
  'pg_try_advisory_lock_shared',
  'pg_advisory_xact_lock',
  'pg_advisory_xact_lock_shared',
  'pg_try_advisory_xact_lock',
  'pg_try_advisory_xact_lock_shared',
  'pg_advisory_unlock',
  'pg_advisory_unlock_shared',
  'pg_notify',
  'pg_cancel_backend',
  'pg_terminate_backend',
  'pg_reload_conf',
  'pg_export_snapshot',
  'nextval',
  'setval',
  'currval',
  'lastval',
  'lo_create',
  'lo_creat',
  'lo_open',
  'lo_import',
  'lo_export',
  'lo_unlink',
  'lo_from_bytea',
  'lo_get',
  'lo_put',
]);

export interface RouteContext {
  /** Names of the relations in pg_catalog, which unqualified names find first. */
  readonly catalogRelations: ReadonlySet<string>;
}

/** @throws PgError 0A000 for a mix of catalogs and data, which neither side alone could answer */
export function routeOf(sql: string, node: Node, context: RouteContext): Route {
  const kind = Object.keys(node)[0] ?? '';
  if (kind === 'CopyStmt') return 'copy';
  if (SESSION_STATEMENTS.some((name) => name === kind)) return 'session';
  if (!QUERY_KINDS.has(kind) || isSelectInto(node)) return 'iris';
  return routeQuery(sql, referencesOf(node), context);
}

function routeQuery(sql: string, { relations, functions }: References, context: RouteContext): Route {
  const catalog = relations.filter((relation) => isCatalog(relation, context));
  const data = relations.filter((relation) => !isCatalog(relation, context));
  const [firstCatalog] = catalog;
  if (data.length === 0) {
    refuseFunctions(sql, functions);
    return 'oracle';
  }
  if (firstCatalog === undefined) return 'iris';
  throw notSupported(`a statement that reads the catalog "${firstCatalog.name}" together with data`, {
    position: characterPosition(sql, firstCatalog.location),
    hint: 'Query the catalog and the data tables in separate statements.',
  });
}

function isCatalog(relation: RelationReference, context: RouteContext): boolean {
  if (relation.schema !== undefined) return CATALOG_SCHEMAS.has(relation.schema);
  return context.catalogRelations.has(relation.name);
}

function refuseFunctions(sql: string, functions: readonly FunctionReference[]): void {
  for (const { name, schema, location } of functions) {
    if ((schema === undefined || schema === 'pg_catalog') && REFUSED_ON_ORACLE.has(name)) {
      throw notSupported(`function ${name}`, { position: characterPosition(sql, location) });
    }
  }
}

function isSelectInto(node: Node): boolean {
  return 'SelectStmt' in node && node.SelectStmt.intoClause !== undefined;
}

/** @param byteOffset as libpg-query counts; the result is 1-based and counts characters */
export function characterPosition(sql: string, byteOffset: number): number {
  return characterCount(Buffer.from(sql).toString('utf8', 0, byteOffset)) + 1;
}
