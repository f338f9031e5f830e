import { sqlError } from '@iris-devtools/core';
import { displayName } from '../catalog/names.js';
import type { RoutineDef } from '../catalog/model.js';
import { asText } from '../compile/coerce.js';
import { CompileContext } from '../compile/context.js';
import type { ParameterKind } from '../compile/context.js';
import { compileExpression } from '../compile/expression.js';
import { frameOf } from '../compile/scope.js';
import type { CreateRoutineStatement, Expression, HostVariable, Statement } from '../sql/ast.js';
import { parseStatement } from '../sql/parser.js';
import type { IrisType } from '../sql/types.js';
import type { CallResult, EngineParameter, EngineValue } from './engine.js';
import { cellReader, describeColumn } from './output-values.js';
import { bindParameter } from './parameters.js';
import { compileStatement, isCompilable } from './prepared.js';
import type { CompiledStatement } from './prepared.js';
import { checkPrivileges } from './privileges.js';
import { factsOf, runOne } from './run-compiled.js';
import { sessionValue } from './session-state.js';
import type { SessionState } from './session-state.js';
import { toSqlError } from './sql-errors.js';
import type { PgResult } from './storage/pg-reader.js';

/** `:name` in a body, by its name in upper case. Values are as the storage has them: a date is a day number. */
export type Variables = Map<string, { readonly type: IrisType; readonly value: string | null }>;

/** A body's statements, with what was declared beside them. */
export type SqlBody = Pick<CreateRoutineStatement, 'characteristics'> & {
  readonly statements: readonly Statement[];
};

/** What is left when a body has run. */
export interface BodyOutcome {
  readonly results: readonly CallResult[];
  /** `undefined`: it did not come to a RETURN. */
  readonly returned: string | null | undefined;
  readonly rowsAffected: number;
}

/** @throws IrisError -149 for a body in another language than SQL */
export function sqlBody(routine: RoutineDef): SqlBody {
  const { statement } = parseStatement(routine.definition);
  if (statement.kind === 'create-routine' && statement.body.kind === 'sql') {
    return { characteristics: statement.characteristics, statements: statement.body.statements };
  }
  throw sqlError(
    -149,
    ` ${displayName(routine)} is written in ${routine.language}, which the emulator does not run`,
    { hint: 'Test this procedure against IRIS itself.' },
  );
}

/** The variables of `SELECT .. INTO :a, :b`; `undefined` for a query that gives rows, and for everything else. */
export function intoOf(statement: Statement): readonly HostVariable[] | undefined {
  if (statement.kind !== 'select-statement') return undefined;
  const { body } = statement.query;
  return body.kind === 'select' ? body.into : undefined;
}

export const givesRows = (statement: Statement): boolean =>
  statement.kind === 'select-statement' && intoOf(statement) === undefined;

/** Compiles one statement of a body. @throws IrisError -149 for a kind that the emulator does not run there */
export function compileInner(
  statement: Statement,
  variables: Variables,
  session: SessionState,
): CompiledStatement {
  if (isCompilable(statement)) return compileStatement(statement, contextFor(session, [], variables));
  throw sqlError(-149, ` The emulator does not run '${statement.kind}' inside of a procedure`);
}

/** Runs a body's statements in order, up to a RETURN; `variables` holds their last values afterwards. */
export async function runBody(
  { statements }: SqlBody,
  variables: Variables,
  session: SessionState,
): Promise<BodyOutcome> {
  const results: CallResult[] = [];
  let rowsAffected = 0;
  for (const statement of statements) {
    if (statement.kind === 'return') {
      const [returned = null] = await evaluate([statement.value], [], variables, session);
      return { results, returned, rowsAffected };
    }
    const compiled = compileInner(statement, variables, session);
    const result = await runCompiled(compiled, statement.kind, session);
    const into = intoOf(statement);
    if (into !== undefined) assign(into, compiled, result, variables);
    else if (givesRows(statement)) results.push(readResult(compiled, result, session));
    else rowsAffected = session.rowCount;
  }
  return { results, returned: undefined, rowsAffected };
}

/** The values of expressions as text. @throws IrisError with `sqlcode` */
export async function evaluate(
  expressions: readonly Expression[],
  parameters: readonly EngineParameter[],
  variables: Variables,
  session: SessionState,
): Promise<readonly (string | null)[]> {
  if (expressions.length === 0) return [];
  const bound = parameters.map(bindParameter);
  const kinds = bound.map((parameter) => parameter.kind);
  const context = contextFor(session, kinds, variables);
  const frame = frameOf(context, [], undefined, 'values');
  const items = expressions.map((node) => asText(compileExpression(node, frame), context).sql);
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

function contextFor(
  session: SessionState,
  kinds: readonly ParameterKind[],
  hostVariables: Variables,
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

async function runCompiled(
  compiled: CompiledStatement,
  kind: string,
  session: SessionState,
): Promise<PgResult> {
  checkPrivileges(compiled.privileges, session);
  await session.core.systemTables.ensure(compiled.systemTables, session.namespace);
  const own = compiled.sessionParameters.map((parameter) => sessionValue(parameter, session));
  return runOne(compiled, own, kind, session);
}

/** The first row goes into the variables; without one they stay as they are. @throws IrisError -76 */
function assign(
  into: readonly HostVariable[],
  { outputs }: CompiledStatement,
  { rows: [row] }: PgResult,
  variables: Variables,
): void {
  if (into.length !== outputs.length)
    throw sqlError(-76, ' Cardinality mismatch between the SELECT-list and INTO-list');
  if (row === undefined) return;
  into.forEach(({ name }, index) => {
    const key = name.toUpperCase();
    const type = variables.get(key)?.type ?? outputs[index]?.type ?? { name: 'VARCHAR' };
    variables.set(key, { type, value: row[index] ?? null });
  });
}

function readResult({ outputs }: CompiledStatement, result: PgResult, session: SessionState): CallResult {
  const readers = outputs.map((output) => cellReader(output.type));
  return {
    columns: outputs.map((output) => describeColumn(output, session.namespace)),
    rows: result.rows.map((cells): EngineValue[] => readers.map((read, at) => read(cells[at] ?? null))),
  };
}
