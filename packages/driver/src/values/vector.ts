import type { SqlValue } from '@iris-devtools/core';
import { valueError } from '../errors.js';

/**
 * The numbers of a VECTOR value, which IRIS gives as text: `1,2.5,3` or `[1,2.5,3]`. Use it as a type parser of your own, or on single values.
 * @throws IrisError IRIS_VALUE for anything else
 */
export function parseVector(value: SqlValue): Float64Array {
  if (typeof value !== 'string') throw valueError('A vector is text', 'Pass the value of a VECTOR column.');
  const inner = value.startsWith('[') && value.endsWith(']') ? value.slice(1, -1) : value;
  if (inner.trim() === '') return new Float64Array(0);
  return Float64Array.from(inner.split(','), (part, index) => {
    const number = part.trim() === '' ? Number.NaN : Number(part);
    if (Number.isNaN(number))
      throw valueError(`Element ${index} of the vector is no number`, 'Expected a form like 1,2.5,3.');
    return number;
  });
}
