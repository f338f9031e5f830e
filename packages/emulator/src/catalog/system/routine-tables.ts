import type { RoutineDef, RoutineParameterDef } from '../model.js';
import { dataType } from './relation-tables.js';
import { columnList } from './system-table.js';
import type { SystemTableDefinition, SystemValue } from './system-table.js';

const SCHEMA = 'INFORMATION_SCHEMA';

const ROUTINES: SystemTableDefinition = {
  schema: SCHEMA,
  name: 'ROUTINES',
  columns:
    columnList(`SPECIFIC_CATALOG SPECIFIC_SCHEMA SPECIFIC_NAME ROUTINE_CATALOG ROUTINE_SCHEMA ROUTINE_NAME
    ROUTINE_TYPE MODULE_CATALOG MODULE_SCHEMA MODULE_NAME DATA_TYPE CHARACTER_MAXIMUM_LENGTH# ROUTINE_BODY
    ROUTINE_DEFINITION EXTERNAL_NAME EXTERNAL_LANGUAGE PARAMETER_STYLE IS_DETERMINISTIC SQL_DATA_ACCESS
    IS_NULL_CALL CLASSNAME METHOD_OR_QUERY_NAME DESCRIPTION`),
  rows: (catalog, namespace) => catalog.routines(namespace).map((routine) => routineRow(routine)),
};

function routineRow(routine: RoutineDef): SystemValue[] {
  const { schema, name } = routine;
  return [
    null,
    schema,
    name,
    null,
    schema,
    name,
    routine.routine === 'FUNCTION' ? 'FUNCTION' : 'PROCEDURE',
    null,
    null,
    null,
    routine.returns === undefined ? null : dataType(routine.returns),
    routine.returns?.length ?? null,
    routine.language === 'SQL' ? 'SQL' : 'EXTERNAL',
    routine.definition,
    null,
    routine.language === 'SQL' ? null : routine.language,
    'GENERAL',
    'NO',
    'MODIFIES SQL DATA',
    'YES',
    routine.className,
    name,
    null,
  ];
}

const PARAMETERS: SystemTableDefinition = {
  schema: SCHEMA,
  name: 'PARAMETERS',
  columns:
    columnList(`SPECIFIC_CATALOG SPECIFIC_SCHEMA SPECIFIC_NAME ORDINAL_POSITION# PARAMETER_MODE IS_RESULT
    PARAMETER_NAME DATA_TYPE CHARACTER_MAXIMUM_LENGTH# NUMERIC_PRECISION# NUMERIC_SCALE# PARAMETER_DEFAULT`),
  rows: (catalog, namespace) =>
    catalog
      .routines(namespace)
      .flatMap((routine) =>
        routine.parameters.map((parameter, index) => parameterRow(routine, parameter, index + 1)),
      ),
};

function parameterRow(routine: RoutineDef, parameter: RoutineParameterDef, position: number): SystemValue[] {
  const { type } = parameter;
  return [
    null,
    routine.schema,
    routine.name,
    position,
    parameter.mode,
    'NO',
    parameter.name,
    dataType(type),
    type.length ?? null,
    type.precision ?? null,
    type.scale ?? null,
    parameter.defaultText ?? null,
  ];
}

const TRIGGERS: SystemTableDefinition = {
  schema: SCHEMA,
  name: 'TRIGGERS',
  columns: columnList(`TRIGGER_CATALOG TRIGGER_SCHEMA TRIGGER_NAME EVENT_MANIPULATION EVENT_OBJECT_CATALOG
    EVENT_OBJECT_SCHEMA EVENT_OBJECT_TABLE ACTION_ORDER# ACTION_CONDITION ACTION_STATEMENT ACTION_ORIENTATION
    ACTION_TIMING ACTION_REFERENCE_OLD_TABLE ACTION_REFERENCE_NEW_TABLE CREATED CLASSNAME`),
  rows: (catalog, namespace) =>
    catalog.triggers(namespace).flatMap((trigger) => {
      const table = catalog.table(trigger.tableId);
      return trigger.events.map((event) => [
        null,
        trigger.schema,
        trigger.name,
        event,
        null,
        table?.schema ?? null,
        table?.name ?? null,
        trigger.order,
        null,
        trigger.definition,
        'ROW',
        trigger.time,
        null,
        null,
        null,
        trigger.className,
      ]);
    }),
};

const USER_DEFINED_AGGREGATES: SystemTableDefinition = {
  schema: SCHEMA,
  name: 'USER_DEFINED_AGGREGATES',
  columns: columnList('AGGREGATE_SCHEMA AGGREGATE_NAME DATA_TYPE DEFINITION'),
  rows: (catalog, namespace) =>
    catalog
      .routines(namespace)
      .filter((routine) => routine.routine === 'AGGREGATE')
      .map((routine) => [routine.schema, routine.name, null, routine.definition]),
};

export const ROUTINE_TABLES: readonly SystemTableDefinition[] = [
  ROUTINES,
  PARAMETERS,
  TRIGGERS,
  USER_DEFINED_AGGREGATES,
];
