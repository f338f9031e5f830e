import { sqlError } from '@iris-devtools/core';
import type { Token } from './token.js';

/** Tokens in one statement; an IN list of 32,000 items needs 64,000. */
const MAX_TOKENS = 500_000;

const IDENTIFIER_START = /[\p{L}%_]/u;
const SPACE = /\s/u;
const WORD = /%{0,2}[\p{L}\p{M}_][\p{L}\p{M}\p{Nd}_@#$]*/uy;
/** `$` begins system functions and variables only. */
const DOLLAR_WORD = /\$[\p{L}_][\p{L}\p{M}\p{Nd}_]*/uy;
const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE](?:[+-]?\d+)?)?/y;
const OPTIONS_COMMENT = /^#OPTIONS\b/i;
/** What follows a brace that belongs to SQL; any other brace opens code, which has tokens of its own. */
const ESCAPE = /\{\s*(?:(?:d|t|ts)\s*['"\d?:-]|(?:fn|oj)\s|(?:\?\s*=\s*)?call\s)/iy;
/** Digit groups and other bases, which IRIS does not have: it would read a short number with an alias behind it. */
const FOREIGN_NUMBER = /\d_\d|0[xX][\dA-Fa-f]|0[oO][0-7]|0[bB][01]/y;
const LONG_SYMBOLS = ['->', '||', '<>', '!=', '<=', '>=', '=*', '*=', '$$'] as const;

export interface LexerOptions {
  /** `"x"` is a name; otherwise a string. */
  readonly delimitedIdentifiers: boolean;
}

/**
 * Splits `source` into tokens from `start` on; the last one has kind `end`. Stops after a brace that opens ObjectScript
 * or Python: `TokenCursor.codeBlock` reads that and goes on behind it.
 *
 * @throws IrisError -2 exponent digits missing, -3 closing quote missing, -153 malformed `#OPTIONS` comment
 */
export function tokenize(source: string, options: LexerOptions, start = 0): Token[] {
  const tokens: Token[] = [];
  let at = start;
  for (;;) {
    at = skipBlanks(source, at);
    if (at >= source.length) break;
    const token = readToken(source, at, options);
    tokens.push(token);
    at = token.end;
    if (token.upper === '{' && match(ESCAPE, source, token.position) === undefined) break;
    if (tokens.length > MAX_TOKENS) {
      throw sqlError(-400, `Statement has more than ${MAX_TOKENS} tokens`, {
        hint: 'Pass values as parameters, or split the statement.',
      });
    }
  }
  tokens.push({ kind: 'end', text: '', upper: '', position: at, end: at });
  return tokens;
}

function readToken(source: string, at: number, options: LexerOptions): Token {
  const char = source.charAt(at);
  if (char === "'") return readQuoted(source, at, 'string');
  if (char === '"') return readQuoted(source, at, options.delimitedIdentifiers ? 'delimited' : 'string');
  if (isDigit(char) || (char === '.' && isDigit(source.charAt(at + 1)))) return readNumber(source, at);
  if (IDENTIFIER_START.test(codePointAt(source, at))) {
    const word = match(WORD, source, at);
    // `_` alone is the concatenation operator.
    if (word !== undefined && word !== '_') return wordToken(word, at);
  }
  if (char === '$') {
    const word = match(DOLLAR_WORD, source, at);
    if (word !== undefined) return wordToken(word, at);
  }
  const long = LONG_SYMBOLS.find((symbol) => source.startsWith(symbol, at));
  const symbol = long ?? codePointAt(source, at);
  return { kind: 'symbol', text: symbol, upper: symbol, position: at, end: at + symbol.length };
}

const isDigit = (char: string): boolean => char >= '0' && char <= '9';

const codePointAt = (source: string, at: number): string => String.fromCodePoint(source.codePointAt(at) ?? 0);

function match(pattern: RegExp, source: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0];
}

function wordToken(text: string, position: number): Token {
  return { kind: 'word', text, upper: text.toUpperCase(), position, end: position + text.length };
}

function readNumber(source: string, at: number): Token {
  const text = match(NUMBER, source, at) ?? source.charAt(at);
  if (/[eE]$/.test(text)) {
    throw sqlError(-2, ` Exponent digits missing after 'E'^${source.slice(0, at + text.length)}`);
  }
  const end = at + text.length;
  if (match(FOREIGN_NUMBER, source, end - 1) !== undefined) {
    throw sqlError(-1, ` Only decimal digits expected in a number^${source.slice(0, end + 1)}`);
  }
  return { kind: 'number', text, upper: '', position: at, end };
}

/** A quote inside is written twice. */
function readQuoted(source: string, at: number, kind: 'string' | 'delimited'): Token {
  const quote = source.charAt(at);
  let close = source.indexOf(quote, at + 1);
  while (close !== -1 && source.charAt(close + 1) === quote) close = source.indexOf(quote, close + 2);
  if (close === -1) {
    throw sqlError(-3, ` Closing quote (${quote}) missing`, {
      hint: `Close the ${kind === 'string' ? 'string' : 'delimited identifier'} that starts at offset ${at}.`,
    });
  }
  const raw = source.slice(at + 1, close);
  const text = raw.includes(quote) ? raw.replaceAll(quote + quote, quote) : raw;
  return { kind, text, upper: '', position: at, end: close + 1 };
}

/** White space, `-- ...` to the end of the line, and slash-star comments. */
function skipBlanks(source: string, start: number): number {
  let at = start;
  for (;;) {
    while (at < source.length && SPACE.test(source.charAt(at))) at++;
    if (source.startsWith('--', at)) {
      const newline = source.indexOf('\n', at);
      at = newline === -1 ? source.length : newline + 1;
    } else if (source.startsWith('/*', at)) {
      at = skipComment(source, at);
    } else {
      return at;
    }
  }
}

function skipComment(source: string, at: number): number {
  const close = source.indexOf('*/', at + 2);
  // unverified on a live server: the code for a comment that is never closed
  if (close === -1) throw sqlError(-1, ' Closing */ of the comment missing');
  const body = source.slice(at + 2, close);
  if (OPTIONS_COMMENT.test(body)) checkOptions(body.replace(OPTIONS_COMMENT, '').trim());
  return close + 2;
}

/** The options only steer IRIS's optimizer, but they must be JSON. */
function checkOptions(json: string): void {
  try {
    JSON.parse(json);
  } catch (cause) {
    throw sqlError(-153, ` Invalid JSON in #OPTIONS comment: ${json.slice(0, 100)}`, { cause });
  }
}
