import { sqlError } from '@iris-devtools/core';
import type { FunctionCall } from '../sql/ast.js';
import { inlineFunction } from './inline-routine.js';
import type { Frame } from './scope.js';
import type { Typed } from './typed.js';

/**
 * A stored function in an expression. Those in SQL become part of the statement; ObjectScript and Python do not run here.
 * @throws IrisError -359 unknown, -356 no return value, -149 known but in a language that does not run here
 */
export function compileUserFunction(node: FunctionCall, frame: Frame): Typed {
  const { context } = frame;
  const schema = node.schema?.name ?? context.defaultSchema;
  const routine = context.catalog.routine(context.session.namespace, schema, node.name);
  const full = `${schema}.${node.name}`.toUpperCase();
  if (routine === undefined) {
    if (!node.parenthesized)
      throw sqlError(-29, ` Field '${node.name.toUpperCase()}' not found in the applicable tables`);
    throw sqlError(-359, ` User defined SQL function '${full}' does not exist`);
  }
  if (routine.routine !== 'FUNCTION')
    throw sqlError(-357, ` '${full}' is not defined as a function procedure`);
  if (routine.returns === undefined) throw sqlError(-356, ` '${full}' is not defined to return a value`);
  if (routine.language === 'SQL') return inlineFunction(routine, node.arguments, frame);
  throw sqlError(
    -149,
    ` SQL function ${full} is written in ${routine.language}, which the emulator does not run`,
    {
      hint: 'Test this statement against IRIS itself.',
    },
  );
}
