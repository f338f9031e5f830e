import { sqlError } from '@iris-devtools/core';
import type { SearchedCase, SimpleCase } from '../sql/ast.js';
import type { IrisType } from '../sql/types.js';
import { asType } from './coerce.js';
import { compareValues } from './comparison.js';
import { compileCondition } from './condition.js';
import type { CompileContext } from './context.js';
import { compileValue } from './expression.js';
import type { Frame } from './scope.js';
import type { Collation, Typed } from './typed.js';
import { expression, isWeak, sameCollation } from './typed.js';
import { commonType, isTemporal, isText, UNKNOWN, VARCHAR, XML_CLASS } from './types.js';

export interface Unified {
  readonly sql: readonly string[];
  readonly type: IrisType;
  readonly collation: Collation | undefined;
}

/**
 * Several values as one type.
 * @param mismatch `text`: values of unrelated types become text. `refuse`: -378.
 */
export function unify(
  values: readonly Typed[],
  context: CompileContext,
  mismatch: 'text' | 'refuse',
): Unified {
  let type: IrisType = UNKNOWN;
  for (const value of values) {
    if (value.origin === 'parameter') continue;
    type = merged(type, value, mismatch, values);
  }
  if (type.name === 'UNKNOWN') {
    for (const value of values) type = commonType(type, value.type) ?? VARCHAR;
  }
  if (type.name === 'UNKNOWN') type = VARCHAR;
  // XML does not stay XML through a choice: an XMLELEMENT around it escapes it.
  if (type.className === XML_CLASS) type = VARCHAR;
  for (const value of values) {
    if (value.origin === 'parameter') context.learnParameter(value.parameterIndex, type);
  }
  const [first, ...others] = values.filter((value) => !isWeak(value));
  const shared =
    first !== undefined && others.every((value) => sameCollation(value.collation, first.collation));
  return {
    sql: values.map((value) => asType(value, type, context).sql),
    type,
    collation: shared && isText(type) ? first.collation : undefined,
  };
}

function merged(type: IrisType, value: Typed, mismatch: 'text' | 'refuse', all: readonly Typed[]): IrisType {
  const found = commonType(type, value.type);
  const mixes = found !== undefined && type.name !== value.type.name && found.name === 'VARCHAR';
  // A text literal next to a date is that date; next to other types it decides nothing by itself.
  if (found === undefined && value.origin === 'literal' && isTemporal(type)) return type;
  if (
    found === undefined &&
    all.some((other) => other.origin === 'literal' && other.type.name === type.name) &&
    isTemporal(value.type)
  ) {
    return value.type;
  }
  const typed = !isWeak(value) && type.name !== 'UNKNOWN' && value.type.name !== 'UNKNOWN';
  if (mismatch === 'refuse' && typed && (found === undefined || mixes)) {
    const weakText = all.some((other) => isWeak(other) && other.type.name === 'VARCHAR');
    if (!weakText) throw sqlError(-378, ' Datatype mismatch, explicit CAST is required');
  }
  return found ?? VARCHAR;
}

export function compileSimpleCase(node: SimpleCase, frame: Frame): Typed {
  const operand = compileValue(node.operand, frame, 'CASE');
  const tests = node.branches.map((branch) =>
    compareValues('=', operand, compileValue(branch.when, frame, 'CASE'), frame.context),
  );
  return cases(
    tests,
    node.branches.map((branch) => compileValue(branch.then, frame, 'CASE')),
    node.otherwise === undefined ? undefined : compileValue(node.otherwise, frame, 'CASE'),
    frame.context,
  );
}

export function compileSearchedCase(node: SearchedCase, frame: Frame): Typed {
  return cases(
    node.branches.map((branch) => compileCondition(branch.when, frame)),
    node.branches.map((branch) => compileValue(branch.then, frame, 'CASE')),
    node.otherwise === undefined ? undefined : compileValue(node.otherwise, frame, 'CASE'),
    frame.context,
  );
}

/** CASE over ready conditions. */
export function cases(
  tests: readonly string[],
  results: readonly Typed[],
  otherwise: Typed | undefined,
  context: CompileContext,
): Typed {
  const unified = unify(otherwise === undefined ? results : [...results, otherwise], context, 'text');
  const branches = tests.map((test, index) => `WHEN ${test} THEN ${unified.sql[index] ?? 'NULL'}`);
  const last = otherwise === undefined ? '' : ` ELSE ${unified.sql.at(-1) ?? 'NULL'}`;
  return expression(`(CASE ${branches.join(' ')}${last} END)`, unified.type, unified.collation);
}
