import { sqlError } from '@iris-devtools/core';
import { physicalTable } from '../catalog/model.js';
import { CompileContext } from '../compile/context.js';
import { contentsOf } from '../compile/fingerprint.js';
import type { Query, SelectCore, TableReference } from '../sql/ast.js';
import { compileStatement } from './prepared.js';
import type { Prepared } from './prepared.js';
import { factsOf } from './run-compiled.js';
import type { BoundParameter } from './parameters.js';
import { sessionValue } from './session-state.js';
import type { SessionState } from './session-state.js';
import { PG_TEXT } from './storage/pg-writer.js';
import type { StorageRequest } from './storage/statement-names.js';

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
  const select = statement.kind === 'select-statement' ? lockingCore(statement.query) : undefined;
  if (select === undefined) return;
  const probes = tablesOf(select.from).map((label) => probe(select, label, bound, session));
  const deadlineMs = Date.now() + session.lockTimeoutSeconds * 1000;
  for (;;) {
    const results = await core.storage.run(probes.filter((request) => request !== undefined));
    if (!results.some((result) => result.rows.length > 0)) return;
    try {
      await core.transactions.change(deadlineMs, session.signal, '');
    } catch (error) {
      if (session.signal.aborted) throw error;
      throw sqlError(-114, ' One or more matching rows is locked by another user', { cause: error });
    }
  }
}

/** The SELECT whose rows are rows of its tables. */
function lockingCore(query: Query): SelectCore | undefined {
  const { body } = query;
  if (body.kind !== 'select' || query.with.length > 0) return undefined;
  const plain =
    body.quantifier === 'ALL' &&
    body.distinctBy === undefined &&
    body.groupBy.length === 0 &&
    !body.hints.includes('%NOLOCK') &&
    contentsOf([body.items, body.having]).aggregates.length === 0;
  return plain ? body : undefined;
}

function tablesOf(references: readonly TableReference[]): string[] {
  return references.flatMap((reference) => {
    if (reference.kind === 'join') return tablesOf([reference.left, reference.right]);
    return reference.kind === 'table' ? [(reference.alias ?? reference.name.name).name] : [];
  });
}

/** Asks whether a row of the table that the query would return is changed by another transaction. */
function probe(
  core: SelectCore,
  label: string,
  bound: readonly BoundParameter[],
  session: SessionState,
): StorageRequest | undefined {
  const { position, having: _, top: __, ...rest } = core;
  const table = { position, name: { position, name: label, delimited: true } };
  const expression = { kind: 'pseudo-column', position, name: '%ID', table } as const;
  const body: SelectCore = { ...rest, position, items: [{ kind: 'item', position, expression }] };
  const context = new CompileContext({
    catalog: session.core.catalog,
    session: factsOf(session),
    parameterCount: bound.length,
    kinds: bound.map((parameter) => parameter.kind),
  });
  const query: Query = { kind: 'query', position, with: [], body, orderBy: [] };
  const compiled = compileStatement({ kind: 'select-statement', position, query }, context);
  const source = compiled.outputs[0]?.source?.relation;
  if (source?.kind !== 'table' || source.system === true) return undefined;
  const own = compiled.sessionParameters.map((parameter) => sessionValue(parameter, session));
  const transaction = session.transaction?.id ?? 0;
  return {
    sql: `SELECT 1 FROM (${compiled.sql}) AS p JOIN iris_sys.undo AS u ON u.rid = p.r1
          WHERE u.tab = '${physicalTable(source)}'::regclass AND u.txn <> ${transaction} LIMIT 1`,
    parameters: [...bound.map((parameter) => parameter.text), ...own],
    parameterTypes: [...bound.map((parameter) => parameter.type), ...own.map(() => PG_TEXT)],
    once: true,
  };
}
