import { sqlError } from '@iris-devtools/core';
import type { CreateSchemaStatement, DropSchemaStatement } from '../sql/ast.js';
import { nothingToDo } from './ddl.js';
import type { DdlContext, DdlPlan, NothingToDo } from './ddl.js';
import { dropTables, viewsOver } from './drop-table.js';
import type { SchemaDef } from './model.js';
import { displayName } from './names.js';

/** @throws IrisError -476 exists, -312 the name of a class package of the system */
export function createSchema(statement: CreateSchemaStatement, context: DdlContext): DdlPlan | NothingToDo {
  const { name } = statement.schema;
  if (name.toUpperCase() === 'USER') throw sqlError(-312, ` Invalid schema name '${name}'`);
  const existing = context.catalog.schema(context.namespace, name);
  if (existing !== undefined) {
    if (statement.ifNotExists) return nothingToDo(`Schema '${existing.name}' already exists`);
    throw sqlError(-476, ` Schema '${existing.name}' already exists`);
  }
  const schema: SchemaDef = {
    kind: 'schema',
    id: context.catalog.newId(),
    namespace: context.namespace,
    explicit: true,
    name,
  };
  return { statements: [], change: { put: [schema], remove: [] } };
}

/** @throws IrisError -473 missing, -482 not empty, -320 a foreign key of another schema refers into it */
export function dropSchema(statement: DropSchemaStatement, context: DdlContext): DdlPlan | NothingToDo {
  const { name } = statement.schema;
  const { catalog, namespace } = context;
  const schema = catalog.schema(namespace, name);
  if (schema === undefined) {
    if (statement.ifExists) return nothingToDo(`Schema '${name}' does not exist`);
    throw sqlError(-473, ` Schema '${name}' not found`);
  }
  const inSchema = (object: { readonly schema: string }): boolean =>
    object.schema.toUpperCase() === name.toUpperCase();
  const tables = catalog.tables(namespace).filter(inSchema);
  const routines = catalog.routines(namespace).filter(inSchema);
  const views = catalog.views(namespace).filter(inSchema);
  if (tables.length + views.length + routines.length > 0 && statement.behavior !== 'CASCADE') {
    throw sqlError(-482, ` Schema '${schema.name}' is not empty`);
  }
  for (const table of tables) {
    const outside = catalog.referencing(table.id).filter((other) => !inSchema(other));
    if (outside.length > 0) {
      throw sqlError(
        -320,
        ` Cannot DROP table '${displayName(table)}': foreign keys of ${outside.map(displayName).join(', ')} reference it`,
      );
    }
  }
  const reading = new Map(
    [...tables, ...views].flatMap((object) => viewsOver(object.id, context)).map((view) => [view.id, view]),
  );
  for (const view of views) reading.set(view.id, view);
  const plan = dropTables(tables, [...reading.values()], context);
  // Tables that refer to each other go together.
  const statements = plan.statements.map((text) =>
    typeof text === 'string' && text.startsWith('DROP TABLE') ? `${text} CASCADE` : text,
  );
  const removed = [...new Set([...plan.change.remove, ...routines.map((routine) => routine.id), schema.id])];
  return { ...plan, statements, change: { put: [], remove: removed } };
}
