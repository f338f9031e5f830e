import { plainDecimal } from './numeric.js';

/** PostgreSQL's own limits on a jsonb document are in bytes; nesting is limited by its stack. */
const MAX_DEPTH = 1_000;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const BLANKS = /[ \t\n\r]*/y;
const PLAIN_CHARACTERS = /[^"\\\u0000-\u001f]*/y;
const LONE_SURROGATE = /\p{Surrogate}/u;
const LITERALS = ['true', 'false', 'null'] as const;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** What is wrong is for PostgreSQL to say. */
class NotJsonb extends Error {}

/** One document, read once from left to right. */
class JsonbReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): string {
    const value = this.#value(0);
    this.#blanks();
    if (this.#at !== this.#text.length) throw new NotJsonb();
    return value;
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }

  #blanks(): string {
    this.#match(BLANKS);
    return this.#text.charAt(this.#at);
  }

  #expect(character: string): void {
    if (this.#blanks() !== character) throw new NotJsonb();
    this.#at += 1;
  }

  #value(depth: number): string {
    if (depth > MAX_DEPTH) throw new NotJsonb();
    const first = this.#blanks();
    if (first === '{') return this.#object(depth);
    if (first === '[') return this.#array(depth);
    if (first === '"') return print(this.#string());
    const literal = LITERALS.find((word) => this.#text.startsWith(word, this.#at));
    if (literal !== undefined) {
      this.#at += literal.length;
      return literal;
    }
    const number = plainDecimal(this.#match(NUMBER));
    if (number === undefined) throw new NotJsonb();
    return number;
  }

  #array(depth: number): string {
    const items: string[] = [];
    this.#expect('[');
    if (this.#blanks() === ']') {
      this.#at += 1;
      return '[]';
    }
    for (;;) {
      items.push(this.#value(depth + 1));
      if (this.#blanks() === ']') break;
      this.#expect(',');
    }
    this.#at += 1;
    return `[${items.join(', ')}]`;
  }

  /** The last of equal keys wins; keys are sorted by their length in bytes, then by their bytes. */
  #object(depth: number): string {
    const members = new Map<string, string>();
    this.#expect('{');
    if (this.#blanks() === '}') {
      this.#at += 1;
      return '{}';
    }
    for (;;) {
      if (this.#blanks() !== '"') throw new NotJsonb();
      const key = this.#string();
      this.#expect(':');
      members.set(key, this.#value(depth + 1));
      if (this.#blanks() === '}') break;
      this.#expect(',');
    }
    this.#at += 1;
    const sorted = [...members].map(([key, value]) => ({ key, bytes: Buffer.from(key), value }));
    sorted.sort((a, b) => a.bytes.length - b.bytes.length || Buffer.compare(a.bytes, b.bytes));
    return `{${sorted.map(({ key, value }) => `${print(key)}: ${value}`).join(', ')}}`;
  }

  #string(): string {
    let value = '';
    this.#at += 1;
    for (;;) {
      value += this.#match(PLAIN_CHARACTERS);
      const character = this.#text.charAt(this.#at);
      this.#at += 1;
      if (character === '"') break;
      if (character !== '\\') throw new NotJsonb();
      value += this.#escape();
    }
    if (LONE_SURROGATE.test(value)) throw new NotJsonb();
    return value;
  }

  #escape(): string {
    const letter = this.#text.charAt(this.#at);
    this.#at += 1;
    if (letter !== 'u') {
      const simple = ESCAPES[letter];
      if (simple === undefined) throw new NotJsonb();
      return simple;
    }
    const digits = this.#text.slice(this.#at, this.#at + 4);
    this.#at += 4;
    // jsonb keeps characters, not escapes, and has none for NUL.
    if (!/^[0-9a-fA-F]{4}$/.test(digits) || digits === '0000') throw new NotJsonb();
    return String.fromCharCode(Number.parseInt(digits, 16));
  }
}

/** JSON.stringify escapes what PostgreSQL escapes, in the same way, except for DEL and lone surrogates, which neither has. */
function print(text: string): string {
  return JSON.stringify(text);
}

/** A document in the form that PostgreSQL's jsonb prints; `undefined` when PostgreSQL has to look at it, or to refuse it. */
export function normalizeJsonb(text: string): string | undefined {
  try {
    return new JsonbReader(text).document();
  } catch (error) {
    if (error instanceof NotJsonb) return undefined;
    throw error;
  }
}
