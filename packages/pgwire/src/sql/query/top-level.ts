import type { SelectStmt } from '@pgsql/types';
import type { Env, Query } from '../context.js';
import { comparable, value, type Expr } from '../expr.js';
import type { RunValues } from '../fragment.js';
import { INT4, isText } from '../pg-types.js';
import { finishQuotient, finishValue, finishWithScale, type Finish } from '../run/output.js';
import { distinctOnQuery, isDistinctOn } from './distinct-on.js';
import { limitsOf } from './limit.js';
import { sortKeysOf, type OrderKey } from './order-by.js';
import { coreOf, limited } from './query.js';
import { resultValue } from './result-value.js';
import type { Core } from './core.js';
import type { Item } from './select-list.js';
import { mayStandBeside } from './support-columns.js';
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
  const printed = printedItems(core);
  const shape = (expr: Expr): Query['sql'] =>
    core.isDistinct && isText(expr.type) ? comparable(expr) : resultValue(expr);
  const wide = { ...core, items: printed.items };
  return {
    sql: limited(wide, detached(keys, core.items, printed.items), limits, shape, env, false),
    finish: printed.finish,
    skip,
  };
}

interface Printed {
  readonly items: readonly Item[];
  readonly finish: readonly Finish[];
}

/**
 * Columns behind those of the client: a numeric quotient becomes dividend and divisor and is divided here, and a scale
 * that depends on the row is read beside its number.
 */
function printedItems(core: Core): Printed {
  const { items } = core;
  const columns: Item[] = [...items];
  const add = (alias: string, expr: Expr): number => columns.push({ name: '', alias, expr }) - 1;
  const finish = items.map((item, index) => {
    const { expr } = item;
    const { quotient, scaleProbe } = expr;
    if (!mayStandBeside(expr, core)) return finishValue(expr, index);
    if (scaleProbe !== undefined) {
      return finishWithScale(index, add(`scale_${index + 1}_`, value(scaleProbe, INT4)));
    }
    if (quotient === undefined) return finishValue(expr, index);
    columns.splice(index, 1, { ...item, expr: quotient.dividend });
    const divisorIndex = add(`divisor_${index + 1}_`, quotient.divisor);
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
