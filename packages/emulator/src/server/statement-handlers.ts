import { isIrisError, sqlError } from '@iris-devtools/core';
import { PARAMETER_KIND, REUSABLE_STATEMENT, STATUS } from '@iris-devtools/protocol';
import type { ListItem, ParameterValues, WireColumn } from '@iris-devtools/protocol';
import type { ExecuteOptions, SqlOutcome } from '../engine/engine.js';
import type { ClientSession, KnownStatement } from './client-session.js';
import type { Exchange } from './exchange.js';
import type { Handlers } from './handler.js';
import type { ColumnLayout, Cursor } from './row-page.js';

/** Statements, direct and prepared, and the pages of their results. */
export const statementHandlers: Handlers = {
  DirectQuery: async (session, request, exchange) => {
    const values = onlySet(request.values);
    const statement = await session.prepare(request, values);
    session.statements.set(exchange.statementId, statement);
    const outcome = await execute(session, statement, values, request);
    exchange.reply('DirectQuery', { ...describe(statement), columns: wireColumns(statement.layout) });
    sendPage(session, exchange, statement.layout, outcome.rows);
  },

  DirectUpdate: async (session, request, exchange) => {
    const statement = await session.prepare(request);
    session.statements.set(exchange.statementId, statement);
    const rowsAffected: number[] = [];
    await session.executeSets(statement, request.values.sets, executeOptions(request), rowsAffected);
    const { parameters, statementFlag } = describe(statement);
    exchange.reply('DirectUpdate', { parameters, statementFlag, rowsAffected });
  },

  StatementBatch: async (session, request, exchange) => {
    const rowsAffected: number[] = [];
    for (const { text, values } of request.statements) {
      const parameters = Array.from({ length: values.count }, () => ({
        kind: PARAMETER_KIND.CONSTANT,
        mode: 0,
      }));
      const set = onlySet(values);
      const statement = await session.prepare({ text, parameters }, set);
      if (statement.prepared.kind === 'query') throw sqlError(-466, 'A query in a batch');
      rowsAffected.push((await execute(session, statement, set, request)).rowCount);
    }
    exchange.reply('StatementBatch', { rowsAffected });
  },

  Prepare: async (session, request, exchange) => {
    const statement = await session.prepare(request);
    session.statements.set(exchange.statementId, statement);
    const isQuery = statement.prepared.kind === 'query';
    const description = { ...describe(statement), columns: wireColumns(statement.layout) };
    exchange.reply('Prepare', description, STATUS.OK, isQuery);
  },

  PreparedQuery: async (session, request, exchange) => {
    const statement = knownStatement(session, exchange);
    if (statement === undefined) return;
    if (!(await session.isCurrent(statement))) {
      // unverified on a live server: whether IRIS answers so, or with -478, when DDL changed the columns.
      exchange.status(STATUS.STATEMENT_UNKNOWN);
      return;
    }
    const outcome = await execute(session, statement, onlySet(request.values), request);
    sendPage(session, exchange, statement.layout, outcome.rows);
  },

  PreparedUpdate: async (session, request, exchange) => {
    const statement = knownStatement(session, exchange);
    if (statement === undefined) return;
    const { sets } = request.values;
    const rowsAffected: number[] = [];
    try {
      await session.executeSets(statement, sets, executeOptions(request), rowsAffected);
    } catch (error) {
      if (sets.length < 2 || !isIrisError(error) || error.sqlcode === undefined) throw error;
      // The Python client (5.3.2) reads a number for each set of a batch also when it fails.
      const failed = sets.slice(rowsAffected.length).map(() => EXECUTE_FAILED);
      const status = session.noteFailure(error);
      exchange.reply('PreparedUpdate', { rowsAffected: [...rowsAffected, ...failed] }, status);
      return;
    }
    exchange.reply('PreparedUpdate', { rowsAffected });
  },

  Fetch: (session, _request, exchange) => {
    fetchPage(session, exchange);
  },

  CloseCursor: (session, _request, exchange) => {
    session.cursors.delete(exchange.statementId);
    exchange.status(STATUS.OK);
  },

  CloseStatement: (session, _request, exchange) => {
    session.cursors.delete(exchange.statementId);
    session.statements.delete(exchange.statementId);
    exchange.status(STATUS.OK);
  },
};

/** The statement of the request's id; when it is not known any more, the client is told so and sends it anew. */
export function knownStatement(session: ClientSession, exchange: Exchange): KnownStatement | undefined {
  const statement = session.statements.get(exchange.statementId);
  if (statement === undefined) exchange.status(STATUS.STATEMENT_UNKNOWN);
  return statement;
}

/** JDBC's count of what did not succeed. unverified on a live server: what IRIS sends for a failed batch. */
const EXECUTE_FAILED = -3;

interface Limits {
  readonly timeoutSeconds: number;
  readonly maxRows?: number;
}

export function execute(
  session: ClientSession,
  statement: KnownStatement,
  values: readonly ListItem[],
  limits: Limits,
): Promise<SqlOutcome> {
  return session.execute(statement, values, executeOptions(limits));
}

function executeOptions({ timeoutSeconds, maxRows = 0 }: Limits): ExecuteOptions {
  return { timeoutMs: Math.max(0, timeoutSeconds) * 1_000, maxRows: Math.max(0, maxRows) };
}

function onlySet({ sets }: ParameterValues): readonly ListItem[] {
  if (sets.length > 1) throw sqlError(-466, 'A query takes one set of parameters');
  return sets[0] ?? [];
}

function describe({ parameters, layout }: KnownStatement) {
  return { feature: layout.feature, parameters, statementFlag: REUSABLE_STATEMENT };
}

/** Opens the cursor of a result and sends its first page. */
export function sendPage(
  session: ClientSession,
  exchange: Exchange,
  layout: ColumnLayout,
  rows: SqlOutcome['rows'],
): void {
  sendNextPage(exchange, session.openCursor(exchange.statementId, layout, rows));
}

/** Sends the next page of the cursor that the statement id of the request has. */
export function fetchPage(session: ClientSession, exchange: Exchange): void {
  const cursor = session.findCursor(exchange.statementId);
  if (cursor === undefined) {
    exchange.status(STATUS.STATEMENT_UNKNOWN);
    return;
  }
  if (cursor.atEnd) {
    // Its last page had status 100: see `ServerSettings.fetchAfterEnd`.
    if (session.settings.fetchAfterEnd === 'hang') return;
    throw sqlError(-464, 'A fetch after the last page (status 100), which IRIS would never answer');
  }
  sendNextPage(exchange, cursor);
}

function sendNextPage(exchange: Exchange, cursor: Cursor): void {
  const { payload, isLast } = cursor.nextPage();
  exchange.raw(payload, isLast ? STATUS.NO_MORE_DATA : STATUS.OK);
}

/** Clients take the first name of a column for the key of a row: it is the alias where there is one. */
export function wireColumns({ columns, order }: ColumnLayout): WireColumn[] {
  return columns.map((column, index) => ({
    ...column,
    name: column.label,
    isCurrency: false,
    isRowVersion: false,
    slot: order.indexOf(index) + 1,
  }));
}
