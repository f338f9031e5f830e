import type { DdlContext, DdlPlan, NothingToDo } from '../catalog/ddl.js';
import { createTable } from '../catalog/create-table.js';
import type { Statement } from '../sql/ast.js';
import { checkAdmin } from './privileges.js';
import type { SqlOutcome } from './engine.js';
import type { SessionState } from './session-state.js';
import { toSqlError } from './sql-errors.js';

type Planner<Kind extends Statement['kind']> = (
  statement: Extract<Statement, { kind: Kind }>,
  context: DdlContext,
  session: SessionState,
) => DdlPlan | NothingToDo;

type Planners = { readonly [Kind in Statement['kind']]?: Planner<Kind> };

const PLANNERS: Planners = {
  'create-table': (statement, context, session) => {
    checkAdmin('%CREATE_TABLE', session);
    return createTable(statement, context);
  },
};

export const isDdlStatement = (statement: Statement): boolean => PLANNERS[statement.kind] !== undefined;

export const ddlContext = (session: SessionState): DdlContext => ({
  catalog: session.core.catalog,
  namespace: session.namespace,
  defaultSchema: session.core.settings.defaultSchema,
  user: session.user,
});

/** DDL is not part of the IRIS transaction: it happens at once and stays. */
export async function runDdl(statement: Statement, session: SessionState): Promise<SqlOutcome> {
  const plan = planFor(statement, session);
  if ('nothing' in plan) return { sqlcode: 1, rows: [], rowCount: -1, message: plan.nothing };
  await applyPlan(plan, session);
  return { sqlcode: 0, rows: [], rowCount: -1 };
}

function planFor<Kind extends Statement['kind']>(
  statement: Extract<Statement, { kind: Kind }>,
  session: SessionState,
): DdlPlan | NothingToDo {
  const planner = PLANNERS[statement.kind] as Planner<Kind> | undefined;
  if (planner === undefined) return { statements: [], change: { put: [], remove: [] } };
  return planner(statement, ddlContext(session), session);
}

/** The physical change and the catalog's rows in one transaction of the storage. */
export async function applyPlan(plan: DdlPlan, session: SessionState): Promise<void> {
  const { core } = session;
  try {
    await core.storage.transaction(async (access) => {
      await plan.before?.(access);
      if (plan.statements.length > 0) await access.run(plan.statements.map((sql) => ({ sql, once: true })));
      await core.catalog.write(access, plan.change);
    });
  } catch (error) {
    throw toSqlError(error, core.catalog, 'ddl');
  }
  core.catalog.apply(plan.change);
  core.storage.forgetStatements();
}
