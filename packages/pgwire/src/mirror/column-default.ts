import { quoteLiteral } from '../oracle/bootstrap.js';
import { tryDecode } from '../types/decode.js';
import { OID } from '../types/oids.js';

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const QUOTED = /^(?:'((?:[^']|'')*)'|"((?:[^"]|"")*)")$/;
const NUMERIC_TYPES: ReadonlySet<number> = new Set([
  OID.int2,
  OID.int4,
  OID.int8,
  OID.float4,
  OID.float8,
  OID.numeric,
]);
/** Keywords that IRIS's DEFAULT takes, and what PostgreSQL calls them. */
const KEYWORDS: ReadonlyMap<string, string> = new Map([
  ['CURRENT_TIMESTAMP', 'CURRENT_TIMESTAMP'],
  ['GETDATE()', 'CURRENT_TIMESTAMP'],
  // How a default of now() is kept for timestamptz, whose values are in UTC.
  ['GETUTCDATE', 'now()'],
  ['GETUTCDATE()', 'now()'],
  ['SYSDATE', 'CURRENT_TIMESTAMP'],
  ['CURRENT_DATE', 'CURRENT_DATE'],
  ['CURRENT_TIME', 'LOCALTIME'],
  ['USER', 'CURRENT_USER'],
  ['CURRENT_USER', 'CURRENT_USER'],
  ['SESSION_USER', 'SESSION_USER'],
]);

/**
 * IRIS's COLUMN_DEFAULT as an expression for the shadow, where it is a literal or a keyword.
 * `undefined`: no default, or one that PostgreSQL has no words for (ObjectScript); the column is then shown without.
 * unverified on a live server: how COLUMN_DEFAULT is spelled; both kinds of quotes are read
 */
export function shadowDefault(text: string, type: { typeOid: number }): string | undefined {
  const trimmed = text.trim();
  // ObjectScript's empty string is NULL in SQL.
  if (['', '""', 'NULL'].includes(trimmed.toUpperCase())) return undefined;
  const keyword = KEYWORDS.get(trimmed.toUpperCase().replace(/\(\d\)$/, ''));
  if (keyword !== undefined) return keyword;
  const [, single, double] = QUOTED.exec(trimmed) ?? [];
  const value =
    single?.replaceAll("''", "'") ??
    double?.replaceAll('""', '"') ??
    (NUMBER.test(trimmed) ? trimmed : undefined);
  if (value === undefined || tryDecode(Buffer.from(value), type.typeOid, 0) === undefined) return undefined;
  // PostgreSQL adds the cast itself when it shows the default.
  return NUMBER.test(value) && NUMERIC_TYPES.has(type.typeOid) ? value : quoteLiteral(value);
}
