import type { Node } from '@pgsql/types';
import type { SqlParameter } from '@iris-devtools/core';
import { PgError } from '../../pg-error.js';
import { as } from '../ast.js';
import type { Env } from '../context.js';
import { comparable, condition, value, type Expr } from '../expr.js';
import { bindList, join, sql, type RunValues } from '../fragment.js';
import { elementOf, typeLabel, type PgType } from '../pg-types.js';
import { converterFor } from './binding.js';
import { alike } from './comparison.js';
import { typedPlaceholder, typedConstant } from './literal.js';
import { typeOf } from './cast.js';

/**
 * `x = ANY ($1)` and `x <> ALL ($1)`, and the same with a constant `'{1,2}'::int[]`: IRIS has no arrays, but lists.
 * With a parameter the list's length is known only when the statement runs.
 */
export function arrayMembership(
  operator: string,
  isAny: boolean,
  left: Expr,
  arrayNode: Node,
  env: Env,
  location: number | undefined,
): Expr {
  if (operator !== (isAny ? '=' : '<>')) {
    throw env.refuse(
      `${operator} ${isAny ? 'ANY' : 'ALL'} (array)`,
      location,
      'Only = ANY and <> ALL are available.',
    );
  }
  const found = membership(left, arrayNode, env, location);
  return isAny ? found : condition(sql`NOT (${found.sql})`);
}

function membership(left: Expr, node: Node, env: Env, location: number | undefined): Expr {
  const typecast = as(node, 'TypeCast');
  const parameter = as(node, 'ParamRef') ?? as(typecast?.arg, 'ParamRef');
  if (parameter !== undefined) return inParameter(left, parameter.number ?? 0, env, location);
  const text = as(node, 'A_Const')?.sval?.sval ?? as(typecast?.arg, 'A_Const')?.sval?.sval;
  if (text === undefined)
    throw env.refuse('this array', location, 'Use IN (...), ARRAY[...] or a parameter.');
  const elementType = typecast === undefined ? left.type : arrayElementType(typecast.typeName, env);
  const members = parseArray(text).map((each) => {
    if (each === null) return sql`NULL`;
    return comparable(alike(left, typedConstant(each, elementType, env, location), env, location)[1]);
  });
  if (members.length === 0) return condition(sql`(1 = 0)`, false);
  return condition(sql`${comparable(left)} IN (${join(members)})`);
}

function arrayElementType(name: Parameters<typeof typeOf>[0], env: Env): PgType {
  return typeOf(name === undefined ? undefined : { ...name, arrayBounds: [] }, env);
}

function inParameter(left: Expr, number: number, env: Env, location: number | undefined): Expr {
  const oid = env.context.input.description.parameterOids[number - 1];
  const element = oid === undefined ? undefined : elementOf({ oid, modifier: -1 });
  if (element === undefined) throw env.refuse('ANY over something else than an array', location);
  const sample = value(sql`?`, element);
  // The type check happens here; a type that needs more than a bare `?` in IRIS has none for a list.
  const [one] = alike(left, sample, env, location);
  if (typedPlaceholder(sql`?`, element).parts.length > 1) {
    throw env.refuse(`ANY over an array of ${typeLabel(element)}`, location, 'Use IN ($1, $2, ...).');
  }
  const convert = converterFor(element);
  const list = bindList((run) => {
    const elements = arrayElements(run, number - 1);
    // IN () does not exist: with no element a NULL that the first half of the condition never reaches.
    return elements.length === 0 ? [null] : elements.map(convert);
  });
  const count = sql`${bindListLength(number - 1)} > 0`;
  return condition(sql`(${count} AND ${comparable(one)} IN (${list}))`);
}

function bindListLength(index: number): ReturnType<typeof bindList> {
  return bindList((run) => [arrayElements(run, index).length]);
}

/** Elements of an array parameter: decoded by the caller, or as PostgreSQL's array text. */
function arrayElements(run: RunValues, index: number): readonly SqlParameter[] {
  const parameter = run.parameters[index];
  if (parameter === null || parameter === undefined) return [null];
  if (typeof parameter === 'string') return parseArray(parameter);
  if (Array.isArray(parameter)) return parameter as readonly SqlParameter[];
  throw new PgError({ sqlstate: '22P02', message: 'malformed array parameter' });
}

/** PostgreSQL's text form of a one-dimensional array: `{1,2,NULL,"a b"}`. */
export function parseArray(text: string): (string | null)[] {
  const body = /^\s*\{(.*)\}\s*$/s.exec(text)?.[1];
  const malformed = new PgError({ sqlstate: '22P02', message: `malformed array literal: "${text}"` });
  if (body === undefined) throw malformed;
  if (body.trim() === '') return [];
  const items: (string | null)[] = [];
  const item = /\s*(?:"((?:[^"\\]|\\.)*)"|([^",{}\\]+))\s*(,|$)/gsy;
  for (;;) {
    const match = item.exec(body);
    if (match === null) throw malformed;
    const [, quoted, plain, end] = match;
    if (quoted !== undefined) items.push(quoted.replace(/\\(.)/gs, '$1'));
    else items.push(plain?.trim().toUpperCase() === 'NULL' ? null : (plain ?? '').trim());
    if (end === '') return items;
  }
}
