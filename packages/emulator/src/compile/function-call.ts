import { sqlError } from '@iris-devtools/core';
import type { ArgumentKind, FunctionDefinition } from '../functions/registry-types.js';
import type { Expression, FunctionCall, TrimExpression } from '../sql/ast.js';
import { asNumber, asText, asType, refuseStream } from './coerce.js';
import { compileConditional, isConditional } from './conditional-functions.js';
import { compileExpression, compileValue } from './expression.js';
import { findFunction } from './function-table.js';
import { compileUserFunction } from './routine-call.js';
import type { Frame } from './scope.js';
import type { Typed } from './typed.js';
import { expression, quote } from './typed.js';
import { isInteger, isStream, isTimestamp, storageType, VARCHAR } from './types.js';

/** IRIS takes at most this many arguments of a function without a limit of its own. */
const MAX_ARGUMENTS = 140;

/** @throws IrisError -359 unknown function, -380 too few, -381 too many arguments, -37 for a stream */
export function compileFunction(node: FunctionCall, frame: Frame): Typed {
  if (node.name.startsWith('$$')) throw sqlError(-372, ' Support for extrinsic function calls are disabled');
  if (isConditional(node.name) && node.schema === undefined && !node.delimited)
    return compileConditional(node, frame);
  const definition = node.delimited ? undefined : findFunction(qualifiedName(node));
  if (definition === undefined) return compileUserFunction(node, frame);
  checkCount(node, definition);
  if (definition.session !== undefined) return sessionFunction(node, definition, frame);
  const values = node.arguments.map((argument, index) => compileArgument(argument, index, definition, frame));
  const args = values.map((value, index) => argumentText(value, kindAt(definition, index), frame));
  const argumentTypes = values.map((value) => value.typed.type);
  const words = values.map((value) => value.word);
  const type = definition.resultType(argumentTypes, words);
  const quoted = node.arguments.map((argument) => argument.kind === 'string');
  return expression(`(${definition.emit(args, { argumentTypes, words, quoted })})`, type);
}

const qualifiedName = (node: FunctionCall): string =>
  node.schema === undefined ? node.name.toUpperCase() : `${node.schema.name}.${node.name}`.toUpperCase();

function checkCount(node: FunctionCall, definition: FunctionDefinition): void {
  const { length } = node.arguments;
  if (length < definition.minArgs) {
    throw sqlError(-380, ` Invalid or Missing argument to scalar function ${definition.name}()`);
  }
  if (length > Math.min(definition.maxArgs, MAX_ARGUMENTS)) {
    throw sqlError(-381, ` Too many arguments to scalar function ${definition.name}()`);
  }
  if (!node.parenthesized && definition.niladic !== true && !node.brace) {
    throw sqlError(-29, ` Field '${definition.name}' not found in the applicable tables`);
  }
}

interface Argument {
  readonly typed: Typed;
  /** A bare or quoted word, fixed at prepare. */
  readonly word: string | undefined;
}

const kindAt = (definition: FunctionDefinition, index: number): ArgumentKind =>
  definition.arguments[index] ?? definition.arguments.at(-1) ?? 'any';

function compileArgument(
  node: Expression,
  index: number,
  definition: FunctionDefinition,
  frame: Frame,
): Argument {
  const kind = kindAt(definition, index);
  if (kind === 'word') {
    const word = node.kind === 'keyword' ? node.word : node.kind === 'string' ? node.value : undefined;
    const typed: Typed = { sql: `''`, type: VARCHAR, origin: 'literal', literal: word ?? '' };
    if (word !== undefined) return { typed, word };
    if (node.kind === 'column' && node.table === undefined) return { typed, word: node.name.name };
  }
  const typed = compileExpression(node, frame);
  if (isStream(typed.type) && !(definition.acceptsStream === true && index === 0))
    refuseStream(typed, definition.name);
  if (typed.origin === 'parameter') {
    frame.context.learnParameter(
      typed.parameterIndex,
      kind === 'number' || kind === 'integer' ? { name: 'NUMERIC' } : VARCHAR,
    );
  }
  return { typed, word: undefined };
}

/** The argument in the form that the function's definition asks for. */
function argumentText({ typed, word }: Argument, kind: ArgumentKind, frame: Frame): string {
  if (word !== undefined) return `${quote(word)}::text`;
  const { context } = frame;
  switch (kind) {
    case 'string':
      return asText(typed, context).sql;
    case 'number':
      return `${asNumber(typed, context).sql}::numeric`;
    case 'integer':
      return `trunc(${asNumber(typed, context).sql})::int4`;
    case 'list':
      return asType(typed, { name: 'LIST' }, context).sql;
    case 'timestamp':
      if (typed.type.name === 'DATE') return `(iris_sys.date_text(${typed.sql}) || ' 00:00:00')`;
      return isTimestamp(typed.type) ? typed.sql : `iris.to_timestamp_text(${asText(typed, context).sql})`;
    case 'date':
      return typed.type.name === 'DATE' ? typed.sql : `iris.to_day(${asText(typed, context).sql})`;
    case 'time':
      return typed.type.name === 'TIME' ? typed.sql : `iris.to_seconds(${asText(typed, context).sql})`;
    case 'vector':
    case 'any':
    case 'word':
      return typed.type.name === 'UNKNOWN' ? asText(typed, context).sql : typed.sql;
  }
}

function sessionFunction(node: FunctionCall, definition: FunctionDefinition, frame: Frame): Typed {
  const [argument] = node.arguments;
  const value = argument === undefined ? undefined : compileValue(argument, frame, definition.name);
  const fact = {
    kind: 'fact',
    name: definition.session ?? '',
    ...(value?.literal == null ? {} : { argument: value.literal }),
    ...(value?.parameterIndex === undefined ? {} : { argumentIndex: value.parameterIndex }),
  } as const;
  const type = definition.resultType(value === undefined ? [] : [value.type]);
  const text = frame.context.sessionValue(fact);
  return expression(isInteger(type) ? `${text}::${storageType(type)}` : text, type);
}

export function compileTrim(node: TrimExpression, frame: Frame): Typed {
  const text = asText(compileValue(node.operand, frame, 'TRIM'), frame.context).sql;
  const name = { LEADING: 'ltrim', TRAILING: 'rtrim', BOTH: 'btrim' }[node.side];
  const characters =
    node.characters === undefined
      ? quote(' ')
      : asText(compileValue(node.characters, frame, 'TRIM'), frame.context).sql;
  return expression(`${name}(${text}, ${characters})`, VARCHAR);
}
