import type { IrisError } from '@iris-devtools/core';
import type { RowCountValue, RowLimit, Top } from '../ast.js';
import { parseHostVariable, parseNumber } from './expressions.js';
import { canonicalNumber } from './number-text.js';
import type { TokenCursor } from './token-cursor.js';

export const limitsConflict = (p: TokenCursor): IrisError =>
  p.error(-386, 'Cannot use more than one of TOP, LIMIT or ANSI styles');

/** LIMIT and OFFSET are not reserved, so only a number behind them tells them from an alias. Since IRIS 2025.1. */
export function startsRowLimit(p: TokenCursor): boolean {
  if (p.options.irisVersion === '2024.1') return false;
  if (p.isWord('FETCH')) return true;
  if (p.isWord('LIMIT')) return p.isWordAt(1, 'ALL') || startsCount(p, 1);
  return p.isWord('OFFSET') && startsCount(p, 1);
}

function startsCount(p: TokenCursor, distance: number): boolean {
  if (p.peek(distance).kind === 'number') return true;
  return ['?', ':', '-'].some((symbol) => p.isSymbolAt(distance, symbol));
}

/** `LIMIT [ALL] n [OFFSET m]`, or `[OFFSET m] FETCH FIRST n ROWS ONLY`, or `OFFSET m`. */
export function parseRowLimit(p: TokenCursor): RowLimit {
  const { position } = p;
  const limit = p.acceptWord('LIMIT') ? parseLimit(p, position) : parseFetch(p, position);
  if (startsRowLimit(p)) throw limitsConflict(p);
  return limit;
}

function parseLimit(p: TokenCursor, position: number): RowLimit {
  // Unlike PostgreSQL's LIMIT ALL this is a noise word.
  p.acceptWord('ALL');
  const count = parseCount(p);
  const offset = p.acceptWord('OFFSET') ? parseOffset(p) : undefined;
  return { style: 'LIMIT', count, ...(offset && { offset }), position };
}

function parseFetch(p: TokenCursor, position: number): RowLimit {
  const offset = p.acceptWord('OFFSET') ? parseOffset(p) : undefined;
  if (!p.acceptWord('FETCH')) return { style: 'FETCH', ...(offset && { offset }), position };
  p.acceptAnyWord('FIRST', 'NEXT');
  const count = parseCount(p);
  p.acceptAnyWord('ROW', 'ROWS');
  p.acceptWord('ONLY');
  return { style: 'FETCH', count, ...(offset && { offset }), position };
}

function parseOffset(p: TokenCursor): RowCountValue {
  const offset = parseCount(p);
  p.acceptAnyWord('ROW', 'ROWS');
  return offset;
}

/** A whole number, perhaps negative, or a parameter. No expressions. */
function parseCount(p: TokenCursor): RowCountValue {
  const { position } = p;
  if (!p.acceptSymbol('-')) return parsePositiveCount(p);
  const { text } = parseWhole(p);
  return { kind: 'negative-number', text: `-${text}`, position };
}

function parsePositiveCount(p: TokenCursor): RowCountValue {
  const { position } = p;
  if (p.token.kind === 'number') return parseWhole(p);
  if (p.acceptSymbol('?')) return { kind: 'parameter', index: p.nextParameter(), position };
  if (!p.isSymbol(':')) p.expected('Integer | ?');
  const value = parseHostVariable(p);
  return value.kind === 'parameter' || value.kind === 'host-variable' ? value : p.expected('Integer | ?');
}

function parseWhole(p: TokenCursor): RowCountValue & { readonly text: string } {
  if (!/^\d+$/.test(p.token.text)) p.expected('Integer | ?');
  return parseNumber(p);
}

/** `TOP n`, `TOP ?`, `TOP ALL`; parentheses around n are allowed. Of fractions and strings the whole part counts. */
export function parseTop(p: TokenCursor): Top {
  const { position } = p;
  p.expectWord('TOP');
  return { count: p.acceptWord('ALL') ? 'ALL' : parseTopCount(p), position };
}

function parseTopCount(p: TokenCursor): RowCountValue {
  const { kind, text, position } = p.token;
  if (kind === 'string') {
    p.advance();
    return { kind: 'number', text: wholeNumber(text), isInteger: true, position };
  }
  if (kind === 'number') {
    return { kind: 'number', text: wholeNumber(parseNumber(p).text), isInteger: true, position };
  }
  if (!p.acceptSymbol('(')) return parsePositiveCount(p);
  const count = p.nested(() => parseTopCount(p));
  p.expectSymbol(')');
  return count;
}

/** The whole number that a text begins with, else 0. */
function wholeNumber(text: string): string {
  const [digits = '0'] = /^\d+/.exec(text.trim()) ?? [];
  return canonicalNumber(digits) ?? '0';
}
