import { sqlError } from '@iris-devtools/core';
import { CompileContext } from '../compile/context.js';
import type { PrivilegeNeed } from '../compile/context.js';
import { compileQuery } from '../compile/query.js';
import type { CreateViewStatement, DropViewStatement, Query } from '../sql/ast.js';
import { classNameOf, emptySchema, findRelation, nothingToDo, resolveName, withSchema } from './ddl.js';
import type { DdlContext, DdlPlan, NothingToDo } from './ddl.js';
import { viewsOver } from './drop-table.js';
import type { ViewDef } from './model.js';
import { displayName } from './names.js';

/** CREATE VIEW and ALTER VIEW. @throws IrisError -201, -30, -142, -143, -148 and what the query gives */
export function createView(statement: CreateViewStatement, context: DdlContext): DdlPlan {
  const { schema, name } = resolveName(statement.view, context);
  const existing = findRelation(statement.view, context);
  const replaces = existing?.kind === 'view' && (statement.orReplace || statement.alter);
  if (existing !== undefined && !replaces)
    throw sqlError(-201, ` Table or view '${schema}.${existing.name}' already exists`);
  if (statement.alter && existing === undefined) {
    throw sqlError(-30, ` View '${schema.toUpperCase()}.${name.toUpperCase()}' not found`);
  }
  checkQuery(statement.query);
  const compiled = compileViewQuery(statement.query, context);
  const given = statement.columns?.map((column) => column.name);
  if (given !== undefined && given.length !== compiled.columns.length) {
    throw sqlError(-142, " Cardinality mismatch between the view-column-list and view query's SELECT clause");
  }
  const names = given ?? compiled.columns.map((column) => column.name);
  checkNames(names);
  const view: ViewDef = {
    kind: 'view',
    id: existing?.id ?? context.catalog.newId(),
    namespace: context.namespace,
    schema,
    name: existing?.name ?? name,
    className: classNameOf(schema, name),
    owner: context.user,
    columns: compiled.columns.map((column, index) => ({
      name: names[index] ?? column.name,
      type: column.type,
    })),
    ...(given === undefined ? {} : { columnNames: given }),
    queryText: statement.queryText,
    readOnly: statement.readOnly,
    checkOption: statement.checkOption,
    dependsOn: compiled.dependsOn,
    columnUsage: compiled.usage,
  };
  if (compiled.dependsOn.includes(view.id))
    throw sqlError(-400, `View '${displayName(view)}' would read itself`);
  return {
    statements: [],
    change: { put: withSchema(schema, context, [view]), remove: [] },
    privileges: statement.alter
      ? [...compiled.privileges, { action: '%ALTER', relation: view, columns: new Set() }]
      : compiled.privileges,
  };
}

function checkNames(names: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name.toUpperCase())) throw sqlError(-97, ` Duplicate select-list names found: '${name}'`);
    seen.add(name.toUpperCase());
  }
}

/** @throws IrisError -143 ORDER BY without TOP, -148 parameters */
function checkQuery(query: Query): void {
  const hasTop = query.body.kind === 'select' && query.body.top !== undefined;
  if (query.orderBy.length > 0 && !hasTop) throw sqlError(-143, " ORDER BY not valid in a view's query");
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const { kind } = value as { kind?: unknown };
    if (kind === 'parameter' || kind === 'host-variable') {
      throw sqlError(
        -148,
        " CREATE VIEW, ALTER VIEW, or a view's query may not contain host variable references",
      );
    }
    for (const child of Object.values(value)) visit(child);
  };
  visit(query);
}

interface CompiledView {
  readonly columns: ReturnType<typeof compileQuery>['columns'];
  readonly dependsOn: readonly number[];
  readonly privileges: readonly PrivilegeNeed[];
  readonly usage: NonNullable<ViewDef['columnUsage']>;
}

function compileViewQuery(query: Query, context: DdlContext): CompiledView {
  const compiling = new CompileContext({
    catalog: context.catalog,
    session: {
      user: context.user,
      namespace: context.namespace,
      defaultSchema: context.defaultSchema,
      fastDistinct: true,
    },
    parameterCount: 0,
    kinds: [],
  });
  const { columns } = compileQuery(query, compiling, undefined);
  const usage = columns.flatMap(({ source }) => {
    if (source === undefined || source.column === 'rowid') return [];
    return [{ relationId: source.relation.id, column: source.column.name }];
  });
  const dependsOn = [...compiling.relations]
    .filter((relation) => relation.namespace !== '')
    .map((relation) => relation.id);
  return { columns, dependsOn, usage, privileges: compiling.privileges };
}

/** @throws IrisError -30, -321 */
export function dropView(statement: DropViewStatement, context: DdlContext): DdlPlan | NothingToDo {
  const found = findRelation(statement.view, context);
  if (found?.kind !== 'view') {
    if (statement.ifExists) return nothingToDo(`View '${statement.view.name.name}' does not exist`);
    const schema = statement.view.schema?.name ?? context.defaultSchema;
    throw sqlError(
      -30,
      ` View '${schema.toUpperCase()}.${statement.view.name.name.toUpperCase()}' not found`,
    );
  }
  const dependents = viewsOver(found.id, context);
  if (dependents.length > 0 && statement.behavior !== 'CASCADE') {
    throw sqlError(
      -321,
      ` Cannot DROP view '${displayName(found)}': view ${dependents.map(displayName).join(', ')} references it`,
    );
  }
  const views = [found, ...dependents];
  const ids = views.map((view) => view.id);
  const removed = ids;
  const schemas = new Set(views.map((view) => view.schema));
  return {
    statements: [],
    change: {
      put: [],
      remove: [...removed, ...[...schemas].flatMap((schema) => emptySchema(schema, context, removed))],
    },
  };
}
