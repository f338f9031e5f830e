import { sqlError } from '@iris-devtools/core';
import type {
  ColumnConstraint,
  ColumnDefinition,
  CreateTableStatement,
  Identifier,
  TableElement,
} from '../sql/ast.js';
import type { PrivilegeNeed } from '../compile/context.js';
import { checkColumns, columnFrom, rowIdNameFor } from './columns.js';
import { classNameOf, findRelation, nothingToDo, resolveName, withSchema } from './ddl.js';
import type { DdlContext, DdlPlan, NothingToDo } from './ddl.js';
import { checkIndexable, columnIds, constraintNames, foreignKeyFrom, generatedName } from './keys.js';
import type { ColumnDef, ForeignKeyDef, KeyDef, TableDef } from './model.js';
import { createForeignKeys, createTableStatements } from './physical.js';

/** CREATE TABLE with elements. @throws IrisError -201, -306, -307, -308, -310 .. -316, -82, -400 */
export function createTable(statement: CreateTableStatement, context: DdlContext): DdlPlan | NothingToDo {
  const { definition } = statement;
  if (definition.kind !== 'elements')
    throw sqlError(-400, 'CREATE TABLE AS SELECT needs the types of its query');
  const { schema, name } = resolveName(statement.table, context);
  const existing = findRelation(statement.table, context);
  if (existing !== undefined) {
    const message = `Table '${schema}.${existing.name}' already exists`;
    if (statement.ifNotExists) return nothingToDo(message);
    throw sqlError(-201, ` ${message}`);
  }
  const table = tableFrom(statement, definition.elements, schema, name, context);
  return planTable(table, context);
}

export function planTable(table: TableDef, context: DdlContext): DdlPlan {
  return {
    statements: [
      ...createTableStatements(table, context.catalog),
      ...createForeignKeys(table, context.catalog),
    ],
    change: { put: withSchema(table.schema, context, [table]), remove: [] },
    privileges: table.foreignKeys.flatMap((key) => needsReferences(key, context)),
  };
}

/** A foreign key lets one learn what values the other table has. */
export function needsReferences(key: ForeignKeyDef, context: DdlContext): PrivilegeNeed[] {
  const target = context.catalog.table(key.targetTableId);
  if (target === undefined) return [];
  const columns = target.columns.filter((column) => key.targetColumnIds.includes(column.id));
  const names = columns.map((column) => column.name.toUpperCase());
  return [{ action: 'REFERENCES', relation: target, columns: new Set(names) }];
}

function tableFrom(
  statement: CreateTableStatement,
  elements: readonly TableElement[],
  schema: string,
  name: string,
  context: DdlContext,
): TableDef {
  let nextId = 1;
  const columns: ColumnDef[] = [];
  const definitions = elements.filter((element) => element.kind === 'column-definition');
  for (const definition of definitions) columns.push(columnFrom(definition, nextId++, columns));
  checkColumns(columns);
  const words = elements.filter((element) => element.kind === 'table-word');
  const descriptions = words.filter((word) => word.word === '%DESCRIPTION');
  if (descriptions.length > 1) throw sqlError(-82, ' Multiple table %DESCRIPTION definitions found');
  const options = optionsOf(statement);
  const base: TableDef = {
    kind: 'table',
    id: context.catalog.newId(),
    namespace: context.namespace,
    schema,
    name,
    className: classNameOf(schema, name),
    owner: context.user,
    columns,
    nextColumnId: nextId,
    uniqueKeys: [],
    foreignKeys: [],
    indexes: [],
    rowIdName: rowIdNameFor(columns),
    publicRowId: words.some((word) => word.word === '%PUBLICROWID'),
    temporary: statement.globalTemporary,
    storage: options.storage,
    classParameters: options.classParameters,
    ...(descriptions[0]?.value === undefined ? {} : { description: descriptions[0].value }),
  };
  return withConstraints(base, elements, context);
}

function optionsOf(statement: CreateTableStatement): Pick<TableDef, 'storage' | 'classParameters'> {
  let storage: TableDef['storage'] = 'ROW';
  const classParameters: Record<string, string> = {};
  for (const option of statement.options) {
    if (option.kind === 'storage-type') storage = option.storageType;
    if (option.kind === 'shard')
      throw sqlError(-400, 'ERROR #9319: The current namespace is not configured for sharded tables');
    if (option.kind === 'class-parameter') classParameters[option.name.toUpperCase()] = option.value;
  }
  return { storage, classParameters };
}

/** Applies key constraints in the order in which they are written. */
function withConstraints(base: TableDef, elements: readonly TableElement[], context: DdlContext): TableDef {
  let table = base;
  for (const element of elements) {
    if (element.kind === 'column-definition') {
      for (const constraint of element.constraints)
        table = withColumnConstraint(table, element, constraint, context);
    } else if (element.kind === 'primary-key' || element.kind === 'unique') {
      if (element.kind === 'unique') checkUniqueColumns(element.columns, table);
      table = addKey(table, element.kind, element.columns, element.name);
    } else if (element.kind === 'foreign-key') {
      table = addForeignKey(table, element, context);
    }
  }
  return table;
}

/** @throws IrisError -86 */
function checkUniqueColumns(names: readonly Identifier[], table: TableDef): void {
  const columns = table.columns.map(({ name }) => name.toUpperCase());
  const unknown = names.find(({ name }) => !columns.includes(name.toUpperCase()));
  if (unknown !== undefined)
    throw sqlError(-86, ` Column '${unknown.name}' of a UNIQUE constraint is not one of the table`);
}

export function withColumnConstraint(
  table: TableDef,
  column: ColumnDefinition,
  constraint: ColumnConstraint,
  context: DdlContext,
): TableDef {
  if (constraint.kind !== 'references') return addKey(table, constraint.kind, [column.name], constraint.name);
  return addForeignKey(
    table,
    { columns: [column.name], references: constraint.references, name: constraint.name },
    context,
  );
}

export function addForeignKey(
  table: TableDef,
  constraint: Parameters<typeof foreignKeyFrom>[0],
  context: DdlContext,
): TableDef {
  const foreignKey = foreignKeyFrom(constraint, table.nextColumnId, table, context);
  return { ...table, nextColumnId: table.nextColumnId + 1, foreignKeys: [...table.foreignKeys, foreignKey] };
}

/** @throws IrisError -307 a second primary key, -31 unknown column, -324 name taken */
export function addKey(
  table: TableDef,
  kind: 'primary-key' | 'unique',
  names: readonly Identifier[],
  name: Identifier | undefined,
): TableDef {
  if (kind === 'primary-key' && table.primaryKey !== undefined) {
    throw sqlError(-307, ' Primary key already defined for this table');
  }
  const ids = columnIds(names, table.columns);
  checkIndexable(ids, table.columns);
  const taken = constraintNames(table);
  if (name !== undefined && taken.some((other) => other.toUpperCase() === name.name.toUpperCase())) {
    throw sqlError(-324, ` Constraint with name '${name.name}' already defined for this table`);
  }
  const key: KeyDef = {
    id: table.nextColumnId,
    name: name?.name ?? generatedName(table.name, kind === 'unique' ? 'UNIQUE' : 'PKEY', taken),
    columnIds: ids,
  };
  const next = { ...table, nextColumnId: table.nextColumnId + 1 };
  if (kind === 'unique') return { ...next, uniqueKeys: [...table.uniqueKeys, key] };
  // The columns of a primary key are required.
  const columns = table.columns.map((column) =>
    ids.includes(column.id) ? { ...column, notNull: true } : column,
  );
  return { ...next, columns, primaryKey: key };
}
