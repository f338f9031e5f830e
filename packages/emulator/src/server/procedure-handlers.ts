import { STATUS } from '@iris-devtools/protocol';
import type { ProcedureDescription } from '@iris-devtools/protocol';
import { execute, knownStatement, sendPage, wireColumns } from './statement-handlers.js';
import type { KnownStatement } from './client-session.js';
import type { Handlers } from './handler.js';

/**
 * Stored procedures in the form of the Python DB-API: prepare, then execute. The engine knows no OUT parameters, so none come
 * back; procedures with several results are not supported and refused by name.
 * unverified on a live server: all of it.
 */
export const procedureHandlers: Handlers = {
  PrepareProcedure: async (session, request, exchange) => {
    const statement = await session.prepareProcedure(request.text);
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
    const statement = knownStatement(session, exchange);
    if (statement === undefined) return;
    const { rowCount } = await execute(session, statement, request.values, request);
    exchange.reply('ProcedureUpdate', { items: [{ type: 'integer', value: rowCount }] }, STATUS.OK);
  },
};

function describe({ prepared, layout }: KnownStatement): ProcedureDescription {
  return {
    results: prepared.kind === 'query' ? 'query' : 'update',
    hasReturnValue: false,
    columns: wireColumns(layout),
    parameters: prepared.parameters.map((parameter) => ({ ...parameter, name: '' })),
  };
}
