import { isIrisError } from '@iris-devtools/core';
import type { Catalog } from '../catalog/catalog.js';
import type { ColumnDef, TableDef } from '../catalog/model.js';
import { physicalColumn } from '../catalog/model.js';
import { asType } from './coerce.js';
import { CompileContext } from './context.js';
import { columnValue } from './from.js';
import { compileComputeCode } from './object-script.js';

/**
 * Computed whenever it is read or its row changes. The others get their value once, at INSERT when none is given, or
 * at each change of some columns: a trigger does that.
 */
export const isAlwaysComputed = ({ computed, defaultValue }: ColumnDef): boolean =>
  computed !== undefined &&
  computed.mode !== 'INSERT' &&
  !(computed.mode === 'ON_CHANGE' && defaultValue !== undefined);

/** A computed column as an expression over the other columns of its row; undefined: its code does not run here. */
export function computedText(
  table: TableDef,
  column: ColumnDef,
  catalog: Catalog,
  row = '',
): string | undefined {
  if (column.computed === undefined) return undefined;
  const context = new CompileContext({
    catalog,
    session: { user: '', namespace: table.namespace, defaultSchema: table.schema, fastDistinct: true },
    parameterCount: 0,
    kinds: [],
  });
  const field = (name: string): ReturnType<typeof columnValue> | undefined => {
    const found = table.columns.find((other) => other.name.toUpperCase() === name.toUpperCase());
    // PostgreSQL cannot compute from what is computed.
    if (found === undefined || found.computed !== undefined) return undefined;
    return { ...columnValue(table, found, ''), sql: `${row}${physicalColumn(found)}` };
  };
  try {
    return asType(compileComputeCode(column.computed.code, column.name, field, context), column.type, context)
      .sql;
  } catch (error) {
    if (isIrisError(error)) return undefined;
    throw error;
  }
}
