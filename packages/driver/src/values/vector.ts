import type { SqlValue } from '@iris-devtools/core';
import { valueError } from '../errors.js';

/**
 * The numbers of a VECTOR value in the text that IRIS gives, `1,2.5,3` or `[1,2.5,3]`: for columns that the driver does not know to be
 * vectors, such as those with an alias.
 * @throws IrisError IRIS_VALUE for anything else
 */
export function parseVector(value: SqlValue): Float64Array {
  if (typeof value !== 'string') throw valueError('A vector is text', 'Pass the value of a VECTOR column.');
  const parts = elementsOf(value);
  const numbers = Float64Array.from(parts, toNumber);
  const index = numbers.findIndex(Number.isNaN);
  if (index < 0) return numbers;
  throw valueError(`Element ${index} of the vector is no number`, 'Expected a form like 1,2.5,3.');
}

/**
 * A vector as the array that holds its elements exactly: FLOAT in a Float32Array, DOUBLE and INTEGER in a Float64Array.
 * `undefined`: there is none (DECIMAL, TIMESTAMP, integers beyond 2^53), or the text is no list of numbers.
 */
export function readVector(text: string, element: string): Float32Array | Float64Array | undefined {
  if (element !== 'FLOAT' && element !== 'DOUBLE' && element !== 'INTEGER') return undefined;
  const numbers = Float64Array.from(elementsOf(text), toNumber);
  if (numbers.some(Number.isNaN)) return undefined;
  if (element === 'FLOAT') return Float32Array.from(numbers);
  return element === 'DOUBLE' || numbers.every(Number.isSafeInteger) ? numbers : undefined;
}

function elementsOf(text: string): readonly string[] {
  const inner = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text;
  return inner.trim() === '' ? [] : inner.split(',');
}

function toNumber(part: string): number {
  return part.trim() === '' ? Number.NaN : Number(part);
}
