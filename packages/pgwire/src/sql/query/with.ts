import type { WithClause } from '@pgsql/types';
import { as } from '../ast.js';
import type { CommonTable, Env } from '../context.js';

/** WITH: each table is written out where it is used, which IRIS takes at every level and over every driver. */
export function withCommonTables(clause: WithClause | undefined, env: Env): Env {
  if (clause === undefined) return env;
  if (clause.recursive === true) {
    throw env.refuse('WITH RECURSIVE', clause.location ?? 0, 'IRIS has no recursive queries.');
  }
  const tables = new Map<string, CommonTable>(env.commonTables);
  let current = env;
  for (const node of clause.ctes ?? []) {
    const table = as(node, 'CommonTableExpr');
    if (table === undefined) throw env.refuseKind(node);
    if (as(table.ctequery, 'SelectStmt') === undefined) {
      throw env.refuse(
        'INSERT, UPDATE or DELETE in WITH',
        table.location,
        'Run it as a statement of its own.',
      );
    }
    tables.set(table.ctename ?? '', { node: table, env: current });
    current = env.withCommonTables(new Map(tables));
  }
  return current;
}
