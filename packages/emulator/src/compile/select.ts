import { sqlError } from '@iris-devtools/core';
import type { Expression, OrderItem, SelectCore } from '../sql/ast.js';
import { groupingKey, rowKey, sortKeys } from './comparison.js';
import { compileCondition } from './condition.js';
import type { CompileContext } from './context.js';
import { compileExpression } from './expression.js';
import { contentsOf, fingerprint } from './fingerprint.js';
import { checkLabels, compileFrom, withSources } from './from.js';
import type { FromItem } from './from.js';
import { compileHaving } from './having.js';
import type { CompiledQuery } from './output.js';
import { columnAt, ignoredOrder, rowCountText } from './query.js';
import { columnFingerprint, findColumn, frameOf } from './scope.js';
import type { Frame, GroupKey, Grouping } from './scope.js';
import { compileItems } from './select-items.js';
import type { CompiledItem } from './select-items.js';
import type { Typed } from './typed.js';
import { collationKey, sameCollation } from './typed.js';
import { isStream, isText } from './types.js';

export interface SelectTail {
  readonly orderBy: readonly OrderItem[];
  /** ` LIMIT .. OFFSET ..`, or ''. */
  readonly limit: string;
}

/** One SELECT with the ORDER BY and limit that apply to it. */
export function compileSelect(
  core: SelectCore,
  context: CompileContext,
  outer: Frame | undefined,
  tail: SelectTail,
): CompiledQuery {
  const from = compileFromList(core, context, outer);
  const base = frameOf(
    context,
    from.flatMap((item) => item.sources),
    outer,
    'select',
  );
  const where =
    core.where === undefined ? undefined : compileCondition(core.where, { ...base, clause: 'where' });
  const grouping = groupingOf(core, base);
  const { conditions, rowFilter } = compileHaving(core, { ...base, scope: { ...base.scope, grouping } });
  const filtered =
    grouping.kind === 'grouped' && rowFilter !== undefined ? { ...grouping, rowFilter } : grouping;
  const frame: Frame = { ...base, scope: { ...base.scope, grouping: filtered } };
  const items = compileItems(core.items, frame);
  const order = compileOrder(tail.orderBy, core, items, frame);
  const top =
    core.top === undefined || core.top.count === 'ALL' ? '' : ` LIMIT ${rowCountText(core.top.count, frame)}`;
  const parts: SelectParts = {
    items,
    from,
    where: [...(where === undefined ? [] : [where]), ...(grouping.kind === 'grouped' ? [] : conditions)],
    groupBy: groupTexts(core, grouping),
    having: grouping.kind === 'grouped' ? [...conditions, ...someRow(core)] : [],
    order,
    limit: `${top}${tail.limit}`,
  };
  const columns = items.map((item) => item.column);
  if (core.distinctBy !== undefined) return { columns, sql: distinctByText(core.distinctBy, parts, frame) };
  if (isDistinct(core)) return { columns, sql: distinctText(parts, context) };
  return { columns, sql: plainText(parts) };
}

/** DISTINCT means nothing without FROM, and next to GROUP BY it is ignored when an aggregate is selected. */
function isDistinct(core: SelectCore): boolean {
  if (core.quantifier !== 'DISTINCT' || core.from.length === 0) return false;
  return core.groupBy.length === 0 || contentsOf([core.items]).aggregates.length === 0;
}

/** Aggregates of no rows are a row, but DISTINCT finds no distinct value then. */
const someRow = (core: SelectCore): string[] =>
  isDistinct(core) && core.groupBy.length === 0 ? ['count(*) > 0'] : [];

interface SelectParts {
  readonly items: readonly CompiledItem[];
  readonly from: readonly FromItem[];
  readonly where: readonly string[];
  readonly groupBy: readonly string[];
  readonly having: readonly string[];
  readonly order: readonly OrderKey[];
  readonly limit: string;
}

interface OrderKey {
  readonly value: Typed;
  readonly direction: 'ASC' | 'DESC';
  /** The select item that it is. */
  readonly item: CompiledItem | undefined;
}

function compileFromList(core: SelectCore, context: CompileContext, outer: Frame | undefined): FromItem[] {
  let frame = frameOf(context, [], outer, 'from');
  const items: FromItem[] = [];
  for (const reference of core.from) {
    const item = compileFrom(reference, frame);
    items.push(item);
    frame = withSources(frame, item.sources);
  }
  checkLabels(frame.scope.sources);
  return items;
}

function groupingOf(core: SelectCore, base: Frame): Grouping {
  if (core.groupBy.length > 0) {
    const keys = core.groupBy.map((item) => groupItem(item, core, base)).filter((key) => key !== undefined);
    // GROUP BY of literals only: one group.
    return { kind: 'grouped', core, keys };
  }
  const { aggregates, hasPlainColumn } = contentsOf([core.items, core.having, core.distinctBy]);
  const counted = aggregates.filter((aggregate) => aggregate.forEach === undefined);
  if (aggregates.length === 0) return { kind: 'none' };
  if (hasPlainColumn || counted.length < aggregates.length) return { kind: 'mixed', core };
  return { kind: 'grouped', core, keys: [] };
}

/** GROUP BY of literals only makes one group, but none of no rows. */
function groupTexts(core: SelectCore, grouping: Grouping): string[] {
  if (grouping.kind !== 'grouped') return [];
  if (core.groupBy.length > 0 && grouping.keys.length === 0) return ['(SELECT 1)'];
  return grouping.keys.map((key) => key.sql);
}

function groupItem(item: Expression, core: SelectCore, base: Frame): GroupKey | undefined {
  const frame: Frame = { ...base, clause: 'group' };
  if (['number', 'string', 'null', 'parameter', 'subquery'].includes(item.kind)) return undefined;
  const target = aliasTarget(item, core, frame) ?? item;
  const value = compileExpression(target, frame);
  const key = rowKey(value);
  // FastDistinct gives the collated value back; else any value of the group stands for it.
  const shown: Typed =
    frame.context.session.fastDistinct && !isStream(value.type)
      ? key
      : { ...value, sql: `any_value(${value.sql})`, origin: 'expression' };
  const column = target.kind === 'column' && target.arrows.length === 0 ? target : undefined;
  if (column !== undefined) {
    const found = findColumn(frame, column.name, column.table).column;
    const named = { ...shown, name: found.name };
    return { sql: key.sql, values: [{ fingerprint: columnFingerprint(found.value.sql), value: named }] };
  }
  return {
    sql: key.sql,
    values: [{ fingerprint: fingerprint(target), value: shown }, ...collatedColumn(target, frame)],
  };
}

/** `GROUP BY %SQLUPPER(c, 2)`: c alone is the collated value too. */
function collatedColumn(target: Expression, frame: Frame): GroupKey['values'] {
  if (target.kind !== 'collation' || target.operand.kind !== 'column' || target.operand.arrows.length > 0)
    return [];
  const { column } = findColumn(frame, target.operand.name, target.operand.table);
  if (!isText(column.value.type) || target.collation === '%PLUS' || target.collation === '%MINUS') return [];
  const collation = {
    name: target.collation,
    ...(target.length === undefined ? {} : { length: target.length }),
  };
  const sql = `any_value(${collationKey(column.value.sql, collation)})`;
  const value: Typed = { ...column.value, sql, origin: 'expression', name: column.name };
  return [{ fingerprint: columnFingerprint(column.value.sql), value }];
}

/** A name that is no column but an alias of the select list. A real column wins. */
function aliasTarget(item: Expression, core: SelectCore, frame: Frame): Expression | undefined {
  if (item.kind !== 'column' || item.table !== undefined || item.arrows.length > 0) return undefined;
  const wanted = item.name.name.toUpperCase();
  const isColumn = frame.scope.sources.some((source) =>
    source.columns.some((column) => column.name.toUpperCase() === wanted),
  );
  if (isColumn) return undefined;
  for (const candidate of core.items) {
    if (candidate.kind === 'item' && candidate.alias?.name.toUpperCase() === wanted)
      return candidate.expression;
  }
  return undefined;
}

function compileOrder(
  orderBy: readonly OrderItem[],
  core: SelectCore,
  items: readonly CompiledItem[],
  frame: Frame,
): OrderKey[] {
  const columns = items.map((item) => item.column);
  const keys: OrderKey[] = [];
  for (const item of orderBy) {
    const { expression, direction } = item;
    if (expression.kind === 'number') {
      const column = columnAt(expression.text, columns);
      keys.push(itemKey(items[columns.indexOf(column)], direction));
      continue;
    }
    if (ignoredOrder(item)) continue;
    const aliased = aliasedItem(expression, items);
    if (aliased !== undefined) {
      keys.push(itemKey(aliased, direction));
      continue;
    }
    const wanted = fingerprint(expression);
    const same = items.find((candidate) => candidate.fingerprint === wanted);
    if (same === undefined && contentsOf([expression]).aggregates.length > 0) {
      throw sqlError(-73, ' Aggregates not supported in ORDER BY clause');
    }
    if (
      same !== undefined &&
      (core.quantifier === 'DISTINCT' || contentsOf([expression]).aggregates.length > 0)
    ) {
      keys.push(itemKey(same, direction));
      continue;
    }
    keys.push({ value: compileExpression(expression, { ...frame, clause: 'order' }), direction, item: same });
  }
  return keys;
}

function itemKey(item: CompiledItem | undefined, direction: 'ASC' | 'DESC'): OrderKey {
  if (item === undefined) throw sqlError(-5, ' Column number specified in ORDER does not match SELECT list');
  return { value: item.value, direction, item };
}

/** An alias of the select list: it wins over a column of the same name. */
function aliasedItem(expression: Expression, items: readonly CompiledItem[]): CompiledItem | undefined {
  if (expression.kind !== 'column' || expression.table !== undefined || expression.arrows.length > 0)
    return undefined;
  const wanted = expression.name.name.toUpperCase();
  const found = items.filter((item) => item.column.isAliased && item.column.name.toUpperCase() === wanted);
  const [first, ...others] = found;
  if (others.some((item) => item.fingerprint !== first?.fingerprint)) {
    throw sqlError(-24, ` Ambiguous sort column '${expression.name.name}'`);
  }
  return first;
}

const tailOf = (parts: SelectParts): string => {
  const from = parts.from.length === 0 ? '' : ` FROM ${parts.from.map((item) => item.text()).join(', ')}`;
  const where = parts.where.length === 0 ? '' : ` WHERE ${parts.where.join(' AND ')}`;
  const groupBy = parts.groupBy.length === 0 ? '' : ` GROUP BY ${parts.groupBy.join(', ')}`;
  return `${from}${where}${groupBy}${parts.having.length === 0 ? '' : ` HAVING ${parts.having.join(' AND ')}`}`;
};

const orderText = (keys: readonly string[]): string =>
  keys.length === 0 ? '' : ` ORDER BY ${keys.join(', ')}`;

const itemTexts = (items: readonly CompiledItem[]): string[] =>
  items.map((item) => `${item.value.sql} AS ${item.column.sqlName}`);

function plainText(parts: SelectParts): string {
  const order = parts.order.flatMap((key) => sortKeys(constantSafe(key.value), key.direction));
  return `SELECT ${itemTexts(parts.items).join(', ')}${tailOf(parts)}${orderText(order)}${parts.limit}`;
}

/** PostgreSQL takes a bare integer in ORDER BY for a position and refuses other constants. */
function constantSafe(value: Typed): Typed {
  return value.origin === 'literal' ? { ...value, sql: `(SELECT ${value.sql})` } : value;
}

/** Equal under their collation is equal; the collated value is what comes back. */
function distinctText(parts: SelectParts, context: CompileContext): string {
  /** The collated value is what comes back. */
  const isKey = (item: CompiledItem): boolean => context.session.fastDistinct && !isStream(item.value.type);
  const inner = [
    ...parts.items.flatMap((item) => {
      const key = rowKey(item.value).sql;
      return isKey(item)
        ? [`${key} AS ${item.column.sqlName}`]
        : [`${item.value.sql} AS ${item.column.sqlName}`, `${key} AS k_${item.column.sqlName}`];
    }),
    ...parts.order.flatMap((key, index) =>
      key.item === undefined ? [`${key.value.sql} AS o${index + 1}`] : [],
    ),
  ];
  const groups = parts.items.map((item) =>
    isKey(item) ? `d.${item.column.sqlName}` : `d.k_${item.column.sqlName}`,
  );
  const outputs = parts.items.map((item) =>
    isKey(item)
      ? `d.${item.column.sqlName} AS ${item.column.sqlName}`
      : `any_value(d.${item.column.sqlName}) AS ${item.column.sqlName}`,
  );
  const order = parts.order.flatMap((key, index) => {
    const plain = `d.${key.item === undefined ? `o${index + 1}` : key.item.column.sqlName}`;
    const sql = key.item === undefined || !isKey(key.item) ? `any_value(${plain})` : plain;
    return sortKeys({ ...key.value, sql, origin: 'column' }, key.direction);
  });
  const source = `SELECT ${inner.join(', ')}${tailOf(parts)}`;
  return `SELECT ${outputs.join(', ')} FROM (${source}) AS d GROUP BY ${groups.join(', ')}${orderText(order)}${parts.limit}`;
}

/** `DISTINCT BY (a) b`: some row for each value of a. */
function distinctByText(by: readonly Expression[], parts: SelectParts, frame: Frame): string {
  const values = by.map((item) => compileExpression(item, frame));
  const keys = values.map((value) => rowKey(value).sql);
  // Selected as it is, a field of BY comes back collated.
  const items = parts.items.map((item): CompiledItem => {
    const { value } = item;
    const same = values.some((key) => key.sql === value.sql && sameCollation(key.collation, value.collation));
    const isKey = same && frame.context.session.fastDistinct && !isStream(value.type);
    return isKey ? { ...item, value: groupingKey(value) } : item;
  });
  const sortable = parts.order.map((key, index) => `${key.value.sql} AS o${index + 1}`);
  const source = `SELECT DISTINCT ON (${keys.join(', ')}) ${[...itemTexts(items), ...sortable].join(', ')}${tailOf(parts)}`;
  const order = parts.order.flatMap((key, index) =>
    sortKeys({ ...key.value, sql: `d.o${index + 1}`, origin: 'column' }, key.direction),
  );
  const outputs = parts.items.map((item) => `d.${item.column.sqlName} AS ${item.column.sqlName}`);
  return `SELECT ${outputs.join(', ')} FROM (${source}) AS d${orderText(order)}${parts.limit}`;
}
