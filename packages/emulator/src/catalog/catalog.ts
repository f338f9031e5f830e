import type { Storage, StorageAccess } from '../engine/storage/storage.js';
import type {
  CatalogEntry,
  NamespaceDef,
  PrincipalDef,
  PrivilegeDef,
  Relation,
  RoutineDef,
  SchemaDef,
  TableDef,
  TriggerDef,
  ViewDef,
} from './model.js';

const fold = (name: string): string => name.toUpperCase();
const relationKey = (namespace: string, schema: string, name: string): string =>
  `${fold(namespace)}\0${fold(schema)}\0${fold(name)}`;

/** Changes to be written together with the physical change that they describe. */
export interface CatalogChange {
  readonly put: readonly CatalogEntry[];
  readonly remove: readonly number[];
}

/**
 * Everything that IRIS knows about namespaces, tables, views, routines and privileges. The whole of it is in memory;
 * each entry is also a row of `iris_sys.catalog`, written in the transaction that makes the physical change.
 */
export class Catalog {
  readonly #entries = new Map<number, CatalogEntry>();
  readonly #relations = new Map<string, Relation>();
  readonly #systemTables = new Map<string, TableDef>();
  // Lower ids are those of system tables.
  #nextId = 1000;
  #version = 0;

  /** Grows with every change, so that compiled statements and catalog tables know when they are stale. */
  get version(): number {
    return this.#version;
  }

  static async load(storage: Storage): Promise<Catalog> {
    const catalog = new Catalog();
    const [result] = await storage.run([{ sql: 'SELECT doc FROM iris_sys.catalog ORDER BY id' }]);
    for (const [doc] of result?.rows ?? []) {
      if (doc !== null && doc !== undefined) catalog.#put(JSON.parse(doc) as CatalogEntry);
    }
    return catalog;
  }

  newId(): number {
    return this.#nextId++;
  }

  /** Tables that exist in every namespace and are computed: INFORMATION_SCHEMA and its like. */
  addSystemTable(table: TableDef): void {
    this.#systemTables.set(relationKey('', table.schema, table.name), table);
    this.#nextId = Math.max(this.#nextId, table.id + 1);
  }

  entry(id: number): CatalogEntry | undefined {
    return this.#entries.get(id);
  }

  relation(namespace: string, schema: string, name: string): Relation | undefined {
    return (
      this.#relations.get(relationKey(namespace, schema, name)) ??
      this.#systemTables.get(relationKey('', schema, name))
    );
  }

  table(id: number): TableDef | undefined {
    const entry = this.#entries.get(id);
    return entry?.kind === 'table' ? entry : undefined;
  }

  namespace(name: string): NamespaceDef | undefined {
    return this.#find('namespace', (entry) => entry.retained !== true && fold(entry.name) === fold(name));
  }

  namespaces(): readonly NamespaceDef[] {
    return this.#all('namespace').filter((entry) => entry.retained !== true);
  }

  /** Also the name of a database that is gone while its files are kept. */
  databaseExists(name: string): boolean {
    return this.#find('namespace', (entry) => fold(entry.name) === fold(name)) !== undefined;
  }

  schema(namespace: string, name: string): SchemaDef | undefined {
    return this.#find('schema', (entry) => entry.namespace === namespace && fold(entry.name) === fold(name));
  }

  schemas(namespace: string): readonly SchemaDef[] {
    return this.#all('schema').filter((entry) => entry.namespace === namespace);
  }

  tables(namespace: string): readonly TableDef[] {
    return this.#all('table').filter((entry) => entry.namespace === namespace);
  }

  systemTables(): readonly TableDef[] {
    return [...this.#systemTables.values()];
  }

  views(namespace: string): readonly ViewDef[] {
    return this.#all('view').filter((entry) => entry.namespace === namespace);
  }

  routines(namespace: string): readonly RoutineDef[] {
    return this.#all('routine').filter((entry) => entry.namespace === namespace);
  }

  routine(namespace: string, schema: string, name: string): RoutineDef | undefined {
    return this.routines(namespace).find(
      (entry) => fold(entry.schema) === fold(schema) && fold(entry.name) === fold(name),
    );
  }

  triggers(namespace: string): readonly TriggerDef[] {
    return this.#all('trigger').filter((entry) => entry.namespace === namespace);
  }

  principal(kind: 'role' | 'user', name: string): PrincipalDef | undefined {
    return this.#find(kind, (entry) => fold(entry.name) === fold(name));
  }

  principals(kind: 'role' | 'user'): readonly PrincipalDef[] {
    return this.#all(kind);
  }

  privileges(namespace: string): readonly PrivilegeDef[] {
    return this.#all('privilege').filter((entry) => entry.namespace === namespace);
  }

  /** Tables whose foreign keys refer to the table. */
  referencing(tableId: number): readonly TableDef[] {
    return this.#all('table').filter((table) =>
      table.foreignKeys.some((foreignKey) => foreignKey.targetTableId === tableId),
    );
  }

  dependentViews(relationId: number): readonly ViewDef[] {
    return this.#all('view').filter((view) => view.dependsOn.includes(relationId));
  }

  /** Writes the change in the caller's transaction. Call `apply` when that has succeeded. */
  async write(access: StorageAccess, change: CatalogChange): Promise<void> {
    const requests = [
      ...change.remove.map((id) => ({
        sql: 'DELETE FROM iris_sys.catalog WHERE id = $1::int8',
        parameters: [String(id)],
      })),
      ...change.put.map((entry) => ({
        sql: `INSERT INTO iris_sys.catalog (id, doc) VALUES ($1::int8, $2)
              ON CONFLICT (id) DO UPDATE SET doc = excluded.doc`,
        parameters: [String(entry.id), JSON.stringify(entry)],
      })),
    ];
    if (requests.length > 0) await access.run(requests);
  }

  apply(change: CatalogChange): void {
    for (const id of change.remove) this.#remove(id);
    for (const entry of change.put) this.#put(entry);
    this.#version++;
  }

  #put(entry: CatalogEntry): void {
    this.#remove(entry.id);
    this.#entries.set(entry.id, entry);
    if (entry.kind === 'table' || entry.kind === 'view') {
      this.#relations.set(relationKey(entry.namespace, entry.schema, entry.name), entry);
    }
    this.#nextId = Math.max(this.#nextId, entry.id + 1);
  }

  #remove(id: number): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    this.#entries.delete(id);
    if (entry.kind === 'table' || entry.kind === 'view') {
      this.#relations.delete(relationKey(entry.namespace, entry.schema, entry.name));
    }
  }

  #all<Kind extends CatalogEntry['kind']>(kind: Kind): Extract<CatalogEntry, { kind: Kind }>[] {
    const found: Extract<CatalogEntry, { kind: Kind }>[] = [];
    for (const entry of this.#entries.values()) {
      if (entry.kind === kind) found.push(entry as Extract<CatalogEntry, { kind: Kind }>);
    }
    return found;
  }

  #find<Kind extends CatalogEntry['kind']>(
    kind: Kind,
    matches: (entry: Extract<CatalogEntry, { kind: Kind }>) => boolean,
  ): Extract<CatalogEntry, { kind: Kind }> | undefined {
    return this.#all(kind).find(matches);
  }
}
