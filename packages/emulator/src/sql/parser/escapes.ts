import type { DateTimeLiteral, Expression } from '../ast.js';
import { parseNumber } from './expressions.js';
import { parseCall, withoutParentheses } from './names.js';
import { parseSpecialForm, SPECIAL_FORMS } from './special-forms.js';
import type { TokenCursor } from './token-cursor.js';

/** ODBC escapes in expressions: `{fn NAME(..)}`, `{d ..}`, `{t ..}`, `{ts ..}`. @throws IrisError -40 for others */
export function parseEscape(p: TokenCursor): Expression {
  const { position } = p;
  p.expectSymbol('{');
  switch (p.token.upper) {
    case 'FN': {
      p.advance();
      const value = parseFunction(p);
      p.expectSymbol('}');
      return value;
    }
    case 'D':
      return parseDateTime(p, 'd', position);
    case 'T':
      return parseDateTime(p, 't', position);
    case 'TS':
      return parseDateTime(p, 'ts', position);
    default:
      throw p.error(-40, 'ODBC escape extension not supported');
  }
}

/** Inside `{fn }` any word names a function, LEFT and RIGHT included. */
function parseFunction(p: TokenCursor): Expression {
  const { token } = p;
  const special = SPECIAL_FORMS.get(token.upper);
  if (special !== undefined && (!special.onlyWithParenthesis || p.isSymbolAt(1, '('))) {
    return parseSpecialForm(p, special, true);
  }
  const name = p.anyWord();
  const start = { name, delimited: false, brace: true, position: token.position };
  return p.isSymbol('(') ? parseCall(p, start) : withoutParentheses(start);
}

function parseDateTime(p: TokenCursor, escape: DateTimeLiteral['escape'], position: number): DateTimeLiteral {
  p.advance();
  const value = parseDateTimeText(p);
  p.expectSymbol('}');
  return { kind: 'datetime-literal', escape, value, position };
}

/** A string, or a logical value as a number. */
function parseDateTimeText(p: TokenCursor): string {
  const sign = p.acceptSymbol('-') ? '-' : '';
  if (p.token.kind === 'number') return sign + parseNumber(p).text;
  return sign === '' ? p.string() : p.expected('Integer');
}
