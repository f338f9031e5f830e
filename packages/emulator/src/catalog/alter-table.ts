import { sqlError } from '@iris-devtools/core';
import type { StorageRequest } from '../engine/storage/statement-names.js';
import type { StorageAccess } from '../engine/storage/storage.js';
import type {
  AlterTableAction,
  AlterTableStatement,
  ColumnDefinition,
  Identifier,
  TableConstraint,
} from '../sql/ast.js';
import { modifyColumn } from './alter-column.js';
import { checkColumns, columnFrom, rowIdNameFor } from './columns.js';
import { addForeignKey, addKey, needsReferences, withColumnConstraint } from './create-table.js';
import { needsAlter, requireTable } from './ddl.js';
import type { DdlContext, DdlPlan } from './ddl.js';
import { viewsOver } from './drop-table.js';
import { keysOf } from './keys.js';
import type { ColumnDef, TableDef } from './model.js';
import { physicalColumn, physicalTable } from './model.js';
import { displayName } from './names.js';
import {
  columnText,
  computeStatements,
  counterStatements,
  createForeignKeys,
  uniqueIndexStatement,
} from './physical.js';
import { backfillText } from './backfill.js';
import { cleanUp, convertStorage } from './convert-storage.js';
import { dropColumns, dropConstraint, dropForeign, dropKey } from './drop-constraint.js';

/** ALTER TABLE. @throws IrisError -30 and, by action, -306 -304 -305 -307 -308 -310 .. -317 -322 -374 -201 -31 */
export function alterTable(statement: AlterTableStatement, context: DdlContext): DdlPlan {
  const table = requireTable(statement.table, context);
  const plan = planAction(statement.action, table, context);
  return { ...plan, locks: [table], privileges: [needsAlter(table), ...(plan.privileges ?? [])] };
}

function planAction(
  action: AlterTableAction,
  table: TableDef,
  context: DdlContext,
  stored: TableDef = table,
): DdlPlan {
  switch (action.kind) {
    case 'add-columns':
      return addColumns(action.columns, table, context);
    case 'add-constraint':
      return addConstraint(action.constraint, table, context, stored);
    case 'set-default':
      return changed(
        withColumn(table, action.column, (column) => ({ ...column, defaultValue: action.value })),
      );
    case 'drop-default':
      return changed(
        withColumn(table, action.column, (column) => {
          const { defaultValue: _, ...rest } = column;
          return rest;
        }),
      );
    case 'modify-column':
      return modifyColumn(action, table, findColumn(table, action.column), context);
    case 'rename-column':
      return renameColumn(table, action.column, action.newName);
    case 'drop-columns':
      return dropColumns(action.columns, table, context);
    case 'drop-constraint':
      return dropConstraint(action.name, table, context);
    case 'drop-primary-key':
      return dropKey(table, table.primaryKey, context);
    case 'drop-foreign-key':
      return dropForeign(
        table,
        table.foreignKeys.find((key) => key.name.toUpperCase() === action.name.name.toUpperCase()),
      );
    case 'rename-table':
      return renameTable(table, action.newName, context);
    case 'several':
      return planSeveral(action.actions, table, context);
    case 'statistics':
      return changed(table);
    case 'cleanup':
      return changed(cleanUp(table));
    case 'convert-storage': {
      const columns = action.columns?.map((name) => findColumn(table, name)) ?? table.columns;
      return changed(convertStorage(action, table, columns));
    }
    case 'storage':
      throw sqlError(-160, ` The emulator has one storage only: ${action.text}`);
  }
}

/** Each action finds the table as the one before leaves it. All checks of rows come before all changes. */
function planSeveral(actions: readonly AlterTableAction[], table: TableDef, context: DdlContext): DdlPlan {
  let next = table;
  const plans = actions.map((action) => {
    const plan = planAction(action, next, context, table);
    next = plan.change.put.find((entry): entry is TableDef => entry.id === table.id) ?? next;
    return plan;
  });
  return {
    ...changed(
      next,
      plans.flatMap((plan) => plan.statements),
    ),
    privileges: plans.flatMap((plan) => plan.privileges ?? []),
    before: async (access) => {
      for (const plan of plans) await plan.before?.(access);
    },
  };
}

export const changed = (table: TableDef, statements: readonly (string | StorageRequest)[] = []): DdlPlan => ({
  statements,
  change: { put: [table], remove: [] },
});

/** @throws IrisError -31 */
export function findColumn(table: TableDef, name: Identifier): ColumnDef {
  const found = table.columns.find((column) => column.name.toUpperCase() === name.name.toUpperCase());
  if (found === undefined)
    throw sqlError(-31, ` Field '${name.name}' not found in table '${displayName(table)}'`);
  return found;
}

export function withColumn(
  table: TableDef,
  name: Identifier,
  change: (column: ColumnDef) => ColumnDef,
): TableDef {
  const wanted = findColumn(table, name);
  return { ...table, columns: table.columns.map((column) => (column === wanted ? change(column) : column)) };
}

function addColumns(definitions: readonly ColumnDefinition[], table: TableDef, context: DdlContext): DdlPlan {
  let next = table;
  const added: ColumnDef[] = [];
  for (const definition of definitions) {
    const column = columnFrom(definition, next.nextColumnId, next.columns);
    if (column.generation === 'identity' && next.columns.some((other) => other.generation === 'identity')) {
      throw sqlError(-400, 'ERROR #5281: An identity column is already defined for this table');
    }
    if (
      column.generation === 'rowversion' &&
      next.columns.some((other) => other.generation === 'rowversion')
    ) {
      throw sqlError(-400, 'ERROR #5320: A ROWVERSION column is already defined for this table');
    }
    added.push(column);
    next = { ...next, nextColumnId: next.nextColumnId + 1, columns: [...next.columns, column] };
    checkColumns(next.columns);
    for (const constraint of definition.constraints)
      next = withColumnConstraint(next, definition, constraint, context);
  }
  next = { ...next, rowIdName: rowIdNameFor(next.columns) };
  const final = next;
  const columns = final.columns.filter((column) => added.some(({ id }) => id === column.id));
  const physical = columns.filter((column) => column.generation !== 'identity');
  const statements = physical.flatMap((column) => [
    ...counterStatements(final, column),
    `ALTER TABLE ${physicalTable(final)} ADD COLUMN ${columnText(final, { ...column, notNull: false }, context.catalog)}`,
    ...backfillText(final, column, context),
    ...computeStatements(final, column, context.catalog),
    ...(column.notNull
      ? [`ALTER TABLE ${physicalTable(final)} ALTER COLUMN ${physicalColumn(column)} SET NOT NULL`]
      : []),
  ]);
  const newKeys = keysOf(final).filter((key) => !keysOf(table).some(({ id }) => id === key.id));
  const newForeign = final.foreignKeys.filter((key) => !table.foreignKeys.includes(key));
  return {
    ...changed(final, [
      ...statements,
      ...newKeys.map((key) => uniqueIndexStatement(final, key)),
      ...newForeign.flatMap((key) => createForeignKeys(final, context.catalog, key)),
    ]),
    before: async (access) => {
      const bare = physical.find(
        (column) => column.notNull && column.defaultValue === undefined && column.generation === undefined,
      );
      if (bare !== undefined && (await hasRows(table, 'true', access))) {
        throw sqlError(
          -304,
          ` Attempt to add a NOT NULL field with no default value to a table which contains data: '${bare.name}'`,
        );
      }
    },
  };
}

export async function hasRows(table: TableDef, where: string, access: StorageAccess): Promise<boolean> {
  const [result] = await access.run([
    { sql: `SELECT 1 FROM ${physicalTable(table)} WHERE ${where} LIMIT 1`, once: true },
  ]);
  return (result?.rows.length ?? 0) > 0;
}

function addConstraint(
  constraint: Extract<AlterTableAction, { kind: 'add-constraint' }>['constraint'],
  table: TableDef,
  context: DdlContext,
  stored: TableDef,
): DdlPlan {
  if (constraint.kind === 'foreign-key') {
    const next = addForeignKey(table, constraint, context);
    const key = next.foreignKeys.at(-1);
    if (key === undefined) return changed(next);
    return {
      ...changed(next, [
        ...createForeignKeys(next, context.catalog, key),
        ...(key.noCheck ? [] : [checkForeignKey(next)]),
      ]),
      privileges: needsReferences(key, context),
    };
  }
  checkIndexFree(constraint, table);
  const next = addKey(table, constraint.kind, constraint.columns, constraint.name);
  const key = constraint.kind === 'unique' ? next.uniqueKeys.at(-1) : next.primaryKey;
  if (key === undefined) return changed(next);
  const required = next.columns.filter(
    (column, index) => column.notNull && table.columns[index]?.notNull === false,
  );
  return {
    ...changed(next, [
      uniqueIndexStatement(next, key),
      ...required.map(
        (column) => `ALTER TABLE ${physicalTable(next)} ALTER COLUMN ${physicalColumn(column)} SET NOT NULL`,
      ),
    ]),
    before: async (access) => {
      for (const column of required) {
        const isStored = stored.columns.some(({ id }) => id === column.id);
        // A column that the same statement adds is NULL in every row, unless it counts them.
        const condition = isStored
          ? `${physicalColumn(column)} IS NULL`
          : String(column.generation === undefined);
        if (await hasRows(stored, condition, access)) throw hasNulls(column);
      }
    },
  };
}

/** The index of the new key must differ from those there are. @throws IrisError -400 */
function checkIndexFree(
  constraint: Exclude<TableConstraint, { kind: 'foreign-key' }>,
  table: TableDef,
): void {
  const named = [...keysOf(table), ...table.indexes].find(
    ({ name }) => name.toUpperCase() === constraint.name?.name.toUpperCase(),
  );
  if (named !== undefined) {
    throw sqlError(-400, `ERROR #5124: Index name '${named.name}' conflicts with an index of the table`);
  }
  if (constraint.kind !== 'unique') return;
  const wanted = constraint.columns.map(({ name }) => name.toUpperCase());
  const columnsOf = (ids: readonly number[]): string[] =>
    table.columns.filter(({ id }) => ids.includes(id)).map(({ name }) => name.toUpperCase());
  const same = table.uniqueKeys.find(({ columnIds }) => {
    const columns = columnsOf(columnIds);
    return columns.length === wanted.length && columns.every((name) => wanted.includes(name));
  });
  if (same !== undefined) {
    throw sqlError(-400, `ERROR #5124: Index '${same.name}' is already unique over the same columns`);
  }
}

export const hasNulls = (column: ColumnDef): Error =>
  sqlError(
    -305,
    ` Attempt to make field required when the table has one or more rows where '${column.name}' is NULL`,
  );

/** Touches every row, so that the new key's trigger looks at it; the failure is one of creation, -127. */
function checkForeignKey(table: TableDef): string {
  return `DO $check$ BEGIN
    UPDATE ${physicalTable(table)} SET rid = rid;
  EXCEPTION WHEN SQLSTATE 'IR122' OR SQLSTATE 'IR121' THEN
    RAISE EXCEPTION USING ERRCODE = 'IR127', MESSAGE = SQLERRM;
  END $check$`;
}

function renameColumn(table: TableDef, name: Identifier, newName: Identifier): DdlPlan {
  const next = withColumn(table, name, (column) => ({ ...column, name: newName.name }));
  checkColumns(next.columns);
  return changed({ ...next, rowIdName: rowIdNameFor(next.columns) });
}

/** @throws IrisError -201 the name is taken, -30 a view reads the table */
function renameTable(table: TableDef, newName: Identifier, context: DdlContext): DdlPlan {
  const taken = context.catalog.relation(context.namespace, table.schema, newName.name);
  if (taken !== undefined) throw sqlError(-201, ` Table or view '${displayName(taken)}' already exists`);
  const views = viewsOver(table.id, context);
  if (views.length > 0) {
    throw sqlError(
      -30,
      ` Cannot rename '${displayName(table)}': view ${views.map(displayName).join(', ')} would read a table that is not found`,
    );
  }
  return changed({ ...table, name: newName.name });
}
