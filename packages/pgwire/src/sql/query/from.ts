import type { Alias, JoinExpr, Node, RangeSubselect, RangeVar } from '@pgsql/types';
import { PgError } from '../../pg-error.js';
import { as, kindOf, strings } from '../ast.js';
import type { CommonTable, Env, Query } from '../context.js';
import { qualified } from '../expr.js';
import { EMPTY, identifier, join, raw, sql, type Sql } from '../fragment.js';
import { isText } from '../pg-types.js';
import type { MirrorColumn, MirrorTable } from '../plan.js';
import { NO_TABLES, Scope, type RangeTable, type Relation, type ScopeColumn } from '../scope.js';
import { mergeUsing, nullExtended } from './join-columns.js';
import { digitFacts } from './support-columns.js';

export interface FromItem {
  readonly sql: Sql;
  readonly table: RangeTable;
}

/** The FROM list; `undefined` without one. */
export function translateFrom(nodes: readonly Node[] | undefined, env: Env): FromItem | undefined {
  if (nodes === undefined || nodes.length === 0) return undefined;
  const items = nodes.map((node) => translateFromItem(node, env));
  return {
    sql: join(items.map((item) => item.sql)),
    table: items.map((item) => item.table).reduce(both, NO_TABLES),
  };
}

export function both(left: RangeTable, right: RangeTable): RangeTable {
  return {
    relations: [...left.relations, ...right.relations],
    columns: [...left.columns, ...right.columns],
  };
}

function translateFromItem(node: Node, env: Env): FromItem {
  const range = as(node, 'RangeVar');
  if (range !== undefined) return translateRangeVar(range, env);
  const subselect = as(node, 'RangeSubselect');
  if (subselect !== undefined) return translateSubselect(subselect, env);
  const joinExpr = as(node, 'JoinExpr');
  if (joinExpr !== undefined) return translateJoin(joinExpr, env);
  const what = REFUSED_ITEMS[kindOf(node)] ?? kindOf(node);
  throw env.refuse(`${what} in FROM`, node, 'Tables, views, queries and joins can be read.');
}

const REFUSED_ITEMS: Readonly<Record<string, string | undefined>> = {
  RangeFunction: 'a function',
  RangeTableSample: 'TABLESAMPLE',
  RangeTableFunc: 'XMLTABLE',
  JsonTable: 'JSON_TABLE',
};

function translateRangeVar(node: RangeVar, env: Env): FromItem {
  const name = node.relname ?? '';
  const common = node.schemaname === undefined ? env.commonTables.get(name) : undefined;
  if (common !== undefined) return translateCommonTable(common, node.alias, env);
  const table = findTable(node, env);
  const alias = env.context.alias(node.alias?.aliasname ?? name);
  const relation = relationOf(table, alias, node.alias, node.schemaname ?? table.pgSchema);
  return {
    sql: sql`${tableName(table)} AS ${identifier(alias)}`,
    table: { relations: [relation], columns: relation.columns },
  };
}

/** @throws PgError 42P01 */
export function findTable(node: RangeVar, env: Env): MirrorTable {
  const { catalog, searchPath } = env.context.input;
  const table = catalog.findTable(node.schemaname, node.relname ?? '', searchPath);
  if (table !== undefined) return table;
  const name = [node.schemaname, node.relname].filter((part) => part !== undefined).join('.');
  throw new PgError({
    sqlstate: '42P01',
    message: `relation "${name}" does not exist`,
    position: env.context.position(node.location),
  });
}

export function tableName(table: MirrorTable): Sql {
  return sql`${identifier(table.irisSchema)}.${identifier(table.irisName)}`;
}

/** A table under an alias; columns take the names of the alias's column list. */
export function relationOf(
  table: MirrorTable,
  alias: string,
  clientAlias: Alias | undefined,
  schema: string | undefined,
): Relation {
  const renamed = strings(clientAlias?.colnames);
  const columns = table.columns.map((column, index) => ({
    name: renamed[index] ?? column.pgName,
    sql: columnReference(column, alias),
    type: { oid: column.typeOid, modifier: column.typeModifier },
    nullable: column.nullable,
    isKey: table.primaryKey.length === 1 && table.primaryKey[0] === column.pgName,
    ...(column.irisType === 'VECTOR' ? { vectorType: column.vectorType ?? 'DOUBLE' } : {}),
  }));
  const name = clientAlias?.aliasname ?? table.pgName;
  const withSchema = clientAlias === undefined && schema !== undefined ? { schema } : {};
  return { name, columns, table, irisAlias: alias, ...withSchema };
}

/** Text of columns that IRIS compares without case is always used through %EXACT. */
function columnReference(column: MirrorColumn, alias: string): Sql {
  const reference = qualified(alias, column.irisName);
  const text = isText({ oid: column.typeOid, modifier: -1 });
  const exact = column.collation.toUpperCase().replace('%', '') === 'EXACT';
  const comparable = exact || !text || column.irisType.startsWith('LONG');
  return comparable ? reference : sql`%EXACT(${reference})`;
}

function translateSubselect(node: RangeSubselect, env: Env): FromItem {
  const select = as(node.subquery, 'SelectStmt');
  if (select === undefined) throw env.refuse('this query in FROM', node.subquery);
  if (node.lateral === true) throw env.refuse('LATERAL', node.subquery, 'Write a join or a scalar subquery.');
  const hidden = env.withScope(new Scope(NO_TABLES, env.scope, true));
  return derivedTable(hidden.query(select, { isDerivedTable: true }), node.alias, 'q', env);
}

function translateCommonTable(common: CommonTable, alias: Alias | undefined, env: Env): FromItem {
  const name = common.node.ctename ?? 'cte';
  const shownAs: Alias = alias ?? { aliasname: name };
  const select = as(common.node.ctequery, 'SelectStmt');
  if (select === undefined) throw env.refuse('a data-modifying statement in WITH', common.node.location);
  const scope = new Scope(NO_TABLES, common.env.scope, true);
  const query = common.env.withScope(scope).query(select, { isDerivedTable: true });
  return tableOfQuery(sql`(${query.sql})`, renamedColumns(query, common), shownAs, env);
}

function renamedColumns(query: Query, common: CommonTable): Query {
  const names = strings(common.node.aliascolnames);
  const columns = query.columns.map((column, index) => ({ ...column, name: names[index] ?? column.name }));
  return { ...query, columns };
}

/** A query in FROM; also for VALUES. */
export function derivedTable(query: Query, alias: Alias | undefined, fallback: string, env: Env): FromItem {
  return tableOfQuery(sql`(${query.sql})`, query, alias ?? { aliasname: fallback }, env);
}

function tableOfQuery(source: Sql, query: Query, clientAlias: Alias, env: Env): FromItem {
  const alias = env.context.alias(clientAlias.aliasname ?? 'q');
  const renamed = strings(clientAlias.colnames);
  const columns: ScopeColumn[] = query.columns.map((column, index) => ({
    name: renamed[index] ?? column.name,
    sql: qualified(alias, column.alias),
    type: column.expr.type,
    nullable: column.expr.nullable,
    ...digitFacts(column, alias),
    ...(column.expr.vectorType === undefined ? {} : { vectorType: column.expr.vectorType }),
  }));
  const relation: Relation = { name: clientAlias.aliasname ?? '', columns, irisAlias: alias };
  const fragment = sql`${source} AS ${identifier(alias)}`;
  // What a query contains inside does not concern the query around it.
  const flags = fragment.asSubquery();
  return { sql: flags, table: { relations: [relation], columns } };
}

const JOINS: Readonly<Record<string, string | undefined>> = {
  JOIN_INNER: 'INNER JOIN',
  JOIN_LEFT: 'LEFT OUTER JOIN',
  JOIN_RIGHT: 'RIGHT OUTER JOIN',
  JOIN_FULL: 'FULL OUTER JOIN',
};

function translateJoin(node: JoinExpr, env: Env): FromItem {
  const kind = node.jointype ?? 'JOIN_INNER';
  const words = JOINS[kind];
  if (node.larg === undefined || node.rarg === undefined || words === undefined)
    throw env.refuse('this join');
  if (node.alias !== undefined || node.join_using_alias !== undefined)
    throw env.refuse('an alias of a join', node.larg);
  const left = translateFromItem(node.larg, env);
  const right = translateFromItem(node.rarg, env);
  // unverified on a live server: a parenthesised join as the right side of a join.
  const rightSql = as(node.rarg, 'JoinExpr') === undefined ? right.sql : sql`(${right.sql})`;
  const named = node.isNatural === true || (node.usingClause ?? []).length > 0;
  if (named) {
    const names = node.isNatural === true ? undefined : strings(node.usingClause);
    const merged = mergeUsing(left.table, right.table, names, kind, env);
    return { sql: sql`${left.sql} ${raw(words)} ${rightSql} ON ${merged.on}`, table: merged.table };
  }
  const table = nullExtended(left.table, right.table, kind);
  if (node.quals === undefined) return { sql: sql`${left.sql} CROSS JOIN ${rightSql}`, table };
  const scope = new Scope(both(left.table, right.table), env.scope);
  const on = env.withScope(scope).filter(node.quals) ?? EMPTY;
  return { sql: sql`${left.sql} ${raw(words)} ${rightSql} ON ${on}`, table };
}
