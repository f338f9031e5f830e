import type { IrisType, IrisTypeName } from '../sql/types.js';

const INTEGERS: ReadonlySet<IrisTypeName> = new Set(['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'BIT']);
const STREAMS: ReadonlySet<IrisTypeName> = new Set(['LONGVARCHAR', 'LONGVARBINARY']);

export const isInteger = (type: IrisType): boolean => INTEGERS.has(type.name);
export const isNumeric = (type: IrisType): boolean =>
  isInteger(type) || type.name === 'NUMERIC' || type.name === 'DOUBLE';
export const isStream = (type: IrisType): boolean => STREAMS.has(type.name);
export const isText = (type: IrisType): boolean =>
  type.name === 'VARCHAR' || type.name === 'GUID' || type.name === 'UNKNOWN';
export const isTemporal = (type: IrisType): boolean =>
  type.name === 'DATE' || type.name === 'TIME' || isTimestamp(type);
export const isTimestamp = (type: IrisType): boolean =>
  type.name === 'TIMESTAMP' || type.name === 'POSIXTIME';

/** The PostgreSQL type that holds a logical value of the IRIS type; see the table in `sql/types.ts`. */
export function storageType(type: IrisType): string {
  switch (type.name) {
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
    case 'DATE':
      return 'int4';
    case 'BIGINT':
      return 'int8';
    case 'BIT':
      return 'int2';
    case 'NUMERIC':
    case 'TIME':
      return 'numeric';
    case 'DOUBLE':
      return 'float8';
    case 'VARBINARY':
    case 'LONGVARBINARY':
    case 'LIST':
      return 'bytea';
    case 'VECTOR':
      return vectorStorage(type);
    case 'VARCHAR':
    case 'GUID':
    case 'LONGVARCHAR':
    case 'TIMESTAMP':
    case 'POSIXTIME':
    case 'UNKNOWN':
      return 'text';
  }
}

function vectorStorage(type: IrisType): string {
  if (type.elementType === 'INTEGER') return 'int8[]';
  if (type.elementType === 'STRING') return 'text[]';
  return type.elementType === 'DECIMAL' ? 'numeric[]' : 'float8[]';
}

export const VARCHAR: IrisType = { name: 'VARCHAR' };
export const INTEGER: IrisType = { name: 'INTEGER' };
export const BIGINT: IrisType = { name: 'BIGINT' };
export const DOUBLE: IrisType = { name: 'DOUBLE' };
export const NUMERIC: IrisType = { name: 'NUMERIC', precision: 18, scale: 9 };
/** Stands for $CHAR(0) inside of a text, which PostgreSQL cannot hold; a noncharacter that no client may send. */
export const NUL_MARK = '\u{10ffff}';

/** The class that marks text as XML of our own making. */
export const XML_CLASS = '%XML';
export const UNKNOWN: IrisType = { name: 'UNKNOWN' };

const RANK: readonly IrisTypeName[] = [
  'BIT',
  'TINYINT',
  'SMALLINT',
  'INTEGER',
  'BIGINT',
  'NUMERIC',
  'DOUBLE',
  'VARCHAR',
];

/** Has a place in the precedence of types, which dates, times, lists and binaries have not. */
export const hasPrecedence = (type: IrisType): boolean => RANK.includes(type.name);

/**
 * The type of a column fed by several expressions (UNION, CASE, COALESCE): VARCHAR > DOUBLE > NUMERIC > BIGINT > ...
 * Other types have no precedence: undefined when they are mixed.
 */
export function commonType(left: IrisType, right: IrisType): IrisType | undefined {
  if (left.name === 'UNKNOWN') return right;
  if (right.name === 'UNKNOWN') return left;
  if (left.name === right.name) return widest(left, right);
  const ranks = [RANK.indexOf(left.name), RANK.indexOf(right.name)];
  if (ranks.includes(-1)) return undefined;
  return (ranks[0] ?? 0) > (ranks[1] ?? 0) ? left : right;
}

function widest(left: IrisType, right: IrisType): IrisType {
  if (left.name === 'NUMERIC') {
    const scale = Math.max(left.scale ?? 0, right.scale ?? 0);
    const whole = Math.max(
      (left.precision ?? 18) - (left.scale ?? 0),
      (right.precision ?? 18) - (right.scale ?? 0),
    );
    return { name: 'NUMERIC', precision: whole + scale, scale };
  }
  if (left.name === 'VARCHAR') {
    const unlimited = left.length === undefined || right.length === undefined;
    return unlimited ? VARCHAR : { name: 'VARCHAR', length: Math.max(left.length, right.length) };
  }
  return left;
}
