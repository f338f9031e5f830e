import { sqlError } from '@iris-devtools/core';
import { physicalTable } from '../catalog/model.js';
import { CompileContext } from '../compile/context.js';
import type { BoundParameter } from './parameters.js';
import { compileStatement } from './prepared.js';
import type { Prepared } from './prepared.js';
import { lockingSelects } from './locking-selects.js';
import type { LockingSelect } from './locking-selects.js';
import { factsOf } from './run-compiled.js';
import { sessionValue } from './session-state.js';
import type { SessionState } from './session-state.js';
import { PG_TEXT } from './storage/pg-writer.js';
import type { StorageRequest } from './storage/statement-names.js';
import type { Query, SelectCore } from '../sql/ast.js';

/**
 * READ COMMITTED: a query waits while another transaction has uncommitted changes in a row that it would return.
 * Aggregates, GROUP BY, DISTINCT and %NOLOCK see uncommitted rows even so, as in IRIS.
 *
 * @throws IrisError -114 after the lock timeout
 */
export async function waitForCommitted(
  prepared: Prepared,
  bound: readonly BoundParameter[],
  session: SessionState,
): Promise<void> {
  const { core } = session;
  if (session.isolation === 'READ UNCOMMITTED' || !core.transactions.othersWrote(session.transaction)) return;
  const { statement } = prepared.parsed;
  if (statement.kind !== 'select-statement') return;
  const selects = lockingSelects(statement.query, (name) => contextOf(bound, session).relation(name));
  const probes = selects.flatMap((select) =>
    select.rows.map((row) => probe({ ...statement.query, body: select.core }, row, bound, session)),
  );
  if (probes.length === 0) return;
  const deadlineMs = Date.now() + session.lockTimeoutSeconds * 1000;
  for (;;) {
    const results = await core.storage.run(probes);
    if (!results.some((result) => result.rows.length > 0)) return;
    try {
      await core.transactions.change(deadlineMs, session.signal, '');
    } catch (error) {
      if (session.signal.aborted) throw error;
      throw sqlError(-114, ' One or more matching rows is locked by another user', { cause: error });
    }
  }
}

const contextOf = (bound: readonly BoundParameter[], session: SessionState): CompileContext =>
  new CompileContext({
    catalog: session.core.catalog,
    session: factsOf(session),
    parameterCount: bound.length,
    kinds: bound.map((parameter) => parameter.kind),
  });

/** Asks whether a row of the table that the SELECT would return is changed by another transaction. */
function probe(
  { body: core, ...around }: Query & { readonly body: SelectCore },
  { id, table }: LockingSelect['rows'][number],
  bound: readonly BoundParameter[],
  session: SessionState,
): StorageRequest {
  const { position, having: _, top: __, ...rest } = core;
  const body: SelectCore = { ...rest, position, items: [{ kind: 'item', position, expression: id }] };
  const query: Query = { kind: 'query', position, with: around.with, body, orderBy: [] };
  const context = contextOf(bound, session);
  const compiled = compileStatement({ kind: 'select-statement', position, query }, context);
  const own = compiled.sessionParameters.map((parameter) => sessionValue(parameter, session));
  const transaction = session.transaction?.id ?? 0;
  return {
    sql: `SELECT 1 FROM (${compiled.sql}) AS p JOIN iris_sys.undo AS u ON u.rid = p.r1
          WHERE u.tab = '${physicalTable(table)}'::regclass AND u.txn <> ${transaction} LIMIT 1`,
    parameters: [...bound.map((parameter) => parameter.text), ...own],
    parameterTypes: [...bound.map((parameter) => parameter.type), ...own.map(() => PG_TEXT)],
    once: true,
  };
}
