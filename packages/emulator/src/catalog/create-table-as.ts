import { sqlError } from '@iris-devtools/core';
import { CompileContext } from '../compile/context.js';
import type { SessionFacts, SessionParameter } from '../compile/context.js';
import { compileQuery } from '../compile/query.js';
import type { CreateTableStatement } from '../sql/ast.js';
import type { IrisType } from '../sql/types.js';
import { checkColumns, rowIdNameFor } from './columns.js';
import { planTable } from './create-table.js';
import { classNameOf, findRelation, nothingToDo, propertyName, resolveName } from './ddl.js';
import type { DdlContext, DdlPlan, NothingToDo } from './ddl.js';
import type { ColumnDef, TableDef } from './model.js';
import { physicalTable } from './model.js';

const CLASSES: Partial<Record<IrisType['name'], string>> = {
  BIGINT: '%Library.BigInt',
  INTEGER: '%Library.Integer',
  NUMERIC: '%Library.Numeric',
  VARCHAR: '%Library.String',
};

/** CREATE TABLE AS SELECT: types and rows of the query, no constraint, default or index of its tables. */
export function createTableAs(
  statement: CreateTableStatement,
  context: DdlContext,
  facts: SessionFacts,
  valueOf: (parameter: SessionParameter) => string | null,
): DdlPlan | NothingToDo {
  const { definition } = statement;
  if (definition.kind !== 'query') throw sqlError(-400, 'Not a CREATE TABLE AS SELECT');
  const { schema, name } = resolveName(statement.table, context);
  const existing = findRelation(statement.table, context);
  if (existing !== undefined) {
    const message = `Table '${schema}.${existing.name}' already exists`;
    if (statement.ifNotExists) return nothingToDo(message);
    throw sqlError(-201, ` ${message}`);
  }
  const compiling = new CompileContext({
    catalog: context.catalog,
    session: facts,
    parameterCount: 0,
    kinds: [],
  });
  const query = compileQuery(definition.query, compiling, undefined);
  const columns: ColumnDef[] = [];
  query.columns.forEach((output, index) => {
    columns.push({
      id: index + 1,
      name: output.name,
      property: propertyName(
        output.name,
        columns.map((column) => column.property),
      ),
      type: plainType(output.type),
      notNull: false,
    });
  });
  checkColumns(columns);
  const table: TableDef = {
    kind: 'table',
    id: context.catalog.newId(),
    namespace: context.namespace,
    schema,
    name,
    className: classNameOf(schema, name),
    owner: context.user,
    columns,
    nextColumnId: columns.length + 1,
    uniqueKeys: [],
    foreignKeys: [],
    indexes: [],
    rowIdName: rowIdNameFor(columns),
    publicRowId: false,
    temporary: false,
    storage: 'ROW',
    classParameters: {},
  };
  const plan = planTable(table, context);
  const names = columns.map((column) => `c${column.id}`).join(', ');
  const items = query.columns.map((output) => `q.${output.sqlName}`).join(', ');
  const prefix = compiling.withTexts.length === 0 ? '' : `WITH ${compiling.withTexts.join(', ')} `;
  const fill = {
    sql: `${prefix}INSERT INTO ${physicalTable(table)} (${names}) SELECT ${items} FROM (${query.sql}) AS q`,
    parameters: compiling.sessionParameters.map(valueOf),
    once: true,
  };
  return { ...plan, statements: [...plan.statements, fill], privileges: compiling.privileges };
}

/** A counter's values are copied, its rule is not. */
function plainType(type: IrisType): IrisType {
  const { counter: _, ...plain } = type;
  const className = plain.className ?? CLASSES[plain.name];
  return className === undefined ? plain : { ...plain, className };
}
