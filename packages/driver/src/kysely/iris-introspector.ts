import type {
  DatabaseIntrospector,
  DatabaseMetadata,
  DatabaseMetadataOptions,
  Kysely,
  SchemaMetadata,
  TableMetadata,
} from 'kysely';
import { DEFAULT_MIGRATION_LOCK_TABLE, DEFAULT_MIGRATION_TABLE, sql } from 'kysely';

interface ColumnRow {
  readonly schemaName: string;
  readonly tableName: string;
  readonly tableType: string;
  readonly columnName: string;
  readonly dataType: string;
  readonly isNullable: string;
  readonly columnDefault: string | null;
  readonly isIdentity: string | null;
}

/** Tables and columns from INFORMATION_SCHEMA; the system's own schemas are left out. */
export class IrisIntrospector implements DatabaseIntrospector {
  readonly #db: Kysely<unknown>;

  constructor(db: Kysely<unknown>) {
    this.#db = db;
  }

  async getSchemas(): Promise<SchemaMetadata[]> {
    const { rows } = await sql<{ name: string }>`
      SELECT SCHEMA_NAME AS name FROM INFORMATION_SCHEMA.SCHEMATA ORDER BY SCHEMA_NAME`.execute(this.#db);
    return rows.map(({ name }) => ({ name }));
  }

  async getTables(
    options: DatabaseMetadataOptions = { withInternalKyselyTables: false },
  ): Promise<TableMetadata[]> {
    const { rows } = await sql<ColumnRow>`
      SELECT t.TABLE_SCHEMA AS schemaName, t.TABLE_NAME AS tableName, t.TABLE_TYPE AS tableType, c.COLUMN_NAME AS columnName,
        c.DATA_TYPE AS dataType, c.IS_NULLABLE AS isNullable, c.COLUMN_DEFAULT AS columnDefault, c.IS_IDENTITY AS isIdentity
      FROM INFORMATION_SCHEMA.TABLES t
      JOIN INFORMATION_SCHEMA.COLUMNS c ON c.TABLE_SCHEMA = t.TABLE_SCHEMA AND c.TABLE_NAME = t.TABLE_NAME
      WHERE t.TABLE_TYPE IN ('BASE TABLE', 'VIEW')
      ORDER BY t.TABLE_SCHEMA, t.TABLE_NAME, c.ORDINAL_POSITION`.execute(this.#db);
    const tables = new Map<string, TableMetadata>();
    for (const row of rows) {
      if (!options.withInternalKyselyTables && isInternal(row.tableName)) continue;
      const key = JSON.stringify([row.schemaName, row.tableName]);
      const table = tables.get(key) ?? {
        schema: row.schemaName,
        name: row.tableName,
        isView: row.tableType === 'VIEW',
        columns: [],
      };
      tables.set(key, table);
      table.columns.push({
        name: row.columnName,
        dataType: row.dataType,
        isAutoIncrementing: row.isIdentity === 'YES',
        isNullable: row.isNullable === 'YES',
        hasDefaultValue: row.columnDefault !== null,
      });
    }
    return [...tables.values()];
  }

  async getMetadata(options?: DatabaseMetadataOptions): Promise<DatabaseMetadata> {
    return { tables: await this.getTables(options) };
  }
}

function isInternal(tableName: string): boolean {
  return tableName === DEFAULT_MIGRATION_TABLE || tableName === DEFAULT_MIGRATION_LOCK_TABLE;
}
