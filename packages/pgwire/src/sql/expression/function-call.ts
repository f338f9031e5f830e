import type { FuncCall } from '@pgsql/types';
import { strings } from '../ast.js';
import type { Env } from '../context.js';
import type { Expr } from '../expr.js';
import { isAggregate, translateAggregate } from './aggregates.js';
import { DATE_FUNCTIONS } from './date-functions.js';
import type { FunctionRule } from './function-rule.js';
import { NUMERIC_FUNCTIONS } from './numeric-functions.js';
import { STRING_FUNCTIONS } from './string-functions.js';
import { VECTOR_FUNCTIONS } from './vector-functions.js';
import { translateWindowCall } from './window.js';

const RULES: ReadonlyMap<string, FunctionRule | undefined> = new Map(
  Object.entries({
    ...STRING_FUNCTIONS,
    ...NUMERIC_FUNCTIONS,
    ...DATE_FUNCTIONS,
    ...Object.fromEntries(
      Object.entries(VECTOR_FUNCTIONS).map(([name, rule]): [string, FunctionRule | undefined] => [
        name,
        rule === undefined ? undefined : (call) => rule(call.args, call.env, call.location),
      ]),
    ),
  }),
);

/** A scalar function, an aggregate, or either as a window function. */
export function translateFunctionCall(node: FuncCall, env: Env): Expr {
  const [name = '', schema = 'pg_catalog'] = strings(node.funcname).reverse();
  if (schema !== 'pg_catalog' && schema !== 'public')
    throw env.refuse(`function ${schema}.${name}`, node.location);
  if (node.func_variadic === true) throw env.refuse('VARIADIC', node.location);
  if (node.over !== undefined) return translateWindowCall(name, node, env);
  if (isAggregate(name)) return translateAggregate(name, node, env);
  const rule = RULES.get(name);
  if (rule === undefined) throw env.refuse(`function ${name}`, node.location);
  const args = (node.args ?? []).map((each) => env.expression(each));
  return rule({ name, args, env, location: node.location });
}
