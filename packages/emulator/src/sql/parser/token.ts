/**
 * - `word`: an unquoted identifier or keyword; `text` as written, `upper` for comparison
 * - `delimited`: `"..."`; `text` without quotes
 * - `string`: `'...'`; `text` is the value
 * - `number`: `text` as written
 * - `symbol`: punctuation, or a character that IRIS SQL does not know
 * - `code`: ObjectScript or Python between braces, put in by the parser
 * - `end`: after the last token
 */
export type TokenKind = 'word' | 'delimited' | 'string' | 'number' | 'symbol' | 'code' | 'end';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** Words in upper case; every other token has its `text` here only when it is a symbol, else ''. */
  readonly upper: string;
  readonly position: number;
  /** Offset after the last character. */
  readonly end: number;
}
