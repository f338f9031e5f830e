import { sqlError } from '@iris-devtools/core';
import type { DropTableStatement } from '../sql/ast.js';
import { emptySchema, findRelation, nothingToDo, requireTable } from './ddl.js';
import type { DdlContext, DdlPlan, NothingToDo } from './ddl.js';
import type { TableDef, ViewDef } from './model.js';
import { counterSequence, physicalTable } from './model.js';
import { displayName } from './names.js';
import { dropCompute, dropForeignKey } from './physical.js';

/** @throws IrisError -30 missing, -320 a foreign key refers to it, -321 a view reads it */
export function dropTable(statement: DropTableStatement, context: DdlContext): DdlPlan | NothingToDo {
  const found = findRelation(statement.table, context);
  if (statement.ifExists && found?.kind !== 'table') {
    return nothingToDo(`Table '${statement.table.name.name}' does not exist`);
  }
  const table = requireTable(statement.table, context);
  const { catalog } = context;
  const referencing = catalog.referencing(table.id).filter((other) => other.id !== table.id);
  if (referencing.length > 0) {
    const names = referencing.map(displayName).join(', ');
    throw sqlError(-320, ` Cannot DROP table '${displayName(table)}': foreign keys of ${names} reference it`);
  }
  const views = viewsOver(table.id, context);
  if (views.length > 0 && statement.behavior !== 'CASCADE') {
    throw sqlError(
      -321,
      ` Cannot DROP table '${displayName(table)}': view ${views.map(displayName).join(', ')} references it`,
    );
  }
  return dropTables([table], views, context);
}

/** Views that read the relation, and those that read them. */
export function viewsOver(relationId: number, context: DdlContext): ViewDef[] {
  const found = new Map<number, ViewDef>();
  const visit = (id: number): void => {
    for (const view of context.catalog.dependentViews(id)) {
      if (found.has(view.id)) continue;
      found.set(view.id, view);
      visit(view.id);
    }
  };
  visit(relationId);
  return [...found.values()];
}

/** Removes tables with all that belongs to them. */
export function dropTables(
  tables: readonly TableDef[],
  views: readonly ViewDef[],
  context: DdlContext,
): DdlPlan {
  const ids = new Set([...tables, ...views].map((object) => object.id));
  const { catalog, namespace } = context;
  const triggers = catalog.triggers(namespace).filter((trigger) => ids.has(trigger.tableId));
  const removed = [...ids, ...triggers.map((trigger) => trigger.id)];
  const schemas = new Set([...tables, ...views].map((object) => object.schema));
  return {
    statements: tables.flatMap((table) => [
      ...table.foreignKeys.flatMap((key) => dropForeignKey(table, key)),
      `DELETE FROM iris_sys.undo WHERE tab = '${physicalTable(table)}'::regclass`,
      `DROP TABLE ${physicalTable(table)}`,
      ...table.columns
        .filter((column) => column.computed !== undefined)
        .map((column) => dropCompute(table, column)),
      ...table.columns.map((column) => `DROP SEQUENCE IF EXISTS ${counterSequence(table, column)}`),
    ]),
    change: {
      put: [],
      remove: [...removed, ...[...schemas].flatMap((schema) => emptySchema(schema, context, removed))],
    },
    locks: tables,
  };
}
