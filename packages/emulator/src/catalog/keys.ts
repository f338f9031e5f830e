import { sqlError } from '@iris-devtools/core';
import type { ForeignKeyConstraint, Identifier, References } from '../sql/ast.js';
import type { DdlContext } from './ddl.js';
import { findRelation } from './ddl.js';
import type { ColumnDef, ForeignKeyDef, KeyDef, TableDef } from './model.js';

export const keysOf = (table: TableDef): KeyDef[] => [
  ...(table.primaryKey === undefined ? [] : [table.primaryKey]),
  ...table.uniqueKeys,
];

/** @throws IrisError -31 */
export function columnIds(names: readonly Identifier[], columns: readonly ColumnDef[]): number[] {
  return names.map(({ name }) => {
    const found = columns.find((column) => column.name.toUpperCase() === name.toUpperCase());
    if (found === undefined) throw sqlError(-31, ` Field '${name}' not found in table`);
    return found.id;
  });
}

/** @throws IrisError -400 for a stream, which no index can hold */
export function checkIndexable(ids: readonly number[], columns: readonly ColumnDef[]): void {
  for (const column of columns) {
    if (!ids.includes(column.id)) continue;
    if (column.type.name === 'LONGVARCHAR' || column.type.name === 'LONGVARBINARY') {
      throw sqlError(
        -400,
        `ERROR #5414: Invalid index attribute: stream property '${column.property}' cannot be indexed`,
      );
    }
  }
}

/** `MYTABLE_PKEY2`: upper case, kind, running number. */
export function generatedName(
  table: string,
  kind: 'PKEY' | 'UNIQUE' | 'FKEY',
  taken: readonly string[],
): string {
  const used = new Set(taken.map((name) => name.toUpperCase()));
  for (let number = taken.length + 2; ; number++) {
    const name = `${table.toUpperCase()}_${kind}${number}`;
    if (!used.has(name)) return name;
  }
}

export function constraintNames(
  table: Pick<TableDef, 'primaryKey' | 'uniqueKeys' | 'foreignKeys'>,
): string[] {
  return [
    ...(table.primaryKey === undefined ? [] : [table.primaryKey.name]),
    ...table.uniqueKeys.map((key) => key.name),
    ...table.foreignKeys.map((key) => key.name),
  ];
}

/**
 * @throws IrisError -310 no such table, -311 name taken, -31 own column unknown, -316 target column unknown,
 * -314 target not unique, -315 no key to refer to, -79 different numbers of columns
 */
export function foreignKeyFrom(
  constraint: Pick<ForeignKeyConstraint, 'columns' | 'references'> & {
    readonly name?: Identifier | undefined;
  },
  id: number,
  table: TableDef,
  context: DdlContext,
): ForeignKeyDef {
  const { references } = constraint;
  const name = constraint.name?.name ?? generatedName(table.name, 'FKEY', constraintNames(table));
  const taken = table.foreignKeys.some((key) => key.name.toUpperCase() === name.toUpperCase());
  if (taken) throw sqlError(-311, ` Foreign key with name '${name}' already defined for this table`);
  const own = columnIds(constraint.columns, table.columns);
  const target = targetTable(references, table, context);
  const { columnIds: targetColumnIds, keyName } = targetKey(references, target);
  if (own.length !== Math.max(1, targetColumnIds.length)) {
    throw sqlError(-79, ' Referencing key and referenced key must be the same size');
  }
  return {
    id,
    name,
    columnIds: own,
    targetTableId: target.id,
    targetColumnIds,
    targetKey: keyName,
    onDelete: references.onDelete,
    onUpdate: references.onUpdate,
    noCheck: references.noCheck,
  };
}

function targetTable(references: References, table: TableDef, context: DdlContext): TableDef {
  const { name, schema } = references.table;
  const isSelf =
    name.name.toUpperCase() === table.name.toUpperCase() &&
    (schema?.name ?? context.defaultSchema).toUpperCase() === table.schema.toUpperCase();
  if (isSelf) return table;
  const found = findRelation(references.table, context);
  if (found?.kind !== 'table')
    throw sqlError(-310, ` Foreign key references non-existent table '${name.name}'`);
  return found;
}

/** The key that is referred to; no columns: the RowID. */
function targetKey(
  references: References,
  target: TableDef,
): { columnIds: readonly number[]; keyName: string } {
  if (references.columns.length === 0) {
    if (target.primaryKey !== undefined) {
      return { columnIds: target.primaryKey.columnIds, keyName: target.primaryKey.name };
    }
    const hasIdentity = target.columns.some((column) => column.generation === 'identity');
    if (hasIdentity || target.publicRowId) return { columnIds: [], keyName: '' };
    throw sqlError(-315, ` Constraint or Key not found: table '${target.name}' has no primary key`);
  }
  const [only] = references.columns;
  if (references.columns.length === 1 && only !== undefined && isRowId(only.name, target)) {
    const identity = target.columns.find((column) => column.generation === 'identity');
    return { columnIds: [], keyName: (identity && uniqueKeyOver([identity.id], target)) ?? '' };
  }
  const wanted = references.columns.map(({ name }) => {
    const found = target.columns.find((column) => column.name.toUpperCase() === name.toUpperCase());
    if (found === undefined) {
      throw sqlError(
        -316,
        ` Foreign key references non-existent key/column collection '${target.name}(${name})'`,
      );
    }
    return found.id;
  });
  const key = uniqueKeyOver(wanted, target);
  if (key === undefined) {
    throw sqlError(-314, ` Foreign key references non-unique key/column collection of '${target.name}'`);
  }
  return { columnIds: wanted, keyName: key };
}

function isRowId(name: string, target: TableDef): boolean {
  const identity = target.columns.find((column) => column.generation === 'identity');
  if (name.toUpperCase() === '%ID') return true;
  if (identity !== undefined) return name.toUpperCase() === identity.name.toUpperCase();
  // The RowID has no name that could be referred to unless it is public.
  return target.publicRowId && name.toUpperCase() === target.rowIdName.toUpperCase();
}

function uniqueKeyOver(ids: readonly number[], target: TableDef): string | undefined {
  const same = (key: Pick<KeyDef, 'columnIds'>): boolean =>
    key.columnIds.length === ids.length && key.columnIds.every((id) => ids.includes(id));
  const keys = [...(target.primaryKey === undefined ? [] : [target.primaryKey]), ...target.uniqueKeys];
  const indexes = target.indexes.filter((index) => index.type === 'UNIQUE');
  return keys.find(same)?.name ?? indexes.find(same)?.name;
}
