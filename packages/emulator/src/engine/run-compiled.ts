import { sqlError } from '@iris-devtools/core';
import { displayName } from '../catalog/names.js';
import type { ParameterKind, SessionFacts } from '../compile/context.js';
import type { EngineParameter, EngineValue, ExecuteOptions, SqlOutcome } from './engine.js';
import { cellReader } from './output-values.js';
import { bindParameter } from './parameters.js';
import type { BoundParameter } from './parameters.js';
import type { CompiledChange } from '../compile/insert.js';
import type { CompiledStatement, Prepared } from './prepared.js';
import { checkKeywords, checkPrivileges, missingColumns } from './privileges.js';
import { waitForCommitted } from './read-committed.js';
import { refuseTriggers } from './triggers.js';
import { sessionValue, startTransaction } from './session-state.js';
import type { SessionState } from './session-state.js';
import { isLockConflict, toSqlError } from './sql-errors.js';
import { PG_TEXT } from './storage/pg-writer.js';
import { StorageFailure } from './storage/storage.js';
import type { RunOptions } from './storage/storage.js';
import type { PgResult } from './storage/pg-reader.js';
import type { StorageRequest } from './storage/statement-names.js';

export const factsOf = (session: SessionState): SessionFacts => ({
  user: session.user,
  namespace: session.namespace,
  defaultSchema: session.core.settings.defaultSchema,
  fastDistinct: session.core.settings.fastDistinct,
});

/** @throws IrisError -400 when their number is wrong */
function bindAll(prepared: Prepared, parameters: readonly EngineParameter[]): BoundParameter[] {
  const { parameterCount } = prepared.parsed;
  if (parameters.length !== parameterCount) {
    throw sqlError(
      -400,
      `The statement has ${parameterCount} parameters, but ${parameters.length} values were given`,
    );
  }
  return parameters.map(bindParameter);
}

/** An INSERT leaves out the columns that the user may not insert into. */
function compileFor(
  prepared: Prepared,
  kinds: readonly ParameterKind[],
  session: SessionState,
): CompiledStatement {
  const { catalog } = session.core;
  const compiled = prepared.compile(catalog, factsOf(session), kinds);
  if (prepared.parsed.statement.kind !== 'insert') return compiled;
  const need = compiled.privileges.find(({ action }) => action === 'INSERT');
  const columns = need === undefined ? [] : [...need.columns];
  const closed = need === undefined ? [] : missingColumns(need.action, need.relation, columns, session);
  if (closed.length === 0 || closed.includes('*')) return compiled;
  const open = prepared.compile(catalog, factsOf(session), kinds, new Set(closed));
  return { ...open, privileges: open.privileges.filter(({ action }) => action !== 'INSERT') };
}

interface Ready {
  readonly compiled: CompiledStatement;
  readonly request: StorageRequest;
}

function ready(
  prepared: Prepared,
  bound: readonly BoundParameter[],
  session: SessionState,
  maxRows: number,
): Ready {
  const kinds = bound.map((parameter): ParameterKind => parameter.kind);
  const compiled = compileFor(prepared, kinds, session);
  const own = compiled.sessionParameters.map((parameter) =>
    sessionValue(
      parameter,
      session,
      bound.map(({ text }) => text),
    ),
  );
  return {
    compiled,
    request: {
      sql: compiled.sql,
      parameters: [...bound.map((parameter) => parameter.text), ...own],
      parameterTypes: [...bound.map((parameter) => parameter.type), ...own.map(() => PG_TEXT)],
      maxRows,
    },
  };
}

export async function runQuery(
  prepared: Prepared,
  parameters: readonly EngineParameter[],
  session: SessionState,
  options: ExecuteOptions,
  gate: RunOptions['gate'],
): Promise<SqlOutcome> {
  const { core } = session;
  const bound = bindAll(prepared, parameters);
  const { compiled, request } = ready(prepared, bound, session, options.maxRows ?? 0);
  checkPrivileges(compiled.privileges, session);
  await waitForCommitted(prepared, bound, session);
  if (compiled.systemTables.length > 0)
    await core.systemTables.ensure(compiled.systemTables, session.namespace);
  try {
    const [result] = await core.storage.run([request], gate === undefined ? {} : { gate });
    const rows = readRows(result, compiled);
    session.rowCount = rows.length;
    // An empty result is found out by fetching; executing it succeeds.
    return { sqlcode: 0, rows, rowCount: rows.length };
  } catch (error) {
    throw toSqlError(error, core.catalog, 'query');
  }
}

function readRows(result: PgResult | undefined, compiled: CompiledStatement): EngineValue[][] {
  const readers = compiled.outputs.map((output) => cellReader(output.type));
  return (result?.rows ?? []).map((cells) => readers.map((read, index) => read(cells[index] ?? null)));
}

/** INSERT, UPDATE, DELETE with any number of parameter sets; all of them happen or none. */
export async function runChange(
  prepared: Prepared,
  parameterSets: readonly (readonly EngineParameter[])[],
  session: SessionState,
  gate: RunOptions['gate'],
): Promise<SqlOutcome> {
  const { core } = session;
  const prepareds = parameterSets.map((parameters) =>
    ready(prepared, bindAll(prepared, parameters), session, 0),
  );
  const [first] = prepareds;
  const change = first?.compiled.change;
  if (first === undefined || change === undefined) return { sqlcode: 100, rows: [], rowCount: 0 };
  checkPrivileges(first.compiled.privileges, session);
  const { statement } = prepared.parsed;
  const keywords = 'keywords' in statement ? statement.keywords : [];
  checkKeywords(keywords, session);
  refuseTriggers(change.table, TRIGGER_EVENTS[changeKind(prepared)], keywords, session);
  if (first.compiled.systemTables.length > 0) {
    await core.systemTables.ensure(first.compiled.systemTables, session.namespace);
  }
  if (session.commitMode === 'EXPLICIT') startTransaction(session);
  if (session.transaction !== undefined) session.transaction.wrote = true;
  if (change.table.temporary) session.temporaryTables.add(change.table.id);
  const requests = prepareds.map((item) => item.request);
  const results = await runRequests(requests, change, changeKind(prepared), session, gate);
  return changeOutcome(results, change.result, session);
}

function runRequests(
  requests: readonly StorageRequest[],
  change: CompiledChange,
  kind: ChangeKind,
  session: SessionState,
  gate: RunOptions['gate'],
): Promise<readonly PgResult[]> {
  const { core } = session;
  return withLocks(session, change.table.id, kind.toUpperCase(), displayName(change.table), async () => {
    const settings = {
      transaction: session.transaction === undefined ? '' : String(session.transaction.id),
      others: core.transactions.othersWrote(session.transaction),
      unchecked: change.unchecked,
    };
    try {
      return await core.storage.run(requests, { settings, ...(gate === undefined ? {} : { gate }) });
    } catch (error) {
      if (isLockConflict(error)) throw error;
      throw toSqlError(error, core.catalog, kind);
    }
  });
}

/** One statement of a procedure, with all its values bound. */
export async function runOne(
  compiled: CompiledStatement,
  parameters: readonly (string | null)[],
  kind: string,
  session: SessionState,
): Promise<PgResult> {
  const request = { sql: compiled.sql, parameters };
  const { change } = compiled;
  if (change === undefined) {
    try {
      const [result] = await session.core.storage.run([request]);
      return result ?? { rows: [], rowCount: 0 };
    } catch (error) {
      throw toSqlError(error, session.core.catalog, 'query');
    }
  }
  if (session.transaction !== undefined) session.transaction.wrote = true;
  const changeVerb = kind === 'insert' || kind === 'update' ? kind : 'delete';
  const results = await runRequests([request], change, changeVerb, session, undefined);
  changeOutcome(results, change.result, session);
  return results[0] ?? { rows: [], rowCount: 0 };
}

type ChangeKind = 'insert' | 'update' | 'delete';

const TRIGGER_EVENTS = { insert: 'INSERT', update: 'UPDATE', delete: 'DELETE' } as const;

function changeKind(prepared: Prepared): ChangeKind {
  const { kind } = prepared.parsed.statement;
  return kind === 'insert' || kind === 'update' ? kind : 'delete';
}

function changeOutcome(
  results: readonly PgResult[],
  shape: 'row-ids' | 'counts' | 'none',
  session: SessionState,
): SqlOutcome {
  let rowCount = 0;
  for (const result of results) {
    const last = result.rows.at(-1);
    if (shape === 'counts') {
      rowCount += Number(last?.[0] ?? 0);
      if (last?.[1] != null) session.lastIdentity = last[1];
      continue;
    }
    rowCount += shape === 'none' ? Math.max(0, result.rowCount) : result.rows.length;
    if (shape === 'row-ids' && last?.[0] != null) session.lastIdentity = last[0];
  }
  session.rowCount = rowCount;
  return { sqlcode: rowCount === 0 ? 100 : 0, rows: [], rowCount };
}

/**
 * Runs `work`; when it meets a row or table that another transaction holds, waits for that to end and runs it again.
 * @throws IrisError -110 after the lock timeout
 */
export async function withLocks<T>(
  session: SessionState,
  tableId: number,
  verb: string,
  table: string,
  work: () => Promise<T>,
): Promise<T> {
  const { transactions } = session.core;
  const deadlineMs = Date.now() + session.lockTimeoutSeconds * 1000;
  for (;;) {
    if (transactions.tableLocked(tableId, session.id, 'EXCLUSIVE')) {
      const conflict = ` Unable to acquire lock for ${verb} of table '${table}'`;
      await transactions.change(deadlineMs, session.signal, conflict);
      continue;
    }
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof StorageFailure) || !isLockConflict(error)) throw error;
      const row = error.failure.detail ?? '';
      const conflict = ` Unable to acquire lock for ${verb} of table '${table}' on row with RowID = '${row}'`;
      await transactions.change(deadlineMs, session.signal, conflict);
    }
  }
}
