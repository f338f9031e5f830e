import type { Storage } from '../../engine/storage/storage.js';
import { physicalColumn } from '../model.js';
import type { TableDef } from '../model.js';
import { storageType } from '../../compile/types.js';
import type { Catalog } from '../catalog.js';
import { DICTIONARY_TABLES } from './dictionary-tables.js';
import { INFORMATION_SCHEMA } from './information-schema.js';
import { tableOf } from './system-table.js';
import type { SystemTableDefinition } from './system-table.js';

/** Ids of system tables; those of the user's objects begin after them. */
const FIRST_ID = 1;

/** Fills the tables of INFORMATION_SCHEMA when a statement reads them and the catalog has changed since. */
export class SystemTables {
  readonly #storage: Storage;
  readonly #catalog: Catalog;
  readonly #definitions = new Map<number, SystemTableDefinition>();
  /** Physical name -> version of the catalog that it shows. */
  readonly #filled = new Map<string, number>();

  constructor(storage: Storage, catalog: Catalog) {
    this.#storage = storage;
    this.#catalog = catalog;
    [...INFORMATION_SCHEMA, ...DICTIONARY_TABLES].forEach((definition, index) => {
      const table = tableOf(definition, FIRST_ID + index);
      this.#definitions.set(table.id, definition);
      catalog.addSystemTable(table);
    });
  }

  async ensure(tables: readonly TableDef[], namespace: string): Promise<void> {
    for (const table of tables) await this.#ensure(table, namespace);
  }

  async #ensure(table: TableDef, namespace: string): Promise<void> {
    const definition = this.#definitions.get(table.id);
    if (definition === undefined) return;
    const name = `iris_cat.n${this.#catalog.namespace(namespace)?.id ?? 0}_t${table.id}`;
    const { version } = this.#catalog;
    if (this.#filled.get(name) === version) return;
    this.#filled.set(name, version);
    const names = table.columns.map((column) => physicalColumn(column));
    const rows = definition
      .rows(this.#catalog, namespace)
      .map((row) => Object.fromEntries(names.map((column, index) => [column, row[index] ?? null])));
    const columns = table.columns.map((column) => `${physicalColumn(column)} ${storageType(column.type)}`);
    try {
      await this.#storage.run([
        { sql: `CREATE TABLE IF NOT EXISTS ${name} (${columns.join(', ')})`, once: true },
        { sql: `TRUNCATE ${name}`, once: true },
        {
          sql: `INSERT INTO ${name} SELECT * FROM jsonb_populate_recordset(NULL::${name}, $1::jsonb)`,
          parameters: [JSON.stringify(rows)],
          once: true,
        },
      ]);
    } catch (error) {
      this.#filled.delete(name);
      throw error;
    }
  }
}
