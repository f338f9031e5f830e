import { sqlError } from '@iris-devtools/core';
import type { AlterTableAction, Identifier } from '../sql/ast.js';
import { changed, findColumn } from './alter-table.js';
import { rowIdNameFor } from './columns.js';
import type { DdlContext, DdlPlan } from './ddl.js';
import { keysOf } from './keys.js';
import type { ColumnDef, ForeignKeyDef, TableDef } from './model.js';
import { counterSequence, keyIndex, physicalColumn, physicalTable } from './model.js';
import { dropCompute, dropForeignKey } from './physical.js';

type DropColumns = Extract<AlterTableAction, { kind: 'drop-columns' }>['columns'];

interface User {
  readonly name: string;
  readonly columnIds: readonly number[];
}

/** @throws IrisError -322 a column of an index or constraint, -31 unknown, -400 the last column */
export function dropColumns(names: DropColumns, table: TableDef, context: DdlContext): DdlPlan {
  const dropped = names.map(({ name, cascade }) => ({ column: findColumn(table, name), cascade }));
  const uses = (column: ColumnDef) => (user: User) => user.columnIds.includes(column.id);
  for (const { column, cascade } of dropped) {
    const user = [...keysOf(table), ...table.foreignKeys, ...table.indexes].find(uses(column));
    if (user === undefined || cascade) continue;
    throw sqlError(
      -322,
      ` Cannot DROP column '${column.name}': column is defined on index or constraint '${user.name}'`,
    );
  }
  const freed = withoutUsers(
    table,
    dropped.map(({ column }) => column),
    context,
  );
  const plan = removeColumns(
    freed.table,
    dropped.map(({ column }) => column),
  );
  return { ...plan, statements: [...freed.statements, ...plan.statements] };
}

/** CASCADE: indexes, keys and foreign keys over the columns go first. @throws IrisError -317 */
function withoutUsers(
  table: TableDef,
  columns: readonly ColumnDef[],
  context: DdlContext,
): { table: TableDef; statements: DdlPlan['statements'] } {
  const uses = (user: User): boolean => columns.some((column) => user.columnIds.includes(column.id));
  let next = table;
  const statements: DdlPlan['statements'][number][] = [];
  const take = (plan: DdlPlan): void => {
    statements.push(...plan.statements);
    next = plan.change.put.find((entry): entry is TableDef => entry.id === table.id) ?? next;
  };
  for (const key of table.foreignKeys.filter(uses)) take(dropForeign(next, key));
  for (const key of keysOf(table).filter(uses)) take(dropKey(next, key, context));
  const indexes = table.indexes.filter(uses);
  statements.push(...indexes.map((index) => `DROP INDEX IF EXISTS iris_data.${keyIndex(table, index)}`));
  return {
    table: { ...next, indexes: next.indexes.filter((index) => !indexes.includes(index)) },
    statements,
  };
}

function removeColumns(table: TableDef, dropped: readonly ColumnDef[]): DdlPlan {
  const ids = dropped.map((column) => column.id);
  const columns = table.columns.filter((column) => !ids.includes(column.id));
  if (columns.length === 0) throw sqlError(-400, 'A table must keep at least one column');
  return changed(
    { ...table, columns, rowIdName: rowIdNameFor(columns) },
    dropped.flatMap((column) =>
      column.generation === 'identity'
        ? []
        : [
            `ALTER TABLE ${physicalTable(table)} DROP COLUMN ${physicalColumn(column)}`,
            `DROP SEQUENCE IF EXISTS ${counterSequence(table, column)}`,
            ...(column.computed === undefined ? [] : [dropCompute(table, column)]),
          ],
    ),
  );
}

/** @throws IrisError -315 */
export function dropConstraint(name: Identifier, table: TableDef, context: DdlContext): DdlPlan {
  const wanted = name.name.toUpperCase();
  const foreign = table.foreignKeys.find((key) => key.name.toUpperCase() === wanted);
  if (foreign !== undefined) return dropForeign(table, foreign);
  return dropKey(
    table,
    keysOf(table).find((key) => key.name.toUpperCase() === wanted),
    context,
  );
}

/** @throws IrisError -315 none, -317 a foreign key relies on it */
export function dropKey(
  table: TableDef,
  key: TableDef['uniqueKeys'][number] | undefined,
  context: DdlContext,
): DdlPlan {
  if (key === undefined) throw sqlError(-315, ' Constraint or Key not found');
  const relies = context.catalog
    .referencing(table.id)
    .some((other) =>
      other.foreignKeys.some(
        (foreign) => foreign.targetTableId === table.id && foreign.targetKey === key.name,
      ),
    );
  if (relies)
    throw sqlError(
      -317,
      ' Cannot DROP Constraint - One or more Foreign Key constraints reference this Unique constraint',
    );
  const { primaryKey, ...rest } = table;
  const next: TableDef = {
    ...rest,
    ...(primaryKey === undefined || primaryKey === key ? {} : { primaryKey }),
    uniqueKeys: table.uniqueKeys.filter((other) => other !== key),
  };
  return changed(next, [`DROP INDEX IF EXISTS iris_data.${keyIndex(table, key)}`]);
}

export function dropForeign(table: TableDef, key: ForeignKeyDef | undefined): DdlPlan {
  if (key === undefined) throw sqlError(-315, ' Constraint or Key not found');
  const next = { ...table, foreignKeys: table.foreignKeys.filter((other) => other !== key) };
  return changed(next, dropForeignKey(table, key));
}
