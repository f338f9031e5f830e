import type { Node, OnConflictClause } from '@pgsql/types';
import type { SqlParameter } from '@iris-devtools/core';
import { PgError } from '../../pg-error.js';
import { as } from '../ast.js';
import type { Env } from '../context.js';
import { asValue, comparable, isNullConstant } from '../expr.js';
import { bind, EMPTY, join, sql, type Sql } from '../fragment.js';
import { Scope, type Relation } from '../scope.js';
import { Statement, withInputs, type Execution } from '../run/statement.js';
import { assignmentsOf } from './assignments.js';
import type { RowToInsert } from './insert-rows.js';
import { columnNamed, requireTable, targetEnv, typeOfColumn, type Target } from './target.js';
import { valueText } from '../../types/value-text.js';

/** `insert`: no conflict was found. `skip`: nothing is to be done. Else the row that was updated instead. */
export type Resolution = 'insert' | 'skip' | { readonly updated: SqlParameter };

/** What ON CONFLICT does with one row. */
export interface ConflictRule {
  readonly irisSql: readonly string[];
  /** DO NOTHING without columns: a unique violation of the INSERT itself counts as nothing to do. */
  readonly skipsAnyConflict: boolean;
  /** `affected`: ids of rows that this command has written; PostgreSQL refuses to update those. */
  resolve(execution: Execution, affected: ReadonlySet<string>): Promise<Resolution>;
}

/**
 * ON CONFLICT: the row with the same key is looked for, then left alone or updated by its row id, all within one
 * transaction. Another session may insert the same key between the look and the INSERT: then IRIS's unique constraint
 * refuses the row, and the client sees 23505.
 */
export function conflictRule(
  clause: OnConflictClause | undefined,
  row: RowToInsert,
  target: Target,
  env: Env,
): ConflictRule | undefined {
  if (clause === undefined) return undefined;
  requireTable(target, 'ON CONFLICT', env);
  const keys = keyColumns(clause, target, env);
  if (keys.length === 0) {
    return { irisSql: [], skipsAnyConflict: true, resolve: () => Promise.resolve('insert') };
  }
  const find = findStatement(keys, row, target, env);
  const update =
    clause.action === 'ONCONFLICT_UPDATE' ? updateStatement(clause, row, target, env) : undefined;
  return {
    irisSql: [find, update].flatMap((each) => (each === undefined ? [] : [each.text])),
    skipsAnyConflict: false,
    resolve: async (execution, affected) => {
      const [found] = find === undefined ? [] : await find.rows(execution);
      if (found === undefined) return 'insert';
      if (update === undefined) return 'skip';
      const id = found[0] ?? null;
      if (affected.has(valueText(id))) throw secondTime();
      const inputs = [...execution.values.inputs, id];
      return (await update.execute(withInputs(execution, inputs))) > 0 ? { updated: id } : 'skip';
    },
  };
}

function secondTime(): PgError {
  return new PgError({
    sqlstate: '21000',
    message: 'ON CONFLICT DO UPDATE command cannot affect row a second time',
    hint: 'Ensure that no rows proposed for insertion within the same command have duplicate constrained values.',
  });
}

/** The columns of the key; none for DO NOTHING without columns. PostgreSQL has checked that the key is unique. */
function keyColumns(clause: OnConflictClause, target: Target, env: Env): readonly string[] {
  const { infer, location } = clause;
  if (infer?.conname !== undefined && infer.conname !== '') {
    // The name that this server, like PostgreSQL, gives a primary key.
    const { pgName, primaryKey } = target.table;
    if (infer.conname === `${pgName}_pkey` && primaryKey.length > 0) return primaryKey;
    throw env.refuse('ON CONFLICT ON CONSTRAINT', infer.location, 'Name the columns: ON CONFLICT (a, b).');
  }
  if (infer?.whereClause !== undefined)
    throw env.refuse('ON CONFLICT with the WHERE of an index', infer.location);
  const keys = (infer?.indexElems ?? []).map((each: Node) => {
    const element = as(each, 'IndexElem');
    if (element?.name === undefined) throw env.refuse('ON CONFLICT over an expression', infer?.location);
    return columnNamed(target, element.name, env, infer?.location).pgName;
  });
  if (keys.length === 0 && clause.action === 'ONCONFLICT_UPDATE') {
    throw env.refuse(
      'ON CONFLICT DO UPDATE without columns',
      location,
      'Name the columns: ON CONFLICT (a, b).',
    );
  }
  return keys;
}

/** Looks for the row that has the key already; `undefined`: a missing, generated or NULL key equals no other. */
function findStatement(
  keys: readonly string[],
  row: RowToInsert,
  target: Target,
  env: Env,
): Statement | undefined {
  const existing = new Map(
    target.relation.columns.map((column, index) => [target.table.columns[index]?.pgName, column]),
  );
  const tests: Sql[] = [];
  for (const key of keys) {
    const proposed = row.proposed[row.columns.findIndex((column) => column.pgName === key)];
    const column = existing.get(key);
    if (proposed === undefined || column === undefined || isNullConstant(proposed)) return undefined;
    const held = comparable({ form: 'value', sql: column.sql, type: column.type, nullable: true });
    tests.push(sql`${held} = ${comparable(proposed)}`);
  }
  const fragment = sql`SELECT ${target.rowId} FROM ${target.aliased} WHERE ${join(tests, ' AND ')}`;
  return new Statement(fragment, env.context);
}

function updateStatement(clause: OnConflictClause, row: RowToInsert, target: Target, env: Env): Statement {
  const inner = targetEnv(target, env);
  const { relations, columns } = inner.scope.table;
  const table = { relations: [...relations, excluded(row, target)], columns };
  const withExcluded = inner.withScope(new Scope(table, inner.scope.outer));
  const set = assignmentsOf(clause.targetList ?? [], target, withExcluded);
  const where = withExcluded.filter(clause.whereClause);
  const condition = where === undefined ? EMPTY : sql` AND (${where})`;
  const id = bind((run) => run.inputs.at(-1) ?? null);
  const update = sql`UPDATE ${target.aliased} SET ${set} WHERE ${target.rowId} = ${id}${condition}`;
  return new Statement(update, env.context);
}

/** `excluded.title`: the value that was to be inserted. */
function excluded(row: RowToInsert, target: Target): Relation {
  const columns = row.columns.map((column, index) => {
    const proposed = row.proposed[index];
    return {
      name: column.pgName,
      sql: proposed === undefined ? EMPTY : asValue(proposed),
      type: typeOfColumn(column),
      nullable: column.nullable,
    };
  });
  return { name: 'excluded', columns, irisAlias: target.relation.irisAlias };
}
