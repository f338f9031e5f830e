import type { RequestOf } from '@iris-devtools/protocol';
import { Conditions, nothing } from './catalog-sql.js';
import type { CatalogQuery } from './catalog-sql.js';

export function primaryKeys({ table, schema }: RequestOf<'CatalogPrimaryKeys'>): CatalogQuery {
  return new Conditions("CONSTRAINT_TYPE = 'PRIMARY KEY'")
    .equals('TABLE_SCHEMA', schema)
    .equals('TABLE_NAME', table)
    .query(
      `SELECT ${nothing('TABLE_CAT')}, TABLE_SCHEMA AS TABLE_SCHEM, TABLE_NAME, COLUMN_NAME, ` +
        'ORDINAL_POSITION AS KEY_SEQ, CONSTRAINT_NAME AS PK_NAME FROM INFORMATION_SCHEMA.KEY_COLUMN_USAGE',
      '4',
    );
}

/** JDBC's numbers: 0 cascade, 2 set null, 3 no action, 4 set default. */
const rule = (column: string): string =>
  `CASE r.${column} WHEN 'CASCADE' THEN 0 WHEN 'SET NULL' THEN 2 WHEN 'SET DEFAULT' THEN 4 ELSE 3 END AS ${column}`;

/** 7: the constraint is not deferrable. */
const FOREIGN_KEYS =
  `SELECT ${nothing('PKTABLE_CAT')}, k.REFERENCED_TABLE_SCHEMA AS PKTABLE_SCHEM, ` +
  `k.REFERENCED_TABLE_NAME AS PKTABLE_NAME, k.REFERENCED_COLUMN_NAME AS PKCOLUMN_NAME, ${nothing('FKTABLE_CAT')}, ` +
  `k.TABLE_SCHEMA AS FKTABLE_SCHEM, k.TABLE_NAME AS FKTABLE_NAME, k.COLUMN_NAME AS FKCOLUMN_NAME, ` +
  `k.ORDINAL_POSITION AS KEY_SEQ, ${rule('UPDATE_RULE')}, ${rule('DELETE_RULE')}, k.CONSTRAINT_NAME AS FK_NAME, ` +
  `k.REFERENCED_CONSTRAINT_NAME AS PK_NAME, CAST(7 AS SMALLINT) AS DEFERRABILITY ` +
  'FROM INFORMATION_SCHEMA.KEY_COLUMN_USAGE k JOIN INFORMATION_SCHEMA.REFERENTIAL_CONSTRAINTS r ' +
  'ON r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA AND r.CONSTRAINT_NAME = k.CONSTRAINT_NAME ' +
  'AND r.CONSTRAINT_TABLE_NAME = k.TABLE_NAME';

const foreign = (): Conditions => new Conditions("k.CONSTRAINT_TYPE = 'FOREIGN KEY'");

export function importedKeys({ table, schema }: RequestOf<'CatalogImportedKeys'>): CatalogQuery {
  return foreign()
    .equals('k.TABLE_SCHEMA', schema)
    .equals('k.TABLE_NAME', table)
    .query(FOREIGN_KEYS, '2, 3, 12, 9');
}

export function exportedKeys({ table, schema }: RequestOf<'CatalogExportedKeys'>): CatalogQuery {
  return foreign()
    .equals('k.REFERENCED_TABLE_SCHEMA', schema)
    .equals('k.REFERENCED_TABLE_NAME', table)
    .query(FOREIGN_KEYS, '6, 7, 12, 9');
}

export function crossReference(request: RequestOf<'CatalogCrossReference'>): CatalogQuery {
  return foreign()
    .equals('k.REFERENCED_TABLE_SCHEMA', request.parentSchema)
    .equals('k.REFERENCED_TABLE_NAME', request.parentTable)
    .equals('k.TABLE_SCHEMA', request.foreignSchema)
    .equals('k.TABLE_NAME', request.foreignTable)
    .query(FOREIGN_KEYS, '6, 7, 12, 9');
}

export function indexes({ table, schema, nonUnique }: RequestOf<'CatalogIndexes'>): CatalogQuery {
  const conditions = nonUnique === '0' ? new Conditions('NON_UNIQUE = 0') : new Conditions();
  return conditions
    .equals('TABLE_SCHEMA', schema)
    .equals('TABLE_NAME', table)
    .query(
      `SELECT ${nothing('TABLE_CAT')}, TABLE_SCHEMA AS TABLE_SCHEM, TABLE_NAME, CAST(NON_UNIQUE AS BIT) AS NON_UNIQUE, ` +
        `${nothing('INDEX_QUALIFIER')}, INDEX_NAME, INDEX_TYPE AS TYPE, ORDINAL_POSITION, COLUMN_NAME, ASC_OR_DESC, ` +
        'CARDINALITY, PAGES, FILTER_CONDITION FROM INFORMATION_SCHEMA.INDEXES',
      '4, 6, 8',
    );
}
