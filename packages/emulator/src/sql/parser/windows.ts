import type { AggregateName, Expression, FrameBound, WindowCall, WindowFunctionName } from '../ast.js';
import { parseExpression } from './expressions.js';
import { parseOrderItems } from './query.js';
import type { TokenCursor } from './token-cursor.js';

/** Functions that exist only with OVER. */
export const RANKINGS = [
  'ROW_NUMBER',
  'RANK',
  'DENSE_RANK',
  'PERCENT_RANK',
  'CUME_DIST',
  'NTILE',
  'FIRST_VALUE',
  'LAST_VALUE',
  'NTH_VALUE',
  'LAG',
  'LEAD',
] as const satisfies readonly WindowFunctionName[];

const WINDOW_AGGREGATES = [
  'COUNT',
  'SUM',
  'AVG',
  'MIN',
  'MAX',
] as const satisfies readonly WindowFunctionName[];

export function isWindowAggregate(name: AggregateName): name is (typeof WINDOW_AGGREGATES)[number] {
  return WINDOW_AGGREGATES.some((candidate) => candidate === name);
}

/** Least and most arguments. */
const ARITY: Readonly<Record<(typeof RANKINGS)[number], readonly [number, number]>> = {
  ROW_NUMBER: [0, 0],
  RANK: [0, 0],
  DENSE_RANK: [0, 0],
  PERCENT_RANK: [0, 0],
  CUME_DIST: [0, 0],
  NTILE: [1, 1],
  FIRST_VALUE: [1, 1],
  LAST_VALUE: [1, 1],
  NTH_VALUE: [2, 2],
  LAG: [1, 3],
  LEAD: [1, 3],
};

export function parseRanking(p: TokenCursor, name: (typeof RANKINGS)[number]): WindowCall {
  const { position } = p.advance();
  p.expectSymbol('(');
  const values = p.isSymbol(')') ? [] : p.commaList(() => parseExpression(p));
  p.expectSymbol(')');
  const [least, most] = ARITY[name];
  if (values.length < least) throw p.error(-380, `Missing argument to function ${name}`);
  if (values.length > most) throw p.error(-381, `Too many arguments to function ${name}`);
  return parseOver(p, name, values, position);
}

/** `OVER ([PARTITION BY ..] [ORDER BY ..] [ROWS ..])`. */
export function parseOver(
  p: TokenCursor,
  name: WindowFunctionName,
  values: readonly Expression[] | '*',
  position: number,
): WindowCall {
  p.expectWord('OVER');
  p.expectSymbol('(');
  const partitionBy = p.acceptWord('PARTITION') ? parsePartition(p) : [];
  const orderBy = p.isWord('ORDER') ? parseOrderItems(p) : [];
  const frame = p.acceptWord('ROWS') ? parseFrame(p) : undefined;
  p.expectSymbol(')');
  return { kind: 'window', name, arguments: values, partitionBy, orderBy, ...(frame && { frame }), position };
}

function parsePartition(p: TokenCursor): Expression[] {
  p.expectWord('BY');
  return p.commaList(() => parseExpression(p));
}

function parseFrame(p: TokenCursor): { readonly start: FrameBound; readonly end: FrameBound } {
  if (!p.acceptWord('BETWEEN')) return { start: parseBound(p), end: { kind: 'current-row' } };
  const start = parseBound(p);
  p.expectWord('AND');
  return { start, end: parseBound(p) };
}

function parseBound(p: TokenCursor): FrameBound {
  if (p.acceptWord('CURRENT', 'ROW')) return { kind: 'current-row' };
  if (p.acceptWord('UNBOUNDED')) {
    const side = p.expectAnyWord('PRECEDING', 'FOLLOWING');
    return { kind: side === 'PRECEDING' ? 'unbounded-preceding' : 'unbounded-following' };
  }
  if (p.token.kind !== 'number') p.expected('UNBOUNDED | CURRENT ROW | <non-negative integer>');
  const rows = p.integer();
  const side = p.expectAnyWord('PRECEDING', 'FOLLOWING');
  return { kind: side === 'PRECEDING' ? 'preceding' : 'following', rows };
}
