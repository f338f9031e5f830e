import { OID } from '../types/oids.js';
import { declareType, readColumnHint, type DeclaredType, type IdentityKind } from './declared-type.js';
import type { CatalogRow } from './iris-catalog.js';

export interface ShadowType {
  /** For the shadow's CREATE TABLE. */
  readonly pgType: string;
  readonly typeOid: number;
  readonly typeModifier: number;
  readonly identity: IdentityKind | undefined;
  /** The column carries our own description: it was declared by a PostgreSQL client. */
  readonly isDeclared: boolean;
  readonly irisType: string;
  readonly vectorType?: string;
  readonly vectorLength?: number;
}

/** Names that mean the same IRIS type, in DDL, in INFORMATION_SCHEMA and in the classes behind. */
const FAMILIES: readonly (readonly string[])[] = [
  ['VARCHAR', 'CHAR', 'NVARCHAR', 'NCHAR', 'STRING', '%LIBRARY.STRING', 'CHARACTER VARYING'],
  ['INTEGER', 'INT'],
  ['NUMERIC', 'DECIMAL', 'CURRENCY'],
  ['DOUBLE', 'FLOAT', 'REAL', 'DOUBLE PRECISION'],
  ['TIMESTAMP', 'POSIXTIME', 'DATETIME', 'TIMESTAMP2'],
  ['VARBINARY', 'BINARY'],
  ['GUID', 'UNIQUEIDENTIFIER'],
  ['LONGVARCHAR', 'CLOB'],
  ['LONGVARBINARY', 'BLOB'],
];
/** pgvector's greatest number of dimensions in a declaration. */
const MAX_VECTOR_DIMENSIONS = 16_000;
const MAX_PG_PRECISION = 1_000;

const INTEGERS: readonly string[] = ['SMALLINT', 'INTEGER', 'BIGINT'];

/**
 * `varchar(20)`, `VARCHAR` and `NVARCHAR` are all VARCHAR. A VECTOR has DATA_TYPE varchar over xDBC, and says what it is in
 * VECTOR_TYPE and VECTOR_LEN.
 * unverified on a live server: those two columns; without them a vector is known by its hint only
 */
function family(row: CatalogRow): string {
  if (row.text('VECTOR_TYPE') !== '') return 'VECTOR';
  const word = row.text('DATA_TYPE').toUpperCase().split('(')[0]?.trim() ?? '';
  return FAMILIES.find((names) => names.includes(word))?.[0] ?? word;
}

/** A hint is out of date when somebody changed the column in IRIS since. */
function belongsTo(hinted: DeclaredType, row: CatalogRow): boolean {
  const found = family(row);
  if (hinted.irisType === 'VECTOR') return found === 'VECTOR' || found === 'VARCHAR';
  // IRIS counts identities as BIGINT, whatever they were declared as.
  if (isGenerated(row) && INTEGERS.includes(found)) return INTEGERS.includes(hinted.irisType);
  if (found !== hinted.irisType) return false;
  if (hinted.typeOid === OID.numeric && hinted.typeModifier !== -1)
    return hinted.pgType === deriveNumeric(row).pgType;
  const length = row.number('CHARACTER_MAXIMUM_LENGTH');
  return hinted.irisLength === undefined || length === undefined || length === hinted.irisLength;
}

/** Types whose values have the same form in IRIS. */
const KINDS: readonly (readonly string[])[] = [
  ['BIT', 'TINYINT', ...INTEGERS, 'NUMERIC', 'DOUBLE'],
  ['VARCHAR', 'LONGVARCHAR', 'GUID', 'VECTOR'],
  ['VARBINARY', 'LONGVARBINARY'],
];

/** IRIS types the expressions of a view in its own way: integers as NUMERIC, texts with other lengths. */
function fitsView(hinted: DeclaredType, row: CatalogRow): boolean {
  const found = family(row);
  return (
    found === hinted.irisType || KINDS.some((kind) => kind.includes(found) && kind.includes(hinted.irisType))
  );
}

/** What a column without a hint is, from its IRIS type alone. */
function derive(row: CatalogRow): DeclaredType {
  const length = row.number('CHARACTER_MAXIMUM_LENGTH') ?? 0;
  switch (family(row)) {
    case 'BIT':
    case 'BOOLEAN':
      return declareType('bool');
    case 'TINYINT':
    case 'SMALLINT':
      return declareType('int2');
    case 'INTEGER':
      return declareType('int4');
    case 'BIGINT':
      return declareType('int8');
    case 'NUMERIC':
      return deriveNumeric(row);
    case 'DOUBLE':
      return declareType('float8');
    case 'DATE':
      return declareType('date');
    case 'TIME':
      return declareType('time');
    case 'TIMESTAMP':
      return declareType('timestamp');
    case 'VARBINARY':
    case 'LONGVARBINARY':
      return declareType('bytea');
    case 'GUID':
      return declareType('uuid');
    case 'VECTOR':
      return deriveVector(row);
    case 'VARCHAR':
      // The longest strings have no limit that a client could use.
      return length > 0 && length < 1_000_000 ? declareType('varchar', [length]) : declareType('text');
    default:
      // Streams, lists and classes of the application arrive as text.
      return declareType('text');
  }
}

function isGenerated(row: CatalogRow): boolean {
  return row.flag('IS_IDENTITY') || row.flag('AUTO_INCREMENT');
}

function deriveNumeric(row: CatalogRow): DeclaredType {
  const precision = row.number('NUMERIC_PRECISION');
  const scale = row.number('NUMERIC_SCALE') ?? 0;
  const plain = declareType('numeric');
  if (precision === undefined || precision < 1 || precision > MAX_PG_PRECISION || scale < 0) return plain;
  const declared = Math.max(precision, scale);
  return {
    ...plain,
    pgType: `numeric(${declared},${scale})`,
    typeModifier: declared * 65_536 + scale + 4,
  };
}

function vectorWords(row: CatalogRow): { type: string; length: number | undefined } {
  const type = row.text('VECTOR_TYPE').toUpperCase();
  return { type: type === '' ? 'DOUBLE' : type, length: row.number('VECTOR_LEN') };
}

function deriveVector(row: CatalogRow): DeclaredType {
  const { length } = vectorWords(row);
  return declareType('vector', length === undefined || length > MAX_VECTOR_DIMENSIONS ? [] : [length]);
}

/**
 * The type of a column's shadow: the declared one while it fits the IRIS column, else one that follows from IRIS's type.
 * @param viewHint for a column of a view, which has no description of its own
 */
export function shadowType(row: CatalogRow, viewHint?: string): ShadowType {
  const hint = readColumnHint(viewHint ?? row.text('DESCRIPTION'));
  const fits = viewHint === undefined ? belongsTo : fitsView;
  const type = hint !== undefined && fits(hint.type, row) ? hint.type : derive(row);
  const { pgType, typeOid, typeModifier } = type;
  const common = {
    pgType,
    typeOid,
    typeModifier,
    identity: isGenerated(row) ? (hint?.identity ?? 'default') : undefined,
    isDeclared: hint !== undefined,
    irisType: typeOid === OID.vector ? 'VECTOR' : family(row),
  };
  if (typeOid !== OID.vector) return common;
  const length = typeModifier > 0 ? typeModifier : vectorWords(row).length;
  const vectorType = hint === undefined ? vectorWords(row).type : 'DOUBLE';
  return { ...common, vectorType, ...(length === undefined ? {} : { vectorLength: length }) };
}
