import { OWNER_ROLE, quoteIdentifier, quoteLiteral } from '../oracle/bootstrap.js';
import type { ShadowColumn, ShadowForeignKey, ShadowIndex, ShadowTable } from './shadow.js';

/** pgvector indexes up to so many dimensions. */
const MAX_HNSW_DIMENSIONS = 2_000;

export function qualifiedName({ pgSchema, pgName }: { pgSchema: string; pgName: string }): string {
  return `${quoteIdentifier(pgSchema)}.${quoteIdentifier(pgName)}`;
}

function list(names: readonly string[]): string {
  return names.map(quoteIdentifier).join(', ');
}

function columnType(column: ShadowColumn): string {
  // pgvector lives in public, which need not be on the search path.
  return column.irisType === 'VECTOR' ? `public.${column.pgType}` : column.pgType;
}

const SERIAL: ReadonlyMap<string, string> = new Map([
  ['smallint', 'smallserial'],
  ['integer', 'serial'],
  ['bigint', 'bigserial'],
]);

function columnDdl(column: ShadowColumn): string {
  const name = quoteIdentifier(column.pgName);
  const notNull = column.nullable ? '' : ' not null';
  const serial = SERIAL.get(column.pgType);
  if (column.identity === 'serial' && serial !== undefined) return `${name} ${serial}${notNull}`;
  if (column.identity !== undefined && serial !== undefined) {
    const when = column.identity === 'always' ? 'always' : 'by default';
    return `${name} ${column.pgType} generated ${when} as identity`;
  }
  const defaultSql = column.defaultSql === undefined ? '' : ` default ${column.defaultSql}`;
  return `${name} ${columnType(column)}${defaultSql}${notNull}`;
}

function tableDdl(table: ShadowTable): string {
  const parts = table.columns.map(columnDdl);
  if (table.primaryKey.length > 0) {
    parts.push(`constraint ${quoteIdentifier(table.primaryKeyName)} primary key (${list(table.primaryKey)})`);
  }
  for (const key of table.uniqueKeys) {
    parts.push(`constraint ${quoteIdentifier(key.pgName)} unique (${list(key.columns)})`);
  }
  return `create table ${qualifiedName(table)} (${parts.join(', ')})`;
}

/** Typed and empty; what IRIS computes in it is IRIS's business. */
function viewDdl(table: ShadowTable): string {
  const columns = table.columns.map(
    (column) => `null::${columnType(column)} as ${quoteIdentifier(column.pgName)}`,
  );
  return `create view ${qualifiedName(table)} as select ${columns.join(', ')}`;
}

function indexDdl(table: ShadowTable, index: ShadowIndex): string[] {
  const on = `index ${quoteIdentifier(index.pgName)} on ${qualifiedName(table)}`;
  if (index.vectorOperators === undefined)
    return [`create ${index.isUnique ? 'unique ' : ''}${on} (${list(index.columns)})`];
  const [column] = index.columns;
  const length = table.columns.find(({ pgName }) => pgName === column)?.vectorLength;
  if (column === undefined || length === undefined || length > MAX_HNSW_DIMENSIONS) return [];
  return [`create ${on} using hnsw (${quoteIdentifier(column)} public.${index.vectorOperators})`];
}

function commentDdl(table: ShadowTable): string[] {
  const kind = table.kind === 'view' ? 'view' : 'table';
  const own =
    table.comment === ''
      ? []
      : [`comment on ${kind} ${qualifiedName(table)} is ${quoteLiteral(table.comment)}`];
  const columns = table.columns
    .filter(({ comment }) => comment !== '')
    .map(
      ({ pgName, comment }) =>
        `comment on column ${qualifiedName(table)}.${quoteIdentifier(pgName)} is ${quoteLiteral(comment)}`,
    );
  return [...own, ...columns];
}

/** Everything of one table except its foreign keys. */
export function createStatements(table: ShadowTable): string[] {
  if (table.kind === 'view') return [viewDdl(table), ...commentDdl(table)];
  return [tableDdl(table), ...table.indexes.flatMap((index) => indexDdl(table, index)), ...commentDdl(table)];
}

export function foreignKeyStatement(table: ShadowTable, key: ShadowForeignKey): string {
  const target = qualifiedName({ pgSchema: key.targetSchema, pgName: key.targetTable });
  return (
    `alter table ${qualifiedName(table)} add constraint ${quoteIdentifier(key.pgName)}` +
    ` foreign key (${list(key.columns)}) references ${target} (${list(key.targetColumns)})` +
    ` on delete ${key.onDelete} on update ${key.onUpdate}`
  );
}

/** Foreign keys of other tables go with it; whoever drops a table makes its neighbours' keys again. */
export function dropStatement(table: ShadowTable): string {
  return `drop ${table.kind} if exists ${qualifiedName(table)} cascade`;
}

export function schemaStatements(pgSchema: string): string[] {
  return [`create schema if not exists ${quoteIdentifier(pgSchema)} authorization ${OWNER_ROLE}`];
}

/** The owner of the shadow makes its tables, so that \dt names the owner and not the superuser. */
export function asOwner(statements: readonly string[]): string[] {
  return [`set role ${OWNER_ROLE}`, ...statements, 'reset role'];
}
