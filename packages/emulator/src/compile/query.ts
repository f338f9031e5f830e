import { sqlError } from '@iris-devtools/core';
import type { OrderItem, Query, QueryBody, RowCountValue, SelectCore } from '../sql/ast.js';
import { asNumber } from './coerce.js';
import { sortKeys } from './comparison.js';
import type { CompileContext } from './context.js';
import { compileExpression } from './expression.js';
import type { CompiledQuery, OutputColumn } from './output.js';
import { frameOf } from './scope.js';
import type { Frame } from './scope.js';
import { compileSelect } from './select.js';
import { compileSetOperation } from './set-operation.js';
import type { Typed } from './typed.js';

/** A complete query. `outer` is what a correlated subquery can see. */
export function compileQuery(query: Query, context: CompileContext, outer: Frame | undefined): CompiledQuery {
  for (const common of query.with) {
    const compiled = compileQuery(common.query, context, undefined);
    context.defineCommonTable(common.name.name, compiled.sql, compiled.columns);
  }
  const limit = limitText(query, context, outer);
  const body = unwrapped(query.body);
  if (body.kind === 'select') return compileSelect(body, context, outer, { orderBy: query.orderBy, limit });
  const compiled = compileBody(body, context, outer);
  const order = setOrder(query.orderBy, compiled.columns);
  if (order === '' && limit === '') return compiled;
  return {
    columns: compiled.columns,
    sql: `SELECT ${compiled.columns.map((column) => column.sqlName).join(', ')} FROM (${compiled.sql}) AS u${order}${limit}`,
  };
}

/** Parentheses around a whole query without ORDER BY or limit of its own mean nothing. */
function unwrapped(body: QueryBody): QueryBody {
  if (body.kind !== 'parenthesized-query') return body;
  const { query } = body;
  return query.orderBy.length === 0 && query.rowLimit === undefined && query.with.length === 0
    ? unwrapped(query.body)
    : body;
}

export function compileBody(
  body: QueryBody,
  context: CompileContext,
  outer: Frame | undefined,
): CompiledQuery {
  switch (body.kind) {
    case 'select':
      return compileSelect(body, context, outer, { orderBy: [], limit: '' });
    case 'parenthesized-query':
      return compileQuery(body.query, context, outer);
    case 'set-operation':
      return compileSetOperation(body, context, outer);
  }
}

/** @throws IrisError -386 when TOP, LIMIT and FETCH are mixed */
function limitText(query: Query, context: CompileContext, outer: Frame | undefined): string {
  const { rowLimit } = query;
  if (rowLimit === undefined) return '';
  if (firstCore(query.body)?.top !== undefined)
    throw sqlError(-386, ' Cannot use more than one of TOP, LIMIT or ANSI styles');
  const frame = frameOf(context, [], outer, 'values');
  const count = rowLimit.count === undefined ? '' : ` LIMIT ${rowCountText(rowLimit.count, frame)}`;
  const offset = rowLimit.offset === undefined ? '' : ` OFFSET ${rowCountText(rowLimit.offset, frame)}`;
  return `${count}${offset}`;
}

function firstCore(body: QueryBody): SelectCore | undefined {
  return body.kind === 'select' ? body : undefined;
}

/** A row count; a negative one means 0. */
export function rowCountText(value: RowCountValue, frame: Frame): string {
  if (value.kind === 'negative-number') return '0';
  const count: Typed = compileExpression(value, frame);
  if (count.origin === 'parameter') frame.context.learnParameter(count.parameterIndex, { name: 'INTEGER' });
  return `greatest(0, trunc(${asNumber(count, frame.context).sql}))::int8`;
}

/** ORDER BY after a set operation: names of the first leg, or positions. */
function setOrder(items: readonly OrderItem[], columns: readonly OutputColumn[]): string {
  const keys = items.flatMap((item) => {
    const column = setOrderColumn(item, columns);
    if (column === undefined) return [];
    const value: Typed = {
      sql: column.sqlName,
      type: column.type,
      origin: 'column',
      ...(column.collation === undefined ? {} : { collation: column.collation }),
    };
    return sortKeys(value, item.direction);
  });
  return keys.length === 0 ? '' : ` ORDER BY ${keys.join(', ')}`;
}

function setOrderColumn(item: OrderItem, columns: readonly OutputColumn[]): OutputColumn | undefined {
  const { expression } = item;
  if (expression.kind === 'number') return columnAt(expression.text, columns);
  if (expression.kind === 'column' && expression.arrows.length === 0) {
    const wanted = expression.name.name.toUpperCase();
    const found = columns.find((column) => column.name.toUpperCase() === wanted);
    if (found !== undefined) return found;
  }
  if (ignoredOrder(item)) return undefined;
  throw sqlError(-6, ' ORDER BY column after UNION not found as SELECT column');
}

/** The column at a position of ORDER BY, whose fraction counts for nothing. @throws IrisError -5 */
export function columnAt(position: string, columns: readonly OutputColumn[]): OutputColumn {
  const column = columns[Math.trunc(Number(position)) - 1];
  if (column === undefined) {
    throw sqlError(-5, ` Column number ${position} specified in ORDER does not match SELECT list`);
  }
  return column;
}

/** Parameters, signed or parenthesised numbers and subqueries order nothing. */
export function ignoredOrder(item: OrderItem): boolean {
  switch (item.expression.kind) {
    case 'parameter':
    case 'subquery':
    case 'string':
    case 'null':
      return true;
    case 'unary':
    case 'parenthesized': {
      const inner = item.expression.kind === 'unary' ? item.expression.operand : item.expression.expression;
      return inner.kind === 'number' || inner.kind === 'parameter' || inner.kind === 'subquery';
    }
    default:
      return false;
  }
}
