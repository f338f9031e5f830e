import type { Expression, FunctionCall, Identifier, PseudoColumnName, QualifiedName } from '../ast.js';
import { isCondition } from './conditions.js';
import { parseExpression, parsePrimary } from './expressions.js';
import type { TokenCursor } from './token-cursor.js';

const PSEUDO_COLUMNS: ReadonlyMap<string, PseudoColumnName> = new Map(
  (['%ID', '%TABLENAME', '%CLASSNAME', '%VID', '%VALUE', '%KEY'] as const).map((name) => [name, name]),
);

/** Reserved words that are functions when a parenthesis follows. LEFT and RIGHT are so only inside `{fn }`. */
const RESERVED_FUNCTIONS = [
  'CHAR',
  'CHARACTER_LENGTH',
  'CHAR_LENGTH',
  'COALESCE',
  'DATE',
  'HOUR',
  'LOWER',
  'MINUTE',
  'NULLIF',
  'SECOND',
  'SPACE',
  'UPPER',
] as const;

/** `%EXTERNAL x` and `%EXTERNAL(x)` are one. */
const PREFIX_FUNCTIONS = ['%EXTERNAL', '%INTERNAL', '%ODBCIN', '%ODBCOUT'] as const;

/** Functions whose first argument may be a bare word, such as `DAY` or `SQL_TSI_DAY`. */
const WITH_KEYWORD: ReadonlySet<string> = new Set([
  'DATEADD',
  'DATEDIFF',
  'DATENAME',
  'DATEPART',
  'TIMESTAMPADD',
  'TIMESTAMPDIFF',
]);

/** A column, a pseudo column, a system variable or a function without syntax of its own. */
export function parseFunctionOrColumn(p: TokenCursor): Expression {
  const { token } = p;
  const { position } = token;
  const pseudo = PSEUDO_COLUMNS.get(token.upper);
  if (pseudo !== undefined) {
    p.advance();
    return { kind: 'pseudo-column', name: pseudo, position };
  }
  if (p.isWord(...RESERVED_FUNCTIONS)) {
    p.advance();
    const start = { name: token.upper, delimited: false, brace: false, position };
    // `UPPER x` is as good as `UPPER(x)`.
    if (token.upper === 'UPPER' && !p.isSymbol('(')) return parsePrefixArgument(p, start);
    if (!p.isSymbol('(')) p.expected('(');
    return parseCall(p, start);
  }
  if (p.isWord(...PREFIX_FUNCTIONS)) return parsePrefixFunction(p);
  if (token.kind === 'word' && token.upper.startsWith('$')) return parseSystemName(p);
  if (!p.isIdentifier) p.termExpected();
  return parseQualified(p);
}

function parsePrefixFunction(p: TokenCursor): FunctionCall {
  const { upper: name, position } = p.advance();
  const start = { name, delimited: false, brace: false, position };
  return p.isSymbol('(') ? parseCall(p, start) : parsePrefixArgument(p, start);
}

function parsePrefixArgument(p: TokenCursor, start: CallStart): FunctionCall {
  const argument = p.nested(() => parsePrimary(p, false));
  if (isCondition(argument)) return p.termExpected();
  return { kind: 'function', ...start, arguments: [argument], parenthesized: true };
}

/** `$HOROLOG`, `$PIECE(...)`. */
function parseSystemName(p: TokenCursor): FunctionCall {
  const { upper: name, position } = p.advance();
  const start = { name, delimited: false, brace: false, position };
  return p.isSymbol('(') ? parseCall(p, start) : withoutParentheses(start);
}

type CallStart = Pick<FunctionCall, 'name' | 'schema' | 'delimited' | 'brace' | 'position'>;

/** A function named by a keyword alone: CURRENT_DATE, USER, `{fn NOW}`. */
export function withoutParentheses(start: CallStart): FunctionCall {
  return { kind: 'function', ...start, arguments: [], parenthesized: false };
}

/** Reads `(a, b, ...)` of a function whose name has been read. */
export function parseCall(p: TokenCursor, start: CallStart): FunctionCall {
  return {
    kind: 'function',
    ...start,
    arguments: p.nested(() => parseArguments(p, start.name)),
    parenthesized: true,
  };
}

function parseArguments(p: TokenCursor, name: string): Expression[] {
  p.expectSymbol('(');
  if (p.acceptSymbol(')')) return [];
  const keyword = WITH_KEYWORD.has(name) ? acceptKeyword(p) : undefined;
  // Only a list may have elements left out.
  const parseArgument = (): Expression =>
    name === '$LISTBUILD' && (p.isSymbol(',') || p.isSymbol(')'))
      ? { kind: 'null', position: p.position }
      : parseExpression(p);
  const values = p.commaList(parseArgument);
  p.expectSymbol(')');
  return keyword === undefined ? values : [keyword, ...values];
}

/** `DAY,` or `"DAY",` or `('DAY'),` at the start of the arguments, with its comma. */
function acceptKeyword(p: TokenCursor): Expression | undefined {
  const { token } = p;
  const isName = token.kind === 'word' || token.kind === 'delimited';
  if (isName && p.isSymbolAt(1, ',')) {
    p.advance();
    p.expectSymbol(',');
    return { kind: 'keyword', word: token.text.toUpperCase(), position: token.position };
  }
  if (!p.isSymbol('(') || p.peek().kind !== 'string' || !p.isSymbolAt(2, ')')) return undefined;
  p.expectSymbol('(');
  const value = p.string();
  p.expectSymbol(')');
  p.expectSymbol(',');
  return { kind: 'string', value, position: token.position };
}

/** `c`, `t.c`, `s.t.c`, `t.%ID`, `f(x)`, `s.f(x)`, `c->d`. */
function parseQualified(p: TokenCursor): Expression {
  const parts: Identifier[] = [p.identifier()];
  while (p.isSymbol('.') && parts.length < 3) {
    p.advance();
    const pseudo = PSEUDO_COLUMNS.get(p.token.upper);
    if (pseudo !== undefined) {
      const { position } = parts[0] ?? p.advance();
      p.advance();
      const table = qualifiedName(parts);
      return { kind: 'pseudo-column', name: pseudo, ...(table && { table }), position };
    }
    parts.push(p.identifier());
  }
  return p.isSymbol('(') && parts.length < 3 ? parseUserCall(p, parts) : parseColumn(p, parts);
}

function parseUserCall(p: TokenCursor, parts: readonly Identifier[]): Expression {
  const [first, second] = parts;
  if (first === undefined) return p.termExpected();
  const { position } = first;
  if (second !== undefined) {
    const { name, delimited } = second;
    return parseCall(p, { name, schema: first, delimited, brace: false, position });
  }
  const name = first.delimited ? first.name : first.name.toUpperCase();
  return parseCall(p, { name, delimited: first.delimited, brace: false, position });
}

function parseColumn(p: TokenCursor, parts: readonly Identifier[]): Expression {
  const name = parts.at(-1);
  const position = parts[0]?.position;
  if (name === undefined || position === undefined) return p.termExpected();
  const arrows: Identifier[] = [];
  while (p.acceptSymbol('->')) arrows.push(parseArrowTarget(p));
  const table = qualifiedName(parts.slice(0, -1));
  return { kind: 'column', ...(table && { table }), name, arrows, position };
}

function parseArrowTarget(p: TokenCursor): Identifier {
  if (!p.isWord('%ID')) return p.identifier();
  const { text: name, position } = p.advance();
  return { name, delimited: false, position };
}

function qualifiedName(parts: readonly Identifier[]): QualifiedName | undefined {
  const [first, second] = parts;
  if (first === undefined) return undefined;
  if (second === undefined) return { name: first, position: first.position };
  return { schema: first, name: second, position: first.position };
}
