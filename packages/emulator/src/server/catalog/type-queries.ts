import type { CatalogQuery } from './catalog-sql.js';
import { nothing } from './catalog-sql.js';

interface TypeRow {
  readonly name: string;
  readonly code: number;
  readonly precision: number;
  readonly quote?: "'";
  readonly parameters?: string;
  readonly caseSensitive?: boolean;
  readonly maximumScale?: number;
}

/** The types that DDL takes, by their ODBC codes. unverified on a live server: which rows IRIS has. */
const TYPES: readonly TypeRow[] = [
  { name: 'BIT', code: -7, precision: 1 },
  { name: 'TINYINT', code: -6, precision: 3 },
  { name: 'BIGINT', code: -5, precision: 19 },
  { name: 'LONGVARBINARY', code: -4, precision: 2_147_483_647, quote: "'" },
  { name: 'VARBINARY', code: -3, precision: 4096, quote: "'", parameters: 'max length' },
  { name: 'LONGVARCHAR', code: -1, precision: 2_147_483_647, quote: "'", caseSensitive: true },
  { name: 'NUMERIC', code: 2, precision: 19, parameters: 'precision,scale', maximumScale: 18 },
  { name: 'INTEGER', code: 4, precision: 10 },
  { name: 'SMALLINT', code: 5, precision: 5 },
  { name: 'DOUBLE', code: 8, precision: 20 },
  { name: 'DATE', code: 9, precision: 10, quote: "'" },
  { name: 'TIME', code: 10, precision: 8, quote: "'" },
  { name: 'TIMESTAMP', code: 11, precision: 23, quote: "'" },
  { name: 'VARCHAR', code: 12, precision: 32_767, quote: "'", parameters: 'max length' },
];

const text = (value: string | undefined): string =>
  value === undefined ? 'CAST(NULL AS VARCHAR(128))' : `'${value.replaceAll("'", "''")}'`;

/** 3: may stand in every kind of condition; 1: may be NULL. */
function typeRow({ name, code, precision, quote, parameters, caseSensitive, maximumScale }: TypeRow): string {
  return (
    `SELECT '${name}' AS TYPE_NAME, ${code} AS DATA_TYPE, CAST(${precision} AS INTEGER) AS "PRECISION", ${text(quote)} AS LITERAL_PREFIX, ` +
    `${text(quote)} AS LITERAL_SUFFIX, ${text(parameters)} AS CREATE_PARAMS, 1 AS NULLABLE, ` +
    `${caseSensitive === true ? 1 : 0} AS CASE_SENSITIVE, 3 AS SEARCHABLE, 0 AS UNSIGNED_ATTRIBUTE, ` +
    `0 AS FIXED_PREC_SCALE, 0 AS AUTO_INCREMENT, '${name}' AS LOCAL_TYPE_NAME, 0 AS MINIMUM_SCALE, ` +
    `${maximumScale ?? 0} AS MAXIMUM_SCALE, ${code} AS SQL_DATA_TYPE, 0 AS SQL_DATETIME_SUB, 10 AS NUM_PREC_RADIX`
  );
}

export const types = (): CatalogQuery => ({
  sql: `${TYPES.map(typeRow).join(' UNION ALL ')} ORDER BY 2`,
  parameters: [],
});

/** The kinds that the JDBC driver (3.10.3) itself lists when its caller asks for tables of any kind. */
const TABLE_TYPES = ['GLOBAL TEMPORARY', 'SYSTEM TABLE', 'SYSTEM VIEW', 'TABLE', 'VIEW'];

export const tableTypes = (): CatalogQuery => ({
  sql: `${TABLE_TYPES.map((type) => `SELECT '${type}' AS TABLE_TYPE`).join(' UNION ALL ')} ORDER BY 1`,
  parameters: [],
});

/** IRIS has no catalogs: a connection sees the schemas of its namespace. unverified on a live server: that none is listed. */
export const namespaces = (): CatalogQuery => ({
  sql: `SELECT ${nothing('TABLE_CAT')} FROM INFORMATION_SCHEMA.SCHEMATA WHERE 1 = 0`,
  parameters: [],
});
