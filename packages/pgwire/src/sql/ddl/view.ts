import type { CreateExtensionStmt, CreateSchemaStmt, ViewStmt } from '@pgsql/types';
import { as, strings } from '../ast.js';
import type { Env } from '../context.js';
import { asValue, type Expr } from '../expr.js';
import { identifier, join, raw, render, sql, type Sql } from '../fragment.js';
import type { Plan } from '../plan.js';
import { ddlPlan } from './ddl-plan.js';
import { newName, newObject } from './names.js';
import { rememberViewColumns } from './view-columns.js';

export function translateCreateView(node: ViewStmt, env: Env): Plan {
  const select = as(node.query, 'SelectStmt');
  if (select === undefined) throw env.refuse('this view', node.view?.location);
  if (node.withCheckOption !== undefined && node.withCheckOption !== 'NO_CHECK_OPTION') {
    throw env.refuse('WITH CHECK OPTION', node.view?.location);
  }
  const name = newObject(node.view, env);
  const query = env.query(select, { shape: viewColumn });
  if (render(query.sql).bindings.length > 0) {
    const hint = 'A view holds no bound values: no clock functions, and only short constants.';
    throw env.refuse('this query as a view', node.view?.location, hint);
  }
  const given = strings(node.aliases);
  const columns = query.columns.map((column, index) =>
    newName(given[index] ?? column.name, env, node.view?.location),
  );
  const replace = raw(node.replace === true ? 'OR REPLACE ' : '');
  const types = query.columns.map((column, index) => ({
    name: given[index] ?? column.name,
    type: column.expr.type,
  }));
  return ddlPlan(
    'CREATE VIEW',
    [
      { sql: sql`CREATE ${replace}VIEW ${name} (${join(columns)}) AS ${query.sql}` },
      ...rememberViewColumns(node.view, types, env),
    ],
    env,
  );
}

/** A view keeps only what IRIS knows of a column's type, so that is made plain. */
function viewColumn(expr: Expr): Sql {
  const fragment = asValue(expr);
  return expr.form === 'condition' ? sql`CAST(${fragment} AS BIT)` : fragment;
}

export function translateCreateSchema(node: CreateSchemaStmt, env: Env): Plan {
  if ((node.schemaElts ?? []).length > 0) throw env.refuse('objects inside CREATE SCHEMA');
  const name = node.schemaname ?? node.authrole?.rolename ?? '';
  const exists = raw(node.if_not_exists === true ? 'IF NOT EXISTS ' : '');
  newName(name, env);
  const schema = identifier(env.context.input.catalog.irisSchema(name));
  return ddlPlan('CREATE SCHEMA', [{ sql: sql`CREATE SCHEMA ${exists}${schema}` }], env);
}

/** The vector type is there from the beginning, so its extension needs no work; there are no others. */
export function translateCreateExtension(node: CreateExtensionStmt, env: Env): Plan {
  if (node.extname !== 'vector') {
    throw env.refuse(`extension ${node.extname ?? ''}`, undefined, 'Only the extension "vector" exists.');
  }
  if (node.if_not_exists !== true) {
    throw env.context.error('42710', 'extension "vector" already exists');
  }
  return ddlPlan('CREATE EXTENSION', [], env);
}
