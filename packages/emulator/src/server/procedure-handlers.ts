import { sqlError } from '@iris-devtools/core';
import { decodeItems, ListWriter, STATUS, TYPE_CODE } from '@iris-devtools/protocol';
import type { ListItem, ProcedureDescription, ProcedureResultReply } from '@iris-devtools/protocol';
import type { CallOutcome, EngineValue, ParameterDescription } from '../engine/engine.js';
import { tokenize } from '../sql/parser/lexer.js';
import type { Token } from '../sql/parser/token.js';
import { execute, fetchPage, knownStatement, sendPage, wireColumns } from './statement-handlers.js';
import { identityItem } from './session-handlers.js';
import { plainLayout, writeValue } from './row-page.js';
import type { ClientSession, KnownStatement } from './client-session.js';
import type { Handlers } from './handler.js';

/**
 * Stored procedures as the official Python client (5.4.1) calls them: it prepares the name of a procedure and executes it with one
 * value for each parameter. Every parameter has an output, the return value is the first one if there is one.
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
    const { call, rows } = await execute(session, statement, request.values, request);
    exchange.reply('ProcedureQuery', { items: outputItems(statement, call) });
    sendPage(session, exchange, statement.layout, rows);
  },

  ProcedureUpdate: async (session, request, exchange) => {
    if (session.rowIdProcedures.has(exchange.statementId)) {
      exchange.reply('ProcedureUpdate', {
        items: [identityItem(session.process.sql.lastIdentity), integer(0)],
      });
      return;
    }
    const statement = knownStatement(session, exchange);
    if (statement === undefined) return;
    const { call } = await execute(session, statement, request.values, request);
    const items = [...outputItems(statement, call), integer(call?.rowsAffected ?? 0)];
    exchange.reply('ProcedureUpdate', { items });
  },

  ProcedureMultiple: async (session, request, exchange) => {
    const statement = knownStatement(session, exchange);
    if (statement === undefined) return;
    const { call } = await execute(session, statement, request.values, request);
    session.procedureResults.set(exchange.statementId, [...(call?.results ?? [])]);
    const { result, status } = nextResult(session, exchange.statementId);
    exchange.reply('ProcedureMultiple', { items: outputItems(statement, call), result }, status);
  },

  MoreResults: (session, _request, exchange) => {
    const { result, status } = nextResult(session, exchange.statementId);
    exchange.reply('MoreResults', result, status);
  },

  FetchProcedure: (session, _request, exchange) => {
    fetchPage(session, exchange);
  },

  FetchMultiple: (session, _request, exchange) => {
    fetchPage(session, exchange);
  },
};

const integer = (value: number): ListItem => ({ type: 'integer', value });

/** The first page of the next result of a procedure with many. */
function nextResult(
  session: ClientSession,
  statementId: number,
): { readonly result: ProcedureResultReply; readonly status: number } {
  session.cursors.delete(statementId);
  const result = session.procedureResults.get(statementId)?.shift();
  if (result === undefined) return { result: { type: 'done' }, status: STATUS.OK };
  const layout = plainLayout(result.columns);
  const { payload, isLast } = session.openCursor(statementId, layout, result.rows).nextPage();
  return {
    result: { type: 'rows', columns: wireColumns(layout), rows: payload },
    status: isLast ? STATUS.NO_MORE_DATA : STATUS.OK,
  };
}

/** One item for each described parameter. NULL is the empty string: the client takes an undefined item for an error. */
function outputItems({ prepared: { procedure } }: KnownStatement, call: CallOutcome | undefined): ListItem[] {
  if (procedure === undefined || call === undefined) return [];
  const out = new ListWriter();
  const write = (value: EngineValue, { typeCode }: ParameterDescription): void => {
    // The value of a LOB parameter travels as text; numbers that the body made text stay text.
    const asText = LOB_TYPES.includes(typeCode) || (typeof value === 'string' && !isNumeric(value));
    writeValue(out, value, asText ? TYPE_CODE.VARCHAR : typeCode, () => '');
  };
  if (procedure.returns !== undefined) write(call.returnValue, procedure.returns);
  procedure.parameters.forEach((parameter, index) => {
    write(call.parameters[index] ?? null, parameter);
  });
  return decodeItems(out.finish());
}

const LOB_TYPES: readonly number[] = [TYPE_CODE.LONGVARCHAR, TYPE_CODE.WLONGVARCHAR, TYPE_CODE.LONGVARBINARY];

const isNumeric = (text: string): boolean => /^-?(\d+\.?\d*|\.\d+)$/.test(text);

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

/**
 * `Schema.Name` becomes a CALL with as many question marks as the procedure has parameters, `Schema.Name(..)` a CALL of just that.
 * Other text stays.
 */
async function callText(session: ClientSession, text: string): Promise<string> {
  const tokens = tokenize(text, session.settings).filter(({ kind }) => kind !== 'end');
  const bracket = tokens.findIndex(({ text: symbol, kind }) => kind === 'symbol' && symbol === '(');
  const name = procedureName(text, bracket < 0 ? tokens : tokens.slice(0, bracket));
  if (name === undefined) return text;
  const quoted = [name.schema, name.name].map((part) => `"${part.replaceAll('"', '""')}"`).join('.');
  if (bracket >= 0) return `CALL ${quoted}${text.slice(tokens[bracket]?.position)}`;
  const count = await parameterCount(session, name);
  return `CALL ${quoted}(${Array.from({ length: count }, () => '?').join(', ')})`;
}

interface ProcedureName {
  readonly schema: string;
  readonly name: string;
}

async function parameterCount(session: ClientSession, { schema, name }: ProcedureName): Promise<number> {
  const { sql } = session.process;
  const lookup = await sql.prepare(
    'SELECT COUNT(*) FROM INFORMATION_SCHEMA.PARAMETERS WHERE %SQLUPPER(SPECIFIC_SCHEMA) = %SQLUPPER(?) ' +
      'AND %SQLUPPER(SPECIFIC_NAME) = %SQLUPPER(?)',
  );
  const { rows } = await sql.execute(lookup, [
    { kind: 'string', value: schema },
    { kind: 'string', value: name },
  ]);
  return Number(rows[0]?.[0] ?? 0);
}

function procedureName(text: string, tokens: readonly Token[]): ProcedureName | undefined {
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

/** @throws IrisError -149 for text that is no CALL */
function describe({ prepared: { procedure }, layout }: KnownStatement): ProcedureDescription {
  if (procedure === undefined) throw sqlError(-149, ' Only procedures can be prepared as such');
  const { results, returns, parameters } = procedure;
  return {
    results,
    hasReturnValue: returns !== undefined,
    columns: results === 'query' ? wireColumns(layout) : [],
    parameters: [...(returns === undefined ? [] : [{ ...returns, name: '' }]), ...parameters],
  };
}
