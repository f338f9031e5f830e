import { sqlError } from '@iris-devtools/core';
import { CompileContext } from '../compile/context.js';
import { columnValue } from '../compile/from.js';
import { storeValue } from '../compile/store.js';
import { isStream, storageType } from '../compile/types.js';
import type { AlterTableAction } from '../sql/ast.js';
import { resolveType } from '../sql/type-names.js';
import { hasNulls, hasRows, withColumn } from './alter-table.js';
import type { DdlContext, DdlPlan } from './ddl.js';
import { keysOf } from './keys.js';
import type { ColumnDef, TableDef } from './model.js';
import { keyIndex, physicalColumn, physicalTable } from './model.js';
import { indexStatements, uniqueIndexStatement } from './physical.js';

type Modification = Extract<AlterTableAction, { kind: 'modify-column' }>;

/** New type, default, collation, nullability. @throws IrisError -374 to or from a stream with data, -305 NULLs, -104 values */
export function modifyColumn(
  action: Modification,
  table: TableDef,
  column: ColumnDef,
  context: DdlContext,
): DdlPlan {
  const type = action.type === undefined ? column.type : resolveType(action.type);
  const next: ColumnDef = {
    ...column,
    type,
    notNull: action.nullable === undefined ? column.notNull : !action.nullable,
    ...(action.defaultValue === undefined ? {} : { defaultValue: action.defaultValue }),
    ...(action.collation === undefined ? {} : { collation: action.collation }),
    ...(action.collationLength === undefined ? {} : { collationLength: action.collationLength }),
  };
  const changed = withColumn(table, action.column, () => next);
  const rekey = action.type !== undefined || action.collation !== undefined;
  return {
    change: { put: [changed], remove: [] },
    statements: [
      ...(rekey ? dropIndexes(table, column) : []),
      ...(action.type === undefined ? [] : retype(changed, column, next, context)),
      ...nullability(table, column, next),
      ...(rekey ? createIndexes(changed, next) : []),
    ],
    before: async (access) => {
      if (isStream(column.type) !== isStream(type) && (await hasRows(table, 'true', access))) {
        throw sqlError(
          -374,
          ' Cannot alter the datatype of a field to/from a stream type when the table contains data',
        );
      }
      if (
        next.notNull &&
        !column.notNull &&
        (await hasRows(table, `${physicalColumn(column)} IS NULL`, access))
      ) {
        throw hasNulls(column);
      }
    },
  };
}

function nullability(table: TableDef, column: ColumnDef, next: ColumnDef): string[] {
  if (next.notNull === column.notNull || column.generation === 'identity') return [];
  return [
    `ALTER TABLE ${physicalTable(table)} ALTER COLUMN ${physicalColumn(column)} ${next.notNull ? 'SET' : 'DROP'} NOT NULL`,
  ];
}

/** Every stored value is converted and validated as if it were inserted. */
function retype(table: TableDef, column: ColumnDef, next: ColumnDef, context: DdlContext): string[] {
  if (column.generation === 'identity') return [];
  const compiling = new CompileContext({
    catalog: context.catalog,
    session: {
      user: context.user,
      namespace: context.namespace,
      defaultSchema: context.defaultSchema,
      fastDistinct: true,
    },
    parameterCount: 0,
    kinds: [],
  });
  const name = physicalColumn(column);
  const old = { ...columnValue(table, column, 'x'), sql: name };
  const value = storeValue(old, { table, column: next, kind: 'INSERT', unchecked: false }, compiling);
  return [
    `ALTER TABLE ${physicalTable(table)} ALTER COLUMN ${name} TYPE ${storageType(next.type)} USING ${value}`,
  ];
}

const usesColumn =
  (column: ColumnDef) =>
  (key: { readonly columnIds: readonly number[] }): boolean =>
    key.columnIds.includes(column.id);

function dropIndexes(table: TableDef, column: ColumnDef): string[] {
  return [...keysOf(table), ...table.indexes]
    .filter(usesColumn(column))
    .map((key) => `DROP INDEX IF EXISTS iris_data.${keyIndex(table, key)}`);
}

function createIndexes(table: TableDef, column: ColumnDef): string[] {
  return [
    ...keysOf(table)
      .filter(usesColumn(column))
      .map((key) => uniqueIndexStatement(table, key)),
    ...table.indexes.filter(usesColumn(column)).flatMap((index) => indexStatements(table, index)),
  ];
}
