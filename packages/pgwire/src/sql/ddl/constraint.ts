import type { Constraint, RangeVar } from '@pgsql/types';
import { strings } from '../ast.js';
import type { Env } from '../context.js';
import { EMPTY, identifier, join, raw, sql, type Sql } from '../fragment.js';
import { tableName, findTable } from '../query/from.js';
import { refuseUnlessKnown } from './column-definition.js';
import { newName } from './names.js';

/** What a constraint must know about the table that it belongs to. */
export interface ConstrainedTable {
  readonly pgName: string;
  readonly range: RangeVar;
  readonly name: Sql;
  /** The name of a column in IRIS. */
  readonly column: (pgName: string) => string;
  readonly primaryKey: readonly string[];
}

/** PostgreSQL's name for a constraint without one: table_columns_suffix, cut to 63 bytes. */
export function generatedName(parts: readonly string[], suffix: string): string {
  const body = parts.join('_');
  return `${body.slice(0, 62 - suffix.length)}_${suffix}`;
}

/**
 * `CONSTRAINT "n" PRIMARY KEY ("a")` and its kin, for CREATE TABLE and ALTER TABLE.
 * @param columns set for a constraint that stands at its column
 */
export function constraintSql(
  node: Constraint,
  table: ConstrainedTable,
  columns: readonly string[],
  env: Env,
): Sql {
  refuseUnlessKnown(node, env);
  const hasOptions = node.deferrable === true || node.initdeferred === true;
  if (hasOptions) throw env.refuse('a deferrable constraint', node.location, 'IRIS checks at once.');
  const keys = columns.length > 0 ? columns : strings(node.keys ?? node.fk_attrs);
  const written = join(keys.map((each) => identifier(table.column(each))));
  const name = (suffix: string, parts: readonly string[]): Sql =>
    newName(node.conname ?? generatedName([table.pgName, ...parts], suffix), env, node.location);
  switch (node.contype) {
    case 'CONSTR_PRIMARY':
      refuseKeyOptions(node, env);
      return sql`CONSTRAINT ${name('pkey', [])} PRIMARY KEY (${written})`;
    case 'CONSTR_UNIQUE':
      refuseKeyOptions(node, env);
      return sql`CONSTRAINT ${name('key', keys)} UNIQUE (${written})`;
    case 'CONSTR_FOREIGN':
      return sql`CONSTRAINT ${name('fkey', keys)} FOREIGN KEY (${written}) ${references(node, table, env)}`;
    default:
      throw env.refuse('this constraint', node.location);
  }
}

function refuseKeyOptions(node: Constraint, env: Env): void {
  if ((node.including ?? []).length > 0) throw env.refuse('INCLUDE in a constraint', node.location);
  if (node.nulls_not_distinct === true) throw env.refuse('NULLS NOT DISTINCT', node.location);
  if (node.indexname !== undefined) throw env.refuse('USING INDEX', node.location);
}

const ACTIONS: Readonly<Record<string, string | undefined>> = {
  a: '',
  // IRIS checks at once in any case, which is what RESTRICT means.
  r: '',
  c: 'CASCADE',
  n: 'SET NULL',
  d: 'SET DEFAULT',
};

function references(node: Constraint, table: ConstrainedTable, env: Env): Sql {
  if (node.pktable === undefined) throw env.refuse('a foreign key without a table', node.location);
  if (node.fk_matchtype === 'f') throw env.refuse('MATCH FULL', node.location);
  if ((node.fk_del_set_cols ?? []).length > 0) throw env.refuse('ON DELETE SET with columns', node.location);
  const target = referenced(node.pktable, table, env);
  const named = strings(node.pk_attrs);
  const columns = join(
    (named.length > 0 ? named : target.primaryKey).map((each) => identifier(target.column(each))),
  );
  const action = (words: string, code: string | undefined): Sql => {
    const written = ACTIONS[code ?? 'a'];
    if (written === undefined) throw env.refuse('this referential action', node.location);
    return written === '' ? EMPTY : raw(` ${words} ${written}`);
  };
  const onDelete = action('ON DELETE', node.fk_del_action);
  const onUpdate = action('ON UPDATE', node.fk_upd_action);
  return sql`REFERENCES ${target.name} (${columns})${onDelete}${onUpdate}`;
}

function referenced(range: RangeVar, self: ConstrainedTable, env: Env): ConstrainedTable {
  const isSelf = range.relname === self.range.relname && range.schemaname === self.range.schemaname;
  return isSelf ? self : existingTable(range, env);
}

export function existingTable(range: RangeVar, env: Env): ConstrainedTable {
  const table = findTable(range, env);
  return {
    pgName: table.pgName,
    range,
    name: tableName(table),
    column: (pgName) => table.columns.find((each) => each.pgName === pgName)?.irisName ?? pgName,
    primaryKey: table.primaryKey,
  };
}
