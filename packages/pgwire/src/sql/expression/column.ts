import type { A_Indirection, ColumnRef, Node } from '@pgsql/types';
import { as, strings } from '../ast.js';
import type { Env } from '../context.js';
import { value, type Expr } from '../expr.js';
import type { ScopeColumn } from '../scope.js';
import { declaredScale } from '../pg-types.js';

/** `title`, `m.title`, `public.movies.title`. */
export function translateColumn(node: ColumnRef, env: Env): Expr {
  const fields = node.fields ?? [];
  if (fields.some((each) => as(each, 'A_Star') !== undefined)) throw env.refuse('* here', node.location);
  const path = strings(fields);
  if (path.length === 1 && isWholeRow(path, env)) {
    throw env.refuse(`the whole row ${path.join('.')} as a value`, node.location, 'Name its columns.');
  }
  const found = env.scope.resolve(path, () => env.context.position(node.location));
  if (found.crossesDerivedTable) {
    const hint = 'IRIS cannot use an outer column inside a query in FROM.';
    throw env.refuse(`the outer column ${path.join('.')} here`, node.location, hint);
  }
  return columnValue(found.column);
}

function isWholeRow(path: readonly string[], env: Env): boolean {
  return (
    env.scope.relation(path) !== undefined && !env.scope.table.columns.some((each) => each.name === path[0])
  );
}

export function columnValue(column: ScopeColumn): Expr {
  const scale = column.scale ?? declaredScale(column.type);
  return value(column.sql, column.type, {
    nullable: column.nullable,
    isColumn: true,
    ...(scale === undefined ? {} : { scale }),
    ...(column.scaleProbe === undefined ? {} : { scaleProbe: column.scaleProbe }),
    ...(column.quotient === undefined ? {} : { quotient: column.quotient }),
    ...(column.vectorType === undefined ? {} : { vectorType: column.vectorType }),
  });
}

/** `(expr).field`, `expr[1]`: composite types and arrays, which IRIS lacks. */
export function translateIndirection(node: A_Indirection, env: Env): Expr {
  const arg: Node | undefined = node.arg;
  throw env.refuse('a field or element of a value', arg);
}
