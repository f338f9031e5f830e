import { sqlError } from '@iris-devtools/core';
import { TYPE_CODE } from '@iris-devtools/protocol';
import type { ListItem, ProcedureDescription } from '@iris-devtools/protocol';
import { tokenize } from '../sql/parser/lexer.js';
import { execute, knownStatement, sendPage, wireColumns } from './statement-handlers.js';
import { identityItem } from './session-handlers.js';
import type { ClientSession, KnownStatement } from './client-session.js';
import type { Handlers } from './handler.js';

/**
 * Stored procedures as the official Python client (5.4.1) calls them: it prepares a procedure's name, or the text of a CALL,
 * and executes that. That client has sent no argument of `callproc` so far, whatever the description said. The engine knows no OUT parameters, so none come back; procedures with several results are refused.
 * unverified on a live server: all of it.
 */
export const procedureHandlers: Handlers = {
  PrepareProcedure: async (session, request, exchange) => {
    if (isRowIdProcedure(request.text)) {
      session.rowIdProcedures.add(exchange.statementId);
      exchange.reply('PrepareProcedure', ROW_ID_DESCRIPTION);
      return;
    }
    session.rowIdProcedures.delete(exchange.statementId);
    const statement = await session.prepareProcedure(await callText(session, request.text));
    session.statements.set(exchange.statementId, statement);
    exchange.reply('PrepareProcedure', describe(statement));
  },

  ProcedureQuery: async (session, request, exchange) => {
    const statement = knownStatement(session, exchange);
    if (statement === undefined) return;
    const outcome = await execute(session, statement, request.values, request);
    exchange.reply('ProcedureQuery', { items: [] });
    sendPage(session, exchange, statement, outcome);
  },

  ProcedureUpdate: async (session, request, exchange) => {
    if (session.rowIdProcedures.has(exchange.statementId)) {
      const items = [identityItem(session.process.sql.lastIdentity), NO_ROWS_AFFECTED];
      exchange.reply('ProcedureUpdate', { items });
      return;
    }
    const statement = knownStatement(session, exchange);
    if (statement === undefined) return;
    const { rowCount } = await execute(session, statement, request.values, request);
    exchange.reply('ProcedureUpdate', { items: [{ type: 'integer', value: rowCount }] });
  },
};

const NO_ROWS_AFFECTED: ListItem = { type: 'integer', value: 0 };

/** The Python client asks it for `lastrowid`; its return value must be described and counts as an output. */
const ROW_ID_PROCEDURE = '%SYSTEM.SQL_GETROWID';

const ROW_ID_DESCRIPTION: ProcedureDescription = {
  results: 'update',
  hasReturnValue: true,
  columns: [],
  parameters: [{ typeCode: TYPE_CODE.VARCHAR, precision: 50, scale: 0, nullable: true, name: '' }],
};

function isRowIdProcedure(text: string): boolean {
  return text.trim().toUpperCase() === ROW_ID_PROCEDURE;
}

/** `Schema.Name` becomes a CALL with as many question marks as the procedure has parameters; other text stays. */
async function callText(session: ClientSession, text: string): Promise<string> {
  const name = procedureName(session, text);
  if (name === undefined) return text;
  const { sql } = session.process;
  const lookup = await sql.prepare(
    'SELECT COUNT(*) FROM INFORMATION_SCHEMA.PARAMETERS WHERE %SQLUPPER(SPECIFIC_SCHEMA) = %SQLUPPER(?) ' +
      'AND %SQLUPPER(SPECIFIC_NAME) = %SQLUPPER(?)',
  );
  const { rows } = await sql.execute(lookup, [
    { kind: 'string', value: name.schema },
    { kind: 'string', value: name.name },
  ]);
  const count = Number(rows[0]?.[0] ?? 0);
  const quoted = [name.schema, name.name].map((part) => `"${part.replaceAll('"', '""')}"`).join('.');
  return `CALL ${quoted}(${Array.from({ length: count }, () => '?').join(', ')})`;
}

function procedureName(session: ClientSession, text: string): { schema: string; name: string } | undefined {
  const tokens = tokenize(text, session.settings).filter(({ kind }) => kind !== 'end');
  const parts = tokens.filter((_, index) => index % 2 === 0);
  const dots = tokens.filter((_, index) => index % 2 === 1);
  const isName =
    tokens.length % 2 === 1 &&
    parts.every(({ kind }) => kind === 'word' || kind === 'delimited') &&
    dots.every(({ text: symbol }) => symbol === '.');
  if (!isName) return undefined;
  if (parts.length > 2) throw sqlError(-427, text);
  const [first, second] = parts.map((part) => part.text);
  return second === undefined
    ? { schema: DEFAULT_SCHEMA, name: first ?? '' }
    : { schema: first ?? '', name: second };
}

const DEFAULT_SCHEMA = 'SQLUser';

function describe({ prepared, layout }: KnownStatement): ProcedureDescription {
  return {
    results: prepared.kind === 'query' ? 'query' : 'update',
    hasReturnValue: false,
    columns: wireColumns(layout),
    parameters: prepared.parameters.map((parameter) => ({ ...parameter, name: '' })),
  };
}
