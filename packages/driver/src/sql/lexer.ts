/** A piece of SQL text that matters for finding parameters and the kind of a statement. Everything else is skipped. */
export interface Token {
  readonly type: 'word' | 'parameter' | 'named' | 'symbol';
  readonly start: number;
  readonly end: number;
}

const WORD_START = /[\p{L}%_$@#]/u;
const WORD_PART = /[\p{L}\p{N}%_$@#]/u;
const NAME_PART = /[A-Za-z0-9_]/;

/**
 * Walks over SQL text. String literals, delimited identifiers, comments and blanks are passed over as wholes, so that a `?` inside
 * one of them is never taken for a parameter. With delimited identifiers switched off on the server, `"x"` is a literal: it is
 * passed over just the same, as both forms double the quote to include it.
 * A literal or comment that does not end reaches to the end of the text; the server will say what is wrong with it.
 */
export function* tokens(sql: string): Generator<Token> {
  let at = 0;
  while (at < sql.length) {
    const char = sql.charAt(at);
    const skipped = skipOpaque(sql, at, char);
    if (skipped > at) {
      at = skipped;
    } else if (char === '?') {
      yield { type: 'parameter', start: at, end: ++at };
    } else if (char === ':' && /[A-Za-z]/.test(sql.charAt(at + 1))) {
      const end = endOf(sql, at + 1, NAME_PART);
      yield { type: 'named', start: at, end };
      at = end;
    } else if (WORD_START.test(char)) {
      const end = endOf(sql, at, WORD_PART);
      yield { type: 'word', start: at, end };
      at = end;
    } else if (/[0-9]/.test(char)) {
      // Digits are taken together with letters so that 1e5 holds no word.
      at = endOf(sql, at, WORD_PART);
    } else {
      if (char.trim() !== '') yield { type: 'symbol', start: at, end: at + 1 };
      at++;
    }
  }
}

/** The end of the literal, delimited identifier or comment that starts here; `at` itself when none does. */
function skipOpaque(sql: string, at: number, char: string): number {
  if (char === "'" || char === '"') return endOfQuoted(sql, at, char);
  if (char === '-' && sql.charAt(at + 1) === '-') return endOfLine(sql, at);
  if (char === '/' && sql.charAt(at + 1) === '*') {
    const end = sql.indexOf('*/', at + 2);
    return end < 0 ? sql.length : end + 2;
  }
  return at;
}

function endOfQuoted(sql: string, start: number, quote: string): number {
  let at = start + 1;
  for (;;) {
    const end = sql.indexOf(quote, at);
    if (end < 0) return sql.length;
    if (sql.charAt(end + 1) !== quote) return end + 1;
    at = end + 2;
  }
}

function endOfLine(sql: string, start: number): number {
  const newline = /[\r\n]/g;
  newline.lastIndex = start;
  return newline.exec(sql)?.index ?? sql.length;
}

function endOf(sql: string, start: number, part: RegExp): number {
  let end = start;
  while (end < sql.length && part.test(sql.charAt(end))) end++;
  return end;
}
