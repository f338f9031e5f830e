import { sqlError } from '@iris-devtools/core';
import type {
  CreateRoutineStatement,
  CreateTriggerStatement,
  DropRoutineStatement,
  DropTriggerStatement,
} from '../sql/ast.js';
import { resolveType } from '../sql/type-names.js';
import {
  classNameOf,
  emptySchema,
  nothingToDo,
  needsAlter,
  requireTable,
  resolveName,
  withSchema,
} from './ddl.js';
import type { DdlContext, DdlPlan, NothingToDo } from './ddl.js';
import { defaultText } from './system/default-text.js';
import type { RoutineDef, TriggerDef } from './model.js';

/** `exists` differs: a function or procedure -361, an aggregate -428. */
function nameTaken(statement: CreateRoutineStatement): never {
  const { name } = statement.name.name;
  if (statement.routine === 'AGGREGATE') throw sqlError(-428, ` Aggregate '${name}' already exists`);
  throw sqlError(-361, ` Method or Query name '${name}' not unique`);
}

const CLASS_PREFIXES = {
  PROCEDURE: 'proc',
  FUNCTION: 'func',
  METHOD: 'meth',
  QUERY: 'query',
  AGGREGATE: 'aggr',
} as const;

/** @throws IrisError -428 a function of the aggregate is missing */
function checkAggregate({ body, name }: CreateRoutineStatement, context: DdlContext): void {
  if (body.kind !== 'aggregate') return;
  for (const part of body.functions) {
    const [own = '', qualified] = part.name.split('.');
    const schema = qualified === undefined ? (name.schema?.name ?? context.defaultSchema) : own;
    if (context.catalog.routine(context.namespace, schema, qualified ?? own) === undefined)
      throw sqlError(-428, ` Function '${schema}.${qualified ?? own}' of the aggregate not found`);
  }
}

/** @throws IrisError -361 exists, -400 exists under a name that differs only in case */
export function createRoutine(statement: CreateRoutineStatement, text: string, context: DdlContext): DdlPlan {
  const { schema, name } = resolveName(statement.name, context);
  const existing = context.catalog.routine(context.namespace, schema, name);
  if (existing !== undefined && !statement.orReplace) {
    if (existing.name !== name)
      throw sqlError(-400, `ERROR #5284: Method '${existing.name}' already exists in another case`);
    nameTaken(statement);
  }
  checkAggregate(statement, context);
  const isProcedure = statement.characteristics.some(({ word }) => word === 'PROCEDURE');
  const routine: RoutineDef = {
    kind: 'routine',
    id: existing?.id ?? context.catalog.newId(),
    namespace: context.namespace,
    schema,
    name,
    className: classNameOf(schema, `${CLASS_PREFIXES[statement.routine]}${name}`),
    owner: context.user,
    routine: statement.routine,
    ...(['METHOD', 'QUERY'].includes(statement.routine) && !isProcedure ? { notCallable: true } : {}),
    language: statement.language,
    parameters: statement.parameters.map((parameter) => ({
      name: parameter.name.name,
      mode: parameter.mode,
      type: parameter.type === undefined ? { name: 'VARCHAR' } : resolveType(parameter.type),
      ...(parameter.defaultValue === undefined
        ? {}
        : { defaultText: defaultText({ kind: 'expression', expression: parameter.defaultValue }) }),
    })),
    ...(statement.returns === undefined ? {} : { returns: resolveType(statement.returns) }),
    definition: text,
  };
  return { statements: [], change: { put: withSchema(schema, context, [routine]), remove: [] } };
}

/** Methods and queries that are procedures go by DROP PROCEDURE, too. */
const isOfKind = (routine: RoutineDef, wanted: RoutineDef['routine']): boolean =>
  routine.routine === wanted ||
  (wanted === 'PROCEDURE' && routine.routine !== 'AGGREGATE' && routine.notCallable !== true);

/** The package may be left out. @throws IrisError -360 */
function checkClass(fromClass: string | undefined, { className }: RoutineDef): void {
  if (fromClass === undefined) return;
  const wanted = fromClass.includes('.') ? className : className.split('.').at(-1);
  if (wanted?.toUpperCase() !== fromClass.toUpperCase())
    throw sqlError(-360, ` Class '${fromClass}' not found or does not have this method or query`);
}

/** @throws IrisError -362, -428 for an aggregate, -360 another class */
export function dropRoutine(statement: DropRoutineStatement, context: DdlContext): DdlPlan | NothingToDo {
  const { schema, name } = resolveName(statement.name, context);
  const routine = context.catalog.routine(context.namespace, schema, name);
  if (routine === undefined || !isOfKind(routine, statement.routine)) {
    if (statement.ifExists) return nothingToDo(`${statement.routine} '${name}' does not exist`);
    if (statement.routine === 'AGGREGATE') throw sqlError(-428, ` Aggregate '${schema}.${name}' not found`);
    throw sqlError(-362, ` Method or Query '${schema}.${name}' not found`);
  }
  checkClass(statement.fromClass, routine);
  return {
    statements: [],
    change: { put: [], remove: [routine.id, ...emptySchema(schema, context, [routine.id])] },
  };
}

/** @throws IrisError -30, -364 same event, time and order, -365 name taken, -366 another schema than the table's */
export function createTrigger(statement: CreateTriggerStatement, text: string, context: DdlContext): DdlPlan {
  const table = requireTable(statement.table, context);
  const { name } = statement.name.name;
  const schema = statement.name.schema?.name;
  if (schema !== undefined && schema.toUpperCase() !== table.schema.toUpperCase()) {
    throw sqlError(-366, ' Schema name mismatch between trigger name and table name');
  }
  if (name.toUpperCase() === table.name.toUpperCase())
    throw sqlError(-400, `ERROR #5281: Trigger '${name}' has the name of its table`);
  const columns = table.columns.map((column) => column.name.toUpperCase());
  const unknown = statement.updateOf.find((column) => !columns.includes(column.name.toUpperCase()));
  if (unknown !== undefined)
    throw sqlError(-400, `ERROR #5064: Field '${unknown.name}' of UPDATE OF is not one of the table`);
  const others = context.catalog
    .triggers(context.namespace)
    .filter((trigger) => trigger.tableId === table.id);
  const existing = others.find((trigger) => trigger.name.toUpperCase() === name.toUpperCase());
  if (existing !== undefined && !statement.orReplace)
    throw sqlError(-365, ` Trigger name '${name}' not unique`);
  const clash = others.find(
    (trigger) =>
      trigger !== existing &&
      trigger.time === statement.time &&
      trigger.order === statement.order &&
      trigger.events.some((event) => statement.events.includes(event)),
  );
  if (clash !== undefined && statement.order !== 0) {
    throw sqlError(-364, ` Trigger '${clash.name}' has the same EVENT, TIME and ORDER`);
  }
  const trigger: TriggerDef = {
    kind: 'trigger',
    id: existing?.id ?? context.catalog.newId(),
    namespace: context.namespace,
    schema: table.schema,
    name,
    className: table.className,
    owner: context.user,
    tableId: table.id,
    time: statement.time,
    events: statement.events,
    order: statement.order,
    language: statement.language,
    definition: text,
  };
  return {
    statements: [],
    change: { put: [trigger], remove: [] },
    privileges: [needsAlter(table)],
  };
}

/** @throws IrisError -363 */
export function dropTrigger(statement: DropTriggerStatement, context: DdlContext): DdlPlan | NothingToDo {
  const wanted = statement.name.name.name.toUpperCase();
  const table = statement.table === undefined ? undefined : requireTable(statement.table, context);
  const schema = statement.name.schema?.name.toUpperCase();
  if (table !== undefined && schema !== undefined && schema !== table.schema.toUpperCase())
    throw sqlError(-366, ' Schema name mismatch between trigger name and table name');
  const found = context.catalog
    .triggers(context.namespace)
    .filter(
      (trigger) =>
        trigger.name.toUpperCase() === wanted && (table === undefined || trigger.tableId === table.id),
    );
  const [trigger, another] = found;
  if (trigger === undefined) {
    if (statement.ifExists) return nothingToDo(`Trigger '${statement.name.name.name}' does not exist`);
    throw sqlError(-363, ` Trigger '${statement.name.name.name}' not found`);
  }
  if (another !== undefined)
    throw sqlError(-365, ` Trigger name '${statement.name.name.name}' is not unique: name the table`);
  return { statements: [], change: { put: [], remove: [trigger.id] } };
}
