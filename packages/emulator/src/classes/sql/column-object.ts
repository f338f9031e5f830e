import type { Column } from '@iris-devtools/core';
import { nativeError } from '../native-error.js';
import { serverObject } from '../class-definition.js';
import type { ClassDefinition, Property, ServerObject } from '../class-definition.js';

const property = <State>(get: Property<State>['get']): Property<State> => ({ get });

/** What %SQL.StatementColumn says of a column, by property. */
const COLUMN_FACTS: Readonly<Record<string, (column: Column) => string | number>> = {
  colName: (column) => column.label,
  label: (column) => column.label,
  ODBCType: (column) => column.typeCode,
  precision: (column) => column.precision,
  scale: (column) => column.scale,
  isNullable: (column) => (column.nullable === undefined ? 2 : Number(column.nullable)),
  tableName: (column) => column.table,
  schemaName: (column) => column.schema,
  qualifier: () => 0,
  isAutoIncrement: (column) => Number(column.isAutoIncrement),
  isCaseSensitive: (column) => Number(column.isCaseSensitive),
  isCurrency: () => 0,
  isReadOnly: (column) => Number(column.isReadOnly),
  isRowVersion: () => 0,
  isUnique: (column) => Number(column.isUnique),
  isAliased: (column) => Number(column.isAliased),
  isExpression: (column) => Number(column.isExpression),
  isHidden: (column) => Number(column.isHidden),
  isIdentity: (column) => Number(column.isIdentity),
  isKeyColumn: (column) => Number(column.isKey),
  isRowId: (column) => Number(column.isRowId),
};

/** %SQL.StatementColumn: describes one column of a result. */
const columnClass: ClassDefinition<Column> = {
  name: '%SQL.StatementColumn',
  properties: Object.fromEntries(Object.entries(COLUMN_FACTS).map(([name, get]) => [name, property(get)])),
};

/** All of it at once, for code that has no objects of the server. */
export function columnFacts(column: Column): Readonly<Record<string, string | number>> {
  return Object.fromEntries(Object.entries(COLUMN_FACTS).map(([name, get]) => [name, get(column)]));
}

/** The `columns` collection of the metadata; counts from 1. */
const columnsClass: ClassDefinition<readonly Column[]> = {
  name: '%Library.ListOfObjects',
  methods: {
    Count: (columns) => columns.length,
    GetAt: (columns, process, args) => {
      const column = columns[args.integer(0, 0) - 1];
      return column === undefined ? '' : process.objects.add(serverObject(columnClass, column));
    },
  },
  properties: { Size: property((columns) => columns.length) },
};

interface Metadata {
  readonly columns: readonly Column[];
  readonly parameterCount: number;
}

const metadataClass: ClassDefinition<Metadata> = {
  name: '%SQL.StatementMetadata',
  properties: {
    columnCount: property(({ columns }) => columns.length),
    columns: property(({ columns }, process) => process.objects.add(serverObject(columnsClass, columns))),
    parameterCount: property(({ parameterCount }) => parameterCount),
  },
};

/** %SQL.StatementMetadata of a statement or a result. */
export function metadataObject(columns: readonly Column[], parameterCount = 0): ServerObject {
  return serverObject(metadataClass, { columns, parameterCount });
}

/** Position of a column named without regard to case, from 0. @throws IrisError `<PROPERTY DOES NOT EXIST>` */
export function columnIndex(columns: readonly Column[], name: string): number {
  const wanted = name.toLowerCase();
  const index = columns.findIndex((column) => column.label.toLowerCase() === wanted);
  if (index < 0) throw nativeError('PROPERTY DOES NOT EXIST', `${name},%sqlcq.result`);
  return index;
}
