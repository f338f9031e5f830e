import { OID } from '../../types/oids.js';
import type { Env } from '../context.js';
import { raw, sql, type Sql } from '../fragment.js';
import type { PgType } from '../pg-types.js';

const RANGES: ReadonlyMap<number, readonly [string, string]> = new Map([
  [OID.int2, ['-32768', '32767']],
  [OID.int4, ['-2147483648', '2147483647']],
  [OID.int8, ['-9223372036854775808', '9223372036854775807']],
  [OID.oid, ['0', '4294967295']],
]);

/** The converted value, or a failure where the number is outside the integer type: IRIS would keep it silently. */
export function guarded(converted: Sql, number: Sql, target: PgType, env: Env): Sql {
  const range = RANGES.get(target.oid);
  if (range === undefined || target.oid === OID.int8) return converted;
  const failure = sql`LENGTH(${env.context.failure('range', sql`CAST(${number} AS VARCHAR(40))`)})`;
  const [low, high] = range.map(raw) as [Sql, Sql];
  return sql`CASE WHEN ${number} IS NULL THEN NULL WHEN ${number} BETWEEN ${low} AND ${high} THEN ${converted} ELSE ${failure} END`;
}
