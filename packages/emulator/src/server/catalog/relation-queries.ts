import type { RequestOf } from '@iris-devtools/protocol';
import { Conditions, nothing } from './catalog-sql.js';
import type { CatalogQuery } from './catalog-sql.js';

/** INFORMATION_SCHEMA says BASE TABLE where JDBC's kind is TABLE. */
const TABLE_TYPE = "CASE WHEN TABLE_TYPE = 'BASE TABLE' THEN 'TABLE' ELSE TABLE_TYPE END";

export function tables({ table, types, schema }: RequestOf<'CatalogTables'>): CatalogQuery {
  const wanted = types
    .split(',')
    .map((type) => type.trim().toUpperCase())
    .filter((type) => type !== '' && type !== '%');
  const conditions = new Conditions().like('TABLE_SCHEMA', schema).like('TABLE_NAME', table);
  if (wanted.length > 0) conditions.oneOf(TABLE_TYPE, wanted);
  return conditions.query(
    `SELECT ${nothing('TABLE_CAT')}, TABLE_SCHEMA AS TABLE_SCHEM, TABLE_NAME, ${TABLE_TYPE} AS TABLE_TYPE, ` +
      `DESCRIPTION AS REMARKS, ${nothing('TYPE_CAT')}, ${nothing('TYPE_SCHEM')}, ${nothing('TYPE_NAME')}, ` +
      `${nothing('SELF_REFERENCING_COL_NAME')}, ${nothing('REF_GENERATION')} FROM INFORMATION_SCHEMA.TABLES`,
    '4, 2, 3',
  );
}

export function columns({ table, column, schema }: RequestOf<'CatalogColumns'>): CatalogQuery {
  const isDate = "CASE DATA_TYPE WHEN 'date' THEN 1 WHEN 'time' THEN 2 WHEN 'timestamp' THEN 3 ELSE NULL END";
  return new Conditions()
    .like('TABLE_SCHEMA', schema)
    .like('TABLE_NAME', table)
    .like('COLUMN_NAME', column)
    .query(
      `SELECT ${nothing('TABLE_CAT')}, TABLE_SCHEMA AS TABLE_SCHEM, TABLE_NAME, COLUMN_NAME, ODBCTYPE AS DATA_TYPE, ` +
        `UPPER(DATA_TYPE) AS TYPE_NAME, COALESCE(CHARACTER_MAXIMUM_LENGTH, NUMERIC_PRECISION) AS COLUMN_SIZE, ` +
        `CHARACTER_OCTET_LENGTH AS BUFFER_LENGTH, COALESCE(NUMERIC_SCALE, DATETIME_PRECISION) AS DECIMAL_DIGITS, ` +
        `NUMERIC_PRECISION_RADIX AS NUM_PREC_RADIX, CASE IS_NULLABLE WHEN 'YES' THEN 1 ELSE 0 END AS NULLABLE, ` +
        `DESCRIPTION AS REMARKS, COLUMN_DEFAULT AS COLUMN_DEF, ODBCTYPE AS SQL_DATA_TYPE, ` +
        `${isDate} AS SQL_DATETIME_SUB, CHARACTER_OCTET_LENGTH AS CHAR_OCTET_LENGTH, ORDINAL_POSITION, IS_NULLABLE, ` +
        `${nothing('SCOPE_CATALOG')}, ${nothing('SCOPE_SCHEMA')}, ${nothing('SCOPE_TABLE')}, ` +
        `CAST(NULL AS SMALLINT) AS SOURCE_DATA_TYPE, AUTO_INCREMENT AS IS_AUTOINCREMENT, IS_GENERATED AS IS_GENERATEDCOLUMN ` +
        `FROM INFORMATION_SCHEMA.COLUMNS`,
      '2, 3, 17',
    );
}

export function schemas({ schema }: RequestOf<'CatalogSchemas'>): CatalogQuery {
  return new Conditions()
    .like('SCHEMA_NAME', schema)
    .query(
      `SELECT SCHEMA_NAME AS TABLE_SCHEM, ${nothing('TABLE_CATALOG')} FROM INFORMATION_SCHEMA.SCHEMATA`,
      '1',
    );
}

/** The primary key identifies a row, for good (scope 2 of JDBC). unverified on a live server: that IRIS does not name the RowID. */
export function bestRowId({ table, schema }: RequestOf<'CatalogBestRowId'>): CatalogQuery {
  return new Conditions("COLUMNS.PRIMARY_KEY = 'YES'")
    .equals('TABLE_SCHEMA', schema)
    .equals('TABLE_NAME', table)
    .query(
      `SELECT CAST(2 AS SMALLINT) AS SCOPE, COLUMN_NAME, ODBCTYPE AS DATA_TYPE, UPPER(DATA_TYPE) AS TYPE_NAME, ` +
        `COALESCE(CHARACTER_MAXIMUM_LENGTH, NUMERIC_PRECISION) AS COLUMN_SIZE, ` +
        `CHARACTER_OCTET_LENGTH AS BUFFER_LENGTH, NUMERIC_SCALE AS DECIMAL_DIGITS, ` +
        `CAST(1 AS SMALLINT) AS PSEUDO_COLUMN FROM INFORMATION_SCHEMA.COLUMNS COLUMNS`,
      'ORDINAL_POSITION',
    );
}

/** Of what the tables have, only ROWVERSION columns change by themselves. */
export function versionColumns({ table, schema }: RequestOf<'CatalogVersionColumns'>): CatalogQuery {
  return new Conditions("CLASSTYPE = '%Library.RowVersion'")
    .equals('TABLE_SCHEMA', schema)
    .equals('TABLE_NAME', table)
    .query(
      `SELECT CAST(NULL AS SMALLINT) AS SCOPE, COLUMN_NAME, ODBCTYPE AS DATA_TYPE, UPPER(DATA_TYPE) AS TYPE_NAME, ` +
        `NUMERIC_PRECISION AS COLUMN_SIZE, CHARACTER_OCTET_LENGTH AS BUFFER_LENGTH, NUMERIC_SCALE AS DECIMAL_DIGITS, ` +
        `CAST(1 AS SMALLINT) AS PSEUDO_COLUMN FROM INFORMATION_SCHEMA.COLUMNS`,
      'ORDINAL_POSITION',
    );
}
