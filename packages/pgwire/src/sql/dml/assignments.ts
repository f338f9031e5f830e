import type { Node } from '@pgsql/types';
import { as } from '../ast.js';
import type { Env } from '../context.js';
import { identifier, join, sql, type Sql } from '../fragment.js';
import type { MirrorColumn } from '../plan.js';
import { columnNamed, columnValueOf, type Target } from './target.js';

/** One `column = expression` of SET; `(a, b) = (1, 2)` gives two. */
export interface Assignment {
  readonly column: MirrorColumn;
  readonly node: Node;
}

export function translateAssignments(targets: readonly Node[], target: Target, env: Env): Assignment[] {
  return targets.map((each) => {
    const assignment = as(each, 'ResTarget');
    if (assignment?.val === undefined) throw env.refuseKind(each);
    if ((assignment.indirection ?? []).length > 0) throw env.refuse('assigning to a part of a column', each);
    const column = columnNamed(target, assignment.name ?? '', env, assignment.location);
    if (as(assignment.val, 'SetToDefault') !== undefined) {
      throw env.refuse('SET column = DEFAULT', each, 'Write the value out.');
    }
    return { column, node: elementOf(assignment.val, env) };
  });
}

/** The element of a row that a multiple assignment gives to this column. */
function elementOf(node: Node, env: Env): Node {
  const multiple = as(node, 'MultiAssignRef');
  if (multiple === undefined) return node;
  const element = as(multiple.source, 'RowExpr')?.args?.[(multiple.colno ?? 1) - 1];
  if (element === undefined || as(element, 'SetToDefault') !== undefined) {
    throw env.refuse('SET (a, b) = a query or DEFAULT', multiple.source, 'Assign each column on its own.');
  }
  return element;
}

/** `"a" = .., "b" = ..` for UPDATE .. SET. */
export function assignmentsOf(targets: readonly Node[], target: Target, env: Env): Sql {
  const assignments = translateAssignments(targets, target, env);
  return join(
    assignments.map(({ column, node }) => {
      const assigned = columnValueOf(env.expression(node), column, target, env);
      return sql`${identifier(column.irisName)} = ${assigned}`;
    }),
  );
}
