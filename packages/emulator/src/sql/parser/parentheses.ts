import type { Token } from './token.js';

export const isSymbolToken = (token: Token | undefined, symbol: string): boolean =>
  token?.kind === 'symbol' && token.text === symbol;

export const isSetOperator = (token: Token | undefined): boolean =>
  token?.kind === 'word' && ['UNION', 'INTERSECT', 'EXCEPT'].includes(token.upper);

/** Index of the closing parenthesis for each opening one. */
export function matchParentheses(tokens: readonly Token[]): Map<number, number> {
  const closing = new Map<number, number>();
  const open: number[] = [];
  for (const [index, token] of tokens.entries()) {
    if (isSymbolToken(token, '(')) open.push(index);
    if (!isSymbolToken(token, ')')) continue;
    const start = open.pop();
    if (start !== undefined) closing.set(start, index);
  }
  return closing;
}
