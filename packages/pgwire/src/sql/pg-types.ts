import { ARRAY_ELEMENT_OID, OID } from '../types/oids.js';

/** A PostgreSQL type as pg_attribute has it; `modifier` -1: none. */
export interface PgType {
  readonly oid: number;
  readonly modifier: number;
}

const type = (oid: number): PgType => ({ oid, modifier: -1 });

export const BOOL = type(OID.bool);
export const INT2 = type(OID.int2);
export const INT4 = type(OID.int4);
export const INT8 = type(OID.int8);
export const FLOAT4 = type(OID.float4);
export const FLOAT8 = type(OID.float8);
export const NUMERIC = type(OID.numeric);
export const TEXT = type(OID.text);
export const DATE = type(OID.date);
export const TIME = type(OID.time);
export const TIMESTAMP = type(OID.timestamp);
export const TIMESTAMPTZ = type(OID.timestamptz);
export const UUID = type(OID.uuid);
export const VECTOR = type(OID.vector);
export const UNKNOWN = type(OID.unknown);

export type Category =
  | 'boolean'
  | 'number'
  | 'text'
  | 'date'
  | 'time'
  | 'timestamp'
  | 'timestamptz'
  | 'interval'
  | 'uuid'
  | 'json'
  | 'bytes'
  | 'vector'
  | 'array'
  | 'unknown'
  | 'other';

const CATEGORIES: ReadonlyMap<number, Category> = new Map<number, Category>([
  [OID.bool, 'boolean'],
  [OID.int2, 'number'],
  [OID.int4, 'number'],
  [OID.int8, 'number'],
  [OID.oid, 'number'],
  [OID.float4, 'number'],
  [OID.float8, 'number'],
  [OID.numeric, 'number'],
  [OID.text, 'text'],
  [OID.varchar, 'text'],
  [OID.bpchar, 'text'],
  [OID.name, 'text'],
  [OID.char, 'text'],
  [OID.date, 'date'],
  [OID.time, 'time'],
  [OID.timestamp, 'timestamp'],
  [OID.timestamptz, 'timestamptz'],
  [OID.interval, 'interval'],
  [OID.uuid, 'uuid'],
  [OID.json, 'json'],
  [OID.jsonb, 'json'],
  [OID.bytea, 'bytes'],
  [OID.vector, 'vector'],
  [OID.unknown, 'unknown'],
]);

export function categoryOf(pgType: PgType): Category {
  return CATEGORIES.get(pgType.oid) ?? (ARRAY_ELEMENT_OID.has(pgType.oid) ? 'array' : 'other');
}

/** The element's type, for an array. */
export function elementOf(pgType: PgType): PgType | undefined {
  const oid = ARRAY_ELEMENT_OID.get(pgType.oid);
  return oid === undefined ? undefined : type(oid);
}

const INTEGER_RANK: ReadonlyMap<number, number> = new Map([
  [OID.int2, 1],
  [OID.int4, 2],
  [OID.oid, 2],
  [OID.int8, 3],
]);

export function isInteger(pgType: PgType): boolean {
  return INTEGER_RANK.has(pgType.oid);
}

export function isFloat(pgType: PgType): boolean {
  return pgType.oid === OID.float4 || pgType.oid === OID.float8;
}

export function isNumeric(pgType: PgType): boolean {
  return pgType.oid === OID.numeric;
}

export function isTimestamp(pgType: PgType): boolean {
  return pgType.oid === OID.timestamp || pgType.oid === OID.timestamptz;
}

export function isText(pgType: PgType): boolean {
  return categoryOf(pgType) === 'text';
}

/** Decimals of a numeric with a declared scale; 0 for integers. */
export function declaredScale(pgType: PgType): number | undefined {
  if (isInteger(pgType)) return 0;
  return isNumeric(pgType) && pgType.modifier >= 4 ? (pgType.modifier - 4) & 0x7ff : undefined;
}

const NUMBER_ORDER: readonly number[] = [
  OID.int2,
  OID.int4,
  OID.oid,
  OID.int8,
  OID.numeric,
  OID.float4,
  OID.float8,
];

/** The type in which PostgreSQL's arithmetic and comparison of these two numbers happen. */
export function commonNumber(left: PgType, right: PgType): PgType {
  const widest = NUMBER_ORDER[Math.max(NUMBER_ORDER.indexOf(left.oid), NUMBER_ORDER.indexOf(right.oid))];
  // A float4 beside anything but a float4 is promoted by PostgreSQL.
  if (widest === OID.float4 && left.oid !== right.oid) return FLOAT8;
  return widest === undefined || widest === OID.numeric ? NUMERIC : type(widest);
}

/** PostgreSQL's rule for UNION, CASE, COALESCE, VALUES: the first type that all others can become. */
export function commonType(types: readonly PgType[]): PgType {
  const known = types.filter((each) => each.oid !== OID.unknown);
  const [first, ...rest] = known;
  if (first === undefined) return TEXT;
  return rest.reduce((left, right) => {
    if (left.oid === right.oid) return left.modifier === right.modifier ? left : type(left.oid);
    const [one, other] = [categoryOf(left), categoryOf(right)];
    if (one === 'number' && other === 'number') return commonNumber(left, right);
    if (one === 'text' && other === 'text') return TEXT;
    if (one === 'date' || (one === 'timestamp' && other === 'timestamptz')) return type(right.oid);
    return type(left.oid);
  }, first);
}

const NAMES: ReadonlyMap<string, number> = new Map(Object.entries(OID));
const PRINTED: ReadonlyMap<number, string> = new Map([
  [OID.bool, 'boolean'],
  [OID.int2, 'smallint'],
  [OID.int4, 'integer'],
  [OID.int8, 'bigint'],
  [OID.float4, 'real'],
  [OID.float8, 'double precision'],
  [OID.varchar, 'character varying'],
  [OID.bpchar, 'character'],
  [OID.time, 'time without time zone'],
  [OID.timestamp, 'timestamp without time zone'],
  [OID.timestamptz, 'timestamp with time zone'],
]);

/** OID of a type by PostgreSQL's internal name (`int4`, `bpchar`, `vector`). */
export function oidOfTypeName(name: string): number | undefined {
  return NAMES.get(name);
}

/** The type's name in messages, as PostgreSQL's format_type gives it. */
export function typeLabel(pgType: PgType): string {
  const element = elementOf(pgType);
  if (element !== undefined) return `${typeLabel(element)}[]`;
  for (const [name, oid] of NAMES) if (oid === pgType.oid) return PRINTED.get(oid) ?? name;
  return `type ${pgType.oid}`;
}

/** Internal name and modifiers of a type, as CREATE TABLE would declare it. */
export function typeNameOf(
  pgType: PgType,
): { readonly name: string; readonly modifiers: readonly number[] } | undefined {
  const entry = [...NAMES].find(([, oid]) => oid === pgType.oid);
  if (entry === undefined) return undefined;
  return { name: entry[0], modifiers: modifiersOf(pgType) };
}

function modifiersOf({ oid, modifier }: PgType): readonly number[] {
  if (modifier < 0) return [];
  if (oid === OID.numeric) return [(modifier - 4) >> 16, (modifier - 4) & 0x7ff];
  return oid === OID.varchar || oid === OID.bpchar ? [modifier - 4] : [modifier];
}
