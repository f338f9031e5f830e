import type { Identifier, Join, JsonTable, JsonTableColumn, TableReference } from '../ast.js';
import { parseCondition } from './conditions.js';
import { parseExpression } from './expressions.js';
import { parseSubquery } from './query.js';
import { startsRowLimit } from './row-limit.js';
import type { TokenCursor } from './token-cursor.js';
import { parseTypeName } from './type-name.js';

/** Tables in one row of joins. */
const MAX_JOINS = 250;

const HINTS = [
  '%ALLINDEX',
  '%FULL',
  '%INORDER',
  '%NOFLATTEN',
  '%NOMERGE',
  '%NOPARALLEL',
  '%NOREDUCE',
  '%NOSVSO',
  '%NOTOPOPT',
  '%NOUNIONOROPT',
  '%PARALLEL',
  '%STARTTABLE',
] as const;

/** The comma list behind FROM. Optimizer hints are read and dropped. */
export function parseFrom(p: TokenCursor): TableReference[] {
  let isFirst = true;
  return p.commaList(() => {
    skipHints(p);
    const table = parseTableReference(p, !isFirst);
    isFirst = false;
    return table;
  });
}

/** `(t AS a, ...)` of FOR SOME. */
export function parseParenthesizedTables(p: TokenCursor): TableReference[] {
  p.expectSymbol('(');
  const tables = parseFrom(p);
  p.expectSymbol(')');
  return tables;
}

function skipHints(p: TokenCursor): void {
  for (;;) {
    if (p.acceptAnyWord(...HINTS) !== undefined) continue;
    if (p.acceptWord('%FIRSTTABLE')) {
      p.identifier();
    } else if (p.acceptAnyWord('%IGNOREINDEX', '%IGNOREINDICES') !== undefined) {
      p.commaList(() => {
        skipIndexName(p);
      });
    } else {
      return;
    }
  }
}

/** `*`, `i`, `t.i` or `s.t.i`. */
function skipIndexName(p: TokenCursor): void {
  if (p.acceptSymbol('*')) return;
  do p.identifier();
  while (p.acceptSymbol('.'));
}

function parseTableReference(p: TokenCursor, lateralAllowed: boolean): TableReference {
  let left = parseTable(p, lateralAllowed);
  for (let joins = 1; startsJoin(p); joins++) {
    if (joins > MAX_JOINS) throw p.tooComplex();
    left = parseJoin(p, left);
  }
  return left;
}

function startsJoin(p: TokenCursor): boolean {
  if (p.isWord('JOIN', 'INNER', 'CROSS', 'NATURAL')) return true;
  return p.isWord('LEFT', 'RIGHT', 'FULL') && p.isWordAt(1, 'JOIN', 'OUTER');
}

function parseJoin(p: TokenCursor, left: TableReference): Join {
  const { position } = p;
  const natural = p.acceptWord('NATURAL');
  if (natural && left.kind === 'join') throw p.error(-1, 'NATURAL is only supported for the first join');
  // FULL JOIN takes ON alone.
  if (natural && p.isWord('FULL')) p.expected('JOIN');
  const type = p.acceptAnyWord('INNER', 'LEFT', 'RIGHT', 'FULL', 'CROSS') ?? 'INNER';
  if (type !== 'INNER' && type !== 'CROSS') p.acceptWord('OUTER');
  p.expectWord('JOIN');
  let right = parseTable(p, false);
  const base = { kind: 'join', type, natural, left, position } as const;
  if (type === 'CROSS' || natural) {
    if (natural) requireBaseTables(p, left, right);
    return { ...base, right };
  }
  // `a JOIN b JOIN c ON .. ON ..` joins b and c first.
  while (!p.isWord('ON', 'USING') && startsJoin(p)) right = p.nested(() => parseJoin(p, right));
  if (type !== 'FULL' && p.isWord('USING')) {
    if (left.kind === 'join') throw p.error(-1, 'USING is only supported for the first join');
    requireBaseTables(p, left, right);
    p.advance();
    return { ...base, right, using: p.identifierList() };
  }
  p.expectWord('ON');
  return { ...base, right, on: parseCondition(p) };
}

function requireBaseTables(p: TokenCursor, left: TableReference, right: TableReference): void {
  if (left.kind === 'table' && right.kind === 'table') return;
  throw p.error(-1, 'NATURAL and USING are only supported between base tables');
}

/** LATERAL comes only behind a comma, never behind JOIN. Table functions and JSON_TABLE need no such word. */
function parseTable(p: TokenCursor, lateralAllowed: boolean): TableReference {
  if (p.isSymbol('{')) return parseOuterJoinEscape(p);
  if (p.isSymbol('(')) return p.nested(() => parseParenthesizedTable(p));
  const { position } = p;
  if (startsLateral(p)) {
    if (!lateralAllowed) p.expected('Table name');
    p.advance();
    if (p.isSymbol('(')) {
      const query = parseSubquery(p);
      return { kind: 'derived-table', lateral: true, query, ...parseAlias(p), position };
    }
  }
  if (p.isWord('JSON_TABLE') && p.isSymbolAt(1, '(')) return parseJsonTable(p);
  const name = p.qualifiedName();
  if (!p.isSymbol('(')) return { kind: 'table', name, ...parseAlias(p), position };
  p.expectSymbol('(');
  const values = p.isSymbol(')') ? [] : p.commaList(() => parseExpression(p));
  p.expectSymbol(')');
  return { kind: 'table-function', name, arguments: values, ...parseAlias(p), position };
}

/** LATERAL is not reserved: it may also be a table. */
function startsLateral(p: TokenCursor): boolean {
  if (!p.isWord('LATERAL')) return false;
  if (p.isSymbolAt(1, '(')) return true;
  const isQualified = p.isSymbolAt(2, '.');
  return p.isSymbolAt(2, '(') || (isQualified && p.isSymbolAt(4, '('));
}

/** `{oj a LEFT OUTER JOIN b ON ..}` */
function parseOuterJoinEscape(p: TokenCursor): TableReference {
  p.expectSymbol('{');
  if (!p.acceptWord('OJ')) throw p.error(-40, 'ODBC escape extension not supported');
  const table = p.nested(() => parseTableReference(p, false));
  p.expectSymbol('}');
  return table;
}

/** A derived table, or joins in parentheses. */
function parseParenthesizedTable(p: TokenCursor): TableReference {
  const { position } = p;
  if (p.startsQuery()) {
    const query = parseSubquery(p);
    return { kind: 'derived-table', lateral: false, query, ...parseAlias(p), position };
  }
  p.expectSymbol('(');
  const table = parseTableReference(p, false);
  if (table.kind !== 'join') p.expected('JOIN');
  p.expectSymbol(')');
  return table;
}

/** `JSON_TABLE(value, 'path' COLUMNS (name type PATH 'path', ..))`. */
function parseJsonTable(p: TokenCursor): JsonTable {
  const { position } = p.advance();
  p.expectSymbol('(');
  const source = parseExpression(p);
  p.expectSymbol(',');
  const path = p.string();
  p.expectWord('COLUMNS');
  p.expectSymbol('(');
  const columns = p.commaList(() => parseJsonColumn(p));
  p.expectSymbol(')');
  p.expectSymbol(')');
  return { kind: 'json-table', source, path, columns, ...parseAlias(p), position };
}

function parseJsonColumn(p: TokenCursor): JsonTableColumn {
  const { position } = p;
  const name = p.identifier();
  const type = parseTypeName(p);
  p.expectWord('PATH');
  return { name, type, path: p.string(), position };
}

function parseAlias(p: TokenCursor): { alias?: Identifier } {
  const alias = acceptAlias(p);
  return alias === undefined ? {} : { alias };
}

/** `AS name`, or a bare name that does not begin `LIMIT n` or `ORDER BY`: neither word is reserved. */
export function acceptAlias(p: TokenCursor): Identifier | undefined {
  if (p.acceptWord('AS')) return p.identifier();
  const startsClause = startsRowLimit(p) || (p.isWord('ORDER') && p.isWordAt(1, 'BY'));
  return p.isIdentifier && !startsClause ? p.identifier() : undefined;
}
