import { precisionOf, scaleOf, typeCode } from '../../engine/output-values.js';
import { isInteger, isText } from '../../compile/types.js';
import type { IrisType } from '../../sql/types.js';
import type { Catalog } from '../catalog.js';
import type { ColumnDef, TableDef, ViewDef } from '../model.js';
import { defaultText } from './default-text.js';
import { columnList } from './system-table.js';
import type { SystemTableDefinition, SystemValue } from './system-table.js';

const SCHEMA = 'INFORMATION_SCHEMA';
const yesNo = (value: boolean): string => (value ? 'YES' : 'NO');

function relations(catalog: Catalog, namespace: string): readonly (TableDef | ViewDef)[] {
  return [...catalog.tables(namespace), ...catalog.views(namespace), ...catalog.systemTables()];
}

function tableType(relation: TableDef | ViewDef): string {
  if (relation.kind === 'view') return 'VIEW';
  if (relation.system === true) return 'SYSTEM TABLE';
  return relation.temporary ? 'GLOBAL TEMPORARY' : 'BASE TABLE';
}

const TABLES: SystemTableDefinition = {
  schema: SCHEMA,
  name: 'TABLES',
  columns: columnList(`TABLE_CATALOG TABLE_SCHEMA TABLE_NAME TABLE_TYPE SELF_REFERENCING_COLUMN_NAME
    REFERENCE_GENERATION USER_DEFINED_TYPE_CATALOG USER_DEFINED_TYPE_SCHEMA USER_DEFINED_TYPE_NAME
    IS_INSERTABLE_INTO IS_TYPED COMMIT_ACTION CLASSNAME DESCRIPTION OWNER ISSHARDED`),
  rows: (catalog, namespace) =>
    relations(catalog, namespace).map((relation) => [
      null,
      relation.schema,
      relation.name,
      tableType(relation),
      null,
      null,
      null,
      null,
      null,
      yesNo(relation.kind === 'table' ? relation.system !== true : !relation.readOnly),
      'NO',
      relation.kind === 'table' && relation.temporary ? 'PRESERVE' : null,
      relation.className,
      relation.kind === 'table' ? (relation.description ?? null) : null,
      relation.owner,
      '0',
    ]),
};

/** DATA_TYPE as IRIS names it. */
export function dataType(type: IrisType): string {
  switch (type.name) {
    case 'LONGVARBINARY':
    case 'LONGVARCHAR':
    case 'VARBINARY':
    case 'BIGINT':
    case 'BIT':
    case 'DATE':
    case 'DOUBLE':
    case 'INTEGER':
    case 'NUMERIC':
    case 'SMALLINT':
    case 'TIME':
    case 'TINYINT':
      return type.name.toLowerCase();
    case 'POSIXTIME':
    case 'TIMESTAMP':
      return 'timestamp';
    case 'GUID':
      return 'uniqueidentifier';
    default:
      return 'varchar';
  }
}

function characterLength(type: IrisType): number | null {
  if (type.name === 'LONGVARCHAR' || type.name === 'LONGVARBINARY') return 2147483647;
  if (type.name === 'VARBINARY') return type.length ?? 4096;
  return isText(type) || type.name === 'VECTOR' || type.name === 'LIST' ? (type.length ?? 4096) : null;
}

const isNumber = (type: IrisType): boolean =>
  isInteger(type) || type.name === 'NUMERIC' || type.name === 'DOUBLE';

interface ShownColumn {
  readonly name: string;
  readonly type: IrisType;
  readonly definition: ColumnDef | undefined;
  readonly isRowId: boolean;
}

function shownColumns(relation: TableDef | ViewDef): readonly ShownColumn[] {
  if (relation.kind === 'view') {
    return relation.columns.map((column) => ({ ...column, definition: undefined, isRowId: false }));
  }
  const own = relation.columns.map((definition) => ({
    name: definition.name,
    type: definition.type,
    definition,
    isRowId: definition.generation === 'identity',
  }));
  const publicId = relation.publicRowId && !own.some((column) => column.isRowId);
  const rowId = {
    name: relation.rowIdName,
    type: { name: 'BIGINT' } as const,
    definition: undefined,
    isRowId: true,
  };
  return publicId ? [rowId, ...own] : own;
}

const COLUMNS: SystemTableDefinition = {
  schema: SCHEMA,
  name: 'COLUMNS',
  columns:
    columnList(`TABLE_CATALOG TABLE_SCHEMA TABLE_NAME COLUMN_NAME ORDINAL_POSITION# COLUMN_DEFAULT IS_NULLABLE
    DATA_TYPE CHARACTER_MAXIMUM_LENGTH# CHARACTER_OCTET_LENGTH# NUMERIC_PRECISION# NUMERIC_PRECISION_RADIX#
    NUMERIC_SCALE# DATETIME_PRECISION# CHARACTER_SET_CATALOG CHARACTER_SET_SCHEMA CHARACTER_SET_NAME
    COLLATION_CATALOG COLLATION_SCHEMA COLLATION_NAME DOMAIN_CATALOG DOMAIN_SCHEMA DOMAIN_NAME ODBCTYPE# DESCRIPTION
    AUTO_INCREMENT UNIQUE_COLUMN PRIMARY_KEY PROPERTY_NAME COMPUTE_CODE IS_PERSISTED IS_IDENTITY IDENTITY_START
    IDENTITY_INCREMENT IDENTITY_MAXIMUM IDENTITY_MINIMUM IDENTITY_CYCLE IS_GENERATED GENERATION_EXPRESSION
    MINVAL MAXVAL MAXLEN# CLASSTYPE VECTOR_TYPE VECTOR_LEN#`),
  rows: (catalog, namespace) =>
    relations(catalog, namespace).flatMap((relation) =>
      shownColumns(relation).map((column, index) => columnRow(relation, column, index + 1)),
    ),
};

function columnRow(relation: TableDef | ViewDef, column: ShownColumn, position: number): SystemValue[] {
  const { type, definition } = column;
  const length = characterLength(type);
  const keys = relation.kind === 'table' ? relation : undefined;
  const isPrimary = definition !== undefined && keys?.primaryKey?.columnIds.includes(definition.id) === true;
  const isUnique =
    definition !== undefined &&
    keys?.uniqueKeys.some((key) => key.columnIds.length === 1 && key.columnIds[0] === definition.id) === true;
  const counts = definition?.generation !== undefined && definition.generation !== 'rowversion';
  const required = column.isRowId || definition?.notNull === true;
  const identity = definition?.generation === 'identity';
  return [
    null,
    relation.schema,
    relation.name,
    column.name,
    position,
    definition?.defaultValue === undefined ? null : defaultText(definition.defaultValue),
    yesNo(!required),
    dataType(type),
    length,
    length,
    isNumber(type) ? precisionOf(type) : null,
    isNumber(type) ? 10 : null,
    isNumber(type) ? scaleOf(type) : null,
    type.name === 'TIME' || type.name === 'TIMESTAMP' || type.name === 'POSIXTIME' ? scaleOf(type) : null,
    null,
    null,
    null,
    null,
    null,
    isText(type) ? collationName(relation, definition) : null,
    null,
    null,
    null,
    typeCode(type),
    definition?.description ?? null,
    yesNo(counts || column.isRowId),
    yesNo(isUnique || column.isRowId),
    yesNo(isPrimary),
    definition?.property ?? column.name,
    definition?.computed?.code ?? null,
    yesNo(definition?.computed?.mode !== 'CALCULATED' && definition?.computed?.mode !== 'TRANSIENT'),
    yesNo(identity),
    identity ? '1' : null,
    identity ? '1' : null,
    null,
    null,
    identity ? 'NO' : null,
    yesNo(definition?.computed !== undefined),
    definition?.computed?.code ?? null,
    type.minValue ?? null,
    type.maxValue ?? null,
    type.length ?? null,
    type.className ?? null,
    type.elementType?.toLowerCase() ?? null,
    type.dimension ?? null,
  ];
}

function collationName(relation: TableDef | ViewDef, definition: ColumnDef | undefined): string {
  const declared = definition?.collation ?? definition?.type.collation;
  if (declared !== undefined) return declared.replace('%', '');
  return relation.kind === 'table' && relation.storage === 'COLUMNAR' ? 'EXACT' : 'SQLUPPER';
}

const SCHEMATA: SystemTableDefinition = {
  schema: SCHEMA,
  name: 'SCHEMATA',
  columns: columnList(`CATALOG_NAME SCHEMA_NAME SCHEMA_OWNER DEFAULT_CHARACTER_SET_CATALOG
    DEFAULT_CHARACTER_SET_SCHEMA DEFAULT_CHARACTER_SET_NAME SQL_PATH`),
  rows: (catalog, namespace) => {
    const names = new Map<string, string>();
    // A schema is seen with its first object.
    for (const schema of catalog.schemas(namespace))
      if (!schema.explicit) names.set(schema.name.toUpperCase(), schema.name);
    for (const relation of relations(catalog, namespace))
      names.set(relation.schema.toUpperCase(), relation.schema);
    return [...names.values()].map((name) => [null, name, '_SYSTEM', null, null, null, null]);
  },
};

const VIEWS: SystemTableDefinition = {
  schema: SCHEMA,
  name: 'VIEWS',
  columns: columnList(`TABLE_CATALOG TABLE_SCHEMA TABLE_NAME VIEW_DEFINITION CHECK_OPTION IS_UPDATABLE
    INSERTABLE_INTO IS_TRIGGER_UPDATABLE IS_TRIGGER_DELETABLE IS_TRIGGER_INSERTABLE_INTO CLASSNAME DESCRIPTION OWNER`),
  rows: (catalog, namespace) =>
    catalog
      .views(namespace)
      .map((view) => [
        null,
        view.schema,
        view.name,
        view.queryText,
        view.checkOption === 'CASCADED' ? 'CASCADE' : view.checkOption,
        yesNo(!view.readOnly),
        yesNo(!view.readOnly),
        'NO',
        'NO',
        'NO',
        view.className,
        null,
        view.owner,
      ]),
};

const VIEW_TABLE_USAGE: SystemTableDefinition = {
  schema: SCHEMA,
  name: 'VIEW_TABLE_USAGE',
  columns: columnList('VIEW_CATALOG VIEW_SCHEMA VIEW_NAME TABLE_CATALOG TABLE_SCHEMA TABLE_NAME'),
  rows: (catalog, namespace) =>
    catalog.views(namespace).flatMap((view) =>
      view.dependsOn.flatMap((id) => {
        const used = catalog.entry(id);
        if (used?.kind !== 'table' && used?.kind !== 'view') return [];
        return [[null, view.schema, view.name, null, used.schema, used.name]];
      }),
    ),
};

const VIEW_COLUMN_USAGE: SystemTableDefinition = {
  schema: SCHEMA,
  name: 'VIEW_COLUMN_USAGE',
  columns: columnList('VIEW_CATALOG VIEW_SCHEMA VIEW_NAME TABLE_CATALOG TABLE_SCHEMA TABLE_NAME COLUMN_NAME'),
  rows: (catalog, namespace) =>
    catalog.views(namespace).flatMap((view) =>
      (view.columnUsage ?? []).flatMap(({ relationId, column }) => {
        const used = catalog.entry(relationId);
        if (used?.kind !== 'table' && used?.kind !== 'view') return [];
        return [[null, view.schema, view.name, null, used.schema, used.name, column]];
      }),
    ),
};

export const RELATION_TABLES: readonly SystemTableDefinition[] = [
  TABLES,
  COLUMNS,
  SCHEMATA,
  VIEWS,
  VIEW_TABLE_USAGE,
  VIEW_COLUMN_USAGE,
];
