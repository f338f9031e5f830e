import { IrisError } from '@iris-devtools/core';
import { isCanonicalNumber } from './decimal.js';
import { textOf } from './native-value.js';
import type { NativeValue } from './native-value.js';

/** A subscript with what is needed to compare it, parsed once. */
export interface Subscript {
  readonly text: string;
  /** Digits before and after the point, for canonical numbers only. */
  readonly number:
    { readonly negative: boolean; readonly whole: string; readonly fraction: string } | undefined;
}

/** IRIS's limit for one subscript (its encoded form; characters are close enough for a stand-in). */
const MAX_SUBSCRIPT_LENGTH = 511;

/** @throws IrisError `<SUBSCRIPT>` for the null string, which cannot be stored, and for what is too long */
export function storedSubscript(value: NativeValue): Subscript {
  const text = textOf(value);
  if (text === '' || text.length > MAX_SUBSCRIPT_LENGTH) {
    throw new IrisError('<SUBSCRIPT>', {
      code: 'IRIS_NATIVE',
      hint: `A subscript has 1 to ${MAX_SUBSCRIPT_LENGTH} characters.`,
    });
  }
  return subscriptOf(text);
}

export function subscriptOf(text: string): Subscript {
  if (!isCanonicalNumber(text)) return { text, number: undefined };
  const negative = text.startsWith('-');
  const [whole = '', fraction = ''] = (negative ? text.slice(1) : text).split('.');
  return { text, number: { negative, whole: whole === '0' ? '' : whole, fraction } };
}

/**
 * IRIS standard collation: the null string, then canonical numbers by value, then all other strings
 * character by character (IRIS characters are UTF-16 code units, as JavaScript's are).
 */
export function compareSubscripts(a: Subscript, b: Subscript): number {
  if (a.text === b.text) return 0;
  if (a.text === '') return -1;
  if (b.text === '') return 1;
  if (a.number === undefined && b.number === undefined) return a.text < b.text ? -1 : 1;
  if (a.number === undefined) return 1;
  if (b.number === undefined) return -1;
  if (a.number.negative !== b.number.negative) return a.number.negative ? -1 : 1;
  const magnitude = compareMagnitudes(a.number, b.number);
  return a.number.negative ? -magnitude : magnitude;
}

type Magnitude = NonNullable<Subscript['number']>;

function compareMagnitudes(a: Magnitude, b: Magnitude): number {
  if (a.whole.length !== b.whole.length) return a.whole.length - b.whole.length;
  if (a.whole !== b.whole) return a.whole < b.whole ? -1 : 1;
  if (a.fraction === b.fraction) return 0;
  return a.fraction < b.fraction ? -1 : 1;
}
