import { sqlError } from '@iris-devtools/core';
import type { IrisType } from '../../sql/types.js';
import type { EmitContext, FunctionDefinition } from '../registry-types.js';
import { define, DOUBLE, typeAt } from './define.js';

const isNull = (arg: string, type: IrisType): boolean => type.name === 'UNKNOWN' && /^NULL\b/.test(arg);

/** @throws IrisError -258 for anything but vectors of numbers, -259 for vectors of different element types */
function similarity(
  name: string,
  args: readonly string[],
  context: EmitContext,
  emit: (a: string, b: string) => string,
): string {
  const [a = '', b = ''] = args;
  const types = [typeAt(context, 0), typeAt(context, 1)] as const;
  if (isNull(a, types[0]) || isNull(b, types[1])) return 'NULL::float8';
  const string = types.find((type) => type.name !== 'VECTOR' || type.elementType === 'STRING');
  if (string !== undefined) {
    throw sqlError(
      -258,
      ` Argument of ${name}() is ${string.name === 'VECTOR' ? 'a vector of strings' : string.name}, not a vector of numbers`,
      {
        hint: 'Convert a text with TO_VECTOR(text, DOUBLE).',
      },
    );
  }
  const [left, right] = types.map((type) => type.elementType ?? 'DOUBLE');
  if (left !== right) {
    throw sqlError(
      -259,
      ` Cannot perform vector operation on vectors of different datatypes (${String(left)} and ${String(right)})`,
    );
  }
  return emit(a, b);
}

/** The vector of a parameter or a literal is a sub-select without columns: one value for the whole statement. */
const isStatementConstant = (arg: string): boolean => arg.startsWith('(SELECT ');

/** The cosine does not depend on the order, so the constant goes second: its squares are summed once. */
function cosine(a: string, b: string): string {
  if (isStatementConstant(a) && !isStatementConstant(b)) return cosine(b, a);
  const squares = `iris.vector_squares(${b})`;
  return `iris.vector_cosine(${a}, ${b}, ${isStatementConstant(b) ? `(SELECT ${squares})` : squares})`;
}

export const VECTOR_DEFINITIONS: readonly FunctionDefinition[] = [
  define('VECTOR_DOT_PRODUCT', 2, ['vector'], DOUBLE, (args, context) =>
    similarity('VECTOR_DOT_PRODUCT', args, context, (a, b) => `iris.vector_dot(${a}, ${b})`),
  ),
  define('VECTOR_COSINE', 2, ['vector'], DOUBLE, (args, context) =>
    similarity('VECTOR_COSINE', args, context, cosine),
  ),
];
