import type { Node, RangeVar } from '@pgsql/types';
import type { SqlParameter } from '@iris-devtools/core';
import { PgError } from '../../pg-error.js';
import type { Env } from '../context.js';
import { asValue, isNullConstant, type Expr } from '../expr.js';
import { assign } from '../expression/cast.js';
import { bindingFor, converterFor } from '../expression/binding.js';
import { bind, identifier, raw, sql, type Binding, type Sql } from '../fragment.js';
import { categoryOf, isNumeric, type PgType } from '../pg-types.js';
import type { MirrorColumn, MirrorTable } from '../plan.js';
import { findTable, relationOf, tableName } from '../query/from.js';
import { Scope, type Relation } from '../scope.js';

/** The table that a statement changes, under its alias. */
export interface Target {
  readonly table: MirrorTable;
  readonly relation: Relation;
  /** `"schema"."table"`. */
  readonly name: Sql;
  /** `"schema"."table" AS "alias"`. */
  readonly aliased: Sql;
  /** `"alias".%ID`: the row id. */
  readonly rowId: Sql;
}

export function targetOf(range: RangeVar | undefined, env: Env): Target {
  if (range === undefined) throw env.refuse('a statement without a table');
  const table = findTable(range, env);
  const alias = env.context.alias(range.alias?.aliasname ?? table.pgName);
  const relation = relationOf(table, alias, range.alias, range.schemaname ?? table.pgSchema);
  const name = tableName(table);
  return {
    table,
    relation,
    name,
    aliased: sql`${name} AS ${identifier(alias)}`,
    rowId: sql`${identifier(alias)}.%ID`,
  };
}

/** Expressions over the target alone. */
export function targetEnv(target: Target, env: Env): Env {
  const { relation } = target;
  return env.withScope(new Scope({ relations: [relation], columns: relation.columns }, env.scope));
}

/** Emulations that find rows again need the row id, which a view has not. */
export function requireTable(target: Target, what: string, env: Env, node?: Node): void {
  if (target.table.kind === 'view') throw env.refuse(`${what} on a view`, node);
}

export function columnNamed(target: Target, name: string, env: Env, location?: number): MirrorColumn {
  const column = target.table.columns.find((each) => each.pgName === name);
  if (column !== undefined) return column;
  const message = `column "${name}" of relation "${target.table.pgName}" does not exist`;
  throw env.context.error('42703', message, location);
}

export function typeOfColumn(column: MirrorColumn): PgType {
  return { oid: column.typeOid, modifier: column.typeModifier };
}

/**
 * A value for a column. Constants and parameters become a bare `?`, so that all rows of an INSERT share one statement;
 * NULL for a NOT NULL column is refused here, because IRIS would store the column's default instead.
 */
export function columnValueOf(
  expr: Expr,
  column: MirrorColumn,
  target: Target,
  env: Env,
  location?: number,
): Sql {
  const type = typeOfColumn(column);
  const assigned = assign(expr, type, env, location);
  const binding = bindingOf(expr, assigned, type);
  if (binding === undefined) return asValue(assigned);
  return placeholder(column.nullable ? binding : notNull(binding, column, target), column);
}

/** `?`, or TO_VECTOR(?) for a vector column. */
export function placeholder(binding: Binding, column: MirrorColumn): Sql {
  const bound = bind(binding);
  if (column.irisType !== 'VECTOR') return bound;
  return sql`TO_VECTOR(${bound}, ${raw(column.vectorType ?? 'DOUBLE')})`;
}

function bindingOf(expr: Expr, assigned: Expr, type: PgType): Binding | undefined {
  if (isNullConstant(expr)) return () => null;
  const sameKind =
    categoryOf(expr.type) === categoryOf(type) && (expr.type.oid === type.oid || isNumeric(type));
  const isText = categoryOf(expr.type) === 'text' && categoryOf(type) === 'text';
  if (expr.parameter !== undefined && (sameKind || isText)) return bindingFor(expr.parameter - 1, type);
  return constantBinding(assigned, type);
}

const BOUND_AS_TEXT = ['text', 'uuid', 'json', 'vector', 'date', 'time', 'timestamp', 'timestamptz'];

function constantBinding(assigned: Expr, type: PgType): Binding | undefined {
  const { constant } = assigned;
  const convert = converterFor(type);
  switch (constant?.kind) {
    case 'boolean':
      return () => Number(constant.value);
    case 'number':
      return () => convert(constant.text);
    case 'string':
      return BOUND_AS_TEXT.includes(categoryOf(type)) ? () => convert(constant.text) : undefined;
    default:
      return undefined;
  }
}

export function notNull(binding: Binding, column: MirrorColumn, target: Target): Binding {
  return (run) => {
    const bound = binding(run);
    if (bound !== null && bound !== undefined) return bound;
    throw notNullViolation(column, target);
  };
}

export function notNullViolation(column: MirrorColumn, { table }: Target): PgError {
  return new PgError({
    sqlstate: '23502',
    message: `null value in column "${column.pgName}" of relation "${table.pgName}" violates not-null constraint`,
    schema: table.pgSchema,
    table: table.pgName,
    column: column.pgName,
  });
}

/** A value that an earlier statement of the plan produced. */
export function inputBinding(index: number, type: PgType): Binding {
  const convert = converterFor(type);
  return (run) => convert(run.inputs[index] ?? null);
}

/** The row id that an earlier statement of the plan found, as the parameter `index`. */
export function rowIdInput(index: number): Sql {
  return bind((run): SqlParameter => run.inputs[index] ?? null);
}
