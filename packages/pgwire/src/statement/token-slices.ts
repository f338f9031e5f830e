import { scanSync } from 'libpg-query';
import type { ScanToken } from 'libpg-query';
import { PgError } from '../pg-error.js';
import { characterCount } from './parse-statements.js';

const RESERVED = 4;

/**
 * Statements that carry another one (PREPARE, DECLARE, COPY, EXPLAIN) or expressions (EXECUTE) as text.
 * The parser gives no end positions, so the parts are cut at tokens of PostgreSQL's own scanner.
 * What is cut off in front is replaced by blanks: positions in errors stay those of the whole statement.
 */
class TokenWalk {
  readonly #bytes: Buffer;
  readonly #tokens: readonly ScanToken[];
  #index = 0;

  constructor(sql: string) {
    this.#bytes = Buffer.from(sql);
    this.#tokens = scanSync(sql).tokens.filter((token) => !token.tokenName.endsWith('COMMENT'));
  }

  get current(): ScanToken {
    const token = this.#tokens[this.#index];
    if (token === undefined)
      throw new PgError({ sqlstate: '42601', message: 'syntax error at end of input' });
    return token;
  }

  get atEnd(): boolean {
    return this.#index >= this.#tokens.length;
  }

  skip(count = 1): void {
    this.#index += count;
  }

  is(text: string): boolean {
    return !this.atEnd && this.current.text.toLowerCase() === text;
  }

  isReserved(word: string): boolean {
    return this.is(word) && this.current.keywordKind === RESERVED;
  }

  /** Moves to the first token that is `word`, outside parentheses. */
  seekReserved(word: string): void {
    let depth = 0;
    while (depth > 0 || !this.isReserved(word)) {
      depth += this.#depthChange();
      this.skip();
    }
  }

  /** From the opening parenthesis, which is the current token: pieces between its commas. Ends behind the closing one. */
  parenthesised(): string[] {
    const pieces: string[] = [];
    let start = this.current.end;
    let depth = this.#depthChange();
    while (depth > 0) {
      this.skip();
      const token = this.current;
      depth += this.#depthChange();
      if (depth === 0 || (depth === 1 && token.text === ',')) {
        pieces.push(this.slice(start, token.start));
        start = token.end;
      }
    }
    this.skip();
    return pieces;
  }

  /** The text from the current token to the end. */
  rest(): string {
    return this.slice(this.current.start, this.#bytes.length);
  }

  slice(start: number, end: number): string {
    const before = this.#bytes.toString('utf8', 0, start);
    return ' '.repeat(characterCount(before)) + this.#bytes.toString('utf8', start, end);
  }

  #depthChange(): number {
    const { text } = this.current;
    if (text === '(' || text === '[') return 1;
    return text === ')' || text === ']' ? -1 : 0;
  }
}

/** `PREPARE name [(types)] AS query` */
export function prepareParts(sql: string): { types: string[]; query: string } {
  const walk = new TokenWalk(sql);
  walk.skip(2);
  const types = walk.is('(') ? walk.parenthesised().map((piece) => piece.trim()) : [];
  walk.skip();
  return { types, query: walk.rest() };
}

/** `EXECUTE name [(expressions)]` */
export function executeParameters(sql: string): string[] {
  const walk = new TokenWalk(sql);
  walk.skip(2);
  return walk.is('(') ? walk.parenthesised() : [];
}

/** `DECLARE name options CURSOR [WITH HOLD] FOR query` */
export function declareQuery(sql: string): string {
  const walk = new TokenWalk(sql);
  walk.skip(2);
  walk.seekReserved('for');
  walk.skip();
  return walk.rest();
}

/** `COPY (query) TO ...`; the commas of the query are no separators here, so the pieces are joined again. */
export function copyQuery(sql: string): string {
  const walk = new TokenWalk(sql);
  walk.skip();
  const start = walk.current.end;
  walk.parenthesised();
  walk.skip(-1);
  return walk.slice(start, walk.current.start);
}

/** `EXPLAIN [(options) | ANALYZE VERBOSE] statement` */
export function explainedStatement(sql: string): string {
  const walk = new TokenWalk(sql);
  walk.skip();
  if (walk.is('(')) walk.parenthesised();
  else while (walk.is('analyze') || walk.is('analyse') || walk.is('verbose')) walk.skip();
  return walk.rest();
}

/**
 * Calls another function instead: `name(first, ...)` at each location becomes `replacement(first<suffix>)`.
 * @param locations UTF-8 byte offsets of the calls, as the parser gives them
 */
export function replaceCalls(
  sql: string,
  locations: readonly number[],
  replacement: string,
  suffix: string,
): string {
  const bytes = Buffer.from(sql);
  const walk = new TokenWalk(sql);
  let out = '';
  let copied = 0;
  for (const location of [...locations].sort((a, b) => a - b)) {
    while (walk.current.start < location) walk.skip();
    while (!walk.is('(')) walk.skip();
    const [first = ''] = walk.parenthesised();
    out += `${bytes.toString('utf8', copied, location)}${replacement}(${first.trim()}${suffix})`;
    walk.skip(-1);
    copied = walk.current.end;
    walk.skip();
  }
  return out + bytes.toString('utf8', copied);
}
