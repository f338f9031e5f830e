import { sqlError } from '@iris-devtools/core';
import type { Column } from '@iris-devtools/core';
import type { RoutineDef, RoutineParameterDef } from '../catalog/model.js';
import { canonicalNumber } from '../compile/numbers.js';
import type { CallStatement, Expression } from '../sql/ast.js';
import type { IrisType } from '../sql/types.js';
import type { EngineParameter, EngineValue, ProcedureDescription, SqlOutcome } from './engine.js';
import { describeColumn, describeParameter } from './output-values.js';
import { compileInner, evaluate, givesRows, runBody, sqlBody } from './routine-body.js';
import { hasPrivilege, refusal } from './privileges.js';
import type { SqlBody, Variables } from './routine-body.js';
import type { SessionState } from './session-state.js';

/** @throws IrisError -428 unknown, -370 too many arguments */
function findProcedure(statement: CallStatement, session: SessionState): RoutineDef {
  const { catalog, settings } = session.core;
  const schema = statement.procedure.schema?.name ?? settings.defaultSchema;
  const routine = catalog.routine(session.namespace, schema, statement.procedure.name.name);
  if (routine === undefined || routine.notCallable === true) {
    throw sqlError(
      -428,
      ` Stored procedure '${schema.toUpperCase()}.${statement.procedure.name.name.toUpperCase()}' not found`,
    );
  }
  if (!hasPrivilege('EXECUTE', routine, session)) throw refusal('EXECUTE', routine, ['*'], session);
  if (statement.arguments.length > routine.parameters.length) {
    throw sqlError(-370, ' SQL CALL, more arguments specified than defined in the stored procedure');
  }
  return routine;
}

/** What a client learns before it executes a CALL; `columns` are those of the first query. */
export function describeCall(
  statement: CallStatement,
  session: SessionState,
): { readonly columns: readonly Column[]; readonly procedure: ProcedureDescription } {
  const routine = findProcedure(statement, session);
  const body = sqlBody(routine);
  const query = body.statements.find(givesRows);
  const compiled =
    query === undefined
      ? undefined
      : compileInner(
          query,
          variablesOf(routine, () => null),
          session,
        );
  const returns =
    routine.returns ?? (body.statements.some(({ kind }) => kind === 'return') ? TEXT : undefined);
  return {
    columns: (compiled?.outputs ?? []).map((output) => describeColumn(output, session.namespace)),
    procedure: {
      results: resultsOf(body),
      ...(returns !== undefined && { returns: describeParameter(returns) }),
      parameters: routine.parameters.map(({ name, mode, type }) => ({
        ...describeParameter(type),
        name,
        mode,
      })),
    },
  };
}

function resultsOf({ characteristics, statements }: SqlBody): ProcedureDescription['results'] {
  if (characteristics.some(({ word }) => word === 'RESULT SETS')) return 'multiple';
  return statements.some(givesRows) ? 'query' : 'update';
}

/** CALL of a procedure in SQL: its statements in order. The rows are those of its first query. */
export async function runCall(
  statement: CallStatement,
  parameters: readonly EngineParameter[],
  session: SessionState,
): Promise<SqlOutcome> {
  const routine = findProcedure(statement, session);
  const body = sqlBody(routine);
  const values = await evaluate(statement.arguments, parameters, new Map(), session);
  const variables = variablesOf(routine, (parameter, index) => {
    if (parameter.mode === 'OUT') return null;
    const isLeftOut = statement.omitted.includes(index);
    if (isLeftOut || isOmitted(statement.arguments[index], parameters))
      return defaultOf(parameter.defaultText);
    return values[index] ?? null;
  });
  const { results, returned, rowsAffected } = await runBody(body, variables, session);
  const rows = results[0]?.rows ?? [];
  return {
    sqlcode: 0,
    rows,
    rowCount: results.length === 0 ? -1 : rows.length,
    call: {
      parameters: routine.parameters.map(({ name }) => valueOf(variables, name)),
      returnValue: returned === undefined ? '' : outputValue(routine.returns ?? TEXT, returned),
      results,
      rowsAffected,
    },
  };
}

const TEXT: IrisType = { name: 'VARCHAR' };

function isOmitted(argument: Expression | undefined, parameters: readonly EngineParameter[]): boolean {
  if (argument === undefined) return true;
  return argument.kind === 'parameter' && parameters[argument.index]?.kind === 'undefined';
}

function variablesOf(
  routine: RoutineDef,
  valueFor: (parameter: RoutineParameterDef, index: number) => string | null,
): Variables {
  return new Map(
    routine.parameters.map((parameter, index) => [
      parameter.name.toUpperCase(),
      { type: parameter.type, value: valueFor(parameter, index) },
    ]),
  );
}

/** The text of a literal default, as INFORMATION_SCHEMA shows it. */
function defaultOf(text: string | undefined): string | null {
  if (text === undefined || text === '""') return null;
  return text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text;
}

function valueOf(variables: Variables, name: string): EngineValue {
  const variable = variables.get(name.toUpperCase());
  return variable === undefined ? null : outputValue(variable.type, variable.value);
}

const WHOLE = /^-?\d+$/;

/**
 * A procedure converts no formats: a date is given back as the body left it, as a day number or as text.
 * Numbers have the form of their type where they are numbers.
 */
function outputValue({ name }: IrisType, value: string | null): EngineValue {
  if (value === null) return null;
  switch (name) {
    case 'BIGINT':
    case 'BIT':
    case 'DATE':
    case 'INTEGER':
    case 'SMALLINT':
    case 'TIME':
    case 'TINYINT':
      return WHOLE.test(value) ? BigInt(value) : value;
    case 'DOUBLE':
      return Number.isNaN(Number(value)) ? value : Number(value);
    case 'NUMERIC':
      return Number.isNaN(Number(value)) ? value : canonicalNumber(value);
    case 'VARBINARY':
    case 'LONGVARBINARY':
      return value.startsWith('\\x') ? Buffer.from(value.slice(2), 'hex') : value;
    default:
      return value;
  }
}
