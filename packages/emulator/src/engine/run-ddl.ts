import { alterTable } from '../catalog/alter-table.js';
import { createTableAs } from '../catalog/create-table-as.js';
import { createTable } from '../catalog/create-table.js';
import { findRelation } from '../catalog/ddl.js';
import type { DdlContext, DdlPlan, NothingToDo } from '../catalog/ddl.js';
import { dropTable } from '../catalog/drop-table.js';
import { createIndex, dropIndex } from '../catalog/indexes.js';
import { physicalTable } from '../catalog/model.js';
import type { TableDef } from '../catalog/model.js';
import { displayName } from '../catalog/names.js';
import { createRoutine, createTrigger, dropRoutine, dropTrigger } from '../catalog/routines.js';
import { createSchema, dropSchema } from '../catalog/schemas.js';
import { createView, dropView } from '../catalog/views.js';
import type { Statement } from '../sql/ast.js';
import type { SqlOutcome } from './engine.js';
import { checkAdmin, checkPrivileges, hasPrivilege } from './privileges.js';
import { factsOf } from './run-compiled.js';
import { sessionValue } from './session-state.js';
import type { SessionState } from './session-state.js';
import { toSqlError } from './sql-errors.js';
import { NO_SETTINGS } from './storage/storage.js';

interface DdlCall {
  readonly context: DdlContext;
  readonly session: SessionState;
  /** The statement as written. */
  readonly text: string;
}

type Planner<Kind extends Statement['kind']> = (
  statement: Extract<Statement, { kind: Kind }>,
  call: DdlCall,
) => DdlPlan | NothingToDo;

type DdlKind =
  | 'create-table'
  | 'alter-table'
  | 'drop-table'
  | 'create-view'
  | 'drop-view'
  | 'create-index'
  | 'drop-index'
  | 'create-schema'
  | 'drop-schema'
  | 'create-routine'
  | 'drop-routine'
  | 'create-trigger'
  | 'drop-trigger';

type DdlStatement = Extract<Statement, { kind: DdlKind }>;

/** The administrative privilege that each statement needs, and how it is planned. */
const PLANNERS: { readonly [Kind in DdlKind]: { readonly privilege: string; readonly plan: Planner<Kind> } } =
  {
    'create-table': {
      privilege: '%CREATE_TABLE',
      plan: (statement, { context, session }) =>
        statement.definition.kind === 'query'
          ? createTableAs(statement, context, factsOf(session), (parameter) =>
              sessionValue(parameter, session),
            )
          : createTable(statement, context),
    },
    'alter-table': {
      privilege: '%ALTER_TABLE',
      plan: (statement, { context }) => alterTable(statement, context),
    },
    'drop-table': {
      privilege: '%DROP_TABLE',
      plan: (statement, { context }) => dropTable(statement, context),
    },
    'create-view': {
      privilege: '%CREATE_VIEW',
      plan: (statement, { context }) => createView(statement, context),
    },
    'drop-view': { privilege: '%DROP_VIEW', plan: (statement, { context }) => dropView(statement, context) },
    'create-index': {
      privilege: '%ALTER_TABLE',
      plan: (statement, { context }) => createIndex(statement, context),
    },
    'drop-index': {
      privilege: '%ALTER_TABLE',
      plan: (statement, { context }) => dropIndex(statement, context),
    },
    'create-schema': {
      privilege: '%CREATE_SCHEMA',
      plan: (statement, { context }) => createSchema(statement, context),
    },
    'drop-schema': {
      privilege: '%DROP_SCHEMA',
      plan: (statement, { context }) => dropSchema(statement, context),
    },
    'create-routine': {
      privilege: '%CREATE_PROCEDURE',
      plan: (statement, { context, text }) => createRoutine(statement, text, context),
    },
    'drop-routine': {
      privilege: '%DROP_PROCEDURE',
      plan: (statement, { context }) => dropRoutine(statement, context),
    },
    'create-trigger': {
      privilege: '%CREATE_TRIGGER',
      plan: (statement, { context, text }) => createTrigger(statement, text, context),
    },
    'drop-trigger': {
      privilege: '%DROP_TRIGGER',
      plan: (statement, { context }) => dropTrigger(statement, context),
    },
  };

export const isDdlStatement = (statement: Statement): statement is DdlStatement =>
  Object.hasOwn(PLANNERS, statement.kind);

/** DDL is not part of the IRIS transaction: it happens at once and stays. */
export async function runDdl(
  statement: DdlStatement,
  text: string,
  session: SessionState,
): Promise<SqlOutcome> {
  const { catalog, settings } = session.core;
  const context: DdlContext = {
    catalog,
    namespace: session.namespace,
    defaultSchema: settings.defaultSchema,
    user: session.user,
  };
  const plan = planFor(statement.kind, statement, { context, session, text });
  if (!('nothing' in plan)) checkPrivileges(plan.privileges ?? [], session);
  if ('nothing' in plan) return { sqlcode: 1, rows: [], rowCount: -1, message: plan.nothing };
  await applyPlan(plan, session);
  return { sqlcode: 0, rows: [], rowCount: -1 };
}

function planFor<Kind extends DdlKind>(
  kind: Kind,
  statement: Extract<Statement, { kind: Kind }>,
  call: DdlCall,
): DdlPlan | NothingToDo {
  const planner = PLANNERS[kind];
  checkStatement(statement, planner.privilege, call);
  return planner.plan(statement, call);
}

/** @throws IrisError -99 */
function checkStatement(statement: DdlStatement, privilege: string, { context, session }: DdlCall): void {
  if (statement.kind === 'create-view' && statement.alter) {
    checkAdmin('%ALTER_VIEW', session);
    return;
  }
  if (statement.kind === 'drop-view') {
    const view = findRelation(statement.view, context);
    if (view !== undefined && hasPrivilege('DELETE', view, session)) return;
  }
  checkAdmin(privilege, session);
}

/** The physical change and the catalog's rows in one transaction of the storage. */
async function applyPlan(plan: DdlPlan, session: SessionState): Promise<void> {
  const { core } = session;
  for (const table of plan.locks ?? []) await exclusively(table, session);
  try {
    await core.storage.transaction(async (access) => {
      await plan.before?.(access);
      const requests = plan.statements.map((item) =>
        typeof item === 'string' ? { sql: item, once: true } : item,
      );
      if (requests.length > 0) await access.run(requests);
      await core.catalog.write(access, plan.change);
    }, NO_SETTINGS);
  } catch (error) {
    throw toSqlError(error, core.catalog, 'ddl', plan.change.put);
  }
  core.catalog.apply(plan.change);
  core.storage.forgetStatements();
}

/** Waits until no other transaction has uncommitted rows of the table. @throws IrisError -110 */
async function exclusively(table: TableDef, session: SessionState): Promise<void> {
  const { core, transaction } = session;
  const deadlineMs = Date.now() + session.lockTimeoutSeconds * 1000;
  const conflict = ` Unable to acquire lock for DDL of table '${displayName(table)}'`;
  for (;;) {
    const others = core.transactions.othersWrote(transaction) && (await changedByOthers(table, session));
    if (!others && !core.transactions.tableLocked(table.id, session.id, 'EXCLUSIVE')) return;
    await core.transactions.change(deadlineMs, session.signal, conflict);
  }
}

async function changedByOthers(table: TableDef, session: SessionState): Promise<boolean> {
  const [result] = await session.core.storage.run([
    {
      sql: 'SELECT 1 FROM iris_sys.undo WHERE tab = $1::regclass AND txn <> $2::int8 LIMIT 1',
      parameters: [physicalTable(table), String(session.transaction?.id ?? 0)],
    },
  ]);
  return (result?.rows.length ?? 0) > 0;
}
