import type { Column } from '@iris-devtools/core';
import { nativeError } from '../native-error.js';
import { serverObject } from '../class-definition.js';
import type { ClassDefinition, Property, ServerObject } from '../class-definition.js';

const property = <State>(get: Property<State>['get']): Property<State> => ({ get });

/** %SQL.StatementColumn: describes one column of a result. */
const columnClass: ClassDefinition<Column> = {
  name: '%SQL.StatementColumn',
  properties: {
    colName: property((column) => column.label),
    label: property((column) => column.label),
    ODBCType: property((column) => column.typeCode),
    precision: property((column) => column.precision),
    scale: property((column) => column.scale),
    isNullable: property((column) => (column.nullable === undefined ? 2 : Number(column.nullable))),
    tableName: property((column) => column.table),
    schemaName: property((column) => column.schema),
    qualifier: property(() => 0),
    isAutoIncrement: property((column) => Number(column.isAutoIncrement)),
    isCaseSensitive: property((column) => Number(column.isCaseSensitive)),
    isCurrency: property(() => 0),
    isReadOnly: property((column) => Number(column.isReadOnly)),
    isRowVersion: property(() => 0),
    isUnique: property((column) => Number(column.isUnique)),
    isAliased: property((column) => Number(column.isAliased)),
    isExpression: property((column) => Number(column.isExpression)),
    isHidden: property((column) => Number(column.isHidden)),
    isIdentity: property((column) => Number(column.isIdentity)),
    isKeyColumn: property((column) => Number(column.isKey)),
    isRowId: property((column) => Number(column.isRowId)),
  },
};

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

const metadataClass: ClassDefinition<readonly Column[]> = {
  name: '%SQL.StatementMetadata',
  properties: {
    columnCount: property((columns) => columns.length),
    columns: property((columns, process) => process.objects.add(serverObject(columnsClass, columns))),
  },
};

/** %SQL.StatementMetadata of a statement or a result. */
export function metadataObject(columns: readonly Column[]): ServerObject {
  return serverObject(metadataClass, columns);
}

/** Position of a column named without regard to case, from 0. @throws IrisError `<PROPERTY DOES NOT EXIST>` */
export function columnIndex(columns: readonly Column[], name: string): number {
  const wanted = name.toLowerCase();
  const index = columns.findIndex((column) => column.label.toLowerCase() === wanted);
  if (index < 0) throw nativeError('PROPERTY DOES NOT EXIST', `${name},%sqlcq.result`);
  return index;
}
