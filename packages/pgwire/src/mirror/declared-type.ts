import { PgError, notSupported } from '../pg-error.js';
import { OID } from '../types/oids.js';

/**
 * How PostgreSQL's types are kept in IRIS.
 *
 * IRIS has fewer types than PostgreSQL, so the IRIS type alone cannot say whether a `VARCHAR(65535)` was declared
 * as text, jsonb or varchar. A table created through pgwire therefore carries, in IRIS's own catalog:
 * - on the table: `%DESCRIPTION 'pg:table'` ({@link TABLE_DESCRIPTION}), which also says that its names are to be shown
 *   exactly as they are written (names of tables made in IRIS are folded to lower case);
 * - on every column: `%DESCRIPTION 'pg:<type>[;serial|;identity=always|;identity=default]'`.
 * The description is a hint: it counts only while the column's IRIS type still is the one that belongs to it.
 */
export const TABLE_DESCRIPTION = 'pg:table';
const PREFIX = 'pg:';

/** text, json and friends; longer values are refused by IRIS with SQLCODE -104 (22001 for the client). */
export const MAX_TEXT_LENGTH = 65_535;
/** IRIS's longest string. */
const MAX_STRING_LENGTH = 3_641_144;
const MAX_NUMERIC_SCALE = 18;
const MAX_NUMERIC_INTEGER_DIGITS = 19;
const MAX_VECTOR_DIMENSIONS = 16_000;

export type IdentityKind = 'serial' | 'always' | 'default';

export interface DeclaredType {
  /** As PostgreSQL's format_type prints it: `character varying(20)`, `timestamp with time zone`. */
  readonly pgType: string;
  readonly typeOid: number;
  readonly typeModifier: number;
  /** For IRIS's CREATE TABLE, with the collation that text needs: `VARCHAR(20) COLLATE %EXACT`. */
  readonly irisDdl: string;
  /** The type as INFORMATION_SCHEMA names it, upper case. */
  readonly irisType: string;
  /** Only for text: characters that the IRIS column holds. */
  readonly irisLength?: number;
}

interface TypeRule {
  readonly oid: number;
  readonly declare: (modifiers: readonly number[]) => Omit<DeclaredType, 'typeOid'>;
}

function plain(oid: number, pgType: string, irisDdl: string): TypeRule {
  const irisType = /^[A-Z]+/.exec(irisDdl)?.[0] ?? irisDdl;
  const declare: TypeRule['declare'] = (modifiers) => {
    if (modifiers.length > 0) {
      throw new PgError({ sqlstate: '42601', message: `type modifier is not allowed for type "${pgType}"` });
    }
    return { pgType, typeModifier: -1, irisDdl, irisType };
  };
  return { oid, declare };
}

function varchar(length: number): Pick<DeclaredType, 'irisDdl' | 'irisType' | 'irisLength'> {
  return { irisDdl: `VARCHAR(${length}) COLLATE %EXACT`, irisType: 'VARCHAR', irisLength: length };
}

function text(oid: number, pgType: string, length = MAX_TEXT_LENGTH): TypeRule {
  return { oid, declare: () => ({ pgType, typeModifier: -1, ...varchar(length) }) };
}

function sizedText(oid: number, word: string, pgType: string, defaultLength: number | undefined): TypeRule {
  const declare: TypeRule['declare'] = ([length = defaultLength]) => {
    if (length === undefined) {
      // format_type's own exception: `character` without a length would mean character(1).
      const printed = oid === OID.bpchar ? 'bpchar' : pgType;
      return { pgType: printed, typeModifier: -1, ...varchar(MAX_TEXT_LENGTH) };
    }
    if (length < 1) throw invalid(`length for type ${word} must be at least 1`);
    if (length > 10_485_760) throw invalid(`length for type ${word} cannot exceed 10485760`);
    if (length > MAX_STRING_LENGTH) {
      throw notSupported(`type ${pgType}(${length})`, {
        hint: `IRIS holds up to ${MAX_STRING_LENGTH} characters.`,
      });
    }
    return { pgType: `${pgType}(${length})`, typeModifier: length + 4, ...varchar(length) };
  };
  return { oid, declare };
}

/** IRIS keeps 19 digits before the point and 18 after it; without modifiers it would keep none after it. */
const numeric: TypeRule = {
  oid: OID.numeric,
  declare: ([precision, scale = 0]) => {
    const irisType = 'NUMERIC';
    if (precision === undefined) {
      const widest = `NUMERIC(${MAX_NUMERIC_INTEGER_DIGITS + MAX_NUMERIC_SCALE},${MAX_NUMERIC_SCALE})`;
      return { pgType: 'numeric', typeModifier: -1, irisDdl: widest, irisType };
    }
    if (precision < 1 || precision > 1000) {
      throw invalid(`NUMERIC precision ${precision} must be between 1 and 1000`);
    }
    if (scale < -1000 || scale > 1000) {
      throw invalid(`NUMERIC scale ${scale} must be between -1000 and 1000`);
    }
    if (
      scale < 0 ||
      scale > MAX_NUMERIC_SCALE ||
      precision < scale ||
      precision - scale > MAX_NUMERIC_INTEGER_DIGITS
    ) {
      throw notSupported(`type numeric(${precision},${scale})`, {
        hint: `IRIS keeps up to ${MAX_NUMERIC_INTEGER_DIGITS} digits before the decimal point and ${MAX_NUMERIC_SCALE} after it.`,
      });
    }
    return {
      pgType: `numeric(${precision},${scale})`,
      typeModifier: precision * 65_536 + scale + 4,
      irisDdl: `NUMERIC(${precision},${scale})`,
      irisType,
    };
  },
};

/** IRIS's TIMESTAMP and TIME(6) both keep microseconds, as PostgreSQL does; a smaller precision is only remembered. */
function temporal(oid: number, word: string, zone: string, irisDdl: string): TypeRule {
  const irisType = /^[A-Z]+/.exec(irisDdl)?.[0] ?? irisDdl;
  const declare: TypeRule['declare'] = ([precision]) => {
    if (precision === undefined) return { pgType: `${word} ${zone}`, typeModifier: -1, irisDdl, irisType };
    if (precision < 0) throw invalid(`${word.toUpperCase()}(${precision}) precision must not be negative`);
    const kept = Math.min(precision, 6);
    return { pgType: `${word}(${kept}) ${zone}`, typeModifier: kept, irisDdl, irisType };
  };
  return { oid, declare };
}

/** pgvector keeps 4-byte floats; DOUBLE holds each of them exactly. */
const vector: TypeRule = {
  oid: OID.vector,
  declare: ([length]) => {
    const irisType = 'VECTOR';
    if (length === undefined)
      return { pgType: 'vector', typeModifier: -1, irisDdl: 'VECTOR(DOUBLE)', irisType };
    if (length < 1) throw invalid('dimensions for type vector must be at least 1');
    if (length > MAX_VECTOR_DIMENSIONS) {
      throw invalid(`dimensions for type vector cannot exceed ${MAX_VECTOR_DIMENSIONS}`);
    }
    return {
      pgType: `vector(${length})`,
      typeModifier: length,
      irisDdl: `VECTOR(DOUBLE,${length})`,
      irisType,
    };
  },
};

/** Keyed by PostgreSQL's internal names, which is what its parser gives: `int` arrives as `int4`. */
const RULES: ReadonlyMap<string, TypeRule> = new Map([
  ['bool', plain(OID.bool, 'boolean', 'BIT')],
  ['int2', plain(OID.int2, 'smallint', 'SMALLINT')],
  ['int4', plain(OID.int4, 'integer', 'INTEGER')],
  ['int8', plain(OID.int8, 'bigint', 'BIGINT')],
  ['oid', plain(OID.oid, 'oid', 'BIGINT')],
  ['float4', plain(OID.float4, 'real', 'DOUBLE')],
  ['float8', plain(OID.float8, 'double precision', 'DOUBLE')],
  ['numeric', numeric],
  ['text', text(OID.text, 'text')],
  ['name', text(OID.name, 'name', 63)],
  ['char', text(OID.char, '"char"', 1)],
  ['varchar', sizedText(OID.varchar, 'varchar', 'character varying', undefined)],
  ['bpchar', sizedText(OID.bpchar, 'char', 'character', undefined)],
  ['bytea', plain(OID.bytea, 'bytea', `VARBINARY(${MAX_STRING_LENGTH})`)],
  ['date', plain(OID.date, 'date', 'DATE')],
  ['time', temporal(OID.time, 'time', 'without time zone', 'TIME(6)')],
  ['timestamp', temporal(OID.timestamp, 'timestamp', 'without time zone', 'TIMESTAMP')],
  /** Kept in UTC. */
  ['timestamptz', temporal(OID.timestamptz, 'timestamp', 'with time zone', 'TIMESTAMP')],
  /** Kept in lower case with hyphens, so that text order is uuid order. */
  ['uuid', text(OID.uuid, 'uuid', 36)],
  ['json', text(OID.json, 'json')],
  ['jsonb', text(OID.jsonb, 'jsonb')],
  ['vector', vector],
]);

/** Types that PostgreSQL has and IRIS cannot keep with their meaning. */
const UNSTORABLE: ReadonlyMap<string, string> = new Map([
  ['timetz', 'Keep the time and the zone in two columns.'],
  ['interval', 'Keep the number of seconds or days as a number.'],
  ['money', 'Use numeric(19,2).'],
  ['xml', 'Use text.'],
  ['bit', 'Use boolean, an integer or text.'],
  ['varbit', 'Use an integer or text.'],
  ['inet', 'Use text.'],
  ['cidr', 'Use text.'],
  ['macaddr', 'Use text.'],
  ['halfvec', 'Use vector.'],
  ['sparsevec', 'Use vector.'],
  ['tsvector', 'Use text.'],
]);

function invalid(message: string): PgError {
  return new PgError({ sqlstate: '22023', message });
}

/**
 * The IRIS type for a column that a client declares.
 * @param name PostgreSQL's internal name: the last of `TypeName.names`, e.g. `int4`, `bpchar`, `timestamptz`, `vector`
 * @param modifiers the integers of `TypeName.typmods` (for a bare `char` the parser itself gives 1)
 * @throws PgError 42704 unknown type, 0A000 IRIS cannot keep it, 22023 and 42601 wrong modifiers
 */
export function declareType(name: string, modifiers: readonly number[] = []): DeclaredType {
  const rule = RULES.get(name);
  if (rule !== undefined) return { typeOid: rule.oid, ...rule.declare(modifiers) };
  const hint = UNSTORABLE.get(name);
  if (hint !== undefined) throw notSupported(`a column of type ${name}`, { hint });
  throw new PgError({ sqlstate: '42704', message: `type "${name}" does not exist` });
}

/** The modifiers that PostgreSQL packed into `atttypmod`. */
function unpackModifier(typeOid: number, typeModifier: number): number[] {
  if (typeModifier < 0) return [];
  if (typeOid === OID.numeric) return [(typeModifier - 4) >> 16, (typeModifier - 4) & 0xffff];
  return [typeOid === OID.varchar || typeOid === OID.bpchar ? typeModifier - 4 : typeModifier];
}

/** The declaration behind a described type; `undefined` for types that IRIS cannot keep. */
export function typeOfOid(typeOid: number, typeModifier: number): DeclaredType | undefined {
  // A literal that nothing gave a type: PostgreSQL makes it text in a view.
  const known = typeOid === OID.unknown ? OID.text : typeOid;
  const rule = [...RULES.values()].find(({ oid }) => oid === known);
  if (rule === undefined) return undefined;
  try {
    return { typeOid: known, ...rule.declare(unpackModifier(known, typeModifier)) };
  } catch {
    return { typeOid: known, ...rule.declare([]) };
  }
}

/** The text for the column's `%DESCRIPTION`; holds no quote. */
export function describeColumn(type: DeclaredType, identity?: IdentityKind): string {
  const suffix = identity === undefined ? '' : identity === 'serial' ? ';serial' : `;identity=${identity}`;
  return `${PREFIX}${type.pgType}${suffix}`;
}

export interface ColumnHint {
  readonly type: DeclaredType;
  readonly identity: IdentityKind | undefined;
}

const HINT_SHAPE =
  /^([a-z" ]+?)(?:\((\d+)(?:,(\d+))?\))?((?: with| without) time zone)?(?:;(serial|identity=always|identity=default))?$/;

const NAME_OF_PRINTED_TYPE: ReadonlyMap<string, string> = new Map([
  ['boolean', 'bool'],
  ['smallint', 'int2'],
  ['integer', 'int4'],
  ['bigint', 'int8'],
  ['real', 'float4'],
  ['double precision', 'float8'],
  ['"char"', 'char'],
  ['character varying', 'varchar'],
  ['character', 'bpchar'],
  ['time without time zone', 'time'],
  ['timestamp without time zone', 'timestamp'],
  ['timestamp with time zone', 'timestamptz'],
]);

/** Reads back what {@link describeColumn} wrote; `undefined` for every other description. */
export function readColumnHint(description: string | null | undefined): ColumnHint | undefined {
  if (!description?.startsWith(PREFIX)) return undefined;
  const match = HINT_SHAPE.exec(description.slice(PREFIX.length));
  if (match === null) return undefined;
  const [, word = '', first, second, zone = '', mark] = match;
  const name = NAME_OF_PRINTED_TYPE.get(word + zone) ?? word + zone;
  const modifiers = [first, second].filter((text) => text !== undefined).map(Number);
  const rule = RULES.get(name);
  if (rule === undefined) return undefined;
  const identity = mark === undefined ? undefined : ((mark.split('=')[1] ?? 'serial') as IdentityKind);
  try {
    return { type: { typeOid: rule.oid, ...rule.declare(modifiers) }, identity };
  } catch {
    // Written by hand or by another version: a hint that makes no sense is no hint.
    return undefined;
  }
}
