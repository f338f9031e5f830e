import type { Node, SelectStmt } from '@pgsql/types';
import { listItems } from '../ast.js';
import type { Env, Query } from '../context.js';
import { asValue, comparable, qualified, value, type Expr } from '../expr.js';
import { assign, coerce, oneTimestampType } from '../expression/cast.js';
import { EMPTY, identifier, join, raw, sql, type Sql } from '../fragment.js';
import { categoryOf, commonType, isNumeric, isText, type PgType } from '../pg-types.js';
import { selectColumn, type Core } from './core.js';
import { AliasSet, type Item } from './select-list.js';

/** UNION, INTERSECT and EXCEPT. */
export function setOperationCore(node: SelectStmt, env: Env, wanted?: readonly PgType[]): Core {
  const { larg, rarg } = node;
  if (larg === undefined || rarg === undefined) throw env.refuse('this set operation');
  if (node.all === true && node.op !== 'SETOP_UNION') {
    throw env.refuse(
      'INTERSECT ALL or EXCEPT ALL',
      rarg.fromClause?.[0],
      'IRIS has INTERSECT and EXCEPT without ALL only.',
    );
  }
  const types = wanted ?? legTypes([env.query(larg), env.query(rarg)], env);
  const deduplicates = node.all !== true;
  const shape = legShape(types, deduplicates, env);
  const [left, right] = [larg, rarg].map((leg) => env.query(leg, { shape, types, isDerivedTable: true }));
  if (left === undefined || right === undefined) throw env.refuse('this set operation');
  const words = {
    SETOP_UNION: node.all === true ? 'UNION ALL' : 'UNION',
    SETOP_INTERSECT: 'INTERSECT',
    SETOP_EXCEPT: 'EXCEPT',
  };
  const operator = words[node.op as keyof typeof words];
  const combined = sql`${leg(left, larg)} ${raw(operator)} ${leg(right, rarg)}`;
  const items = left.columns.map((column, index) => ({
    ...column,
    expr: combinedColumn(column.expr, right.columns[index]?.expr, types[index]),
  }));
  return coreOfQuery(combined, items, env);
}

/** A column of both legs: NULL when one can be, and with a scale only where both have it. */
function combinedColumn(left: Expr, right: Expr | undefined, type: PgType = left.type): Expr {
  const scale = left.scale === right?.scale ? left.scale : undefined;
  return value(left.sql, type, {
    nullable: left.nullable || right?.nullable !== false,
    ...(scale === undefined ? {} : { scale }),
    ...(left.vectorType === undefined ? {} : { vectorType: left.vectorType }),
  });
}

/** Legs that are set operations or have their own order keep their parentheses. */
function leg(query: Query, node: SelectStmt): Sql {
  const plain = node.op === 'SETOP_NONE' && node.sortClause === undefined && node.limitCount === undefined;
  return plain && node.valuesLists === undefined ? query.sql : sql`(${query.sql})`;
}

function legTypes(legs: readonly Query[], env: Env): PgType[] {
  const [first, second] = legs;
  if (first === undefined || second === undefined || first.columns.length !== second.columns.length) {
    throw env.context.error('42601', 'each UNION query must have the same number of columns');
  }
  return first.columns.map((column, index) =>
    commonType([column.expr.type, second.columns[index]?.expr.type ?? column.expr.type]),
  );
}

/** Each leg gives its columns in the common type; text that is compared must be exact. */
function legShape(types: readonly PgType[], deduplicates: boolean, env: Env) {
  return (expr: Expr, index: number): Sql => {
    const target = types[index];
    const typed = oneTimestampType(target === undefined ? expr : coerce(expr, target, env));
    if (!deduplicates) return asValue(typed);
    // IRIS takes 33 and 33.00 of different declarations for two values.
    if (isNumeric(typed.type) && isNumber(expr)) return sql`CAST(${asValue(typed)} AS NUMERIC(37,18))`;
    return isText(typed.type) ? comparable(typed) : asValue(typed);
  };
}

const isNumber = (expr: Expr): boolean => categoryOf(expr.type) === 'number';

/** VALUES (..), (..) as a query: UNION ALL of one-row queries. */
export function valuesCore(node: SelectStmt, env: Env, wanted?: readonly PgType[]): Core {
  const rows = (node.valuesLists ?? []).map((row: Node) =>
    listItems(row).map((each) => env.expression(each)),
  );
  const [first = []] = rows;
  const aliases = new AliasSet();
  const types = first.map(
    (_, index) => wanted?.[index] ?? commonType(rows.flatMap((row) => row[index]?.type ?? [])),
  );
  const convert = wanted === undefined ? coerce : assign;
  const columns = types.map((type, index) => ({ type, alias: aliases.add(`column${index + 1}`) }));
  const selects = rows.map((row) => {
    const values = columns.map(({ type, alias }, index) => {
      const cell = row[index];
      if (cell === undefined) throw env.context.error('42601', 'VALUES lists must all be the same length');
      return selectColumn(convert(cell, type, env), alias);
    });
    return sql`SELECT ${join(values)}`;
  });
  const items = columns.map(({ type, alias }, index) => ({
    name: `column${index + 1}`,
    alias,
    expr: value(EMPTY, type, { nullable: rows.some((row) => row[index]?.nullable !== false) }),
  }));
  return coreOfQuery(join(selects, ' UNION ALL '), items, env);
}

/** A finished query as a core: used as it is, or as a table when it is ordered, limited or given other columns. */
function coreOfQuery(query: Sql, columns: readonly Item[], env: Env): Core {
  const alias = env.context.alias('u');
  const items = columns.map((column) => {
    const { nullable, type, scale, vectorType } = column.expr;
    const facts = {
      nullable,
      ...(scale === undefined ? {} : { scale }),
      ...(vectorType === undefined ? {} : { vectorType }),
    };
    return { ...column, expr: value(qualified(alias, column.alias), type, facts) };
  });
  return {
    items,
    env: undefined,
    isDistinct: false,
    isGrouped: false,
    ordersByColumnsOnly: false,
    assemble: (selected, top, orderBy) =>
      sql`SELECT ${top === undefined ? EMPTY : sql`${top} `}${join(selected)} FROM (${query}) AS ${identifier(alias)}${orderBy === undefined ? EMPTY : sql` ORDER BY ${orderBy}`}`,
    whole: query,
  };
}
