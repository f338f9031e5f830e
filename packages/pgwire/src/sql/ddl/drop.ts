import type { DropStmt, Node, TruncateStmt } from '@pgsql/types';
import { as, strings } from '../ast.js';
import type { Env } from '../context.js';
import { identifier, raw, sql } from '../fragment.js';
import type { Plan } from '../plan.js';
import { findTable, tableName } from '../query/from.js';
import { ddlPlan, type DdlStatement } from './ddl-plan.js';
import { existing } from './names.js';
import { forgetViewColumns } from './view-columns.js';

/** IRIS: no such index. */
const NO_INDEX = -333;

/** DROP TABLE, VIEW, INDEX and SCHEMA; IRIS takes one object per statement. */
export function translateDrop(node: DropStmt, env: Env): Plan {
  const objects = node.objects ?? [];
  switch (node.removeType) {
    case 'OBJECT_TABLE':
      return ddlPlan(
        'DROP TABLE',
        objects.flatMap((each) => dropRelation('TABLE', each, node, env)),
        env,
      );
    case 'OBJECT_VIEW':
      return ddlPlan(
        'DROP VIEW',
        objects.flatMap((each) => dropRelation('VIEW', each, node, env)),
        env,
      );
    case 'OBJECT_INDEX':
      return ddlPlan(
        'DROP INDEX',
        objects.map((each) => dropIndex(each, node)),
        env,
      );
    case 'OBJECT_SCHEMA':
      return ddlPlan(
        'DROP SCHEMA',
        objects.map((each) => dropSchema(each, node, env)),
        env,
      );
    default:
      throw env.refuse(`DROP ${(node.removeType ?? '').replace('OBJECT_', '').replaceAll('_', ' ')}`);
  }
}

function dropRelation(word: 'TABLE' | 'VIEW', object: Node, node: DropStmt, env: Env): DdlStatement[] {
  const { found, name } = existing(object, env);
  if (found === undefined) {
    if (node.missing_ok === true) return [];
    throw env.context.error('42P01', `${word.toLowerCase()} "${name}" does not exist`);
  }
  if (found.kind !== word.toLowerCase()) {
    throw env.context.error('42809', `"${name}" is not a ${word.toLowerCase()}`);
  }
  const exists = raw(node.missing_ok === true ? 'IF EXISTS ' : '');
  const cascade = raw(node.behavior === 'DROP_CASCADE' ? ' CASCADE' : '');
  const drop = { sql: sql`DROP ${raw(word)} ${exists}${tableName(found)}${cascade}` };
  return word === 'VIEW' ? [drop, forgetViewColumns(found)] : [drop];
}

/** IRIS finds an index by its name alone as long as only one table has it. */
function dropIndex(object: Node, node: DropStmt): DdlStatement {
  const [name = ''] = strings(as(object, 'List')?.items ?? [object]).reverse();
  return {
    sql: sql`DROP INDEX ${identifier(name)}`,
    ...(node.missing_ok === true ? { ignore: [NO_INDEX] } : {}),
  };
}

function dropSchema(object: Node, node: DropStmt, env: Env): DdlStatement {
  const name = as(object, 'String')?.sval ?? '';
  if (name === 'public') throw env.refuse('DROP SCHEMA public', undefined, "It is IRIS's default schema.");
  const exists = raw(node.missing_ok === true ? 'IF EXISTS ' : '');
  const cascade = raw(node.behavior === 'DROP_CASCADE' ? ' CASCADE' : '');
  return {
    sql: sql`DROP SCHEMA ${exists}${identifier(env.context.input.catalog.irisSchema(name))}${cascade}`,
  };
}

/**
 * TRUNCATE resets IRIS's counters, which in PostgreSQL only RESTART IDENTITY does; without it a table with an identity
 * column is emptied by DELETE.
 */
export function translateTruncate(node: TruncateStmt, env: Env): Plan {
  if (node.behavior === 'DROP_CASCADE')
    throw env.refuse('TRUNCATE .. CASCADE', undefined, 'Name all tables.');
  const statements = (node.relations ?? []).map((each) => {
    const range = as(each, 'RangeVar');
    if (range === undefined) throw env.refuseKind(each);
    const table = findTable(range, env);
    const keepsCounter = node.restart_seqs !== true && table.columns.some((column) => column.isIdentity);
    return {
      sql: keepsCounter ? sql`DELETE FROM ${tableName(table)}` : sql`TRUNCATE TABLE ${tableName(table)}`,
    };
  });
  return { ...ddlPlan('TRUNCATE TABLE', statements, env), changesCatalog: false };
}
