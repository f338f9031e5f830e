import type { Node } from '@pgsql/types';
import { kindOf } from './ast.js';
import { Context, Env } from './context.js';
import { translateExpression } from './expression/expression.js';
import type { Plan, Translate, TranslationInput } from './plan.js';
import { translateQuery } from './query/query.js';
import { translateResultQuery } from './query/top-level.js';
import { queryPlan } from './run/query-plan.js';
import { NO_TABLES, Scope } from './scope.js';

type StatementRule = (contents: never, env: Env) => Plan;

/** One rule for each kind of statement; every other kind is refused. */
const STATEMENTS: Readonly<Record<string, StatementRule | undefined>> = {
  SelectStmt: (node, env) => queryPlan(translateResultQuery(node, env), env.context),
};

/**
 * Translates one PostgreSQL statement into a plan of IRIS SQL that gives PostgreSQL's answer.
 * @throws PgError 0A000 with a position for everything that IRIS cannot express
 */
export const translate: Translate = (input: TranslationInput): Plan => {
  const node = input.node as Node;
  const context = new Context(input, { expression: translateExpression, query: translateQuery });
  const env = new Env(context, new Scope(NO_TABLES), new Map());
  const kind = kindOf(node);
  const rule = STATEMENTS[kind];
  if (rule === undefined) throw context.refuse(kind.replace(/Stmt$/, ''), node);
  return rule((node as Record<string, unknown>)[kind] as never, env);
};
