import { isIrisError, type ArrayRow, type SqlParameter } from '@iris-devtools/core';
import { TYPE_CODE, type WireColumn } from '@iris-devtools/protocol';
import { LruCache } from './statement-cache.js';

/** Runs a query inside of the conversation that is going on, and gives its rows. */
export type LookUp = (sql: string, parameters: readonly SqlParameter[]) => Promise<readonly ArrayRow[]>;

/** Element types by the upper-case name of the column; a column that is not in it is no vector. */
type Table = ReadonlyMap<string, string>;

/** Tables that are remembered. */
const MAX_TABLES = 1000;
const CATALOG_SCHEMA = 'INFORMATION_SCHEMA';

/**
 * Finds out which columns of a result are VECTORs: over the wire they are VARCHAR, but they name their table, and the catalog knows more.
 * Each table is looked up once, when a statement with a VARCHAR column of it is first described.
 */
export class VectorColumns {
  readonly #lookUp: LookUp;
  readonly #tables = new LruCache<Table>(MAX_TABLES);
  /** The catalog could not be read: nothing is asked again. */
  #refused = false;

  constructor(lookUp: LookUp) {
    this.#lookUp = lookUp;
  }

  /** Forgets what may be wrong after a definition has changed. */
  forget(): void {
    this.#tables.clear();
  }

  /**
   * The columns, those that are vectors with the type VECTOR and the type of their elements. Without access to the catalog they stay as they are.
   * @throws what ends a connection, never a refusal of the server
   */
  async describe(columns: readonly WireColumn[]): Promise<readonly WireColumn[]> {
    if (this.#refused) return columns;
    const unknown = new Map<string, WireColumn>();
    for (const column of columns) {
      if (mayBeVector(column) && this.#tables.get(tableKey(column)) === undefined)
        unknown.set(tableKey(column), column);
    }
    // Kept for this call, should there be more of them than are remembered.
    const found = unknown.size === 0 ? undefined : await this.#find(unknown);
    return columns.map((column) => {
      if (!mayBeVector(column)) return column;
      const key = tableKey(column);
      const element = (found?.get(key) ?? this.#tables.get(key))?.get(column.name.toUpperCase());
      return element === undefined ? column : { ...column, type: 'VECTOR' as const, vectorElement: element };
    });
  }

  async #find(unknown: ReadonlyMap<string, WireColumn>): Promise<ReadonlyMap<string, Table>> {
    const found = new Map([...unknown.keys()].map((key) => [key, new Map<string, string>()]));
    const tables = [...unknown.values()];
    const condition = tables.map(() => '(TABLE_SCHEMA = ? AND TABLE_NAME = ?)').join(' OR ');
    try {
      // unverified on a live server: VECTOR_TYPE. Without that column the query fails, and vectors stay text.
      const rows = await this.#lookUp(
        `SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, VECTOR_TYPE FROM ${CATALOG_SCHEMA}.COLUMNS ` +
          `WHERE VECTOR_TYPE IS NOT NULL AND (${condition})`,
        tables.flatMap(({ schema, table }) => [schema, table]),
      );
      for (const row of rows) {
        const [schema = '', table = '', column = '', element = ''] = row.filter(
          (cell) => typeof cell === 'string',
        );
        if (element !== '')
          found.get(tableKey({ schema, table }))?.set(column.toUpperCase(), element.toUpperCase());
      }
    } catch (error) {
      if (!isIrisError(error) || error.code !== 'IRIS_SQL') throw error;
      this.#refused = true;
      return found;
    }
    for (const [key, table] of found) this.#tables.set(key, table);
    return found;
  }
}

function mayBeVector({ typeCode, table, schema }: WireColumn): boolean {
  return typeCode === TYPE_CODE.VARCHAR && table !== '' && schema.toUpperCase() !== CATALOG_SCHEMA;
}

function tableKey({ schema, table }: Pick<WireColumn, 'schema' | 'table'>): string {
  return JSON.stringify([schema.toUpperCase(), table.toUpperCase()]);
}
