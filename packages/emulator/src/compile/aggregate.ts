import { sqlError } from '@iris-devtools/core';
import type { AggregateCall, Condition, Expression, SelectCore } from '../sql/ast.js';
import type { IrisType } from '../sql/types.js';
import { displayText } from './cast.js';
import { asNumber, asText } from './coerce.js';
import { groupingKey } from './comparison.js';
import { compileExpression } from './expression.js';
import { contentsOf } from './fingerprint.js';
import { jsonElement } from './json.js';
import { compileQuery } from './query.js';
import { rowsAreGroups } from './scope.js';
import type { Frame, Grouping } from './scope.js';
import type { Typed } from './typed.js';
import { EXACT, collationKey, expression } from './typed.js';
import { BIGINT, DOUBLE, isInteger, isStream, isText, NUMERIC, VARCHAR } from './types.js';

/**
 * An aggregate. Next to plain columns without GROUP BY it is the value over the whole set, computed by a subquery
 * over the same FROM and WHERE.
 *
 * @throws IrisError -19 where no aggregate may stand, -37 for a stream
 */
export function compileAggregate(node: AggregateCall, frame: Frame): Typed {
  const { grouping } = frame.scope;
  if (!rowsAreGroups(frame.clause) || (frame.inAggregate && !isWhole(grouping))) {
    throw sqlError(-19, ' An aggregate function cannot be used in a WHERE or GROUP BY clause');
  }
  // unverified on a live server: inside another aggregate it is the same for every row, that over the whole set
  if (frame.inAggregate && isWhole(grouping)) {
    return overWholeSet(node, grouping.core, { ...frame, inAggregate: false });
  }
  // HAVING works on rows here, so the rows after it are those that a window sees.
  const afterHaving =
    node.afterHaving &&
    frame.clause !== 'having' &&
    node.quantifier !== 'DISTINCT' &&
    grouping.kind === 'mixed';
  if (grouping.kind === 'mixed' && node.forEach === undefined && !afterHaving)
    return overWholeSet(node, grouping.core, frame);
  if (node.forEach !== undefined && grouping.kind === 'grouped') {
    return foreachInGroups(node, node.forEach, grouping.core, frame);
  }
  const rows: Frame = { ...frame, inAggregate: true };
  if (node.forEach !== undefined) return aggregateText(node, rows, foreachWindow(node, rows));
  if (afterHaving) return aggregateText(node, rows, ' OVER ()');
  const filter = node.afterHaving && grouping.kind === 'grouped' ? grouping.rowFilter : undefined;
  return aggregateText(node, rows, filter === undefined ? '' : ` FILTER (WHERE ${filter})`);
}

/** Without GROUP BY all rows are one set. */
function isWhole(grouping: Grouping): grouping is Extract<Grouping, { core: SelectCore }> {
  return grouping.kind === 'mixed' || (grouping.kind === 'grouped' && grouping.core.groupBy.length === 0);
}

/** %FOREACH next to GROUP BY: over all rows of the query that have the keys of the group. */
function foreachInGroups(
  node: AggregateCall,
  keys: readonly Expression[],
  core: SelectCore,
  frame: Frame,
): Typed {
  const { position } = node;
  const { forEach: _, ...plain } = node;
  const ofRows = node.afterHaving && contentsOf([core.having]).aggregates.length === 0;
  const operands = [core.where, ofRows ? core.having : undefined].filter((test) => test !== undefined);
  const where: Condition | undefined =
    operands.length > 1 ? { kind: 'and', operands, position } : operands[0];
  const body: SelectCore = {
    kind: 'select',
    position,
    hints: [],
    quantifier: 'ALL',
    items: [{ ...plain, afterHaving: false }, ...keys].map((expression) => ({
      kind: 'item',
      position,
      expression,
    })),
    from: core.from,
    groupBy: keys,
    ...(where === undefined ? {} : { where }),
  };
  const query = { kind: 'query', position, with: [], body, orderBy: [] } as const;
  const { sql, columns } = compileQuery(query, frame.context, frame.scope.outer);
  const [value, ...found] = columns.map((column) => ({
    ...expression(`q.${column.sqlName}`, column.type, column.collation),
  }));
  if (value === undefined) throw sqlError(-12, ' A term expected in %FOREACH');
  const tests = found.map((column, index) => {
    const key = keys[index];
    const ofRow = key === undefined ? column : compileExpression(key, { ...frame, inAggregate: true });
    // PostgreSQL knows no items of GROUP BY inside a subquery, but aggregates of the query around it.
    const wanted = groupingKey({ ...ofRow, sql: `any_value(${ofRow.sql})` });
    return `${groupingKey(column).sql} IS NOT DISTINCT FROM ${wanted.sql}`;
  });
  return expression(
    `(SELECT ${value.sql} FROM (${sql}) AS q WHERE ${tests.join(' AND ')})`,
    value.type,
    value.collation,
  );
}

function foreachWindow(node: AggregateCall, frame: Frame): string {
  const keys = (node.forEach ?? []).map((item) => groupingKey(compileExpression(item, frame)).sql);
  return ` OVER (PARTITION BY ${keys.join(', ')})`;
}

function overWholeSet(node: AggregateCall, core: SelectCore, frame: Frame): Typed {
  const { position } = node;
  const { where } = core;
  const only: SelectCore = {
    kind: 'select',
    position,
    hints: [],
    quantifier: 'ALL',
    items: [{ kind: 'item', position, expression: node }],
    from: core.from,
    groupBy: [],
    ...(where === undefined ? {} : { where }),
  };
  const subquery = {
    kind: 'subquery',
    position,
    query: { kind: 'query', position, with: [], body: only, orderBy: [] },
  } as const;
  // Seen from outside of this SELECT, so that its names mean the tables of the subquery.
  const outside = frame.scope.outer;
  const inner: Frame = { ...frame, scope: { sources: [], outer: outside, grouping: { kind: 'none' } } };
  return compileExpression(subquery, inner);
}

/** The text of an aggregate over rows; `over` turns it into a window function or filters the rows. */
function aggregateText(node: AggregateCall, frame: Frame, over: string): Typed {
  if (node.argument.kind === 'star') return expression(`count(*)${over}`, BIGINT);
  const value = compileExpression(node.argument, frame);
  if (isStream(value.type) && (node.name !== 'COUNT' || node.quantifier === 'DISTINCT')) {
    throw sqlError(-37, ` Aggregate function ${node.name} not supported for stream field`);
  }
  const key = isStream(value.type) ? value : groupingKey(value);
  const distinct = node.quantifier === 'DISTINCT' && node.distinctBy === undefined ? 'DISTINCT ' : '';
  const shape = shapeOf(node, value, key, frame, over);
  if (node.distinctBy !== undefined && node.distinctBy.length > 0) {
    return distinctBy(node, shape, frame);
  }
  return { ...shape.build((inner) => `${shape.name}(${distinct}${inner})${over}`) };
}

interface Shape {
  readonly name: string;
  /** What the aggregate takes, and how its result becomes the value. */
  readonly argument: string;
  readonly build: (call: (argument: string) => string) => Typed;
}

function shapeOf(node: AggregateCall, value: Typed, key: Typed, frame: Frame, over: string): Shape {
  const number = (): Typed => asNumber(value, frame.context);
  const distinct = node.quantifier === 'DISTINCT' && node.distinctBy === undefined;
  const simple = (
    name: string,
    argument: string,
    type: IrisType,
    wrap = (sql: string): string => sql,
  ): Shape => ({
    name,
    argument,
    build: (call) => expression(wrap(call(argument)), type, isText(type) ? EXACT : undefined),
  });
  switch (node.name) {
    case 'COUNT':
      return simple('count', distinct ? key.sql : value.sql, BIGINT);
    case 'APPROX_COUNT_DISTINCT':
      return simple('count', `DISTINCT ${key.sql}`, BIGINT);
    case 'SUM': {
      const { sql, type } = number();
      if (isInteger(type)) return simple('sum', sql, BIGINT, (text) => `${text}::int8`);
      return simple('sum', sql, type.name === 'DOUBLE' ? DOUBLE : { ...NUMERIC, scale: type.scale ?? 9 });
    }
    case 'AVG': {
      const { sql, type } = number();
      if (type.name === 'DOUBLE' || isText(value.type)) return simple('avg', `${sql}::float8`, DOUBLE);
      return { name: '', argument: `${sql}::numeric`, build: (call) => average(call, `${sql}::numeric`) };
    }
    case 'MIN':
    case 'MAX': {
      const type = isText(value.type) ? VARCHAR : value.type;
      // Compares as its field does.
      return {
        name: node.name.toLowerCase(),
        argument: key.sql,
        build: (call) => expression(call(key.sql), type, value.collation),
      };
    }
    case 'LIST':
      return simple('string_agg', `${displayText(distinct ? key : value, frame.context)}, ','`, VARCHAR);
    case '%DLIST':
      return simple(
        'array_agg',
        displayText(distinct ? key : value, frame.context),
        { name: 'LIST' },
        (text) => `iris.list_from_array(nullif(array_remove(${text}, NULL), '{}'))`,
      );
    case 'XMLAGG':
      return simple('string_agg', `${asText(distinct ? key : value, frame.context).sql}, ''`, VARCHAR);
    case 'JSON_ARRAYAGG': {
      const element = jsonElement(distinct ? key : value, frame.context, true);
      const kept = node.onNull === 'NULL' ? `coalesce(${element}, 'null')` : element;
      return simple(
        'string_agg',
        `${kept}, ','`,
        { name: 'VARCHAR', length: 8192 },
        // No values are an empty array, no rows NULL.
        (text) => `coalesce('[' || ${text} || ']', CASE WHEN count(*)${over} > 0 THEN '[]' END)`,
      );
    }
    default:
      return statistics(node.name, number());
  }
}

const STATISTICS: Readonly<Record<string, string>> = {
  STDDEV: 'stddev_samp',
  STDDEV_SAMP: 'stddev_samp',
  STDDEV_POP: 'stddev_pop',
  VARIANCE: 'var_samp',
  VAR_SAMP: 'var_samp',
  VAR_POP: 'var_pop',
};

function statistics(name: string, number: Typed): Shape {
  const isDouble = number.type.name === 'DOUBLE';
  const argument = isDouble ? number.sql : `${number.sql}::numeric`;
  return {
    name: STATISTICS[name] ?? 'count',
    argument,
    build: (call) => expression(ofOneValue(name, call(argument)), isDouble ? DOUBLE : NUMERIC),
  };
}

/** STDDEV and VARIANCE of one value are 0, where the forms with SAMP are NULL. */
function ofOneValue(name: string, call: string): string {
  if (name !== 'STDDEV' && name !== 'VARIANCE') return call;
  // After the function's name, or in the subquery that DISTINCT BY makes.
  const count = call.replace(/^(\(SELECT )?\w+/, '$1count');
  return `CASE WHEN ${count} = 1 THEN 0 ELSE ${call} END`;
}

/** The average with all the digits that IRIS gives; PostgreSQL's own keeps 16. */
function average(call: (argument: string) => string, argument: string): Typed {
  // The name is missing in front, or in the subquery that DISTINCT BY makes.
  const aggregate = (name: string): string => call(argument).replace(/^(\(SELECT )?\(/, `$1${name}(`);
  return expression(
    `iris_sys.divide(${aggregate('sum')}, nullif(${aggregate('count')}, 0)::numeric)`,
    NUMERIC,
  );
}

/** `SUM(DISTINCT BY (a) x)`: one row for each value of a. */
function distinctBy(node: AggregateCall, shape: Shape, frame: Frame): Typed {
  const keys = (node.distinctBy ?? []).map((item) => {
    const key = groupingKey(compileExpression(item, frame));
    return collationKey(asText(key, frame.context).sql, undefined);
  });
  const [value = 'NULL', separator] = shape.argument.split(", '");
  const rows = `unnest(array_agg(to_json(ARRAY[${keys.join(', ')}])::text), array_agg(${value})) AS u(k, v)`;
  const argument = separator === undefined ? 'v' : `v, '${separator}`;
  return shape.build(
    () => `(SELECT ${shape.name}(${argument}) FROM (SELECT DISTINCT ON (k) v FROM ${rows}) AS d)`,
  );
}
