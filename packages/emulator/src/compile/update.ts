import { sqlError } from '@iris-devtools/core';
import type { ColumnDef } from '../catalog/model.js';
import { physicalColumn, physicalTable } from '../catalog/model.js';
import type { Assignment, DeleteStatement, TableName, TableReference, UpdateStatement } from '../sql/ast.js';
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
import type { Frame, Source } from './scope.js';
import { fieldName, storeValue } from './store.js';
import type { Typed } from './typed.js';
import { quote } from './typed.js';

interface Tables {
  readonly frame: Frame;
  readonly items: readonly FromItem[];
  /** That tie rows of a join to those of the target. */
  readonly conditions: readonly string[];
}

export function compileUpdate(node: UpdateStatement, context: CompileContext): CompiledChange {
  const target = resolveTarget(node.target, 'UPDATE', context);
  const { frame, items, conditions } = otherTables(target, node, context);
  const unchecked = node.keywords.includes('%NOCHECK');
  const seen = new Set<ColumnDef>();
  const sets = assignmentsOf(node, target).map((assignment) => {
    const column = assignable(target, assignment.column.name, seen);
    target.need.columns.add(assignment.column.name.toUpperCase());
    const value = compileExpression(assignment.value, { ...frame, clause: 'values' });
    const stored = updateValue(value, column, target, unchecked, context);
    // ON UPDATE has the last word; the value is checked all the same.
    const automatic = column.onUpdate === undefined ? undefined : automaticValue(column, target, context);
    return `${physicalColumn(column)} = ${automatic === undefined ? stored : `(CASE WHEN ${stored} IS NULL THEN ${automatic} ELSE ${automatic} END)`}`;
  });
  for (const column of target.table.columns) {
    const text = seen.has(column) ? undefined : automaticValue(column, target, context);
    if (text !== undefined) sets.push(`${physicalColumn(column)} = ${text}`);
  }
  const checks = unchecked ? [] : checkTexts(target, 'IR137', 'UPDATE');
  const from = items.length === 0 ? '' : ` FROM ${items.map((item) => item.text()).join(', ')}`;
  const where = whereText(node, target, frame, conditions);
  const returning = checks.length === 0 ? '' : ` RETURNING ${checks.join(', ')}`;
  return {
    sql: `UPDATE ${physicalTable(target.table)} AS ${target.sqlAlias} SET ${sets.join(', ')}${from}${where}${returning}`,
    table: target.table,
    result: 'none',
    unchecked,
  };
}

/** Values without names are for the columns in order. @throws IrisError -62 too few, -116 too many */
function assignmentsOf(
  { assignments, values }: UpdateStatement,
  target: ResolvedTarget,
): readonly Assignment[] {
  if (values === undefined) return assignments;
  const columns = target.source.columns.filter(({ hidden, value }) => {
    const column = value.column?.column;
    return !hidden && column !== undefined && column !== 'rowid' && column.generation !== 'identity';
  });
  if (values.length < columns.length)
    throw sqlError(-62, ' Additional new values expected for INSERT/UPDATE');
  if (values.length > columns.length)
    throw sqlError(-116, ' More values than columns in the UPDATE statement');
  return columns.flatMap(({ name }, index) => {
    const value = values[index];
    if (value === undefined) return [];
    const { position } = value;
    return [{ column: { name, delimited: false, position }, value, position }];
  });
}

export function compileDelete(node: DeleteStatement, context: CompileContext): CompiledChange {
  const target = resolveTarget(node.target, 'DELETE', context);
  const { frame, items, conditions } = otherTables(target, node, context);
  const using = items.length === 0 ? '' : ` USING ${items.map((item) => item.text()).join(', ')}`;
  return {
    sql: `DELETE FROM ${physicalTable(target.table)} AS ${target.sqlAlias}${using}${whereText(node, target, frame, conditions)}`,
    table: target.table,
    result: 'none',
    unchecked: node.keywords.includes('%NOCHECK'),
  };
}

/**
 * FROM of UPDATE and DELETE. The target named again is the target itself: under its own label, also inside a join, or
 * under an alias when it is named but once and has no alias where it is changed.
 */
function otherTables(
  target: ResolvedTarget,
  node: UpdateStatement | DeleteStatement,
  context: CompileContext,
): Tables {
  const sole = soleAlias(target, node);
  let frame = frameOf(context, [{ ...target.source, ...(sole && { otherLabel: sole }) }], undefined, 'where');
  const items: FromItem[] = [];
  const conditions: string[] = [];
  for (const reference of node.from) {
    if (reference.kind === 'table' && isTarget(reference, target, sole)) continue;
    const item = compileFrom(reference, frameOf(context, [], undefined, 'from'));
    items.push(item);
    const again = reference.kind === 'join' ? targetInside(item, target, sole) : undefined;
    if (again === undefined) {
      frame = withSources(frame, item.sources);
      continue;
    }
    // The rows of the join stand for the rows of the target.
    conditions.push(`${again.sqlAlias}.rid = ${target.sqlAlias}.rid`);
    const others = frame.scope.sources.filter(({ sqlAlias }) => sqlAlias !== target.sqlAlias);
    frame = withSources(frameOf(context, others, undefined, 'where'), item.sources);
  }
  return { frame, items, conditions };
}

const equal = (left: string | undefined, right: string | undefined): boolean =>
  left?.toUpperCase() === right?.toUpperCase();

function isTarget(reference: TableName, target: ResolvedTarget, sole: string | undefined): boolean {
  const label = (reference.alias ?? reference.name.name).name;
  return equal(label, target.source.label) || (sole !== undefined && equal(label, sole));
}

const targetInside = (item: FromItem, target: ResolvedTarget, sole: string | undefined): Source | undefined =>
  item.sources.find(
    ({ relation, label }) =>
      relation === target.table &&
      (equal(label, target.source.label) || (sole !== undefined && equal(label, sole))),
  );

function soleAlias(target: ResolvedTarget, node: UpdateStatement | DeleteStatement): string | undefined {
  if (node.target.alias !== undefined) return undefined;
  const named = node.from
    .flatMap(tablesIn)
    .filter((reference) => equal(reference.name.name.name, target.table.name));
  const [only, another] = named;
  return another === undefined ? only?.alias?.name : undefined;
}

const tablesIn = (reference: TableReference): TableName[] => {
  if (reference.kind === 'table') return [reference];
  return reference.kind === 'join' ? [...tablesIn(reference.left), ...tablesIn(reference.right)] : [];
};

function whereText(
  node: UpdateStatement | DeleteStatement,
  target: ResolvedTarget,
  frame: Frame,
  joined: readonly string[],
): string {
  const conditions = [
    ...joined,
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
  const isComputed = column.computed !== undefined && column.computed.mode !== 'INSERT';
  if (column.generation === 'rowversion' || isComputed) throw readOnlyField(column, target.table);
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
