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

/** `varchar(20)`, `VARCHAR` and `NVARCHAR` are all VARCHAR; `VECTOR(DOUBLE, 3)` is VECTOR. */
function family(dataType: string): string {
  const word = dataType.toUpperCase().split('(')[0]?.trim() ?? '';
  return FAMILIES.find((names) => names.includes(word))?.[0] ?? word;
}

/**
 * INFORMATION_SCHEMA shows a VECTOR as VARCHAR over xDBC. The hint of a declared column then says more.
 * unverified on a live server: what DATA_TYPE is for VECTOR in versions since 2025.1
 */
function belongsTo(hinted: DeclaredType, row: CatalogRow): boolean {
  const found = family(row.text('DATA_TYPE'));
  if (hinted.irisType === 'VECTOR') return found === 'VECTOR' || found === 'VARCHAR';
  if (found !== hinted.irisType) return false;
  const length = row.number('CHARACTER_MAXIMUM_LENGTH');
  return hinted.irisLength === undefined || length === undefined || length === hinted.irisLength;
}

/** What a column without a hint is, from its IRIS type alone. */
function derive(row: CatalogRow): DeclaredType {
  const length = row.number('CHARACTER_MAXIMUM_LENGTH') ?? 0;
  switch (family(row.text('DATA_TYPE'))) {
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

const VECTOR_WORDS = /\(\s*([A-Za-z]+)\s*(?:,\s*(\d+)\s*)?\)/;

function vectorWords(row: CatalogRow): { type: string; length: number | undefined } {
  const [, type = 'DOUBLE', inType] = VECTOR_WORDS.exec(row.text('DATA_TYPE')) ?? [];
  const length = inType === undefined ? row.number('CHARACTER_MAXIMUM_LENGTH') : Number(inType);
  return { type: type.toUpperCase(), length: length === 0 ? undefined : length };
}

function deriveVector(row: CatalogRow): DeclaredType {
  const { length } = vectorWords(row);
  return declareType('vector', length === undefined || length > MAX_VECTOR_DIMENSIONS ? [] : [length]);
}

/** The type of a column's shadow: the declared one while it fits the IRIS column, else one that follows from IRIS's type. */
export function shadowType(row: CatalogRow): ShadowType {
  const hint = readColumnHint(row.text('DESCRIPTION'));
  const type = hint !== undefined && belongsTo(hint.type, row) ? hint.type : derive(row);
  const { pgType, typeOid, typeModifier } = type;
  const isGenerated = row.flag('IS_IDENTITY') || row.flag('AUTO_INCREMENT');
  const common = {
    pgType,
    typeOid,
    typeModifier,
    identity: isGenerated ? (hint?.identity ?? 'default') : undefined,
    isDeclared: hint !== undefined,
    irisType: typeOid === OID.vector ? 'VECTOR' : family(row.text('DATA_TYPE')),
  };
  if (typeOid !== OID.vector) return common;
  const length = typeModifier > 0 ? typeModifier : vectorWords(row).length;
  const vectorType = hint === undefined ? vectorWords(row).type : 'DOUBLE';
  return { ...common, vectorType, ...(length === undefined ? {} : { vectorLength: length }) };
}
