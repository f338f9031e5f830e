import type { MirrorCatalog, MirrorTable } from '../sql/plan.js';
import { toPgSchema, type SchemaNames } from './names.js';

/** The tables of one moment; a refresh makes a new one. */
export class CatalogSnapshot implements MirrorCatalog {
  readonly version: number;
  readonly #schemaNames: SchemaNames;
  readonly #tables = new Map<string, MirrorTable>();
  /** By lower-case name, for spellings that differ in case: IRIS would find the table too. */
  readonly #folded = new Map<string, MirrorTable>();
  readonly #irisSchemas = new Map<string, string>();

  constructor(
    version: number,
    tables: Iterable<MirrorTable>,
    irisSchemas: Iterable<string>,
    schemaNames: SchemaNames,
  ) {
    this.version = version;
    this.#schemaNames = schemaNames;
    for (const irisSchema of irisSchemas)
      this.#irisSchemas.set(toPgSchema(irisSchema, schemaNames), irisSchema);
    for (const table of tables) {
      const key = keyOf(table.pgSchema, table.pgName);
      this.#tables.set(key, table);
      this.#folded.set(key.toLowerCase(), table);
      this.#irisSchemas.set(table.pgSchema, table.irisSchema);
    }
  }

  findTable(
    schema: string | undefined,
    name: string,
    searchPath: readonly string[],
  ): MirrorTable | undefined {
    const schemas = schema === undefined ? searchPath : [schema];
    for (const candidate of schemas) {
      const key = keyOf(candidate, name);
      const table = this.#tables.get(key) ?? this.#folded.get(key.toLowerCase());
      if (table !== undefined) return table;
    }
    return undefined;
  }

  irisSchema(pgSchema: string): string {
    if (pgSchema === 'public') return this.#schemaNames.publicSchema;
    return this.#irisSchemas.get(pgSchema) ?? pgSchema;
  }
}

function keyOf(schema: string, name: string): string {
  return JSON.stringify([schema, name]);
}
