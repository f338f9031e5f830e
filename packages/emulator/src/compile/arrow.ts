import { sqlError } from '@iris-devtools/core';
import type { TableDef } from '../catalog/model.js';
import type { ColumnReference } from '../sql/ast.js';
import { compareValues } from './comparison.js';
import type { CompileContext } from './context.js';
import { columnValue, tableColumns, tableText } from './from.js';
import { inGroup } from './scope.js';
import type { FoundColumn } from './scope.js';
import type { Typed } from './typed.js';
import { expression } from './typed.js';

/**
 * `a->b`: the column b of the row that the foreign key column a refers to, NULL when there is none.
 * @throws IrisError -67 in ON, -29 when there is no such reference or column
 */
export function compileArrow(node: ColumnReference, found: FoundColumn): Typed {
  if (found.frame.clause === 'on')
    throw sqlError(-67, ' Implicit join (arrow syntax) not supported in ON clause');
  const { context } = found.frame;
  let value = found.column.value;
  for (const arrow of node.arrows) value = follow(value, arrow.name, context);
  return inGroup(value, found.frame);
}

function follow(value: Typed, name: string, context: CompileContext): Typed {
  const origin = value.column;
  const foreignKey =
    origin?.relation.kind === 'table' && origin.column !== 'rowid'
      ? singleColumnKey(origin.relation, origin.column.id)
      : undefined;
  const target = foreignKey === undefined ? undefined : context.catalog.table(foreignKey.targetTableId);
  if (foreignKey === undefined || target === undefined) {
    throw sqlError(
      -29,
      ` Field '${value.name?.toUpperCase() ?? ''}->${name.toUpperCase()}' not found in the applicable tables`,
    );
  }
  const need = context.need('SELECT', target);
  const alias = context.alias('a');
  const { columns } = tableColumns(target, alias);
  const wanted = columns.find((column) => column.name.toUpperCase() === name.toUpperCase());
  if (wanted === undefined)
    throw sqlError(-29, ` Field '${name.toUpperCase()}' not found in the applicable tables`);
  need.columns.add(wanted.name.toUpperCase());
  const keyColumn = target.columns.find((column) => column.id === foreignKey.targetColumnIds[0]);
  const key: Typed =
    keyColumn === undefined
      ? expression(`${alias}.rid`, { name: 'BIGINT' })
      : columnValue(target, keyColumn, alias);
  const on = compareValues('=', key, value, context);
  return {
    ...wanted.value,
    sql: `(SELECT ${wanted.value.sql} FROM ${tableText(target, context)} AS ${alias} WHERE ${on} LIMIT 1)`,
    origin: 'expression',
  };
}

function singleColumnKey(table: TableDef, columnId: number): TableDef['foreignKeys'][number] | undefined {
  return table.foreignKeys.find((key) => key.columnIds.length === 1 && key.columnIds[0] === columnId);
}
