import { sqlError } from '@iris-devtools/core';
import { displayName } from '../catalog/names.js';
import type { RoutineDef } from '../catalog/model.js';
import type { Expression, Statement } from '../sql/ast.js';
import { parseStatement } from '../sql/parser.js';
import { asType } from './coerce.js';
import type { CompileContext } from './context.js';
import { compileExpression } from './expression.js';
import type { CompiledQuery } from './output.js';
import { compileQuery } from './query.js';
import { frameOf } from './scope.js';
import type { Frame } from './scope.js';
import type { Typed } from './typed.js';
import { expression, quote } from './typed.js';
import { VARCHAR } from './types.js';

/** A function that calls itself has no end here. */
const MAX_DEPTH = 16;

type Locals = Map<string, Typed>;

/**
 * The value of a function in SQL: `SELECT .. INTO :a` any number of times, then RETURN.
 * @throws IrisError -149 for a body of another kind or language
 */
export function inlineFunction(routine: RoutineDef, given: readonly Expression[], frame: Frame): Typed {
  const { context } = frame;
  const locals = argumentsOf(routine, given, frame);
  return inBody(routine, locals, context, () => {
    for (const statement of bodyOf(routine)) {
      if (statement.kind === 'return') {
        const value = compileExpression(statement.value, frameOf(context, [], undefined, 'values'));
        const typed = asType(value, routine.returns ?? VARCHAR, context);
        return expression(`(${typed.sql})`, typed.type);
      }
      selectInto(statement, locals, routine, context);
    }
    throw notRun(routine);
  });
}

/** A query in SQL as a table. @throws IrisError -149 */
export function inlineQuery(routine: RoutineDef, given: readonly Expression[], frame: Frame): CompiledQuery {
  const locals = argumentsOf(routine, given, frame);
  return inBody(routine, locals, frame.context, () => {
    const [statement, another] = bodyOf(routine);
    if (statement?.kind !== 'select-statement' || another !== undefined) throw notRun(routine);
    return compileQuery(statement.query, frame.context, undefined);
  });
}

const notRun = (routine: RoutineDef): Error =>
  sqlError(
    -149,
    ` ${displayName(routine)} is written in ${routine.language} in a way that the emulator does not run in a statement`,
    { hint: 'Test this statement against IRIS itself.' },
  );

function bodyOf(routine: RoutineDef): readonly Statement[] {
  const { statement } = parseStatement(routine.definition);
  if (statement.kind !== 'create-routine' || statement.body.kind !== 'sql') throw notRun(routine);
  return statement.body.statements;
}

/** The body has its own variables and the rights of the routine's owner. */
function inBody<Result>(
  routine: RoutineDef,
  locals: Locals,
  context: CompileContext,
  compile: () => Result,
): Result {
  if (context.functionDepth >= MAX_DEPTH) throw notRun(routine);
  const outer = context.locals;
  context.locals = locals;
  context.functionDepth++;
  context.insideView++;
  try {
    return compile();
  } finally {
    context.locals = outer;
    context.functionDepth--;
    context.insideView--;
  }
}

/** What is left out has its default, or is NULL. @throws IrisError -381 too many */
function argumentsOf(routine: RoutineDef, given: readonly Expression[], frame: Frame): Locals {
  const { context } = frame;
  if (given.length > routine.parameters.length)
    throw sqlError(-381, ` Too many arguments to function ${displayName(routine)}`);
  return new Map(
    routine.parameters.map(({ name, type, defaultText }, index): [string, Typed] => {
      const node = given[index];
      const value = node === undefined ? defaultOf(defaultText) : compileExpression(node, frame);
      return [name.toUpperCase(), asType(value, type, context)];
    }),
  );
}

function defaultOf(text: string | undefined): Typed {
  if (text === undefined || text === '""') return expression('NULL::text', VARCHAR);
  const plain = text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text;
  return expression(`${quote(plain)}::text`, VARCHAR);
}

function selectInto(
  statement: Statement,
  locals: Locals,
  routine: RoutineDef,
  context: CompileContext,
): void {
  if (statement.kind !== 'select-statement' || statement.query.body.kind !== 'select') throw notRun(routine);
  const { into } = statement.query.body;
  if (into === undefined) throw notRun(routine);
  const query = compileQuery(statement.query, context, undefined);
  for (const [index, { name }] of into.entries()) {
    const column = query.columns[index];
    if (column === undefined) throw notRun(routine);
    const alias = context.alias('r');
    const text = `(SELECT ${alias}.${column.sqlName} FROM (${query.sql}) AS ${alias} LIMIT 1)`;
    locals.set(name.toUpperCase(), expression(text, column.type, column.collation));
  }
}
