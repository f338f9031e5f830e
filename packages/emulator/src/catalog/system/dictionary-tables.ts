import type { ColumnDef, TableDef } from '../model.js';
import { keysOf } from '../keys.js';
import { defaultText } from './default-text.js';
import { columnList } from './system-table.js';
import type { SystemTableDefinition, SystemValue } from './system-table.js';

const SCHEMA = '%Dictionary';
const flag = (value: boolean): number => (value ? 1 : 0);

const CLASS_COLUMNS =
  columnList(`ID Name Super ClassType SqlSchemaName SqlTableName SqlQualifiedNameQ SqlRowIdName
  SqlRowIdPrivate# Owner Description DdlAllowed# Final# System# Hidden# Deployed# StorageStrategy`);

function classRow(object: {
  readonly kind: 'table' | 'view';
  readonly className: string;
  readonly schema: string;
  readonly name: string;
  readonly owner: string;
  readonly rowIdName?: string;
  readonly publicRowId?: boolean;
  readonly description?: string;
}): SystemValue[] {
  const isTable = object.kind === 'table';
  return [
    object.className,
    object.className,
    isTable ? '%Library.Persistent' : '',
    isTable ? 'persistent' : 'view',
    object.schema,
    object.name,
    `${object.schema}.${object.name}`,
    object.rowIdName ?? null,
    flag(isTable && object.publicRowId !== true),
    object.owner,
    object.description ?? null,
    1,
    1,
    0,
    0,
    0,
    isTable ? 'Default' : null,
  ];
}

const classTable = (name: string): SystemTableDefinition => ({
  schema: SCHEMA,
  name,
  columns: CLASS_COLUMNS,
  rows: (catalog, namespace) => [...catalog.tables(namespace), ...catalog.views(namespace)].map(classRow),
});

const PROPERTY_COLUMNS =
  columnList(`ID parent Name SqlFieldName SqlColumnNumber# Type Required# Identity# Private#
  Calculated# Transient# SqlComputed# SqlComputeCode SqlComputeOnChange InitialExpression Description ReadOnly#
  Collection Relationship# Cardinality Inverse`);

function propertyRow(table: TableDef, column: ColumnDef, index: number): SystemValue[] {
  const { computed } = column;
  return [
    `${table.className}||${column.property}`,
    table.className,
    column.property,
    column.name,
    // The RowID is the first column of every table.
    index + 2,
    column.type.className ?? '%Library.String',
    flag(column.notNull),
    flag(column.generation === 'identity'),
    flag(column.private === true),
    flag(computed?.mode === 'CALCULATED'),
    flag(computed?.mode === 'TRANSIENT'),
    flag(computed !== undefined),
    computed?.code ?? null,
    null,
    column.defaultValue === undefined ? null : defaultText(column.defaultValue),
    column.description ?? null,
    flag(column.generation === 'rowversion'),
    null,
    0,
    null,
    null,
  ];
}

const propertyTable = (name: string): SystemTableDefinition => ({
  schema: SCHEMA,
  name,
  columns: PROPERTY_COLUMNS,
  rows: (catalog, namespace) =>
    catalog
      .tables(namespace)
      .flatMap((table) => table.columns.map((column, index) => propertyRow(table, column, index))),
});

const INDEX_COLUMNS = columnList('ID parent Name SqlName Type Properties PrimaryKey# Unique# IdKey# Data');

function indexRows(table: TableDef): SystemValue[][] {
  const properties = (ids: readonly number[]): string =>
    table.columns
      .filter((column) => ids.includes(column.id))
      .map((column) => column.property)
      .join(',');
  const row = (
    name: string,
    type: string,
    ids: readonly number[],
    primary: boolean,
    unique: boolean,
    data: string,
  ): SystemValue[] => [
    `${table.className}||${name}`,
    table.className,
    name,
    name,
    type,
    properties(ids),
    flag(primary),
    flag(unique),
    0,
    data,
  ];
  return [
    ...keysOf(table).map((key) => row(key.name, 'key', key.columnIds, key === table.primaryKey, true, '')),
    ...table.indexes.map((index) =>
      row(index.name, 'index', index.columnIds, false, index.type === 'UNIQUE', properties(index.dataIds)),
    ),
  ];
}

const indexTable = (name: string): SystemTableDefinition => ({
  schema: SCHEMA,
  name,
  columns: INDEX_COLUMNS,
  rows: (catalog, namespace) => catalog.tables(namespace).flatMap(indexRows),
});

const parameterTable = (name: string): SystemTableDefinition => ({
  schema: SCHEMA,
  name,
  columns: columnList('ID parent Name _Default Type'),
  rows: (catalog, namespace) =>
    catalog
      .tables(namespace)
      .flatMap((table) =>
        Object.entries(table.classParameters).map(([parameter, value]) => [
          `${table.className}||${parameter}`,
          table.className,
          parameter,
          value,
          null,
        ]),
      ),
});

/** The part of the class dictionary that dialects read; the definition and the compiled form are one here. */
export const DICTIONARY_TABLES: readonly SystemTableDefinition[] = [
  classTable('ClassDefinition'),
  classTable('CompiledClass'),
  propertyTable('PropertyDefinition'),
  propertyTable('CompiledProperty'),
  indexTable('IndexDefinition'),
  indexTable('CompiledIndex'),
  parameterTable('ParameterDefinition'),
  parameterTable('CompiledParameter'),
];
