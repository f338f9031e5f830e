import { OID } from '../../types/oids.js';
import { asValue, type Expr } from '../expr.js';
import { sql, type Sql } from '../fragment.js';

/**
 * An expression whose value goes to the client. Over xDBC IRIS shows a TIME without its fraction; arithmetic sees the
 * seconds since midnight as IRIS keeps them, with all digits.
 * unverified on a live server: that TIME + 0 keeps the fraction
 */
export function resultValue(expr: Expr): Sql {
  return expr.type.oid === OID.time ? sql`(${asValue(expr)} + 0)` : asValue(expr);
}
