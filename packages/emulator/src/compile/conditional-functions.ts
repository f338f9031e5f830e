import { sqlError } from '@iris-devtools/core';
import type { FunctionCall } from '../sql/ast.js';
import { cases, unify } from './case.js';
import { compareText, compareValues } from './comparison.js';
import { compileValue } from './expression.js';
import type { Frame } from './scope.js';
import type { Typed } from './typed.js';
import { expression, isNull } from './typed.js';
import { isText } from './types.js';

const COUNTS: Readonly<Record<string, readonly [least: number, most: number]>> = {
  COALESCE: [2, 140],
  NVL: [2, 2],
  ISNULL: [2, 2],
  IFNULL: [2, 3],
  NULLIF: [2, 2],
  GREATEST: [1, 140],
  LEAST: [1, 140],
  DECODE: [3, 140],
};

/** Functions whose result has the type of their arguments. */
export const isConditional = (name: string): boolean => Object.hasOwn(COUNTS, name);

/** @throws IrisError -380, -381 wrong number of arguments; -378 arguments of unlike types */
export function compileConditional(node: FunctionCall, frame: Frame): Typed {
  const [least, most] = COUNTS[node.name] ?? [0, 0];
  if (node.arguments.length < least)
    throw sqlError(-380, ` Invalid or Missing argument to scalar function ${node.name}()`);
  if (node.arguments.length > most)
    throw sqlError(-381, ` Too many arguments to scalar function ${node.name}()`);
  const values = node.arguments.map((argument) => compileValue(argument, frame, node.name));
  switch (node.name) {
    case 'COALESCE':
      return coalesce(values, 'refuse', frame);
    case 'NVL':
    case 'ISNULL':
      return coalesce(values, 'text', frame);
    case 'IFNULL':
      return ifNull(values, node.brace, frame);
    case 'NULLIF':
      return nullIf(values, frame);
    case 'DECODE':
      return decode(values, frame);
    default:
      return extreme(node.name === 'GREATEST' ? '>' : '<', values, frame);
  }
}

function coalesce(values: readonly Typed[], mismatch: 'text' | 'refuse', frame: Frame): Typed {
  const { sql, type, collation } = unify(values, frame.context, mismatch);
  return expression(`coalesce(${sql.join(', ')})`, type, collation);
}

/** Two arguments: NULL when the first is not NULL, except in the ODBC form. */
function ifNull(values: readonly Typed[], brace: boolean, frame: Frame): Typed {
  const [tested, whenNull, otherwise] = values;
  if (tested === undefined || whenNull === undefined) throw sqlError(-380);
  if (brace && otherwise === undefined) return coalesce([tested, whenNull], 'text', frame);
  return cases([`(${tested.sql} IS NULL)`], [whenNull], otherwise, frame.context);
}

function nullIf(values: readonly Typed[], frame: Frame): Typed {
  const [left, right] = values;
  if (left === undefined || right === undefined) throw sqlError(-380);
  if (isNull(left)) return left;
  const same = isNull(right) ? 'false' : compareValues('=', left, right, frame.context);
  return expression(`(CASE WHEN ${same} THEN NULL ELSE ${left.sql} END)`, left.type, left.collation);
}

/** `DECODE(x, a, r, b, s, default)`: NULL equals NULL here. */
function decode(values: readonly Typed[], frame: Frame): Typed {
  const [tested, ...rest] = values;
  if (tested === undefined) throw sqlError(-380);
  const tests: string[] = [];
  const results: Typed[] = [];
  let index = 0;
  for (; index + 1 < rest.length; index += 2) {
    const [search, result] = [rest[index], rest[index + 1]];
    if (search === undefined || result === undefined) break;
    const equal =
      isNull(search) || isNull(tested) ? 'false' : compareValues('=', tested, search, frame.context);
    tests.push(`(${equal} OR (${tested.sql} IS NULL AND ${search.sql} IS NULL))`);
    results.push(result);
  }
  return cases(tests, results, rest[index], frame.context);
}

/** GREATEST and LEAST: NULL wins over everything. */
function extreme(operator: '>' | '<', values: readonly Typed[], frame: Frame): Typed {
  const { sql, type, collation } = unify(values, frame.context, 'text');
  const anyNull = sql.map((text) => `${text} IS NULL`).join(' OR ');
  if (!isText(type)) {
    return expression(
      `(CASE WHEN NOT (${anyNull}) THEN ${operator === '>' ? 'greatest' : 'least'}(${sql.join(', ')}) END)`,
      type,
    );
  }
  const best = sql.reduce(
    (left, right) =>
      `(CASE WHEN ${compareText(operator, right, left, collation)} THEN ${right} ELSE ${left} END)`,
  );
  return expression(`(CASE WHEN NOT (${anyNull}) THEN ${best} END)`, type);
}
