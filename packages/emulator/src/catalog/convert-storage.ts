import { sqlError } from '@iris-devtools/core';
import { columnCollation } from '../compile/from.js';
import { isText } from '../compile/types.js';
import type { AlterTableAction } from '../sql/ast.js';
import type { ColumnDef, TableDef } from './model.js';
import { displayName } from './names.js';

type Conversion = Extract<AlterTableAction, { kind: 'convert-storage' }>;

/** Longer texts cannot be kept in columns. */
const MAX_COLUMNAR_LENGTH = 300;

/** CONVERT changes no value and no collation. @throws IrisError -160 old data is left, -159 what cannot be columnar */
export function convertStorage(action: Conversion, table: TableDef, columns: readonly ColumnDef[]): TableDef {
  if (table.staleData === true) {
    throw sqlError(-160, ` Table '${displayName(table)}' has data of an earlier conversion: CLEANUP first`);
  }
  if (action.storageType === 'COLUMNAR') for (const column of columns) checkColumnar(column);
  const isWhole = action.columns === undefined;
  const storage = isWhole ? action.storageType : table.storage;
  return {
    ...table,
    storage,
    columns: table.columns.map((column) => keepCollation(column, table, storage)),
    columnStorage: isWhole ? [] : columnsOtherwise(action.storageType, table, columns),
    staleData: action.deleteData === false,
  };
}

function checkColumnar({ name, type }: ColumnDef): void {
  const isLong =
    (type.name === 'VARCHAR' || type.name === 'VARBINARY') && (type.length ?? Infinity) > MAX_COLUMNAR_LENGTH;
  if (isLong || ['LONGVARCHAR', 'LONGVARBINARY', 'VECTOR', 'LIST'].includes(type.name)) {
    throw sqlError(-159, ` Column '${name}' cannot have columnar storage`);
  }
}

/** The default collation depends on the storage; what a column has, it keeps. */
function keepCollation(column: ColumnDef, table: TableDef, storage: TableDef['storage']): ColumnDef {
  if (storage === table.storage || !isText(column.type) || column.collation !== undefined) return column;
  const collation = columnCollation(table, column);
  return collation === undefined ? column : { ...column, collation: collation.name };
}

function columnsOtherwise(
  storageType: TableDef['storage'],
  table: TableDef,
  columns: readonly ColumnDef[],
): number[] {
  const converted = columns.map((column) => column.id);
  const others = (table.columnStorage ?? []).filter((id) => !converted.includes(id));
  return storageType === table.storage ? others : [...others, ...converted];
}

/** @throws IrisError -165 */
export function cleanUp(table: TableDef): TableDef {
  if (table.staleData !== true) throw sqlError(-165, ' No stale data to clean up');
  return { ...table, staleData: false };
}
