import type { Env } from '../context.js';
import { asValue, value, type Expr } from '../expr.js';
import { sql, type Sql } from '../fragment.js';
import { TEXT, type PgType } from '../pg-types.js';
import { coerce } from './cast.js';

/** A function call whose name, number and types of arguments PostgreSQL has already accepted. */
export interface Call {
  readonly name: string;
  readonly args: readonly Expr[];
  readonly env: Env;
  readonly location: number | undefined;
}

export type FunctionRule = (call: Call) => Expr;
export type FunctionTable = Readonly<Record<string, FunctionRule | undefined>>;

/** An argument that PostgreSQL's own check says is there. */
export function argument(call: Call, index: number): Expr {
  const expr = call.args[index];
  if (expr === undefined)
    throw call.env.refuse(`${call.name} with ${call.args.length} arguments`, call.location);
  return expr;
}

export function textArgument(call: Call, index: number): Sql {
  return asValue(coerce(argument(call, index), TEXT, call.env, call.location));
}

/** The result is NULL when an argument can be; `fragment` computes it from the arguments as they are. */
export function result(call: Call, fragment: Sql, type: PgType, facts: { scale?: number } = {}): Expr {
  return value(fragment, type, { nullable: call.args.some((each) => each.nullable), ...facts });
}

/** The value unless an argument is NULL: for emulations that would turn NULL into something else. */
export function unlessNull(args: readonly Expr[], fragment: Sql): Sql {
  const [first, ...others] = args.filter((each) => each.nullable).map(asValue);
  if (first === undefined) return fragment;
  const test = others.reduce((all, each) => sql`${all} OR ${each} IS NULL`, sql`${first} IS NULL`);
  return sql`CASE WHEN ${test} THEN NULL ELSE ${fragment} END`;
}

/** A constant text argument; several emulations are exact only for a known one. */
export function constantText(call: Call, index: number): string {
  const expr = call.args[index];
  if (expr?.constant?.kind !== 'string') {
    throw call.env.refuse(`${call.name} with argument ${index + 1} not a constant`, call.location);
  }
  return expr.constant.text;
}
