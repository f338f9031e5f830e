import type {
  ComparisonOperator,
  Condition,
  Expression,
  LikeCondition,
  QuantifiedCondition,
  StringCondition,
} from '../ast.js';
import { parseExpression, parseOperators } from './expressions.js';
import { parseParenthesizedTables } from './from.js';
import { parseSubquery } from './query.js';
import type { TokenCursor } from './token-cursor.js';
import { IrisError } from '@iris-devtools/core';

const CONDITION_KINDS: ReadonlySet<string> = new Set<Condition['kind']>([
  'and',
  'or',
  'not',
  'comparison',
  'quantified',
  'contains',
  'follows',
  'starts-with',
  'matches',
  'pattern',
  'like',
  'between',
  'in',
  'in-subquery',
  'in-list',
  'sample',
  'is-null',
  'is-json',
  'exists',
  'for-some',
  'for-some-element',
]);

export function isCondition(node: Expression | Condition): node is Condition {
  return CONDITION_KINDS.has(node.kind);
}

/** @throws IrisError -14 when a value stands alone where a condition must be */
export function parseCondition(p: TokenCursor): Condition {
  return requireCondition(
    p,
    p.nested(() => parseDisjunction(p)),
  );
}

/** What stands in parentheses where a condition may come. */
export function parsePredicateOrValue(p: TokenCursor): Expression | Condition {
  return parseDisjunction(p);
}

function requireCondition(p: TokenCursor, node: Expression | Condition): Condition {
  if (isCondition(node)) return node;
  throw p.error(-14, 'A comparison operator is required here');
}

function parseDisjunction(p: TokenCursor): Expression | Condition {
  return parseLogical(p, 'or', ['OR'], '!', () => parseConjunction(p));
}

function parseConjunction(p: TokenCursor): Expression | Condition {
  return parseLogical(p, 'and', ['AND'], '&', () => parseNegation(p));
}

function parseLogical(
  p: TokenCursor,
  kind: 'and' | 'or',
  words: readonly string[],
  symbol: string,
  parseOperand: () => Expression | Condition,
): Expression | Condition {
  const first = parseOperand();
  if (!p.isWord(...words) && !p.isSymbol(symbol)) return first;
  const operands = [requireCondition(p, first)];
  while (p.isWord(...words) || p.isSymbol(symbol)) {
    p.advance();
    operands.push(requireCondition(p, parseOperand()));
  }
  return { kind, operands, position: first.position };
}

function parseNegation(p: TokenCursor): Expression | Condition {
  const { position } = p;
  if (!p.acceptWord('NOT')) return parsePredicate(p);
  const operand = p.nested(() => parseNegation(p));
  if (!isCondition(operand)) throw p.error(-15, 'A condition expected after NOT');
  return { kind: 'not', operand, position };
}

function parsePredicate(p: TokenCursor): Expression | Condition {
  // %NOINDEX before a condition only tells the optimizer to leave an index alone.
  p.acceptWord('%NOINDEX');
  if (p.isWord('EXISTS')) return parseExists(p);
  if (p.isWord('FOR')) return p.nested(() => parseForSome(p));
  const left = parseOperators(p, true);
  return isCondition(left) ? left : parseComparison(p, left);
}

function parseExists(p: TokenCursor): Condition {
  const { position } = p;
  p.expectWord('EXISTS');
  if (!p.startsQuery()) expectedSubquery(p);
  return { kind: 'exists', query: p.nested(() => parseSubquery(p)), position };
}

function expectedSubquery(p: TokenCursor): never {
  p.expectSymbol('(');
  return p.expected('SELECT');
}

function parseComparison(p: TokenCursor, left: Expression): Expression | Condition {
  const operator = acceptComparisonOperator(p);
  if (operator !== undefined) return parseRightSide(p, left, operator);
  if (p.isSymbol('=*') || p.isSymbol('*=')) {
    throw p.error(-32, 'Outer-join symbol ( =* or *= ) is no longer supported: use LEFT JOIN');
  }
  if (p.isWord('IS')) return parseIs(p, left);
  const negated = p.isWord('NOT') && startsNegatableOperator(p);
  if (negated) p.advance();
  return parseNegatable(p, left, negated) ?? left;
}

function acceptComparisonOperator(p: TokenCursor): ComparisonOperator | undefined {
  if (p.token.kind !== 'symbol') return undefined;
  switch (p.token.text) {
    case '=':
    case '<>':
    case '<':
    case '<=':
    case '>':
    case '>=': {
      const operator = p.token.text;
      p.advance();
      return operator;
    }
    case '!=':
      p.advance();
      return '<>';
    default:
      return undefined;
  }
}

function parseRightSide(p: TokenCursor, left: Expression, operator: ComparisonOperator): Condition {
  const { position } = left;
  const word = p.acceptAnyWord('ALL', 'ANY', 'SOME');
  if (word === undefined) {
    return { kind: 'comparison', operator, left, right: parseExpression(p), position };
  }
  return parseQuantified(p, left, operator, word === 'ALL' ? 'ALL' : 'ANY');
}

/** The subquery after ALL, ANY or SOME. */
function parseQuantified(
  p: TokenCursor,
  left: Expression,
  operator: QuantifiedCondition['operator'],
  quantifier: QuantifiedCondition['quantifier'],
): Condition {
  if (!p.startsQuery()) expectedSubquery(p);
  const query = p.nested(() => parseSubquery(p));
  return { kind: 'quantified', operator, left, quantifier, query, position: left.position };
}

const NEGATABLE_WORDS = ['LIKE', 'BETWEEN', 'IN', '%INLIST', '%STARTSWITH', '%MATCHES', '%PATTERN'] as const;

function startsNegatableOperator(p: TokenCursor): boolean {
  return p.isWordAt(1, ...NEGATABLE_WORDS) || p.isSymbolAt(1, '[') || p.isSymbolAt(1, ']');
}

function parseNegatable(p: TokenCursor, operand: Expression, negated: boolean): Condition | undefined {
  const { position } = operand;
  if (p.acceptSymbol('[')) return parseBracket(p, '[', operand, negated);
  if (p.acceptSymbol(']')) return parseBracket(p, ']', operand, negated);
  switch (p.acceptAnyWord(...NEGATABLE_WORDS, '%CONTAINS', '%CONTAINSTERM', '%FIND', '%INSET')) {
    case '%STARTSWITH':
      return stringCondition(p, 'starts-with', operand, negated);
    case '%MATCHES':
      return withEscape(p, stringCondition(p, 'matches', operand, negated));
    case '%PATTERN':
      return stringCondition(p, 'pattern', operand, negated);
    case 'LIKE':
      return parseLike(p, operand, negated);
    case 'BETWEEN': {
      const low = parseExpression(p);
      p.expectWord('AND');
      return { kind: 'between', negated, operand, low, high: parseExpression(p), position };
    }
    case 'IN':
      return parseIn(p, operand, negated);
    case '%INLIST':
      return parseInList(p, operand, negated);
    case '%FIND':
      if (p.isWord('%SQL') && p.isSymbolAt(1, '.') && p.isWordAt(2, 'SAMPLE')) return parseSample(p, operand);
      throw abstractSearch();
    case '%CONTAINS':
    case '%CONTAINSTERM':
    case '%INSET':
      throw abstractSearch();
    case undefined:
      return undefined;
  }
}

const abstractSearch = (): IrisError =>
  new IrisError('Abstract search (%CONTAINS, %CONTAINSTERM, %FIND, %INSET) is not part of the emulator', {
    code: 'IRIS_UNSUPPORTED',
    sqlcode: -400,
    hint: 'Use [, LIKE or %STARTSWITH, or run this statement against IRIS.',
  });

/** `x %FIND %SQL.SAMPLE('table', percent [, seed])`. */
function parseSample(p: TokenCursor, operand: Expression): Condition {
  for (let words = 0; words < 3; words++) p.advance();
  p.expectSymbol('(');
  const [table, percent, seed, ...more] = p.commaList(() => parseExpression(p));
  p.expectSymbol(')');
  if (table === undefined || percent === undefined || more.length > 0) {
    throw p.error(-1, '%SQL.SAMPLE takes a table, a percentage, and perhaps a seed');
  }
  return { kind: 'sample', operand, table, percent, ...(seed && { seed }), position: operand.position };
}

/** Contains and follows. */
function parseBracket(p: TokenCursor, operator: '[' | ']', left: Expression, negated: boolean): Condition {
  const word = p.acceptAnyWord('ALL', 'ANY', 'SOME');
  if (word === undefined) {
    return stringCondition(p, operator === '[' ? 'contains' : 'follows', left, negated);
  }
  const condition = parseQuantified(p, left, operator, word === 'ALL' ? 'ALL' : 'ANY');
  return negated ? { kind: 'not', operand: condition, position: left.position } : condition;
}

function stringCondition(
  p: TokenCursor,
  kind: StringCondition['kind'],
  left: Expression,
  negated: boolean,
): StringCondition {
  return { kind, negated, left, right: parseExpression(p), position: left.position };
}

function parseLike(p: TokenCursor, left: Expression, negated: boolean): Condition {
  const pattern = parseExpression(p);
  return withEscape(p, { kind: 'like', negated, left, pattern, position: left.position });
}

function withEscape<T extends StringCondition | LikeCondition>(p: TokenCursor, condition: T): T {
  return p.acceptWord('ESCAPE') ? { ...condition, escape: parseExpression(p) } : condition;
}

function parseIn(p: TokenCursor, operand: Expression, negated: boolean): Condition {
  const { position } = operand;
  if (p.startsQuery()) {
    return { kind: 'in-subquery', negated, operand, query: p.nested(() => parseSubquery(p)), position };
  }
  p.expectSymbol('(');
  const items = p.nested(() => p.commaList(() => parseExpression(p)));
  p.expectSymbol(')');
  return { kind: 'in', negated, operand, items, position };
}

function parseInList(p: TokenCursor, operand: Expression, negated: boolean): Condition {
  const list = parseExpression(p);
  // SIZE only helps the optimizer.
  if (p.acceptWord('SIZE')) p.parenthesizedInteger();
  return { kind: 'in-list', negated, operand, list, position: operand.position };
}

function parseIs(p: TokenCursor, operand: Expression): Condition {
  const { position } = operand;
  p.expectWord('IS');
  const negated = p.acceptWord('NOT');
  if (p.expectAnyWord('NULL', 'JSON') === 'NULL') return { kind: 'is-null', negated, operand, position };
  const word = p.acceptAnyWord('VALUE', 'SCALAR', 'ARRAY', 'OBJECT');
  const shape = word === 'ARRAY' || word === 'OBJECT' ? word : 'ANY';
  return { kind: 'is-json', negated, operand, shape, position };
}

/** `FOR SOME (t) (condition)` or `FOR SOME %ELEMENT(field) (condition)`. */
function parseForSome(p: TokenCursor): Condition {
  const { position } = p;
  p.expectWord('FOR');
  if (!p.acceptWord('SOME'))
    throw p.error(-16, 'Quantifier SOME expected after the FOR in the for-expression');
  if (!p.acceptWord('%ELEMENT')) {
    const tables = parseParenthesizedTables(p);
    return { kind: 'for-some', tables, condition: parseForCondition(p), position };
  }
  p.expectSymbol('(');
  const field = parseExpression(p);
  p.expectSymbol(')');
  const named = p.acceptWord('AS') || p.isIdentifier;
  const alias = named ? p.identifier() : undefined;
  const condition = parseForCondition(p);
  return { kind: 'for-some-element', field, ...(alias && { alias }), condition, position };
}

function parseForCondition(p: TokenCursor): Condition {
  p.expectSymbol('(');
  if (p.isSymbol(')')) throw p.error(-17, 'A for-condition expected after the ( in the for-expression');
  const condition = parseCondition(p);
  p.expectSymbol(')');
  return condition;
}
