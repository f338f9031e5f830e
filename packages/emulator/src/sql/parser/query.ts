import { sqlError } from '@iris-devtools/core';
import type {
  CommonTable,
  OrderItem,
  ParenthesizedQuery,
  Query,
  QueryBody,
  RowLimit,
  SetOperand,
  SetOperation,
} from '../ast.js';
import { parseExpression } from './expressions.js';
import { limitsConflict, parseRowLimit, startsRowLimit } from './row-limit.js';
import { parseSelect } from './select.js';
import type { TokenCursor } from './token-cursor.js';

/** A query as a whole statement: WITH and ORDER BY are allowed. */
export function parseQuery(p: TokenCursor): Query {
  const { position } = p;
  const commonTables = p.isWord('WITH') ? parseCommonTables(p) : [];
  return { ...parseQueryBody(p, true), with: commonTables, position };
}

/** `( query )`. ORDER BY needs TOP here. */
export function parseSubquery(p: TokenCursor): Query {
  p.expectSymbol('(');
  const query = p.nested(() => parseQueryBody(p, false));
  p.expectSymbol(')');
  return query;
}

function parseCommonTables(p: TokenCursor): CommonTable[] {
  p.expectWord('WITH');
  const names = new Set<string>();
  const tables = p.commaList((): CommonTable => {
    const { position } = p;
    const name = p.identifier();
    p.expectWord('AS');
    if (!p.startsQuery()) expectSelect(p);
    const query = parseSubquery(p);
    if (names.has(name.name.toUpperCase())) {
      throw sqlError(-382, ` CTE name '${name.name}' defined more than once`);
    }
    names.add(name.name.toUpperCase());
    return { name, query, position };
  });
  if (p.isWord('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'MERGE', 'CREATE')) {
    throw p.error(-383, 'CTE used for any statement type other than select');
  }
  return tables;
}

function expectSelect(p: TokenCursor): never {
  p.expectSymbol('(');
  return p.expected('SELECT');
}

function parseQueryBody(p: TokenCursor, isStatement: boolean): Query {
  const { position } = p;
  const hidden: FromLegs = { limit: undefined, orderBy: undefined };
  const body = parseUnion(p, hidden);
  // Inside another statement ORDER BY only makes sense, and only parses, together with TOP.
  const allowed = isStatement || hasTop(body);
  const orderBy = hidden.orderBy ?? (p.isWord('ORDER') && allowed ? parseOrderItems(p) : []);
  const rowLimit = hidden.limit ?? (startsRowLimit(p) ? parseRowLimit(p) : undefined);
  if (rowLimit !== undefined && hasTop(body)) throw limitsConflict(p);
  return { kind: 'query', with: [], body, orderBy, ...(rowLimit && { rowLimit }), position };
}

function hasTop(body: QueryBody): boolean {
  if (body.kind === 'set-operation') return hasTop(body.first);
  return body.kind === 'select' && body.top !== undefined;
}

/** What stands in a leg but belongs to the whole query. */
interface FromLegs {
  /** `%ROWLIMIT` stands behind SELECT. */
  limit: RowLimit | undefined;
  /** The ORDER BY behind a last leg with TOP. */
  orderBy: OrderItem[] | undefined;
}

function parseUnion(p: TokenCursor, hidden: FromLegs): QueryBody {
  const first = parseIntersect(p, hidden);
  const rest: SetOperand[] = [];
  for (;;) {
    const { position } = p;
    const operator = p.acceptAnyWord('UNION', 'EXCEPT');
    if (operator === undefined) return combine(first, rest);
    const all = operator === 'UNION' && p.acceptWord('ALL');
    p.acceptWord('%PARALLEL');
    rest.push({ operator, all, body: parseIntersect(p, hidden), position });
  }
}

function parseIntersect(p: TokenCursor, hidden: FromLegs): QueryBody {
  const first = parseLeg(p, hidden);
  const rest: SetOperand[] = [];
  for (;;) {
    const { position } = p;
    if (!p.acceptWord('INTERSECT')) return combine(first, rest);
    rest.push({ operator: 'INTERSECT', all: false, body: parseLeg(p, hidden), position });
  }
}

function combine(first: QueryBody, rest: readonly SetOperand[]): QueryBody {
  if (rest.length === 0) return first;
  return { kind: 'set-operation', first, rest, position: first.position } satisfies SetOperation;
}

function parseLeg(p: TokenCursor, hidden: FromLegs): QueryBody {
  const { position } = p;
  if (p.startsQuery()) {
    return { kind: 'parenthesized-query', query: parseSubquery(p), position } satisfies ParenthesizedQuery;
  }
  if (!p.isWord('SELECT')) p.expected('SELECT');
  const { core, rowLimit } = parseSelect(p);
  hidden.limit ??= rowLimit;
  if (core.top === undefined || !p.isWord('ORDER')) return core;
  // A leg with TOP may have an ORDER BY of its own; the last one in the query orders all of it.
  const orderBy = parseOrderItems(p);
  if (!p.isWord('ORDER', 'UNION', 'EXCEPT', 'INTERSECT')) {
    hidden.orderBy = orderBy;
    return core;
  }
  const query: Query = { kind: 'query', with: [], body: core, orderBy, position };
  return { kind: 'parenthesized-query', query, position } satisfies ParenthesizedQuery;
}

/** `ORDER BY a, b DESC`. */
export function parseOrderItems(p: TokenCursor): OrderItem[] {
  p.expectWord('ORDER', 'BY');
  return p.commaList((): OrderItem => {
    const { position } = p;
    const expression = parseExpression(p);
    return { expression, direction: p.acceptAnyWord('ASC', 'DESC') ?? 'ASC', position };
  });
}
