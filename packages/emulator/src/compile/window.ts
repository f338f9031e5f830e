import { sqlError } from '@iris-devtools/core';
import type { FrameBound, WindowCall } from '../sql/ast.js';
import type { IrisType } from '../sql/types.js';
import { asNumber, asType } from './coerce.js';
import { groupingKey, sortKeys } from './comparison.js';
import { compileExpression, compileValue } from './expression.js';
import type { Frame } from './scope.js';
import type { Typed } from './typed.js';
import { expression } from './typed.js';
import { BIGINT, DOUBLE, isInteger, NUMERIC } from './types.js';

const HONOURS_FRAME: ReadonlySet<string> = new Set([
  'AVG',
  'FIRST_VALUE',
  'LAST_VALUE',
  'NTH_VALUE',
  'MIN',
  'MAX',
  'SUM',
]);

/** A window function. @throws IrisError -367 outside of the select list and ORDER BY */
export function compileWindow(node: WindowCall, frame: Frame): Typed {
  if ((frame.clause !== 'select' && frame.clause !== 'order') || frame.inAggregate) {
    throw sqlError(-367, ' Window function not allowed here');
  }
  const over = `OVER (${windowText(node, frame)})`;
  const args =
    node.arguments === '*' ? [] : node.arguments.map((item) => compileValue(item, frame, node.name));
  const [first] = args;
  switch (node.name) {
    case 'ROW_NUMBER':
    case 'RANK':
    case 'DENSE_RANK':
      return expression(`${node.name.toLowerCase()}() ${over}`, BIGINT);
    case 'PERCENT_RANK':
    case 'CUME_DIST':
      return expression(`${node.name.toLowerCase()}() ${over}`, DOUBLE);
    case 'NTILE':
      return expression(`(ntile(${integer(first, frame)}) ${over})::int8`, BIGINT);
    case 'COUNT':
      return expression(`count(${first === undefined ? '*' : first.sql}) ${over}`, BIGINT);
    case 'SUM':
    case 'AVG':
    case 'MIN':
    case 'MAX':
      return aggregateOver(node, first, over, frame);
    default:
      return positional(node, args, over, frame);
  }
}

/** SUM, AVG, MIN, MAX. In a ROWS frame a NULL counts as zero. */
function aggregateOver(node: WindowCall, argument: Typed | undefined, over: string, frame: Frame): Typed {
  if (argument === undefined) throw sqlError(-1, ` ${node.name} needs an argument`);
  const name = node.name.toLowerCase();
  const zero = (sql: string): string => (node.frame === undefined ? sql : `coalesce(${sql}, 0)`);
  if (node.name === 'MIN' || node.name === 'MAX') {
    const key = groupingKey(argument);
    const numeric =
      isInteger(argument.type) || argument.type.name === 'NUMERIC' || argument.type.name === 'DOUBLE';
    return expression(`${name}(${numeric ? zero(key.sql) : key.sql}) ${over}`, argument.type);
  }
  const { sql, type } = asNumber(argument, frame.context);
  if (type.name === 'DOUBLE') return expression(`${name}(${zero(sql)}) ${over}`, DOUBLE);
  if (node.name === 'AVG') {
    const value = zero(`${sql}::numeric`);
    return expression(
      `iris_sys.divide(sum(${value}) ${over}, nullif(count(${value}) ${over}, 0)::numeric)`,
      NUMERIC,
    );
  }
  const sum = `sum(${zero(sql)}) ${over}`;
  return isInteger(type)
    ? expression(`(${sum})::int8`, BIGINT)
    : expression(sum, { ...NUMERIC, scale: type.scale ?? 9 });
}

/** FIRST_VALUE, LAST_VALUE, NTH_VALUE, LAG, LEAD: values of other rows. */
function positional(node: WindowCall, args: readonly Typed[], over: string, frame: Frame): Typed {
  const [value, offset, fallback] = args;
  if (value === undefined) throw sqlError(-1, ` ${node.name} needs an argument`);
  const name = node.name.toLowerCase();
  const type: IrisType = value.type;
  if (node.name === 'FIRST_VALUE' || node.name === 'LAST_VALUE') {
    return expression(`${name}(${value.sql}) ${over}`, type, value.collation);
  }
  if (node.name === 'NTH_VALUE') {
    return expression(`nth_value(${value.sql}, ${integer(offset, frame)}) ${over}`, type, value.collation);
  }
  const more = offset === undefined ? '' : `, ${integer(offset, frame)}`;
  const last = fallback === undefined ? '' : `, ${asType(fallback, type, frame.context).sql}`;
  return expression(`${name}(${value.sql}${more}${last}) ${over}`, type, value.collation);
}

function integer(value: Typed | undefined, frame: Frame): string {
  if (value === undefined) throw sqlError(-380, ' Invalid or Missing argument to scalar function');
  return `${asNumber(value, frame.context).sql}::int4`;
}

function windowText(node: WindowCall, frame: Frame): string {
  const partition = node.partitionBy.map((item) => groupingKey(compileExpression(item, frame)).sql);
  const order = node.orderBy.flatMap((item) =>
    sortKeys(compileExpression(item.expression, frame), item.direction),
  );
  const parts = [
    partition.length > 0 ? `PARTITION BY ${partition.join(', ')}` : '',
    order.length > 0 ? `ORDER BY ${order.join(', ')}` : '',
  ];
  if (HONOURS_FRAME.has(node.name)) parts.push(frameText(node, order.length > 0));
  return parts.filter((part) => part !== '').join(' ');
}

/** With ORDER BY the default frame counts rows, not peers. */
function frameText(node: WindowCall, ordered: boolean): string {
  if (node.frame === undefined) return ordered ? 'ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW' : '';
  const [start, end] = [node.frame.start, node.frame.end].sort((a, b) => offsetOf(a) - offsetOf(b));
  return start === undefined || end === undefined
    ? ''
    : `ROWS BETWEEN ${boundText(start)} AND ${boundText(end)}`;
}

/** Bounds may come in any order. */
function offsetOf(bound: FrameBound): number {
  switch (bound.kind) {
    case 'unbounded-preceding':
      return -Infinity;
    case 'unbounded-following':
      return Infinity;
    case 'current-row':
      return 0;
    case 'preceding':
      return -bound.rows;
    case 'following':
      return bound.rows;
  }
}

function boundText(bound: FrameBound): string {
  switch (bound.kind) {
    case 'unbounded-preceding':
      return 'UNBOUNDED PRECEDING';
    case 'unbounded-following':
      return 'UNBOUNDED FOLLOWING';
    case 'current-row':
      return 'CURRENT ROW';
    case 'preceding':
      return `${bound.rows} PRECEDING`;
    case 'following':
      return `${bound.rows} FOLLOWING`;
  }
}
