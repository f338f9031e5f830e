import type { QueryColumn } from '../context.js';
import { qualified, value, type Expr } from '../expr.js';
import { INT4, isNumeric } from '../pg-types.js';
import type { ScopeColumn } from '../scope.js';
import type { Core } from './core.js';
import { AliasSet, type Item } from './select-list.js';

/** Columns that a query in FROM carries beside one of its own, so that its digits can be printed further out. */
export type Support =
  | { readonly kind: 'quotient'; readonly dividend: Item; readonly divisor: Item }
  | { readonly kind: 'scale'; readonly scale: Item };

/** The core with the columns that its quotients and varying scales need. */
export function withSupport(core: Core): { readonly core: Core; readonly columns: readonly QueryColumn[] } {
  const aliases = new AliasSet();
  for (const item of core.items) aliases.add(item.alias);
  const extra: Item[] = [];
  const add = (name: string, expr: Expr): Item => {
    const item = { name: '', alias: aliases.add(name), expr };
    extra.push(item);
    return item;
  };
  const columns = core.items.map(({ name, alias, expr }) => {
    const support = mayStandBeside(expr, core) ? supportOf(expr, add) : undefined;
    return support === undefined ? { name, alias, expr } : { name, alias, expr, support };
  });
  return { core: extra.length === 0 ? core : { ...core, items: [...core.items, ...extra] }, columns };
}

/** Beside a grouped column only aggregates have one value for all rows of the group. */
export function mayStandBeside({ type, quotient, scaleProbe }: Expr, core: Core): boolean {
  if (!isNumeric(type) || core.isDistinct || core.env === undefined) return false;
  const parts = [scaleProbe, quotient?.dividend.sql, quotient?.divisor.sql].filter(
    (each) => each !== undefined,
  );
  return parts.length > 0 && (!core.isGrouped || parts.some((each) => each.has('aggregate')));
}

function supportOf(expr: Expr, add: (name: string, expr: Expr) => Item): Support | undefined {
  const { quotient, scaleProbe } = expr;
  if (scaleProbe !== undefined) return { kind: 'scale', scale: add('scale', value(scaleProbe, INT4)) };
  if (quotient === undefined) return undefined;
  const dividend = add('dividend', quotient.dividend);
  return { kind: 'quotient', dividend, divisor: add('divisor', quotient.divisor) };
}

/** What a column of a query in FROM tells of its digits, seen from outside. */
export function digitFacts(column: QueryColumn, alias: string): Partial<ScopeColumn> {
  const { support, expr } = column;
  const reference = ({ alias: name, expr: inner }: Item): Expr =>
    value(qualified(alias, name), inner.type, inner.scale === undefined ? {} : { scale: inner.scale });
  if (support?.kind === 'scale') return { scaleProbe: reference(support.scale).sql };
  if (support?.kind === 'quotient') {
    return { quotient: { dividend: reference(support.dividend), divisor: reference(support.divisor) } };
  }
  return expr.scale === undefined ? {} : { scale: expr.scale };
}
