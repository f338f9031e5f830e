import type { Node } from '@pgsql/types';
import { kindOf, type NodeKind, type NodeOf } from './ast.js';
import { PgError } from '../pg-error.js';
import { Context, Env } from './context.js';
import { translateAlterTable, translateRename } from './ddl/alter-table.js';
import { translateCreateIndex } from './ddl/create-index.js';
import { translateCreateTable, translateCreateTableAs } from './ddl/create-table.js';
import { translateDrop, translateTruncate } from './ddl/drop.js';
import { translateCreateExtension, translateCreateSchema, translateCreateView } from './ddl/view.js';
import { translateDelete } from './dml/delete.js';
import { translateInsert } from './dml/insert.js';
import { translateUpdate } from './dml/update.js';
import { translateExpression } from './expression/expression.js';
import type { Plan, Translate, TranslationInput } from './plan.js';
import { translateQuery } from './query/query.js';
import { translateResultQuery } from './query/top-level.js';
import { queryPlan } from './run/query-plan.js';
import { NO_TABLES, Scope } from './scope.js';

type StatementRules = { readonly [Kind in NodeKind]?: (contents: NodeOf<Kind>, env: Env) => Plan };

/** One rule for each kind of statement; every other kind is refused. */
const STATEMENTS: StatementRules = {
  SelectStmt: (node, env) => queryPlan(translateResultQuery(node, env), env.context),
  InsertStmt: translateInsert,
  UpdateStmt: translateUpdate,
  DeleteStmt: translateDelete,
  CreateStmt: translateCreateTable,
  CreateTableAsStmt: translateCreateTableAs,
  AlterTableStmt: translateAlterTable,
  RenameStmt: translateRename,
  DropStmt: translateDrop,
  TruncateStmt: translateTruncate,
  IndexStmt: translateCreateIndex,
  ViewStmt: translateCreateView,
  CreateSchemaStmt: translateCreateSchema,
  CreateExtensionStmt: translateCreateExtension,
};

/**
 * Translates one PostgreSQL statement into a plan of IRIS SQL that gives PostgreSQL's answer.
 * @throws PgError 0A000 with a position for everything that IRIS cannot express
 */
export const translate: Translate = (input: TranslationInput): Plan => {
  const node = input.node as Node;
  const context = new Context(input, { expression: translateExpression, query: translateQuery });
  const env = new Env(context, new Scope(NO_TABLES), new Map());
  const kind = kindOf(node);
  const rule = STATEMENTS[kind] as ((contents: unknown, env: Env) => Plan) | undefined;
  if (rule === undefined) throw context.refuse(statementName(kind), node);
  try {
    return rule((node as Record<NodeKind, unknown>)[kind], env);
  } catch (error) {
    // Nesting deeper than our stack; PostgreSQL's own limit has the same code.
    if (error instanceof RangeError)
      throw new PgError({ sqlstate: '54001', message: 'stack depth limit exceeded' }, error);
    throw error;
  }
};

/** `CommentStmt` is COMMENT to its reader, `CreateSeqStmt` CREATE SEQUENCE. */
function statementName(kind: NodeKind): string {
  return kind
    .replace(/Stmt$/, '')
    .replace(/Seq$/, 'Sequence')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toUpperCase();
}
