import type { TypeArgument, TypeName } from '../ast.js';
import { restOfClassName } from './class-name.js';
import type { TokenCursor } from './token-cursor.js';

/** Reserved words that name types. Others, such as TEXT or MONEY, are plain identifiers. */
const RESERVED_TYPES = [
  'BIT',
  'CHAR',
  'CHARACTER',
  'DATE',
  'DEC',
  'DECIMAL',
  'DOUBLE',
  'FLOAT',
  'INT',
  'INTEGER',
  'NATIONAL',
  'NCHAR',
  'NUMERIC',
  'REAL',
  'SMALLINT',
  'TIME',
  'VARCHAR',
] as const;

/** Type names of more than one word: the first word and what may follow it, longest first. */
const WORD_SEQUENCES: Readonly<Record<string, readonly (readonly string[])[]>> = {
  DOUBLE: [['PRECISION']],
  CHAR: [['VARYING']],
  CHARACTER: [['VARYING']],
  BINARY: [['VARYING']],
  LONG: [['VARCHAR'], ['BINARY'], ['RAW']],
  NATIONAL: [['CHARACTER', 'VARYING'], ['CHAR', 'VARYING'], ['CHARACTER'], ['CHAR'], ['VARCHAR']],
};

/** Can the current token begin a type? */
export function startsTypeName(p: TokenCursor): boolean {
  // `%String` is reserved as the name of a collation.
  return p.isIdentifier || p.isWord(...RESERVED_TYPES, '%STRING');
}

/** `VARCHAR(20)`, `CHARACTER VARYING(5)`, `VECTOR(DOUBLE, 3)`, `%Library.String(MAXLEN = 45)`. */
export function parseTypeName(p: TokenCursor): TypeName {
  const { position } = p;
  if (!startsTypeName(p)) p.expected('Data type');
  const name = parseName(p);
  if (!p.isSymbol('(')) return { kind: 'type-name', name, position };
  return { kind: 'type-name', name, arguments: parseArguments(p), position };
}

function parseName(p: TokenCursor): string {
  const first = p.advance();
  if (p.isSymbol('.')) return restOfClassName(p, first.text);
  if (first.text.startsWith('%')) return first.text;
  const word = first.text.toUpperCase();
  const sequences = Object.hasOwn(WORD_SEQUENCES, word) ? WORD_SEQUENCES[word] : undefined;
  const rest = sequences?.find((words) => p.acceptWord(...words));
  return rest === undefined ? word : [word, ...rest].join(' ');
}

function parseArguments(p: TokenCursor): TypeArgument[] {
  p.expectSymbol('(');
  if (p.acceptSymbol(')')) return [];
  const values = p.commaList(() => parseArgument(p));
  p.expectSymbol(')');
  return values;
}

function parseArgument(p: TokenCursor): TypeArgument {
  if (p.token.kind === 'string') return { kind: 'string', value: p.advance().text };
  // `CHAR(%24)`: a percent sign may mark a length.
  p.acceptSymbol('%');
  const negative = p.acceptSymbol('-');
  if (p.token.kind === 'number') return { kind: 'number', value: (negative ? -1 : 1) * p.integer() };
  if (negative) p.expected('Integer');
  if (p.token.kind !== 'word') p.expected('Length or type parameter');
  const name = p.advance();
  if (!p.acceptSymbol('=')) return { kind: 'word', word: name.upper };
  return { kind: 'class-parameter', name: name.text, value: parseParameterValue(p) };
}

/** A number, a string or a word, as text. */
export function parseParameterValue(p: TokenCursor): string {
  const sign = p.acceptSymbol('-') ? '-' : '';
  const { token } = p;
  if (token.kind === 'number') return sign + p.advance().text;
  if (sign === '' && (token.kind === 'string' || token.kind === 'word')) return p.advance().text;
  return p.expected('Value');
}
