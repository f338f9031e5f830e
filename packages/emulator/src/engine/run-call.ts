import { sqlError } from '@iris-devtools/core';
import { CompileContext } from '../compile/context.js';
import type { ParameterKind } from '../compile/context.js';
import { compileExpression } from '../compile/expression.js';
import { asText } from '../compile/coerce.js';
import { frameOf } from '../compile/scope.js';
import type { OutputColumn } from '../compile/output.js';
import type { RoutineDef } from '../catalog/model.js';
import { displayName } from '../catalog/names.js';
import type { CallStatement, Expression, RoutineBody, Statement } from '../sql/ast.js';
import { parseStatement } from '../sql/parser.js';
import type { IrisType } from '../sql/types.js';
import type { EngineParameter, EngineValue, SqlOutcome } from './engine.js';
import { cellReader } from './output-values.js';
import { bindParameter } from './parameters.js';
import { compileStatement, isCompilable } from './prepared.js';
import { checkPrivileges } from './privileges.js';
import { factsOf, runOne } from './run-compiled.js';
import { sessionValue } from './session-state.js';
import type { SessionState } from './session-state.js';
import { toSqlError } from './sql-errors.js';

export type HostVariables = ReadonlyMap<string, { readonly type: IrisType; readonly value: string | null }>;

/** @throws IrisError -428 unknown, -370 too many arguments */
function findProcedure(statement: CallStatement, session: SessionState): RoutineDef {
  const { catalog, settings } = session.core;
  const schema = statement.procedure.schema?.name ?? settings.defaultSchema;
  const routine = catalog.routine(session.namespace, schema, statement.procedure.name.name);
  if (routine === undefined) {
    throw sqlError(
      -428,
      ` Stored procedure '${schema.toUpperCase()}.${statement.procedure.name.name.toUpperCase()}' not found`,
    );
  }
  if (statement.arguments.length > routine.parameters.length) {
    throw sqlError(-370, ' SQL CALL, more arguments specified than defined in the stored procedure');
  }
  return routine;
}

/** The statements of a body in SQL. @throws IrisError -149 for another language */
function procedureBody(routine: RoutineDef): readonly Statement[] {
  const { statement } = parseStatement(routine.definition);
  const body: RoutineBody | undefined = statement.kind === 'create-routine' ? statement.body : undefined;
  if (body?.kind !== 'sql') {
    throw sqlError(
      -149,
      ` ${displayName(routine)} is written in ${routine.language}, which the emulator does not run`,
      {
        hint: 'Test this procedure against IRIS itself.',
      },
    );
  }
  return body.statements;
}

/** Columns of the first query of a procedure, for describing CALL. */
export function procedureColumns(statement: CallStatement, session: SessionState): readonly OutputColumn[] {
  const routine = findProcedure(statement, session);
  const query = procedureBody(routine).find((inner) => inner.kind === 'select-statement');
  if (query === undefined || !isCompilable(query)) return [];
  const hostVariables: HostVariables = new Map(
    routine.parameters.map((parameter) => [
      parameter.name.toUpperCase(),
      { type: parameter.type, value: null },
    ]),
  );
  return compileStatement(query, contextFor(session, [], hostVariables)).outputs;
}

function contextFor(
  session: SessionState,
  kinds: readonly ParameterKind[],
  hostVariables: HostVariables,
): CompileContext {
  const { catalog } = session.core;
  return new CompileContext({
    catalog,
    session: factsOf(session),
    parameterCount: kinds.length,
    kinds,
    hostVariables,
  });
}

/** CALL of a procedure in SQL: its statements in order; the rows are those of its last query. */
export async function runCall(
  statement: CallStatement,
  parameters: readonly EngineParameter[],
  session: SessionState,
): Promise<SqlOutcome> {
  const routine = findProcedure(statement, session);
  const statements = procedureBody(routine);
  const values = await argumentValues(statement.arguments, parameters, session);
  const hostVariables: HostVariables = new Map(
    routine.parameters.map((parameter, index) => [
      parameter.name.toUpperCase(),
      {
        type: parameter.type,
        value: index < values.length ? (values[index] ?? null) : defaultOf(parameter.defaultText),
      },
    ]),
  );
  let outcome: SqlOutcome = { sqlcode: 0, rows: [], rowCount: -1 };
  for (const inner of statements) {
    const result = await runInner(inner, hostVariables, session);
    if (inner.kind === 'select-statement') outcome = result;
  }
  return outcome;
}

/** The text of a literal default, as INFORMATION_SCHEMA shows it. */
function defaultOf(text: string | undefined): string | null {
  if (text === undefined || text === '""') return null;
  return text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text;
}

async function argumentValues(
  nodes: readonly Expression[],
  parameters: readonly EngineParameter[],
  session: SessionState,
): Promise<readonly (string | null)[]> {
  if (nodes.length === 0) return [];
  const bound = parameters.map(bindParameter);
  const context = contextFor(
    session,
    bound.map((parameter) => parameter.kind),
    new Map(),
  );
  const frame = frameOf(context, [], undefined, 'values');
  const items = nodes.map((node) => asText(compileExpression(node, frame), context).sql);
  const own = context.sessionParameters.map((parameter) => sessionValue(parameter, session));
  try {
    const [result] = await session.core.storage.run([
      {
        sql: `SELECT ${items.join(', ')}`,
        parameters: [...bound.map((parameter) => parameter.text), ...own],
        parameterTypes: [...bound.map((parameter) => parameter.type), ...own.map(() => 25)],
        once: true,
      },
    ]);
    return result?.rows[0] ?? [];
  } catch (error) {
    throw toSqlError(error, session.core.catalog, 'query');
  }
}

async function runInner(
  statement: Statement,
  hostVariables: HostVariables,
  session: SessionState,
): Promise<SqlOutcome> {
  if (!isCompilable(statement)) {
    throw sqlError(-149, ` The emulator does not run '${statement.kind}' inside of a procedure`);
  }
  const compiled = compileStatement(statement, contextFor(session, [], hostVariables));
  checkPrivileges(compiled.privileges, session);
  await session.core.systemTables.ensure(compiled.systemTables, session.namespace);
  const own = compiled.sessionParameters.map((parameter) => sessionValue(parameter, session));
  const result = await runOne(compiled, own, statement.kind, session);
  const readers = compiled.outputs.map((output) => cellReader(output.type));
  const rows: EngineValue[][] =
    compiled.outputs.length === 0
      ? []
      : result.rows.map((cells) => readers.map((read, index) => read(cells[index] ?? null)));
  return { sqlcode: 0, rows, rowCount: rows.length };
}
