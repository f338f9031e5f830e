import { sqlError } from '@iris-devtools/core';
import type { ViewDef } from '../catalog/model.js';
import type { Query } from '../sql/ast.js';
import { parseStatement } from '../sql/parser.js';
import type { CompileContext } from './context.js';
import type { CompiledQuery } from './output.js';
import { compileQuery } from './query.js';

/** The query of a view, parsed from its stored text. */
export function viewQuery(view: ViewDef): Query {
  const { statement } = parseStatement(view.queryText);
  if (statement.kind !== 'select-statement')
    throw sqlError(-400, `The stored text of view ${view.schema}.${view.name} is no query`);
  return statement.query;
}

/** A view as a query whose columns have the view's names. */
export function compileView(view: ViewDef, context: CompileContext): CompiledQuery {
  context.insideView++;
  try {
    const compiled = compileQuery(viewQuery(view), context, undefined);
    const columns = compiled.columns.map((column, index) => ({
      ...column,
      name: view.columns[index]?.name ?? column.name,
    }));
    return { sql: compiled.sql, columns };
  } finally {
    context.insideView--;
  }
}
