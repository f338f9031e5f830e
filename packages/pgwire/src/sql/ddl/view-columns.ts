import type { RangeVar } from '@pgsql/types';
import { describeColumn, typeOfOid } from '../../mirror/declared-type.js';
import { VIEW_COLUMNS } from '../../mirror/view-columns.js';
import type { Env } from '../context.js';
import { identifier, join, sql, textLiteral, type Sql } from '../fragment.js';
import type { PgType } from '../pg-types.js';
import type { MirrorTable } from '../plan.js';
import type { DdlStatement } from './ddl-plan.js';
import { newSchema } from './names.js';

/** IRIS: no such table. Then there is nothing to forget. */
const NO_TABLE = -30;

const { viewSchema, viewName, columnName, description } = VIEW_COLUMNS.columns;
const TABLE = sql`${identifier(VIEW_COLUMNS.schema)}.${identifier(VIEW_COLUMNS.table)}`;
const COLUMNS = [viewSchema, viewName, columnName, description].map(identifier);

function forget(irisSchema: string, irisName: string): Sql {
  const isView = sql`${identifier(viewSchema)} = ${textLiteral(irisSchema)} AND ${identifier(viewName)} = ${textLiteral(irisName)}`;
  return sql`DELETE FROM ${TABLE} WHERE ${isView}`;
}

/** What IRIS has no place for in a view: how PostgreSQL's clients declared its columns. */
export function rememberViewColumns(
  view: RangeVar | undefined,
  columns: readonly { readonly name: string; readonly type: PgType }[],
  env: Env,
): DdlStatement[] {
  if (view === undefined) return [];
  const [irisSchema, irisName] = [newSchema(view, env), view.relname ?? ''];
  const definitions = COLUMNS.map((column) => sql`${column} VARCHAR(255) NOT NULL`);
  const rows = columns.flatMap(({ name, type }) => {
    const declared = typeOfOid(type.oid, type.modifier);
    return declared === undefined
      ? []
      : [[irisSchema, irisName, name, describeColumn(declared)].map(textLiteral)];
  });
  return [
    { sql: sql`CREATE TABLE IF NOT EXISTS ${TABLE} (${join(definitions)})` },
    { sql: forget(irisSchema, irisName) },
    ...rows.map((row) => ({ sql: sql`INSERT INTO ${TABLE} (${join(COLUMNS)}) VALUES (${join(row)})` })),
  ];
}

export function forgetViewColumns({ irisSchema, irisName }: MirrorTable): DdlStatement {
  return { sql: forget(irisSchema, irisName), ignore: [NO_TABLE] };
}
