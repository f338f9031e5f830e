import type { FuncCall, Node, WindowDef } from '@pgsql/types';
import { as, lastName } from '../ast.js';
import type { Env } from '../context.js';
import { asValue, comparable, integerConstant, value, type Expr } from '../expr.js';
import { EMPTY, join, raw, sql, type Sql } from '../fragment.js';
import { FLOAT8, INT4, INT8, type PgType } from '../pg-types.js';
import { sortKeys } from '../query/sort-key.js';
import { translateAggregate } from './aggregates.js';
import { coerce } from './cast.js';

/** Bits of WindowDef.frameOptions, from PostgreSQL's parsenodes.h. */
const FRAME = {
  range: 0x2,
  rows: 0x4,
  groups: 0x8,
  startUnboundedPreceding: 0x20,
  endUnboundedFollowing: 0x100,
  startCurrentRow: 0x200,
  endCurrentRow: 0x400,
  startOffsetPreceding: 0x800,
  endOffsetPreceding: 0x1000,
  startOffsetFollowing: 0x2000,
  endOffsetFollowing: 0x4000,
  exclude: 0x38000,
} as const;

interface Window {
  readonly partition: Sql;
  readonly order: Sql;
  readonly isOrdered: boolean;
  readonly frame: 'default' | 'whole' | 'rows';
  /** `ROWS BETWEEN .. AND ..`, when `frame` is `rows`. */
  readonly rows: Sql;
}

/** Functions for which a frame has no meaning, with the type of their result. */
const RANKING: Readonly<Record<string, { readonly irisName: string; readonly type: PgType } | undefined>> = {
  row_number: { irisName: 'ROW_NUMBER', type: INT8 },
  rank: { irisName: 'RANK', type: INT8 },
  dense_rank: { irisName: 'DENSE_RANK', type: INT8 },
  percent_rank: { irisName: 'PERCENT_RANK', type: FLOAT8 },
  cume_dist: { irisName: 'CUME_DIST', type: FLOAT8 },
  ntile: { irisName: 'NTILE', type: INT4 },
};

export function translateWindowCall(name: string, node: FuncCall, env: Env): Expr {
  const window = windowOf(node.over ?? {}, env);
  if (node.agg_distinct === true) throw env.refuse('DISTINCT in a window function', node.location);
  const expr = windowValue(name, node, window, env);
  return { ...expr, sql: expr.sql.without('aggregate').with('window') };
}

function windowValue(name: string, node: FuncCall, window: Window, env: Env): Expr {
  const args = (node.args ?? []).map((each) => env.expression(each));
  const ranking = RANKING[name];
  if (ranking !== undefined) {
    const call = sql`${raw(ranking.irisName)}(${join(args.map(asValue))})`;
    return value(sql`${call} ${unframed(window)}`, ranking.type, { nullable: false });
  }
  switch (name) {
    case 'lag':
    case 'lead':
      return neighbour(name, args, window, node, env);
    case 'first_value':
    case 'last_value':
    case 'nth_value':
      return positional(name, args, window, node, env);
    default:
      return aggregateOver(name, node, args, window, env);
  }
}

function neighbour(name: string, args: readonly Expr[], window: Window, node: FuncCall, env: Env): Expr {
  const [x, offset, fallback] = args;
  if (x === undefined) throw env.refuse(name, node.location);
  if (offset !== undefined && (integerConstant(offset) ?? -1) < 0) {
    throw env.refuse(`${name} with this offset`, node.location, 'Use a constant from 0 on.');
  }
  const rest = [offset, fallback === undefined ? undefined : coerce(fallback, x.type, env, node.location)];
  const written = [x, ...rest].flatMap((each) => (each === undefined ? [] : [asValue(each)]));
  return value(sql`${raw(name.toUpperCase())}(${join(written)}) ${unframed(window)}`, x.type);
}

function positional(name: string, args: readonly Expr[], window: Window, node: FuncCall, env: Env): Expr {
  const [x] = args;
  if (x === undefined) throw env.refuse(name, node.location);
  // The default frame ends with the last peer in PostgreSQL, with the row itself in IRIS: the first value is the same.
  if (name !== 'first_value' && window.frame === 'default' && window.isOrdered)
    throw refuseDefaultFrame(env, node);
  const call = sql`${raw(name.toUpperCase())}(${join(args.map(asValue))})`;
  const whole = raw(' ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING');
  const frame = window.frame === 'whole' || !window.isOrdered ? whole : window.rows;
  return value(sql`${call} OVER (${window.partition}${window.order}${frame})`, x.type);
}

function aggregateOver(name: string, node: FuncCall, args: readonly Expr[], window: Window, env: Env): Expr {
  if (window.frame === 'default' && window.isOrdered) throw refuseDefaultFrame(env, node);
  if (args.some((each) => each.sql.has('aggregate'))) {
    throw env.refuse('a window function over grouped rows', node.location, 'Group in a query in FROM.');
  }
  const wholePartition = window.frame !== 'rows';
  const place = wholePartition ? sql`OVER (${window.partition})` : over(window);
  if (name === 'count') return countOver(args, node, place, !wholePartition, env);
  if (!['sum', 'avg', 'min', 'max'].includes(name)) {
    throw env.refuse(`${name} as a window function`, node.location);
  }
  if (!wholePartition && (args.some((each) => each.nullable) || node.agg_filter !== undefined)) {
    if (name === 'sum' && node.agg_filter === undefined) return sumSkippingNulls(node, place, env);
    const hint = 'In a ROWS frame IRIS counts NULL as 0; use COALESCE.';
    throw env.refuse(`${name} over rows with NULLs`, node.location, hint);
  }
  const aggregate = plainAggregate(name, node, env);
  if (aggregate.sql.toString().startsWith('SUBSTRING(')) {
    throw env.refuse(`${name} of text as a window function`, node.location);
  }
  const { nullable, scale } = aggregate;
  const facts = scale === undefined ? { nullable } : { nullable, scale };
  return value(sql`${aggregate.sql} ${place}`, aggregate.type, facts);
}

function plainAggregate(name: string, { over: _over, ...call }: FuncCall, env: Env): Expr {
  return translateAggregate(name, call, env);
}

/** A frame of NULLs alone has the sum NULL; among others a NULL counts for nothing. */
function sumSkippingNulls(node: FuncCall, place: Sql, env: Env): Expr {
  const [x] = (node.args ?? []).map((each) => env.expression(each));
  const { type, scale } = plainAggregate('sum', node, env);
  if (x === undefined) throw env.refuse('sum without an argument', node.location);
  const known = sql`SUM(CASE WHEN ${x.sql} IS NULL THEN 0 ELSE 1 END) ${place}`;
  const total = sql`SUM(COALESCE(${x.sql}, 0)) ${place}`;
  return value(sql`CASE WHEN ${known} > 0 THEN ${total} END`, type, scale === undefined ? {} : { scale });
}

/** IRIS documents COUNT OVER both as a running and as a total count; SUM leaves no doubt. An empty frame has none. */
function countOver(args: readonly Expr[], node: FuncCall, place: Sql, mayBeEmpty: boolean, env: Env): Expr {
  if (node.agg_filter !== undefined) throw env.refuse('FILTER in a window function', node.location);
  const [x] = args;
  const one = x?.nullable === true ? sql`CASE WHEN ${comparable(x)} IS NULL THEN 0 ELSE 1 END` : raw('1');
  const count = sql`SUM(${one}) ${place}`;
  return value(mayBeEmpty ? sql`COALESCE(${count}, 0)` : count, INT8, { nullable: false });
}

function refuseDefaultFrame(env: Env, node: FuncCall): Error {
  const hint =
    'Rows with equal keys share a frame in PostgreSQL only. Write ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW.';
  return env.refuse('a running aggregate over the default RANGE frame', node.location, hint);
}

/** Ranks and neighbours look at the whole partition. */
function unframed(window: Window): Sql {
  return sql`OVER (${window.partition}${window.order})`;
}

function over(window: Window): Sql {
  return sql`OVER (${window.partition}${window.order}${window.rows})`;
}

/** The definition of `OVER (..)`, `OVER w`, `OVER (w ORDER BY ..)`. */
function windowOf(definition: WindowDef, env: Env): Window {
  const base = namedWindow(definition.name ?? definition.refname, env);
  const partitionNodes = definition.partitionClause ?? base?.partitionClause ?? [];
  const orderNodes = definition.orderClause ?? base?.orderClause ?? [];
  const options = definition.name === undefined ? (definition.frameOptions ?? 0) : (base?.frameOptions ?? 0);
  const bounds = definition.name === undefined ? definition : (base ?? definition);
  const partition = partitionNodes.map((each) => comparable(env.expression(each)));
  const keys = sortKeys(orderNodes, (node) => env.expression(node), env);
  const lead = partition.length === 0 ? EMPTY : sql`PARTITION BY ${join(partition)}`;
  const order =
    keys.length === 0 ? EMPTY : sql`${raw(partition.length === 0 ? '' : ' ')}ORDER BY ${join(keys)}`;
  const frame = frameOf(options, bounds, env);
  const withoutPeers = frame.frame === 'default' && ordersByKey(orderNodes, env);
  return { partition: lead, order, isOrdered: keys.length > 0, ...(withoutPeers ? RUNNING_ROWS : frame) };
}

/** Where no two rows have equal keys, PostgreSQL's default frame is this one. */
const RUNNING_ROWS: Pick<Window, 'frame' | 'rows'> = {
  frame: 'rows',
  rows: raw(' ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW'),
};

/** Is a key of the order the primary key of the only table? A join could repeat it. */
function ordersByKey(orderNodes: readonly Node[], env: Env): boolean {
  const [relation, ...others] = env.scope.table.relations;
  if (relation === undefined || others.length > 0) return false;
  return orderNodes.some((each) => {
    const fields = as(as(each, 'SortBy')?.node, 'ColumnRef')?.fields;
    const name = lastName(fields);
    return (
      fields !== undefined && relation.columns.some((column) => column.name === name && column.isKey === true)
    );
  });
}

function namedWindow(name: string | undefined, env: Env): WindowDef | undefined {
  if (name === undefined) return undefined;
  const found = env.windows.map((each: Node) => as(each, 'WindowDef')).find((each) => each?.name === name);
  if (found === undefined) throw env.context.error('42704', `window "${name}" does not exist`);
  return found;
}

function frameOf(options: number, bounds: WindowDef, env: Env): Pick<Window, 'frame' | 'rows'> {
  const has = (bit: keyof typeof FRAME): boolean => (options & FRAME[bit]) !== 0;
  if (has('exclude')) throw env.refuse('EXCLUDE in a window frame', bounds.location);
  if (has('startUnboundedPreceding') && has('endUnboundedFollowing')) return { frame: 'whole', rows: EMPTY };
  const isDefault = has('startUnboundedPreceding') && has('endCurrentRow');
  if (!has('rows')) {
    if (isDefault || options === 0) return { frame: 'default', rows: EMPTY };
    throw env.refuse('a RANGE or GROUPS frame', bounds.location, 'IRIS has ROWS frames only.');
  }
  const start = has('startUnboundedPreceding')
    ? raw('UNBOUNDED PRECEDING')
    : bound(has('startCurrentRow'), has('startOffsetPreceding'), bounds.startOffset, env);
  const end = has('endUnboundedFollowing')
    ? raw('UNBOUNDED FOLLOWING')
    : bound(has('endCurrentRow'), has('endOffsetPreceding'), bounds.endOffset, env);
  return { frame: 'rows', rows: sql` ROWS BETWEEN ${start} AND ${end}` };
}

function bound(isCurrentRow: boolean, isPreceding: boolean, offset: Node | undefined, env: Env): Sql {
  if (isCurrentRow) return raw('CURRENT ROW');
  const rows = integerConstant(env.optional(offset));
  if (rows === undefined || rows < 0) throw env.refuse('a window frame bound that is no constant', offset);
  return raw(`${rows} ${isPreceding ? 'PRECEDING' : 'FOLLOWING'}`);
}
