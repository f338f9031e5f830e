import type { A_Expr, Node } from '@pgsql/types';
import { kindOf, type NodeKind, type NodeOf } from '../ast.js';
import type { Env } from '../context.js';
import type { Expr } from '../expr.js';
import { asValue } from '../expr.js';
import { isText } from '../pg-types.js';
import { translateCast } from './cast.js';
import { translateColumn, translateIndirection } from './column.js';
import { distinctFrom } from './comparison.js';
import { translateCase, translateCoalesce, translateMinMax, translateNullIf } from './conditional.js';
import { translateFunctionCall } from './function-call.js';
import { translateConstant, translateParameter } from './literal.js';
import { translateValueFunction } from './now.js';
import { translateOperator } from './operators.js';
import {
  translateArrayComparison,
  translateBetween,
  translateBoolean,
  translateBooleanTest,
  translateIn,
  translateLike,
  translateNullTest,
} from './predicates.js';
import { translateSubLink } from './sublink.js';

type Visitor<Kind extends NodeKind> = (node: NodeOf<Kind>, env: Env) => Expr;
type VisitorTable = { readonly [Kind in NodeKind]?: Visitor<Kind> };

/** One visitor for each kind of expression that PostgreSQL's grammar makes; every other kind is refused. */
const VISITORS: VisitorTable = {
  A_Const: translateConstant,
  A_Expr: translateAExpr,
  A_Indirection: translateIndirection,
  BoolExpr: translateBoolean,
  BooleanTest: translateBooleanTest,
  CaseExpr: translateCase,
  CoalesceExpr: translateCoalesce,
  CollateClause: (node, env) => {
    const expr = node.arg === undefined ? undefined : env.expression(node.arg);
    const name = node.collname?.map((each) => ('String' in each ? each.String.sval : '')).at(-1);
    if (
      expr === undefined ||
      !isText(expr.type) ||
      (name !== 'C' && name !== 'default' && name !== 'POSIX')
    ) {
      throw env.refuse(`COLLATE "${name ?? ''}"`, node.location, 'The collation is C.');
    }
    return { ...expr, form: 'value', sql: asValue(expr) };
  },
  ColumnRef: translateColumn,
  FuncCall: translateFunctionCall,
  MinMaxExpr: translateMinMax,
  NullTest: translateNullTest,
  ParamRef: translateParameter,
  SQLValueFunction: translateValueFunction,
  SubLink: translateSubLink,
  TypeCast: translateCast,
};

export function translateExpression(node: Node, env: Env): Expr {
  const kind = kindOf(node);
  const visitor = VISITORS[kind] as ((contents: unknown, env: Env) => Expr) | undefined;
  if (visitor === undefined) throw env.refuseKind(node);
  return visitor((node as Record<NodeKind, unknown>)[kind], env);
}

/** PostgreSQL's grammar gives one node kind to operators and to the predicates that look like them. */
function translateAExpr(node: A_Expr, env: Env): Expr {
  switch (node.kind) {
    case 'AEXPR_OP':
      return translateOperator(node, env);
    case 'AEXPR_OP_ANY':
    case 'AEXPR_OP_ALL':
      return translateArrayComparison(node, env);
    case 'AEXPR_DISTINCT':
    case 'AEXPR_NOT_DISTINCT': {
      if (node.lexpr === undefined || node.rexpr === undefined) break;
      const [left, right] = [env.expression(node.lexpr), env.expression(node.rexpr)];
      return distinctFrom(left, right, node.kind === 'AEXPR_NOT_DISTINCT', env, node.location);
    }
    case 'AEXPR_NULLIF':
      return translateNullIf(node, env);
    case 'AEXPR_IN':
      return translateIn(node, env);
    case 'AEXPR_LIKE':
    case 'AEXPR_ILIKE':
      return translateLike(node, env);
    case 'AEXPR_SIMILAR':
      throw env.refuse('SIMILAR TO', node.location, 'IRIS has no regular expressions in SQL; use LIKE.');
    case 'AEXPR_BETWEEN':
    case 'AEXPR_NOT_BETWEEN':
    case 'AEXPR_BETWEEN_SYM':
    case 'AEXPR_NOT_BETWEEN_SYM':
      return translateBetween(node, env);
  }
  throw env.refuse('this expression', node.location);
}
