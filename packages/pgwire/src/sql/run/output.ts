import type { ArrayRow, SqlValue } from '@iris-devtools/core';
import { PgError } from '../../pg-error.js';
import type { Expr } from '../expr.js';
import { isNumeric } from '../pg-types.js';
import { divideNumeric, parseDecimal, printDecimal } from './decimal.js';

/** Makes one value of the result from a row of IRIS. */
export type Finish = (row: ArrayRow) => SqlValue;

/** IRIS prints numerics in canonical form (.5); PostgreSQL keeps their scale. */
export function finishValue(expr: Expr, index: number): Finish {
  const { scale } = expr;
  if (!isNumeric(expr.type) || scale === undefined) return (row) => row[index] ?? null;
  return (row) => {
    const decimal = parseDecimal(row[index] ?? null);
    return decimal === undefined ? (row[index] ?? null) : printDecimal(decimal, scale);
  };
}

/** A numeric whose scale is in a column of its own. */
export function finishWithScale(index: number, scaleIndex: number): Finish {
  return (row) => {
    const decimal = parseDecimal(row[index] ?? null);
    return decimal === undefined ? (row[index] ?? null) : printDecimal(decimal, Number(row[scaleIndex] ?? 0));
  };
}

/** A quotient from its two columns, with PostgreSQL's digits. */
export function finishQuotient(
  dividend: Expr,
  dividendIndex: number,
  divisor: Expr,
  divisorIndex: number,
): Finish {
  return (row) => {
    const [one, other] = [parseDecimal(row[dividendIndex] ?? null), parseDecimal(row[divisorIndex] ?? null)];
    if (one === undefined || other === undefined) return null;
    const quotient = divideNumeric(
      { ...rescaled(one, dividend.scale) },
      { ...rescaled(other, divisor.scale) },
    );
    if (quotient === undefined) throw new PgError({ sqlstate: '22012', message: 'division by zero' });
    return quotient;
  };
}

function rescaled(decimal: { readonly unscaled: bigint; readonly scale: number }, scale: number | undefined) {
  if (scale === undefined || scale <= decimal.scale) return decimal;
  return { unscaled: decimal.unscaled * 10n ** BigInt(scale - decimal.scale), scale };
}
