import type { AggregateCall, AggregateName, Expression, WindowCall } from '../ast.js';
import { parseExpression } from './expressions.js';
import { parseNullHandling } from './document-functions.js';
import type { TokenCursor } from './token-cursor.js';
import { isWindowAggregate, parseOver } from './windows.js';

export const AGGREGATES = [
  'COUNT',
  'SUM',
  'AVG',
  'MIN',
  'MAX',
  'STDDEV',
  'STDDEV_SAMP',
  'STDDEV_POP',
  'VARIANCE',
  'VAR_SAMP',
  'VAR_POP',
  'LIST',
  '%DLIST',
  'XMLAGG',
  'JSON_ARRAYAGG',
  'APPROX_COUNT_DISTINCT',
] as const satisfies readonly AggregateName[];

/** `SUM(DISTINCT BY(a) b %FOREACH(c) %AFTERHAVING)`, or with OVER a window function. */
export function parseAggregate(p: TokenCursor, name: AggregateName): AggregateCall | WindowCall {
  const { position } = p.advance();
  p.expectSymbol('(');
  const quantifier = p.acceptAnyWord('DISTINCT', 'ALL');
  const distinctBy = quantifier === 'DISTINCT' && p.acceptWord('BY') ? parseList(p) : undefined;
  const argument = parseArgument(p, name, quantifier === undefined);
  const forEach = p.acceptWord('%FOREACH') ? parseList(p) : undefined;
  const afterHaving = p.acceptWord('%AFTERHAVING');
  const onNull = name === 'JSON_ARRAYAGG' ? parseNullHandling(p) : undefined;
  p.expectSymbol(')');
  const plain = quantifier === undefined && forEach === undefined && !afterHaving;
  if (plain && isWindowAggregate(name) && p.isWord('OVER') && p.isSymbolAt(1, '(')) {
    return parseOver(p, name, argument.kind === 'star' ? '*' : [argument], position);
  }
  return {
    kind: 'aggregate',
    name,
    quantifier: quantifier ?? 'ALL',
    ...(distinctBy && { distinctBy }),
    argument,
    ...(forEach && { forEach }),
    afterHaving,
    ...(onNull && { onNull }),
    position,
  };
}

function parseArgument(
  p: TokenCursor,
  name: AggregateName,
  starAllowed: boolean,
): Expression | { readonly kind: 'star' } {
  if (name === 'COUNT' && starAllowed && p.acceptSymbol('*')) return { kind: 'star' };
  const argument = parseExpression(p);
  const isCount = name === 'COUNT' || name === 'APPROX_COUNT_DISTINCT';
  if (isCount && argument.kind === 'subquery') {
    throw p.error(-13, 'An expression other than a subquery expected here');
  }
  return argument;
}

function parseList(p: TokenCursor): Expression[] {
  p.expectSymbol('(');
  const values = p.commaList(() => parseExpression(p));
  p.expectSymbol(')');
  return values;
}
