/**
 * A type of the emulator, and how PGlite stores its logical value:
 *
 * | name | stored as |
 * | --- | --- |
 * | TINYINT SMALLINT INTEGER | int4 |
 * | BIGINT | int8 |
 * | BIT | int2, 0 or 1 |
 * | NUMERIC | numeric |
 * | DOUBLE | float8 |
 * | VARCHAR GUID | text; '' and NULL are distinct |
 * | DATE | int4, days since 1840-12-31 ($HOROLOG) |
 * | TIME | numeric, seconds since midnight |
 * | TIMESTAMP POSIXTIME | text, `YYYY-MM-DD HH:MM:SS[.f]` without trailing zeros in the fraction |
 * | VARBINARY LONGVARBINARY LIST | bytea; LIST holds the bytes of an IRIS $LIST |
 * | LONGVARCHAR | text |
 * | VECTOR | float8[] for DOUBLE, FLOAT and TIMESTAMP, numeric[] for DECIMAL, int8[] for INTEGER, text[] for STRING |
 * | UNKNOWN | text: a parameter or NULL whose type nothing has fixed yet |
 */
export interface IrisType {
  readonly name: IrisTypeName;
  /** NUMERIC: digits in all. */
  readonly precision?: number;
  /** NUMERIC: digits after the point. TIME: digits of the fraction. */
  readonly scale?: number;
  /** VARCHAR, VARBINARY: MAXLEN. Undefined: no limit. */
  readonly length?: number;
  /** VARCHAR: upper case with %. Undefined: the default of the table's storage (%SQLUPPER for rows). */
  readonly collation?: string;
  /** VECTOR only. */
  readonly elementType?: VectorElementType;
  /** VECTOR: number of elements, when fixed. */
  readonly dimension?: number;
  /** Bounds of the logical value where the class has them: MEDIUMINT, NUMERIC(p,s), DATE. Decimal text. */
  readonly minValue?: string;
  readonly maxValue?: string;
  /** VARCHAR of a class with VALUELIST: the only values. */
  readonly valueList?: readonly string[];
  /** VARCHAR of a class with TRUNCATE: what is longer than `length` is cut. */
  readonly truncate?: boolean;
  /** A counter: SERIAL and ROWVERSION are BIGINT with a rule of their own. */
  readonly counter?: 'SERIAL' | 'ROWVERSION';
  /** The IRIS class behind the DDL name, `%Library.String`. */
  readonly className?: string;
  /** EMBEDDING('config', 'source columns'). */
  readonly embedding?: { readonly config: string; readonly source: string };
}

export type IrisTypeName =
  | 'BIGINT'
  | 'BIT'
  | 'DATE'
  | 'DOUBLE'
  | 'GUID'
  | 'INTEGER'
  | 'LIST'
  | 'LONGVARBINARY'
  | 'LONGVARCHAR'
  | 'NUMERIC'
  | 'POSIXTIME'
  | 'SMALLINT'
  | 'TIME'
  | 'TIMESTAMP'
  | 'TINYINT'
  | 'VARBINARY'
  | 'VARCHAR'
  | 'VECTOR'
  | 'UNKNOWN';

export type VectorElementType = 'DOUBLE' | 'FLOAT' | 'DECIMAL' | 'INTEGER' | 'TIMESTAMP' | 'STRING';
