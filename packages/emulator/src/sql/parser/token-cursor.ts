import { sqlError } from '@iris-devtools/core';
import type { IrisError } from '@iris-devtools/core';
import type { Identifier, QualifiedName } from '../ast.js';
import { closingBrace } from './code-block.js';
import type { CodeLanguage } from './code-block.js';
import { tokenize } from './lexer.js';
import type { ResolvedOptions } from './options.js';
import { isSetOperator, isSymbolToken, matchParentheses } from './parentheses.js';
import { isReservedWord } from './reserved-words.js';
import { RoutineScope } from './routine-scope.js';
import type { Token } from './token.js';

const MAX_IDENTIFIER_LENGTH = 128;
/** Parameters that one statement can have. */
const MAX_PARAMETERS = 65_535;
/** Only the last part of a long statement is shown in a message. */
const MAX_ERROR_TEXT = 2_000;

const END: Token = { kind: 'end', text: '', upper: '', position: 0, end: 0 };

/** Reads tokens one after the other and words IRIS's syntax errors. */
export class TokenCursor {
  readonly source: string;
  readonly options: ResolvedOptions;
  #tokens: Token[];
  #index = 0;
  #depth = 0;
  #parameterCount = 0;
  #usesVariables = false;
  #subqueryRefusal: IrisError | undefined;
  /** Whether a routine's body is being read. */
  readonly routine = new RoutineScope();
  readonly #secrets = new Set<Token>();
  /** Index of the closing parenthesis for each opening one; made when first needed. */
  #closing: Map<number, number> | undefined;

  constructor(source: string, options: ResolvedOptions) {
    if (source.length > options.maxTextLength) {
      throw sqlError(-400, ' <MAXSTRING>', {
        hint: `A statement may have ${options.maxTextLength} characters; pass long values as parameters.`,
      });
    }
    this.source = source;
    this.options = options;
    this.#tokens = tokenize(source, options);
  }

  get token(): Token {
    return this.#tokens[this.#index] ?? END;
  }

  peek(distance = 1): Token {
    return this.#tokens[this.#index + distance] ?? this.#tokens.at(-1) ?? END;
  }

  get position(): number {
    return this.token.position;
  }

  get atEnd(): boolean {
    return this.token.kind === 'end';
  }

  /** Offset behind the token before the current one. */
  get previousEnd(): number {
    return this.#tokens[this.#index - 1]?.end ?? 0;
  }

  get parameterCount(): number {
    return this.#parameterCount;
  }

  advance(): Token {
    const { token } = this;
    if (token.kind !== 'end') this.#index++;
    return token;
  }

  /** True when the current token is one of these bare words (upper case). */
  isWord(...words: readonly string[]): boolean {
    const { token } = this;
    return token.kind === 'word' && words.includes(token.upper);
  }

  isWordAt(distance: number, ...words: readonly string[]): boolean {
    const token = this.peek(distance);
    return token.kind === 'word' && words.includes(token.upper);
  }

  isSymbol(symbol: string): boolean {
    return this.token.kind === 'symbol' && this.token.text === symbol;
  }

  isSymbolAt(distance: number, symbol: string): boolean {
    const token = this.peek(distance);
    return token.kind === 'symbol' && token.text === symbol;
  }

  /** Consumes the words in a row, or nothing. */
  acceptWord(...words: readonly string[]): boolean {
    for (const [distance, word] of words.entries()) if (!this.isWordAt(distance, word)) return false;
    this.#index += words.length;
    return true;
  }

  acceptSymbol(symbol: string): boolean {
    if (!this.isSymbol(symbol)) return false;
    this.#index++;
    return true;
  }

  /** Consumes one of the words and returns it. */
  acceptAnyWord<Word extends string>(...words: readonly Word[]): Word | undefined {
    const word = words.find((candidate) => this.isWord(candidate));
    if (word !== undefined) this.#index++;
    return word;
  }

  expectWord(...words: readonly string[]): void {
    for (const word of words) if (!this.acceptWord(word)) this.expected(word);
  }

  expectAnyWord<Word extends string>(...words: readonly Word[]): Word {
    return this.acceptAnyWord(...words) ?? this.expected(words.join(' | '));
  }

  expectSymbol(symbol: string): void {
    if (!this.acceptSymbol(symbol)) this.expected(symbol);
  }

  /** Any bare word, reserved or not, in upper case. */
  anyWord(what = 'IDENTIFIER'): string {
    if (this.token.kind !== 'word') this.expected(what);
    return this.advance().upper;
  }

  string(what = 'STRING'): string {
    if (this.token.kind !== 'string') this.expected(what);
    return this.advance().text;
  }

  /** A non-negative whole number that fits in 32 bits. */
  integer(): number {
    const { token } = this;
    const value = token.kind === 'number' && /^\d{1,10}$/.test(token.text) ? Number(token.text) : undefined;
    if (value === undefined || value > 2_147_483_647) throw this.error(-80, 'Integer expected');
    this.advance();
    return value;
  }

  /** `n`, or `((n))`, which keeps IRIS from making a parameter of it. */
  parenthesizedInteger(): number {
    if (!this.acceptSymbol('(')) return this.integer();
    const value = this.nested(() => this.parenthesizedInteger());
    this.expectSymbol(')');
    return value;
  }

  get isIdentifier(): boolean {
    const { kind, upper } = this.token;
    return kind === 'delimited' || (kind === 'word' && !upper.startsWith('$') && !isReservedWord(upper));
  }

  /** @throws IrisError -1 for a reserved word, a malformed delimited identifier, or anything else */
  identifier(): Identifier {
    if (!this.isIdentifier) this.expected('IDENTIFIER');
    const token = this.advance();
    this.#checkName(token);
    return { name: token.text, delimited: token.kind === 'delimited', position: token.position };
  }

  /** A user or role: it may hold characters that other names may not, as in `"sales.team"`. */
  principal(): Identifier {
    if (this.acceptSymbol('*')) return { name: '*', delimited: false, position: this.previousEnd - 1 };
    // PUBLIC is reserved, but names everybody; %ALL and other system roles start with a percent sign.
    const special = this.isWord('PUBLIC') || this.token.upper.startsWith('%');
    if (!this.isIdentifier && !special) this.expected('IDENTIFIER');
    const token = this.advance();
    if (token.text === '') throw this.errorAt(token, -1, 'Invalid delimited identifier');
    return { name: token.text, delimited: token.kind === 'delimited', position: token.position };
  }

  qualifiedName(): QualifiedName {
    const first = this.identifier();
    if (!this.acceptSymbol('.')) return { name: first, position: first.position };
    return { schema: first, name: this.identifier(), position: first.position };
  }

  identifierList(): Identifier[] {
    this.expectSymbol('(');
    const names = this.commaList(() => this.identifier());
    this.expectSymbol(')');
    return names;
  }

  commaList<Item>(item: () => Item): Item[] {
    const items = [item()];
    while (this.acceptSymbol(',')) items.push(item());
    return items;
  }

  /** A parameter or host variable has been read. */
  get usesVariables(): boolean {
    return this.#usesVariables;
  }

  noteHostVariable(): void {
    this.#usesVariables = true;
  }

  /** Runs `parse`; a subquery in what it reads throws `refusal`. */
  withoutSubqueries<Result>(refusal: IrisError, parse: () => Result): Result {
    this.#subqueryRefusal = refusal;
    try {
      return parse();
    } finally {
      this.#subqueryRefusal = undefined;
    }
  }

  checkSubqueryAllowed(): void {
    if (this.#subqueryRefusal !== undefined) throw this.#subqueryRefusal;
  }

  /** The index of the next `?`. */
  nextParameter(): number {
    return this.parameterAt(this.#parameterCount);
  }

  /** Notes that the statement uses the parameter with this 0-based index. */
  parameterAt(index: number): number {
    if (index < 0 || index >= MAX_PARAMETERS)
      throw this.error(-400, `More than ${MAX_PARAMETERS} parameters`);
    this.#usesVariables = true;
    this.#parameterCount = Math.max(this.#parameterCount, index + 1);
    return index;
  }

  /** The current token holds a password: no message shows it. */
  markSecret(): void {
    this.#secrets.add(this.token);
  }

  /** Runs `parse` one level deeper. @throws IrisError -400 beyond the limit */
  nested<Result>(parse: () => Result): Result {
    if (this.#depth >= this.options.maxDepth) throw this.tooComplex();
    this.#depth++;
    try {
      return parse();
    } finally {
      this.#depth--;
    }
  }

  tooComplex(): IrisError {
    return sqlError(-400, ' <FRAMESTACK> Statement is nested too deeply', {
      hint: `Simplify the statement: ${this.options.maxDepth} levels of nesting are allowed.`,
    });
  }

  /** Leaves out tokens that stand at a distance from the current one. */
  dropTokens(distance: number, count: number): void {
    this.#tokens.splice(this.#index + distance, count);
    this.#closing = undefined;
  }

  /** Passes over everything that is left. */
  skipToEnd(): void {
    this.#index = this.#tokens.length - 1;
  }

  /** Reads `{ code }`, whose opening brace is the current token, and tokenizes what follows. */
  codeBlock(language: CodeLanguage): string {
    if (!this.isSymbol('{')) this.expected('{');
    const open = this.position;
    const close = closingBrace(this.source, open, language);
    if (close === -1) throw this.error(-1, "Closing '}' of the code block missing");
    const code = this.source.slice(open + 1, close);
    const token: Token = { kind: 'code', text: code, upper: '', position: open, end: close + 1 };
    const rest = tokenize(this.source, this.options, close + 1);
    this.#tokens = [...this.#tokens.slice(0, this.#index), token, ...rest];
    this.#closing = undefined;
    this.#index++;
    return code.trim();
  }

  /**
   * Is the parenthesis at `distance` the start of a query? Looks through further parentheses, so that
   * `((SELECT 1) UNION (SELECT 2))` is one and `((SELECT 1) + 2)` is none.
   */
  startsQuery(distance = 0): boolean {
    let at = this.#index + distance;
    if (!isSymbolToken(this.#tokens[at], '(')) return false;
    const closing = (this.#closing ??= matchParentheses(this.#tokens));
    for (at++; isSymbolToken(this.#tokens[at], '('); at++) {
      const after = this.#tokens[(closing.get(at) ?? this.#tokens.length) + 1];
      if (!isSymbolToken(after, ')') && !isSetOperator(after)) return false;
    }
    const token = this.#tokens[at];
    return token?.kind === 'word' && token.upper === 'SELECT';
  }

  /** -1: `what` should stand here. */
  expected(what: string): never {
    const found = what === 'IDENTIFIER' ? foundForIdentifier(this.token) : foundElse(this.token);
    throw this.error(-1, `${what} expected, ${found} found`);
  }

  /** -12: a value should stand here. */
  termExpected(): never {
    throw this.error(
      -12,
      'A term expected, beginning with an identifier, constant, aggregate, %-function, $$, :, +, -, (',
    );
  }

  /** -25: the statement is complete, and something follows. */
  leftover(): never {
    throw this.error(-25, `Input (${inputName(this.token)}) encountered after end of query`);
  }

  /** An error at the current token; `^` and the statement so far are added as IRIS does. */
  error(sqlcode: number, message: string): IrisError {
    return this.errorAt(this.token, sqlcode, message);
  }

  errorAt(token: Token, sqlcode: number, message: string): IrisError {
    return sqlError(sqlcode, ` ${message}^${this.#textUntil(token)}`, {
      details: { position: token.position },
    });
  }

  /** Literals read as the parameters that IRIS makes of them before it parses. */
  #textUntil(last: Token): string {
    let text = '';
    let literals = 0;
    let end: number | undefined;
    for (const token of this.#tokens) {
      if (end !== undefined && token.position > end) text += ' ';
      end = token.end;
      const isLiteral = token.kind === 'string' || token.kind === 'number';
      if (this.#secrets.has(token)) text += '*****';
      else if (isLiteral) text += `:%qpar(${++literals})`;
      else text += this.source.slice(token.position, token.end);
      if (token === last) break;
    }
    return text.slice(-MAX_ERROR_TEXT);
  }

  #checkName(token: Token): void {
    const { text } = token;
    if (text.length > MAX_IDENTIFIER_LENGTH) {
      throw this.errorAt(token, -1, `Identifier is longer than ${MAX_IDENTIFIER_LENGTH} characters`);
    }
    if (token.kind !== 'delimited') return;
    if (text === '' || text.startsWith('*') || text.toLowerCase() === '%vid' || /[,.^]|->/.test(text)) {
      throw this.errorAt(token, -1, 'Invalid delimited identifier');
    }
  }
}

function foundForIdentifier(token: Token): string {
  if (token.kind === 'word' && isReservedWord(token.upper)) return `reserved word ${token.upper}`;
  return foundElse(token);
}

function foundElse(token: Token): string {
  switch (token.kind) {
    case 'word':
      return `IDENTIFIER (${token.text})`;
    case 'delimited':
      return 'DELIMITED IDENTIFIER';
    case 'string':
    case 'number':
      // A literal is `:%qpar(n)` by the time IRIS parses.
      return ':';
    case 'end':
      return 'end of statement';
    default:
      return token.kind === 'code' ? '{' : token.text;
  }
}

function inputName(token: Token): string {
  if (token.kind === 'string' || token.kind === 'number') return ':';
  return token.kind === 'word' ? token.upper : token.text;
}
