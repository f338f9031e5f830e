import type { CollationName, Expression, FunctionCall, SimpleCase, SearchedCase } from '../ast.js';
import { AGGREGATES, parseAggregate } from './aggregates.js';
import { isCondition, parseCondition } from './conditions.js';
import { parseExpression, parsePrimary } from './expressions.js';
import { parseJsonArray, parseJsonObject, parseXmlElement, parseXmlForest } from './document-functions.js';
import { withoutParentheses } from './names.js';
import { parseTypeName } from './type-name.js';
import type { TokenCursor } from './token-cursor.js';
import { parseRanking, RANKINGS } from './windows.js';

/** A word that begins an expression with a syntax of its own. */
export interface SpecialForm {
  /** False: the word is reserved, so it can be nothing else. True: only when a parenthesis follows. */
  readonly onlyWithParenthesis: boolean;
  readonly parse: (p: TokenCursor, brace: boolean) => Expression;
}

const COLLATIONS = [
  '%EXACT',
  '%SQLSTRING',
  '%SQLUPPER',
  '%TRUNCATE',
  '%SPACE',
  '%PLUS',
  '%MINUS',
  '%STRING',
  '%UPPER',
  '%ALPHAUP',
  '%MVR',
] as const satisfies readonly CollationName[];

const reserved = (parse: SpecialForm['parse']): SpecialForm => ({ onlyWithParenthesis: false, parse });
const withParenthesis = (parse: SpecialForm['parse']): SpecialForm => ({ onlyWithParenthesis: true, parse });

export const SPECIAL_FORMS: ReadonlyMap<string, SpecialForm> = new Map<string, SpecialForm>([
  ['CASE', reserved((p) => parseCase(p))],
  ['CAST', reserved((p) => parseCast(p))],
  ['CONVERT', reserved((p, brace) => parseConvert(p, brace))],
  ['TRIM', reserved((p) => parseTrim(p))],
  ['SUBSTRING', reserved((p, brace) => parseSubstring(p, brace))],
  ['CURRENT_DATE', reserved((p, brace) => parseNiladic(p, brace))],
  ['SYSDATE', reserved((p, brace) => parseNiladic(p, brace))],
  ['CURRENT_TIME', reserved((p, brace) => parseWithPrecision(p, brace))],
  ['CURRENT_TIMESTAMP', reserved((p, brace) => parseWithPrecision(p, brace))],
  ['USER', reserved((p, brace) => parseUser(p, brace))],
  ['POSITION', withParenthesis((p, brace) => parsePosition(p, brace))],
  ['TO_VECTOR', withParenthesis((p) => parseToVector(p))],
  ['JSON_OBJECT', withParenthesis((p) => parseJsonObject(p))],
  ['JSON_ARRAY', withParenthesis((p) => parseJsonArray(p))],
  ['XMLELEMENT', withParenthesis((p) => parseXmlElement(p))],
  ['XMLFOREST', withParenthesis((p) => parseXmlForest(p))],
  ...COLLATIONS.map((name): [string, SpecialForm] => [name, reserved((p) => parseCollation(p, name))]),
  ...AGGREGATES.map((name): [string, SpecialForm] => [name, withParenthesis((p) => parseAggregate(p, name))]),
  ...RANKINGS.map((name): [string, SpecialForm] => [name, withParenthesis((p) => parseRanking(p, name))]),
]);

function parseCase(p: TokenCursor): SimpleCase | SearchedCase {
  const { position } = p;
  p.expectWord('CASE');
  const parsed = p.isWord('WHEN') ? parseSearchedBranches(p) : parseSimpleBranches(p);
  const otherwise = p.acceptWord('ELSE') ? parseExpression(p) : undefined;
  p.expectWord('END');
  return { ...parsed, ...(otherwise && { otherwise }), position };
}

function parseSearchedBranches(p: TokenCursor): Pick<SearchedCase, 'kind' | 'branches'> {
  const branches = parseBranches(p, () => parseCondition(p));
  return { kind: 'searched-case', branches };
}

function parseSimpleBranches(p: TokenCursor): Pick<SimpleCase, 'kind' | 'operand' | 'branches'> {
  const operand = parseExpression(p);
  const branches = parseBranches(p, () => parseExpression(p));
  return { kind: 'simple-case', operand, branches };
}

function parseBranches<When>(p: TokenCursor, parseWhen: () => When): { when: When; then: Expression }[] {
  const branches: { when: When; then: Expression }[] = [];
  do {
    p.expectWord('WHEN');
    const when = parseWhen();
    p.expectWord('THEN');
    branches.push({ when, then: parseExpression(p) });
  } while (p.isWord('WHEN'));
  return branches;
}

function parseCast(p: TokenCursor): Expression {
  const { position } = p.advance();
  p.expectSymbol('(');
  const operand = parseExpression(p);
  p.expectWord('AS');
  const type = parseTypeName(p);
  p.expectSymbol(')');
  return { kind: 'cast', operand, type, position };
}

/** `CONVERT(VARCHAR(5), x, style)`; inside `{fn }` the order is the other: `CONVERT(x, SQL_VARCHAR)`. */
function parseConvert(p: TokenCursor, brace: boolean): Expression {
  const { position } = p.advance();
  p.expectSymbol('(');
  if (brace) {
    const operand = parseExpression(p);
    p.expectSymbol(',');
    const type = parseTypeName(p);
    p.expectSymbol(')');
    return { kind: 'convert', type, operand, brace, position };
  }
  const type = parseTypeName(p);
  p.expectSymbol(',');
  const operand = parseExpression(p);
  const style = p.acceptSymbol(',') ? parseExpression(p) : undefined;
  p.expectSymbol(')');
  return { kind: 'convert', type, operand, ...(style && { style }), brace, position };
}

/** `TRIM(x)`, `TRIM(LEADING x)`, `TRIM(LEADING 'a' FROM x)`, `TRIM('a' FROM x)`. */
function parseTrim(p: TokenCursor): Expression {
  const { position } = p.advance();
  p.expectSymbol('(');
  const side = p.acceptAnyWord('LEADING', 'TRAILING', 'BOTH');
  const node = { kind: 'trim', side: side ?? 'BOTH', position } as const;
  if (p.isWord('FROM')) {
    if (side !== undefined) return { ...node, operand: parseTrimOperand(p) };
    throw p.error(-75, '<trim_spec> and/or <trim_char> required before FROM in TRIM function.');
  }
  const first = parseExpression(p);
  if (p.isWord('FROM')) return { ...node, characters: first, operand: parseTrimOperand(p) };
  p.expectSymbol(')');
  return { ...node, operand: first };
}

function parseTrimOperand(p: TokenCursor): Expression {
  p.expectWord('FROM');
  const operand = parseExpression(p);
  p.expectSymbol(')');
  return operand;
}

/** `SUBSTRING(s, a, b)` and `SUBSTRING(s FROM a FOR b)`. */
function parseSubstring(p: TokenCursor, brace: boolean): FunctionCall {
  const { position } = p.advance();
  p.expectSymbol('(');
  const values = [parseExpression(p)];
  if (p.acceptWord('FROM')) {
    values.push(parseExpression(p));
    if (p.acceptWord('FOR')) values.push(parseExpression(p));
  } else {
    while (p.acceptSymbol(',')) values.push(parseExpression(p));
  }
  p.expectSymbol(')');
  return call('SUBSTRING', values, brace, position);
}

function parsePosition(p: TokenCursor, brace: boolean): FunctionCall {
  const { position } = p.advance();
  p.expectSymbol('(');
  const needle = parseExpression(p);
  p.expectWord('IN');
  const haystack = parseExpression(p);
  p.expectSymbol(')');
  return call('POSITION', [needle, haystack], brace, position);
}

function call(name: string, values: readonly Expression[], brace: boolean, position: number): FunctionCall {
  return {
    kind: 'function',
    name,
    delimited: false,
    arguments: values,
    brace,
    parenthesized: true,
    position,
  };
}

function parseNiladic(p: TokenCursor, brace: boolean): FunctionCall {
  const { upper: name, position } = p.advance();
  return withoutParentheses({ name, delimited: false, brace, position });
}

/** `CURRENT_TIME`, `CURRENT_TIMESTAMP(3)`; empty parentheses are refused. */
function parseWithPrecision(p: TokenCursor, brace: boolean): FunctionCall {
  const { upper: name, position } = p.advance();
  if (!p.acceptSymbol('(')) return withoutParentheses({ name, delimited: false, brace, position });
  const { position: at } = p;
  const digits = p.integer();
  p.expectSymbol(')');
  return call(
    name,
    [{ kind: 'number', text: String(digits), isInteger: true, position: at }],
    brace,
    position,
  );
}

function parseUser(p: TokenCursor, brace: boolean): FunctionCall {
  const { position } = p.advance();
  if (!brace || !p.acceptSymbol('(')) {
    return withoutParentheses({ name: 'USER', delimited: false, brace, position });
  }
  p.expectSymbol(')');
  return call('USER', [], brace, position);
}

/** The element type is a bare word: a quoted one has become a parameter before IRIS parses. */
function parseToVector(p: TokenCursor): Expression {
  const { position } = p.advance();
  p.expectSymbol('(');
  const data = parseExpression(p);
  if (p.acceptSymbol(')')) return { kind: 'to-vector', data, position };
  p.expectSymbol(',');
  if (p.token.kind !== 'word') p.expected(')');
  const elementType = p.advance().upper;
  const length = p.acceptSymbol(',') ? parseExpression(p) : undefined;
  p.expectSymbol(')');
  return { kind: 'to-vector', data, elementType, ...(length && { length }), position };
}

/** `%EXACT(x)`, `%EXACT x`, `%SQLUPPER(x, 20)`. */
function parseCollation(p: TokenCursor, collation: CollationName): Expression {
  const { position } = p.advance();
  if (!p.acceptSymbol('(')) {
    const operand = parsePrimary(p, false);
    if (isCondition(operand)) return p.termExpected();
    return { kind: 'collation', collation, operand, position };
  }
  const operand = parseExpression(p);
  const length = p.acceptSymbol(',') ? p.parenthesizedInteger() : undefined;
  p.expectSymbol(')');
  return { kind: 'collation', collation, operand, ...(length !== undefined && { length }), position };
}

/** Reads the form that begins with the current word. */
export function parseSpecialForm(p: TokenCursor, form: SpecialForm, brace = false): Expression {
  return form.parse(p, brace);
}
