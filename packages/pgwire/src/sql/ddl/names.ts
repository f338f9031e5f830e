import type { Node, RangeVar } from '@pgsql/types';
import { strings } from '../ast.js';
import type { Env } from '../context.js';
import { identifier, sql, type Sql } from '../fragment.js';
import type { MirrorTable } from '../plan.js';

const LONGEST_NAME = 128;

/** A new name in IRIS: as PostgreSQL folded it. @throws PgError 0A000 for what IRIS cannot hold even between quotes */
export function newName(name: string, env: Env, location?: number): Sql {
  const unusable = /[,.^"]|->|^\*/.test(name) || /^%vid$/i.test(name) || !/[A-Za-z]/.test(name);
  if (unusable || name.length > LONGEST_NAME) {
    throw env.refuse(`the name "${name}"`, location, 'Use letters, digits and _ in names for IRIS.');
  }
  return identifier(name);
}

/** Schema in which a new object is made: the named one, else the first of the search path that is no system schema. */
export function newSchema(range: RangeVar, env: Env): string {
  const { catalog, searchPath } = env.context.input;
  const path = searchPath.filter((each) => !each.startsWith('pg_') && each !== 'information_schema');
  const fallback = path.includes('public') ? 'public' : path[0];
  const schema = range.schemaname ?? fallback;
  if (schema === undefined)
    throw env.context.error('3F000', 'no schema has been selected to create in', range.location);
  return catalog.irisSchema(schema);
}

export function newObject(range: RangeVar | undefined, env: Env): Sql {
  if (range === undefined) throw env.refuse('an object without a name');
  if (range.relpersistence === 't') {
    const hint = 'IRIS keeps the definition of a temporary table for everyone; create a plain one.';
    throw env.refuse('a temporary table or view', range.location, hint);
  }
  const name = newName(range.relname ?? '', env, range.location);
  return sql`${newName(newSchema(range, env), env, range.location)}.${name}`;
}

/** The table or view that a qualified name in DROP means. */
export function existing(path: Node | undefined, env: Env): { found: MirrorTable | undefined; name: string } {
  const parts =
    path !== undefined && 'List' in path
      ? strings(path.List.items)
      : strings(path === undefined ? [] : [path]);
  const [name = '', schema] = [...parts].reverse();
  const { catalog, searchPath } = env.context.input;
  return { found: catalog.findTable(schema, name, searchPath), name: parts.join('.') };
}
