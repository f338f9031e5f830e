import type { FuncCall } from '@pgsql/types';
import { OID } from '../../types/oids.js';
import type { Env } from '../context.js';
import { asValue, comparable, isNullConstant, orderable, value, type Expr } from '../expr.js';
import { raw, sql, textLiteral, type Sql } from '../fragment.js';
import {
  BOOL,
  categoryOf,
  FLOAT8,
  INT8,
  isFloat,
  isInteger,
  isText,
  NUMERIC,
  TEXT,
  type PgType,
} from '../pg-types.js';
import { coerce } from './cast.js';

interface Aggregate {
  readonly node: FuncCall;
  readonly env: Env;
  readonly args: readonly Expr[];
  /** `DISTINCT ` or nothing. */
  readonly distinct: Sql;
  /** The argument where the FILTER holds, else NULL. */
  readonly kept: (fragment: Sql) => Sql;
}

type AggregateRule = (aggregate: Aggregate) => Expr;

export function isAggregate(name: string): boolean {
  return AGGREGATES[name] !== undefined;
}

export function translateAggregate(name: string, node: FuncCall, env: Env): Expr {
  const rule = AGGREGATES[name];
  if (rule === undefined) throw env.refuse(`aggregate ${name}`, node.location);
  if ((node.agg_order ?? []).length > 0 || node.agg_within_group === true) {
    throw env.refuse(`ORDER BY in ${name}`, node.location, 'IRIS does not order the input of an aggregate.');
  }
  const test = env.filter(node.agg_filter);
  const args = (node.args ?? []).map((each) => env.expression(each));
  for (const each of args) {
    if (each.sql.has('aggregate')) {
      throw env.context.error('42803', 'aggregate function calls cannot be nested', node.location);
    }
  }
  const expr = rule({
    node,
    env,
    args,
    distinct: raw(node.agg_distinct === true ? 'DISTINCT ' : ''),
    kept: (fragment) => (test === undefined ? fragment : sql`CASE WHEN ${test} THEN ${fragment} END`),
  });
  return { ...expr, sql: expr.sql.with('aggregate') };
}

function only(aggregate: Aggregate): Expr {
  const [expr] = aggregate.args;
  if (expr === undefined)
    throw aggregate.env.refuse('this aggregate without an argument', aggregate.node.location);
  return expr.type.oid === OID.unknown ? coerce(expr, TEXT, aggregate.env) : expr;
}

const count: AggregateRule = (aggregate) => {
  const facts = { nullable: false };
  if (aggregate.node.agg_star === true) {
    if (aggregate.node.agg_filter === undefined) return value(sql`COUNT(*)`, INT8, facts);
    return value(sql`COUNT(${aggregate.kept(raw('1'))})`, INT8, facts);
  }
  const x = only(aggregate);
  if (isNullConstant(x)) return value(raw('0'), INT8, facts);
  return value(sql`COUNT(${aggregate.distinct}${aggregate.kept(comparable(x))})`, INT8, facts);
};

/** sum(int) is bigint, sum(bigint) numeric in PostgreSQL. */
function sumType(type: PgType): PgType {
  if (type.oid === OID.int8 || type.oid === OID.numeric) return NUMERIC;
  return isInteger(type) ? INT8 : type;
}

const sum: AggregateRule = (aggregate) => {
  const x = only(aggregate);
  refuseUnlessNumber(x, aggregate);
  const type = sumType(x.type);
  const scale = type.oid === OID.numeric ? scaleOf(x) : {};
  return value(sql`SUM(${aggregate.distinct}${aggregate.kept(x.sql)})`, type, scale);
};

function refuseUnlessNumber(x: Expr, aggregate: Aggregate): void {
  if (categoryOf(x.type) !== 'number')
    throw aggregate.env.refuse('this aggregate on this type', aggregate.node.location);
}

function scaleOf(x: Expr): { scale?: number } {
  const scale = isInteger(x.type) ? 0 : x.scale;
  return scale === undefined ? {} : { scale };
}

/** avg of exact numbers is numeric; the quotient lets a result column be divided with PostgreSQL's own precision. */
const avg: AggregateRule = (aggregate) => {
  const x = only(aggregate);
  refuseUnlessNumber(x, aggregate);
  const kept = aggregate.kept(x.sql);
  const average = sql`AVG(${aggregate.distinct}${kept})`;
  if (isFloat(x.type)) return value(average, FLOAT8);
  const dividend = value(sql`SUM(${aggregate.distinct}${kept})`.with('aggregate'), NUMERIC, scaleOf(x));
  const divisor = value(sql`COUNT(${aggregate.distinct}${kept})`.with('aggregate'), INT8, { scale: 0 });
  return value(average, NUMERIC, { quotient: { dividend, divisor } });
};

const extreme =
  (irisName: 'MIN' | 'MAX'): AggregateRule =>
  (aggregate) => {
    const x = only(aggregate);
    if (['json', 'uuid', 'boolean', 'vector', 'bytes'].includes(categoryOf(x.type))) {
      throw aggregate.env.refuse('this aggregate on this type', aggregate.node.location);
    }
    if (!isText(x.type))
      return value(sql`${raw(irisName)}(${aggregate.kept(x.sql)})`, x.type, scaleOfNumeric(x));
    return value(sql`SUBSTRING(${raw(irisName)}(${aggregate.kept(orderable(x))}), 2)`, TEXT);
  };

const scaleOfNumeric = (x: Expr): { scale?: number } => (x.scale === undefined ? {} : { scale: x.scale });

const every =
  (irisName: 'MIN' | 'MAX'): AggregateRule =>
  (aggregate) => {
    const flag = asValue(only(aggregate));
    return value(sql`${raw(irisName)}(${aggregate.kept(flag)})`, BOOL);
  };

/** Only for double precision: PostgreSQL computes the others as numeric, with digits that IRIS does not keep. */
const statistic =
  (irisName: string): AggregateRule =>
  (aggregate) => {
    const x = only(aggregate);
    if (!isFloat(x.type)) {
      const hint = 'Cast the argument to double precision.';
      throw aggregate.env.refuse('stddev or variance of exact numbers', aggregate.node.location, hint);
    }
    return value(sql`${raw(irisName)}(${aggregate.distinct}${aggregate.kept(x.sql)})`, FLOAT8);
  };

/** Without ORDER BY PostgreSQL promises no order either. */
const stringAgg: AggregateRule = (aggregate) => {
  const separator = aggregate.args[1]?.constant;
  const x = only(aggregate);
  if (separator?.kind !== 'string' || !isText(x.type)) {
    throw aggregate.env.refuse('string_agg with this separator or type', aggregate.node.location);
  }
  const list = sql`%DLIST(${aggregate.distinct}${aggregate.kept(x.sql)})`;
  return value(sql`$LISTTOSTRING(${list}, ${textLiteral(separator.text)})`, TEXT);
};

const AGGREGATES: Readonly<Record<string, AggregateRule | undefined>> = {
  count,
  sum,
  avg,
  min: extreme('MIN'),
  max: extreme('MAX'),
  bool_and: every('MIN'),
  bool_or: every('MAX'),
  every: every('MIN'),
  stddev: statistic('STDDEV_SAMP'),
  stddev_samp: statistic('STDDEV_SAMP'),
  stddev_pop: statistic('STDDEV_POP'),
  variance: statistic('VAR_SAMP'),
  var_samp: statistic('VAR_SAMP'),
  var_pop: statistic('VAR_POP'),
  string_agg: stringAgg,
};
