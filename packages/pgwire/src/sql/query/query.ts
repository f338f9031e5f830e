import type { SelectStmt } from '@pgsql/types';
import type { Env, Query, QueryOptions } from '../context.js';
import { asValue, comparable, type Expr } from '../expr.js';
import { assign } from '../expression/cast.js';
import { raw } from '../fragment.js';
import { isText } from '../pg-types.js';
import { plainCore, selectColumn, type Core } from './core.js';
import { distinctOnQuery, isDistinctOn } from './distinct-on.js';
import { limitsOf, topClause, type Limits } from './limit.js';
import { needsWrapping, orderBy, sortKeysOf, type SortKeys } from './order-by.js';
import { singleRowQuery } from './single-row.js';
import { setOperationCore, valuesCore } from './set-operation.js';
import { withSupport } from './support-columns.js';
import { windowOfRows, wrapped } from './wrap.js';
import { withCommonTables } from './with.js';

/** Any SELECT, set operation or VALUES that is part of a statement. */
export function translateQuery(node: SelectStmt, outer: Env, options: QueryOptions = {}): Query {
  const env = withCommonTables(node.withClause, outer);
  if (options.singleRow === true) {
    const single = singleRowQuery(node, env);
    if (single !== undefined) return single;
  }
  if (isDistinctOn(node)) return shaped(distinctOnQuery(node, env), options, env);
  const plain = coreOf(node, env, options);
  const limits = limitsOf(node, env);
  const isTable =
    options.isDerivedTable === true && options.shape === undefined && limits.offset === undefined;
  const { core, columns } =
    isTable && plain.env !== undefined && !plain.isDistinct
      ? withSupport(plain)
      : { core: plain, columns: plain.items.map(({ name, alias, expr }) => ({ name, alias, expr })) };
  const keys = sortKeysOf(node.sortClause ?? [], core, env);
  const shape = columnShape(core, options, env);
  // Without a limit the order of an inner query has no meaning.
  const isLimited = limits.limit !== undefined || limits.offset !== undefined;
  const ordered = isLimited || options.keepsOrder === true ? keys : [];
  if (!isLimited && ordered.length === 0 && core.whole !== undefined && options.shape === undefined)
    return { sql: core.whole, columns };
  if (limits.offset !== undefined) return windowOfRows(core, ordered, limits, shape, env);
  return { sql: limited(core, ordered, limits, shape, env, true), columns };
}

export function coreOf(node: SelectStmt, env: Env, options: QueryOptions = {}): Core {
  if (node.valuesLists !== undefined) return valuesCore(node, env, options.types);
  if (node.op !== undefined && node.op !== 'SETOP_NONE') return setOperationCore(node, env, options.types);
  return plainCore(node, env);
}

/** The core with ORDER BY and TOP, which an inner query must have; around it a query when IRIS cannot order so directly. */
export function limited(
  core: Core,
  keys: SortKeys,
  limits: Limits,
  shape: Shape,
  env: Env,
  isInner: boolean,
): Query['sql'] {
  const top = topClause(limits) ?? (keys.length > 0 && isInner ? raw('TOP ALL') : undefined);
  if (keys.length > 0 && needsWrapping(core, keys)) return wrapped(core, keys, top, shape, env);
  const columns = core.items.map(({ expr, alias }, index) =>
    selectColumn(expr, alias, (each) => shape(each, index)),
  );
  return core.assemble(columns, top, keys.length === 0 ? undefined : orderBy(keys.map((each) => each.key)));
}

export type Shape = (expr: Expr, index: number) => Query['sql'];

/** How each column is written: as the context wants it, and exactly where DISTINCT compares it. */
function columnShape(core: Core, options: QueryOptions, env: Env): Shape {
  if (options.shape !== undefined) return options.shape;
  const { types } = options;
  return (expr, index) => {
    const target = types?.[index];
    const typed = target === undefined ? expr : assign(expr, target, env);
    return core.isDistinct && isText(typed.type) ? comparable(typed) : asValue(typed);
  };
}

function shaped(query: Query, options: QueryOptions, env: Env): Query {
  if (options.shape === undefined && options.types === undefined) return query;
  throw env.refuse('DISTINCT ON here', undefined, 'Put it into a query in FROM.');
}
