import type { Constraint, CreateStmt, CreateTableAsStmt } from '@pgsql/types';
import { TABLE_DESCRIPTION, declareType, describeColumn } from '../../mirror/declared-type.js';
import { as, strings } from '../ast.js';
import type { Env } from '../context.js';
import { identifier, join, raw, sql, textLiteral, type Sql } from '../fragment.js';
import type { PgType } from '../pg-types.js';
import { typeNameOf } from '../pg-types.js';
import type { Plan } from '../plan.js';
import { executionOf, Statement } from '../run/statement.js';
import { columnDefinition, refuseUnlessKnown, type ColumnDefinition } from './column-definition.js';
import { constraintSql, type ConstrainedTable } from './constraint.js';
import { ddlPlan } from './ddl-plan.js';
import { newName, newObject } from './names.js';

export function translateCreateTable(node: CreateStmt, env: Env): Plan {
  refuseTableOptions(node, env);
  const name = newObject(node.relation, env);
  const elements = node.tableElts ?? [];
  const columns = elements.flatMap((each) => {
    const column = as(each, 'ColumnDef');
    if (column !== undefined) return [columnDefinition(column, env)];
    if (as(each, 'Constraint') === undefined) throw env.refuse('LIKE in CREATE TABLE', each);
    return [];
  });
  if (columns.filter((each) => each.isIdentity).length > 1) {
    throw env.refuse(
      'a second serial or identity column',
      node.relation?.location,
      'IRIS has one per table.',
    );
  }
  const constraints = elements.flatMap((each) => as(each, 'Constraint') ?? []);
  for (const each of constraints) refuseUnlessKnown(each, env);
  const table = tableBeingMade(node, name, columns, constraints);
  const parts = [
    ...columns.map((each) => each.sql),
    ...columns.flatMap((column) => column.keys.map((key) => constraintSql(key, table, [column.name], env))),
    ...constraints.map((each) => constraintSql(each, table, [], env)),
    sql`%DESCRIPTION ${textLiteral(TABLE_DESCRIPTION)}`,
  ];
  const exists = raw(node.if_not_exists === true ? 'IF NOT EXISTS ' : '');
  const options = raw(
    columns.some((each) => each.isIdentity) ? ' WITH %CLASSPARAMETER ALLOWIDENTITYINSERT = 1' : '',
  );
  return ddlPlan(
    'CREATE TABLE',
    [{ sql: sql`CREATE TABLE ${exists}${name} (${join(parts)})${options}` }],
    env,
  );
}

function refuseTableOptions(node: CreateStmt, env: Env): void {
  const where = node.relation?.location;
  if ((node.inhRelations ?? []).length > 0) throw env.refuse('INHERITS', where);
  if (node.partspec !== undefined || node.partbound !== undefined) throw env.refuse('PARTITION BY', where);
  if (node.ofTypename !== undefined) throw env.refuse('a typed table', where);
  if ((node.options ?? []).length > 0) throw env.refuse('storage options of a table', where);
  if (node.tablespacename !== undefined) throw env.refuse('TABLESPACE', where);
}

function tableBeingMade(
  node: CreateStmt,
  name: Sql,
  columns: readonly ColumnDefinition[],
  constraints: readonly Constraint[],
): ConstrainedTable {
  const atColumn = columns.filter((each) => each.keys.some((key) => key.contype === 'CONSTR_PRIMARY'));
  const separate = constraints.find((each) => each.contype === 'CONSTR_PRIMARY');
  return {
    pgName: node.relation?.relname ?? '',
    range: node.relation ?? {},
    name,
    column: (pgName) => pgName,
    primaryKey: separate === undefined ? atColumn.map((each) => each.name) : strings(separate.keys),
  };
}

/** CREATE TABLE .. AS: the table with the query's types, then INSERT .. SELECT; IRIS's own form would lose the collation. */
export function translateCreateTableAs(node: CreateTableAsStmt, env: Env): Plan {
  const select = as(node.query, 'SelectStmt');
  const into = node.into;
  if (select === undefined || into === undefined || node.objtype !== 'OBJECT_TABLE') {
    throw env.refuse('CREATE MATERIALIZED VIEW', into?.rel?.location);
  }
  if (node.is_select_into === true)
    throw env.refuse('SELECT INTO', into.rel?.location, 'Use CREATE TABLE ... AS SELECT.');
  const name = newObject(into.rel, env);
  const query = env.query(select);
  const names = strings(into.colNames);
  const columns = query.columns.map((column, index) => {
    const columnName = names[index] ?? column.name;
    const type = declaredFor(column.expr.type, env);
    const description = textLiteral(describeColumn(type));
    return {
      columnName,
      sql: sql`${newName(columnName, env)} ${raw(type.irisDdl)} %DESCRIPTION ${description}`,
    };
  });
  const definition = join([
    ...columns.map((each) => each.sql),
    sql`%DESCRIPTION ${textLiteral(TABLE_DESCRIPTION)}`,
  ]);
  const exists = raw(node.if_not_exists === true ? 'IF NOT EXISTS ' : '');
  const create = ddlPlan(
    'CREATE TABLE AS',
    [{ sql: sql`CREATE TABLE ${exists}${name} (${definition})` }],
    env,
  );
  if (into.skipData === true) return create;
  if (node.if_not_exists === true) throw env.refuse('CREATE TABLE IF NOT EXISTS ... AS', into.rel?.location);
  const targets = join(columns.map((each) => identifier(each.columnName)));
  const fill = new Statement(sql`INSERT INTO ${name} (${targets}) ${query.sql}`, env.context);
  return {
    ...create,
    tag: 'SELECT',
    tagHasCount: true,
    irisSql: [...create.irisSql, fill.text],
    run: async (run) => {
      await create.run(run);
      const count = await fill.execute(executionOf(run));
      return { rows: [], rowCount: () => Math.max(0, count) };
    },
  };
}

function declaredFor(type: PgType, env: Env): ReturnType<typeof declareType> {
  const name = typeNameOf(type);
  if (name === undefined) throw env.refuse('a column of this type');
  return declareType(name.name, name.modifiers);
}
