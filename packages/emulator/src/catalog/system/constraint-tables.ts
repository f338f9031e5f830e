import type { Catalog } from '../catalog.js';
import { keysOf } from '../keys.js';
import type { KeyDef, TableDef } from '../model.js';
import { columnList } from './system-table.js';
import type { SystemTableDefinition, SystemValue } from './system-table.js';

const SCHEMA = 'INFORMATION_SCHEMA';

interface ShownKey {
  readonly name: string;
  readonly type: 'PRIMARY KEY' | 'UNIQUE' | 'FOREIGN KEY';
  readonly columnIds: readonly number[];
  readonly target?: { readonly table: TableDef; readonly columnIds: readonly number[]; readonly key: string };
}

function shownKeys(table: TableDef, catalog: Catalog): readonly ShownKey[] {
  const keys: ShownKey[] = keysOf(table).map((key: KeyDef) => ({
    name: key.name,
    type: key === table.primaryKey ? 'PRIMARY KEY' : 'UNIQUE',
    columnIds: key.columnIds,
  }));
  for (const foreignKey of table.foreignKeys) {
    const target = catalog.table(foreignKey.targetTableId);
    keys.push({
      name: foreignKey.name,
      type: 'FOREIGN KEY',
      columnIds: foreignKey.columnIds,
      ...(target === undefined
        ? {}
        : { target: { table: target, columnIds: foreignKey.targetColumnIds, key: foreignKey.targetKey } }),
    });
  }
  return keys;
}

/** Without an id it is the RowID, which an IDENTITY column is the name of. */
function columnName({ columns, rowIdName }: TableDef, id: number | undefined): string {
  const named = columns.find((column) =>
    id === undefined ? column.generation === 'identity' : column.id === id,
  );
  return named?.name ?? rowIdName;
}

const TABLE_CONSTRAINTS: SystemTableDefinition = {
  schema: SCHEMA,
  name: 'TABLE_CONSTRAINTS',
  columns:
    columnList(`CONSTRAINT_CATALOG CONSTRAINT_SCHEMA CONSTRAINT_NAME TABLE_CATALOG TABLE_SCHEMA TABLE_NAME
    CONSTRAINT_TYPE IS_DEFERRABLE INITIALLY_DEFERRED ENFORCED`),
  rows: (catalog, namespace) =>
    catalog
      .tables(namespace)
      .flatMap((table) =>
        shownKeys(table, catalog).map((key) => [
          null,
          table.schema,
          key.name,
          null,
          table.schema,
          table.name,
          key.type,
          'NO',
          'NO',
          'YES',
        ]),
      ),
};

const KEY_COLUMN_USAGE: SystemTableDefinition = {
  schema: SCHEMA,
  name: 'KEY_COLUMN_USAGE',
  columns:
    columnList(`CONSTRAINT_CATALOG CONSTRAINT_SCHEMA CONSTRAINT_NAME TABLE_CATALOG TABLE_SCHEMA TABLE_NAME
    COLUMN_NAME ORDINAL_POSITION# POSITION_IN_UNIQUE_CONSTRAINT# CONSTRAINT_TYPE REFERENCED_TABLE_SCHEMA
    REFERENCED_TABLE_NAME REFERENCED_COLUMN_NAME REFERENCED_CONSTRAINT_NAME`),
  rows: (catalog, namespace) =>
    catalog
      .tables(namespace)
      .flatMap((table) => shownKeys(table, catalog).flatMap((key) => keyRows(table, key))),
};

function keyRows(table: TableDef, key: ShownKey): SystemValue[][] {
  return key.columnIds.map((id, index) => [
    null,
    table.schema,
    key.name,
    null,
    table.schema,
    table.name,
    columnName(table, id),
    index + 1,
    key.target === undefined ? null : index + 1,
    key.type,
    key.target?.table.schema ?? null,
    key.target?.table.name ?? null,
    key.target === undefined ? null : columnName(key.target.table, key.target.columnIds[index]),
    key.target?.key ?? null,
  ]);
}

const REFERENTIAL_CONSTRAINTS: SystemTableDefinition = {
  schema: SCHEMA,
  name: 'REFERENTIAL_CONSTRAINTS',
  columns: columnList(`CONSTRAINT_CATALOG CONSTRAINT_SCHEMA CONSTRAINT_NAME CONSTRAINT_TABLE_NAME
    UNIQUE_CONSTRAINT_CATALOG UNIQUE_CONSTRAINT_SCHEMA UNIQUE_CONSTRAINT_NAME UNIQUE_CONSTRAINT_TABLE MATCH_OPTION
    UPDATE_RULE DELETE_RULE`),
  rows: (catalog, namespace) =>
    catalog.tables(namespace).flatMap((table) =>
      table.foreignKeys.map((key) => {
        const target = catalog.table(key.targetTableId);
        return [
          null,
          table.schema,
          key.name,
          table.name,
          null,
          target?.schema ?? null,
          key.targetKey,
          target?.name ?? null,
          'NONE',
          key.onUpdate,
          key.onDelete,
        ];
      }),
    ),
};

const CONSTRAINT_COLUMN_USAGE: SystemTableDefinition = {
  schema: SCHEMA,
  name: 'CONSTRAINT_COLUMN_USAGE',
  columns: columnList(`TABLE_CATALOG TABLE_SCHEMA TABLE_NAME COLUMN_NAME CONSTRAINT_CATALOG CONSTRAINT_SCHEMA
    CONSTRAINT_NAME`),
  rows: (catalog, namespace) =>
    catalog
      .tables(namespace)
      .flatMap((table) =>
        shownKeys(table, catalog).flatMap((key) =>
          key.columnIds.map((id) => [
            null,
            table.schema,
            table.name,
            columnName(table, id),
            null,
            table.schema,
            key.name,
          ]),
        ),
      ),
};

const CONSTRAINT_TABLE_USAGE: SystemTableDefinition = {
  schema: SCHEMA,
  name: 'CONSTRAINT_TABLE_USAGE',
  columns: columnList(
    'TABLE_CATALOG TABLE_SCHEMA TABLE_NAME CONSTRAINT_CATALOG CONSTRAINT_SCHEMA CONSTRAINT_NAME',
  ),
  rows: (catalog, namespace) =>
    catalog
      .tables(namespace)
      .flatMap((table) =>
        shownKeys(table, catalog).map((key) => [
          null,
          table.schema,
          table.name,
          null,
          table.schema,
          key.name,
        ]),
      ),
};

const CHECK_CONSTRAINTS: SystemTableDefinition = {
  schema: SCHEMA,
  name: 'CHECK_CONSTRAINTS',
  columns: columnList('CONSTRAINT_CATALOG CONSTRAINT_SCHEMA CONSTRAINT_NAME CHECK_CLAUSE'),
  rows: () => [],
};

const INDEXES: SystemTableDefinition = {
  schema: SCHEMA,
  name: 'INDEXES',
  columns: columnList(`TABLE_CATALOG TABLE_SCHEMA TABLE_NAME NON_UNIQUE# INDEX_CATALOG INDEX_SCHEMA INDEX_NAME
    ORDINAL_POSITION# COLUMN_NAME ASC_OR_DESC CARDINALITY# PAGES# FILTER_CONDITION INDEX_TYPE# PRIMARY_KEY# TYPE
    MAP_STATUS DATA_FIELDS PARAMETERS`),
  rows: (catalog, namespace) => catalog.tables(namespace).flatMap((table) => indexRows(table)),
};

/** xDBC's code of an index that is neither clustered nor hashed. */
const OTHER_INDEX = 3;

function indexRows(table: TableDef): SystemValue[][] {
  const keys = keysOf(table).map((key) => ({
    name: key.name,
    unique: true,
    primary: key === table.primaryKey,
    type: 'index',
    columnIds: key.columnIds,
    dataIds: [] as readonly number[],
    parameters: null as string | null,
  }));
  const indexes = table.indexes.map((index) => ({
    name: index.name,
    unique: index.type === 'UNIQUE',
    primary: false,
    type: index.type === 'DEFAULT' || index.type === 'UNIQUE' ? 'index' : index.type.toLowerCase(),
    columnIds: index.columnIds,
    dataIds: index.dataIds,
    parameters: index.parameters?.map(({ name, value }) => `${name}=${value}`).join(', ') ?? null,
  }));
  return [...keys, ...indexes].flatMap((index) =>
    index.columnIds.map((id, position) => [
      null,
      table.schema,
      table.name,
      index.unique ? 0 : 1,
      null,
      table.schema,
      index.name,
      position + 1,
      columnName(table, id),
      'A',
      null,
      null,
      null,
      OTHER_INDEX,
      index.primary ? 1 : 0,
      index.type,
      'Selectable',
      index.dataIds.map((data) => columnName(table, data)).join(',') || null,
      index.parameters,
    ]),
  );
}

export const CONSTRAINT_TABLES: readonly SystemTableDefinition[] = [
  TABLE_CONSTRAINTS,
  KEY_COLUMN_USAGE,
  REFERENTIAL_CONSTRAINTS,
  CONSTRAINT_COLUMN_USAGE,
  CONSTRAINT_TABLE_USAGE,
  CHECK_CONSTRAINTS,
  INDEXES,
];
