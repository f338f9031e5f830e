import { sqlError } from '@iris-devtools/core';
import type { ColumnDef } from '../catalog/model.js';
import { physicalColumn, physicalTable } from '../catalog/model.js';
import type { DeleteStatement, TableReference, UpdateStatement } from '../sql/ast.js';
import { asNumber } from './coerce.js';
import { compileCondition } from './condition.js';
import type { CompileContext } from './context.js';
import { resolveTarget, writableColumn } from './dml-target.js';
import type { ResolvedTarget } from './dml-target.js';
import { compileExpression } from './expression.js';
import { compileFrom, withSources } from './from.js';
import type { FromItem } from './from.js';
import { checkTexts, readOnlyField } from './insert.js';
import type { CompiledChange } from './insert.js';
import { frameOf } from './scope.js';
import type { Frame } from './scope.js';
import { fieldName, storeValue } from './store.js';
import type { Typed } from './typed.js';
import { quote } from './typed.js';

interface Tables {
  readonly frame: Frame;
  readonly items: readonly FromItem[];
}

export function compileUpdate(node: UpdateStatement, context: CompileContext): CompiledChange {
  const target = resolveTarget(node.target, 'UPDATE', context);
  const { frame, items } = otherTables(target, node.from, context);
  const unchecked = node.keywords.includes('%NOCHECK');
  const seen = new Set<ColumnDef>();
  const sets = node.assignments.map((assignment) => {
    const column = assignable(target, assignment.column.name, seen);
    const value = compileExpression(assignment.value, { ...frame, clause: 'values' });
    return `${physicalColumn(column)} = ${updateValue(value, column, target, unchecked, context)}`;
  });
  for (const column of target.table.columns) {
    const text = seen.has(column) ? undefined : automaticValue(column, target, context);
    if (text !== undefined) sets.push(`${physicalColumn(column)} = ${text}`);
  }
  const checks = checkTexts(target, 'IR137', 'UPDATE');
  const from = items.length === 0 ? '' : ` FROM ${items.map((item) => item.text()).join(', ')}`;
  const where = whereText(node, target, frame);
  const returning = checks.length === 0 ? '' : ` RETURNING ${checks.join(', ')}`;
  return {
    sql: `UPDATE ${physicalTable(target.table)} AS ${target.sqlAlias} SET ${sets.join(', ')}${from}${where}${returning}`,
    table: target.table,
    result: 'none',
    unchecked,
  };
}

export function compileDelete(node: DeleteStatement, context: CompileContext): CompiledChange {
  const target = resolveTarget(node.target, 'DELETE', context);
  const { frame, items } = otherTables(target, node.from, context);
  const using = items.length === 0 ? '' : ` USING ${items.map((item) => item.text()).join(', ')}`;
  return {
    sql: `DELETE FROM ${physicalTable(target.table)} AS ${target.sqlAlias}${using}${whereText(node, target, frame)}`,
    table: target.table,
    result: 'none',
    unchecked: node.keywords.includes('%NOCHECK'),
  };
}

/** FROM of UPDATE and DELETE. The target named again under its own label is the target itself. */
function otherTables(
  target: ResolvedTarget,
  from: readonly TableReference[],
  context: CompileContext,
): Tables {
  let frame = frameOf(context, [target.source], undefined, 'where');
  const items: FromItem[] = [];
  for (const reference of from) {
    if (isTarget(reference, target)) continue;
    const item = compileFrom(reference, frameOf(context, [], undefined, 'from'));
    items.push(item);
    frame = withSources(frame, item.sources);
  }
  return { frame, items };
}

function isTarget(reference: TableReference, target: ResolvedTarget): boolean {
  if (reference.kind !== 'table') return false;
  const label = (reference.alias ?? reference.name.name).name.toUpperCase();
  return label === target.source.label?.toUpperCase();
}

function whereText(node: UpdateStatement | DeleteStatement, target: ResolvedTarget, frame: Frame): string {
  const conditions = [
    ...target.conditions,
    ...(node.where === undefined ? [] : [compileCondition(node.where, frame)]),
  ];
  if (target.table.temporary) {
    const session = frame.context.sessionValue({ kind: 'fact', name: 'session-id' });
    conditions.push(`${target.sqlAlias}.sid = ${session}::int8`);
  }
  return conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
}

/** @throws IrisError -29, -107 RowID, -138 read only, -377 named twice */
function assignable(target: ResolvedTarget, name: string, seen: Set<ColumnDef>): ColumnDef {
  const column = writableColumn(target, name);
  if (column === undefined || column === 'rowid' || column.generation === 'identity') {
    throw sqlError(-107, ' Cannot UPDATE RowID or RowID based on fields');
  }
  if (column.generation === 'rowversion' || column.computed !== undefined)
    throw readOnlyField(column, target.table);
  if (seen.has(column)) {
    throw sqlError(
      -377,
      ` Field '${name}' appears more than once in assignment list of insert or update statement`,
    );
  }
  seen.add(column);
  return column;
}

function updateValue(
  value: Typed,
  column: ColumnDef,
  target: ResolvedTarget,
  unchecked: boolean,
  context: CompileContext,
): string {
  if (column.generation === 'serial') {
    const old = `${target.sqlAlias}.${physicalColumn(column)}`;
    const field = quote(fieldName(target.table, column));
    return `iris_sys.keep_serial(${old}, ${asNumber(value, context).sql}::numeric, ${field})`;
  }
  return storeValue(value, { table: target.table, column, kind: 'UPDATE', unchecked }, context);
}

/** Columns that change with every UPDATE. */
function automaticValue(
  column: ColumnDef,
  target: ResolvedTarget,
  context: CompileContext,
): string | undefined {
  if (column.generation === 'rowversion') return `nextval('iris_sys.rowversion')`;
  const { onUpdate } = column;
  if (onUpdate?.kind !== 'expression') return undefined;
  const value = compileExpression(onUpdate.expression, frameOf(context, [], undefined, 'values'));
  return storeValue(value, { table: target.table, column, kind: 'UPDATE', unchecked: false }, context);
}
