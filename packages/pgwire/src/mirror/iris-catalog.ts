import type { ObjectRow, Session, SqlValue } from '@iris-devtools/core';
import { VIEW_COLUMNS } from './view-columns.js';
import { valueText } from '../types/value-text.js';

/** A row of one of IRIS's INFORMATION_SCHEMA views; asked by name, in any case, because versions differ in columns. */
export class CatalogRow {
  readonly #values: ReadonlyMap<string, SqlValue>;

  constructor(row: ObjectRow) {
    this.#values = new Map(Object.entries(row).map(([name, value]) => [name.toUpperCase(), value]));
  }

  text(name: string): string {
    const value = this.#values.get(name);
    return value === undefined || value === null ? '' : valueText(value);
  }

  /** `undefined` for NULL, `''`, and a column that this version does not have. */
  number(name: string): number | undefined {
    const text = this.text(name).trim();
    const number = Number(text);
    return text === '' || !Number.isFinite(number) ? undefined : number;
  }

  /** IRIS has YES and NO in some columns and 1 and 0 in others. */
  flag(name: string): boolean {
    return ['YES', '1', 'TRUE'].includes(this.text(name).toUpperCase());
  }
}

/** The hints of all views; none before a PostgreSQL client has made one. */
async function readViewColumns(session: Session): Promise<CatalogRow[]> {
  const { schema, table, columns } = VIEW_COLUMNS;
  const known = await session.query(
    'SELECT TABLE_NAME FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?',
    [schema, table],
  );
  if (known.rows.length === 0) return [];
  const { rows } = await session.query(`SELECT ${Object.values(columns).join(', ')} FROM ${schema}.${table}`);
  return rows.map((row) => new CatalogRow(row));
}

/** What the mirror is made from: the rows of all user schemas. */
export interface IrisCatalogRows {
  readonly schemata: readonly CatalogRow[];
  readonly tables: readonly CatalogRow[];
  readonly columns: readonly CatalogRow[];
  readonly constraints: readonly CatalogRow[];
  readonly keyColumns: readonly CatalogRow[];
  readonly references: readonly CatalogRow[];
  readonly indexes: readonly CatalogRow[];
  /** Our own notes on views; see view-columns.ts. */
  readonly viewColumns: readonly CatalogRow[];
}

/** `%`-schemas belong to IRIS, and so do the catalog's own views; one schema is ours. */
const USER_SCHEMAS = (schema: string): string =>
  `NOT (${schema} %STARTSWITH '%') AND ${schema} NOT IN ('INFORMATION_SCHEMA', '${VIEW_COLUMNS.schema}')`;

async function rowsOf(session: Session, view: string, schemaColumn: string): Promise<CatalogRow[]> {
  // All columns: their number differs between versions, and a missing name would be an error.
  const sql = `SELECT * FROM INFORMATION_SCHEMA.${view} WHERE ${USER_SCHEMAS(schemaColumn)}`;
  const { rows } = await session.query(sql);
  return rows.map((row) => new CatalogRow(row));
}

/** Reads one view after the other: a session runs one statement at a time. */
export async function readIrisCatalog(session: Session): Promise<IrisCatalogRows> {
  return {
    schemata: await rowsOf(session, 'SCHEMATA', 'SCHEMA_NAME'),
    tables: await rowsOf(session, 'TABLES', 'TABLE_SCHEMA'),
    columns: await rowsOf(session, 'COLUMNS', 'TABLE_SCHEMA'),
    constraints: await rowsOf(session, 'TABLE_CONSTRAINTS', 'TABLE_SCHEMA'),
    keyColumns: await rowsOf(session, 'KEY_COLUMN_USAGE', 'TABLE_SCHEMA'),
    references: await rowsOf(session, 'REFERENTIAL_CONSTRAINTS', 'CONSTRAINT_SCHEMA'),
    indexes: await rowsOf(session, 'INDEXES', 'TABLE_SCHEMA'),
    viewColumns: await readViewColumns(session),
  };
}
