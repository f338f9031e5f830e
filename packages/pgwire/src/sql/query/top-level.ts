import type { SelectStmt } from '@pgsql/types';
import type { Env, Query } from '../context.js';
import { asValue, comparable, type Expr } from '../expr.js';
import type { RunValues } from '../fragment.js';
import { isNumeric, isText } from '../pg-types.js';
import { finishQuotient, finishValue, type Finish } from '../run/output.js';
import { distinctOnQuery, isDistinctOn } from './distinct-on.js';
import { limitsOf } from './limit.js';
import { sortKeysOf, type OrderKey } from './order-by.js';
import { coreOf, limited } from './query.js';
import type { Item } from './select-list.js';
import { withCommonTables } from './with.js';

/** A SELECT whose rows go to the client. */
export interface ResultQuery {
  readonly sql: Query['sql'];
  readonly finish: readonly Finish[];
  /** Rows to leave out at the beginning: OFFSET, which not every IRIS version has. */
  readonly skip: ((run: RunValues) => number) | undefined;
}

export function translateResultQuery(node: SelectStmt, outer: Env): ResultQuery {
  const env = withCommonTables(node.withClause, outer);
  if (isDistinctOn(node)) {
    const query = distinctOnQuery(node, env);
    return {
      sql: query.sql,
      finish: query.columns.map((each, index) => finishValue(each.expr, index)),
      skip: undefined,
    };
  }
  const core = coreOf(node, env);
  const limits = limitsOf(node, env);
  const keys = sortKeysOf(node.sortClause ?? [], core, env);
  const { offset } = limits;
  const skip = offset === undefined ? undefined : (run: RunValues): number => offset.compute(run) ?? 0;
  if (core.whole !== undefined && keys.length === 0 && limits.limit === undefined) {
    return { sql: core.whole, finish: core.items.map((each, index) => finishValue(each.expr, index)), skip };
  }
  const printed = printedItems(core.items, core.env !== undefined && !core.isDistinct);
  const shape = (expr: Expr): Query['sql'] =>
    core.isDistinct && isText(expr.type) ? comparable(expr) : asValue(expr);
  const wide = { ...core, items: printed.items };
  return {
    sql: limited(wide, detached(keys, core.items, printed.items), limits, shape, env),
    finish: printed.finish,
    skip,
  };
}

interface Printed {
  readonly items: readonly Item[];
  readonly finish: readonly Finish[];
}

/** A numeric quotient becomes two columns, its divisor behind all others, and is divided here. */
function printedItems(items: readonly Item[], splitQuotients: boolean): Printed {
  const columns: Item[] = [...items];
  const finish = items.map((item, index) => {
    const { quotient } = item.expr;
    if (quotient === undefined || !splitQuotients || !isNumeric(item.expr.type))
      return finishValue(item.expr, index);
    columns[index] = { ...item, expr: quotient.dividend };
    const divisorIndex =
      columns.push({ name: '', alias: `divisor_${index + 1}_`, expr: quotient.divisor }) - 1;
    return finishQuotient(quotient.dividend, index, quotient.divisor, divisorIndex);
  });
  return { items: columns, finish };
}

/** A key that names a column which is now a dividend needs a column of its own. */
function detached(keys: readonly OrderKey[], before: readonly Item[], after: readonly Item[]): OrderKey[] {
  return keys.map((each) => {
    const index = each.item === undefined ? -1 : before.indexOf(each.item);
    return index >= 0 && after[index] !== before[index] ? { ...each, item: undefined } : each;
  });
}
