import type { DefaultValue, Expression } from '../ast.js';
import { parseExpression, parseNumber } from './expressions.js';
import { parseEscape } from './escapes.js';
import { parseCall, withoutParentheses } from './names.js';
import type { TokenCursor } from './token-cursor.js';

/** Words that need no parentheses here; some of them may have a precision. */
const NILADIC = ['USER', 'CURRENT_USER', 'SESSION_USER', 'SYSTEM_USER', 'CURRENT_DATE', 'SYSDATE'] as const;
const WITH_PRECISION = ['CURRENT_TIME', 'CURRENT_TIMESTAMP', 'GETDATE', 'GETUTCDATE'] as const;
const FUNCTIONS = ['TO_DATE', 'TO_TIMESTAMP'] as const;

/** What DEFAULT and ON UPDATE take: no general expressions. Parentheses around it are allowed. */
export function parseDefaultValue(p: TokenCursor): DefaultValue {
  if (p.acceptSymbol('(')) {
    const value = p.nested(() => parseDefaultValue(p));
    p.expectSymbol(')');
    return value;
  }
  if (p.acceptWord('OBJECTSCRIPT')) return { kind: 'objectscript', code: p.string() };
  return { kind: 'expression', expression: parseValue(p) };
}

function parseValue(p: TokenCursor): Expression {
  const { token } = p;
  const { position } = token;
  if (p.isSymbol('-') || p.isSymbol('+')) return parseSigned(p);
  if (token.kind === 'number') return parseNumber(p);
  if (token.kind === 'string') {
    p.advance();
    return { kind: 'string', value: token.text, position };
  }
  if (p.isSymbol('{')) return p.nested(() => parseEscape(p));
  if (p.acceptWord('NULL')) return { kind: 'null', position };
  const start = { name: token.upper, delimited: false, brace: false, position };
  const word = p.acceptAnyWord(...NILADIC);
  // Three more words for the user, known only here.
  if (word !== undefined)
    return withoutParentheses({ ...start, name: word.endsWith('_USER') ? 'USER' : word });
  if (p.acceptAnyWord(...WITH_PRECISION) !== undefined) {
    return p.isSymbol('(') ? parseCall(p, start) : withoutParentheses(start);
  }
  if (p.isWord(...FUNCTIONS)) return parseExpression(p);
  return p.expected('Default value');
}

function parseSigned(p: TokenCursor): Expression {
  const { text: operator, position } = p.advance();
  if (p.token.kind !== 'number') p.termExpected();
  return { kind: 'unary', operator: operator === '-' ? '-' : '+', operand: parseNumber(p), position };
}
