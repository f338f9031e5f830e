import type { BinaryOperator, Condition, Expression, NumberLiteral } from '../ast.js';
import { isCondition, parsePredicateOrValue } from './conditions.js';
import { parseFunctionOrColumn } from './names.js';
import { canonicalNumber } from './number-text.js';
import { parseEscape } from './escapes.js';
import { parseSubquery } from './query.js';
import { parseSpecialForm, SPECIAL_FORMS } from './special-forms.js';
import type { TokenCursor } from './token-cursor.js';

/** Longest row of `a + b + c ...`: the tree is as deep as the row is long. */
const MAX_CHAIN = 1_000;

const ADDITIVE = ['+', '-', '||', '_'] as const;
const MULTIPLICATIVE = ['*', '/', '\\', '#'] as const;

/** A value. A condition in its place ends in -1, -12 or -25, as on IRIS. */
export function parseExpression(p: TokenCursor): Expression {
  const parsed = parseOperators(p, false);
  if (isCondition(parsed)) throw p.error(-11, 'A scalar expression expected, not a condition');
  return parsed;
}

/**
 * A value, or with `conditionAllowed` a condition in parentheses, of which one cannot tell by its first tokens
 * whether it will turn out to be a value: `(a + 1) > 2` or `(a > 1)`.
 */
export function parseOperators(p: TokenCursor, conditionAllowed: boolean): Expression | Condition {
  return parseChain(p, ADDITIVE, conditionAllowed, (allowed) =>
    parseChain(p, MULTIPLICATIVE, allowed, (inner) => parseUnary(p, inner)),
  );
}

/** Operators of one level group from the left; `||` is on the level of `+`. */
function parseChain(
  p: TokenCursor,
  operators: readonly string[],
  conditionAllowed: boolean,
  parseOperand: (conditionAllowed: boolean) => Expression | Condition,
): Expression | Condition {
  let left = parseOperand(conditionAllowed);
  for (let length = 1; ; length++) {
    if (isCondition(left)) return left;
    const symbol = p.token.kind === 'symbol' && operators.includes(p.token.text) ? p.token.text : undefined;
    if (symbol === undefined) return left;
    if (length > MAX_CHAIN) throw p.tooComplex();
    p.advance();
    const right = parseOperand(false);
    if (isCondition(right)) throw p.error(-11, 'A scalar expression expected, not a condition');
    left = { kind: 'binary', operator: binaryOperator(symbol), left, right, position: left.position };
  }
}

function binaryOperator(symbol: string): BinaryOperator {
  switch (symbol) {
    case '+':
    case '-':
    case '*':
    case '/':
    case '\\':
    case '#':
      return symbol;
    default:
      return '||';
  }
}

function parseUnary(p: TokenCursor, conditionAllowed: boolean): Expression | Condition {
  const { position } = p;
  const operator = p.acceptSymbol('-') ? '-' : p.acceptSymbol('+') ? '+' : undefined;
  if (operator === undefined) return parsePrimary(p, conditionAllowed);
  const operand = p.nested(() => parseUnary(p, false));
  if (isCondition(operand)) throw p.error(-11, 'A scalar expression expected, not a condition');
  return { kind: 'unary', operator, operand, position };
}

/** One operand, without operators. */
export function parsePrimary(p: TokenCursor, conditionAllowed: boolean): Expression | Condition {
  const { token } = p;
  switch (token.kind) {
    case 'number':
      return parseNumber(p);
    case 'string':
      p.advance();
      return { kind: 'string', value: token.text, position: token.position };
    case 'delimited':
      return parseFunctionOrColumn(p);
    case 'word':
      return parseWord(p);
    case 'symbol':
      return parseSymbol(p, conditionAllowed);
    default:
      return p.termExpected();
  }
}

function parseWord(p: TokenCursor): Expression {
  const { token } = p;
  if (p.acceptWord('NULL')) return { kind: 'null', position: token.position };
  const special = SPECIAL_FORMS.get(token.upper);
  const isSpecial = special !== undefined && (!special.onlyWithParenthesis || p.isSymbolAt(1, '('));
  if (isSpecial) return p.nested(() => parseSpecialForm(p, special));
  return parseFunctionOrColumn(p);
}

function parseSymbol(p: TokenCursor, conditionAllowed: boolean): Expression | Condition {
  const { token } = p;
  switch (token.text) {
    case '(':
      return p.nested(() => parseParenthesis(p, conditionAllowed));
    case '{':
      return p.nested(() => parseEscape(p));
    case '?':
      p.advance();
      return { kind: 'parameter', index: p.nextParameter(), position: token.position };
    case ':':
      return parseHostVariable(p);
    case '$$':
      throw p.error(-372, 'Support for extrinsic function calls are disabled');
    default:
      return p.termExpected();
  }
}

function parseParenthesis(p: TokenCursor, conditionAllowed: boolean): Expression | Condition {
  const { position } = p;
  if (p.startsQuery()) {
    p.checkSubqueryAllowed();
    return { kind: 'subquery', query: parseSubquery(p), position };
  }
  p.expectSymbol('(');
  const inner = conditionAllowed ? parsePredicateOrValue(p) : parseExpression(p);
  p.expectSymbol(')');
  return isCondition(inner) ? inner : { kind: 'parenthesized', expression: inner, position };
}

/** `:%qpar(3)` is what drivers send for the third `?`; any other `:name` is a variable of the surrounding program. */
export function parseHostVariable(p: TokenCursor): Expression {
  const { position } = p;
  p.expectSymbol(':');
  const name = p.token;
  if (name.kind !== 'word' || name.position !== position + 1 || name.upper.startsWith('$')) {
    throw p.error(-28, 'Host variable name must begin with either % or a letter');
  }
  p.advance();
  if (name.upper !== '%QPAR') {
    p.noteHostVariable();
    return { kind: 'host-variable', name: name.text, position };
  }
  p.expectSymbol('(');
  const index = p.parameterAt(p.integer() - 1);
  p.expectSymbol(')');
  return { kind: 'parameter', index, position };
}

/** @throws IrisError -7 when the number is too large */
export function parseNumber(p: TokenCursor): NumberLiteral {
  const token = p.token;
  const text = canonicalNumber(token.text);
  if (text === undefined) throw p.error(-7, 'Exponent out of range');
  p.advance();
  return { kind: 'number', text, isInteger: /^\d+$/.test(token.text), position: token.position };
}
