import type { TokenCursor } from './token-cursor.js';

/** `%sqlcq.USER.cls2`: a class with its packages, any words between the dots. */
export function parseClassName(p: TokenCursor): string {
  if (p.token.kind !== 'word' && p.token.kind !== 'delimited') p.expected('IDENTIFIER');
  return restOfClassName(p, p.advance().text);
}

/** What follows the first word; reserved words are words here: `%Library.Integer`. */
export function restOfClassName(p: TokenCursor, start: string): string {
  let name = start;
  while (p.acceptSymbol('.')) {
    if (p.token.kind !== 'word') p.expected('IDENTIFIER');
    name += `.${p.advance().text}`;
  }
  return name;
}
