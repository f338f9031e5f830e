import type { TokenCursor } from './token-cursor.js';

/** `%sqlcq.USER.cls2`: a class with its packages, any words between the dots. */
export function parseClassName(p: TokenCursor): string {
  if (p.token.kind !== 'word' && p.token.kind !== 'delimited') p.expected('IDENTIFIER');
  let name = p.advance().text;
  while (p.acceptSymbol('.')) {
    if (p.token.kind !== 'word') p.expected('IDENTIFIER');
    name += `.${p.advance().text}`;
  }
  return name;
}
