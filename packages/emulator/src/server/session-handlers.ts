import { sqlError } from '@iris-devtools/core';
import { sqlcodeOf, STATUS, TYPE_CODE, typeName } from '@iris-devtools/protocol';
import type { ListItem, WireColumn } from '@iris-devtools/protocol';
import type { ClientSession } from './client-session.js';
import type { Handlers } from './handler.js';

/**
 * Isolation levels as JDBC numbers them. The official clients log in with 1 and are then at READ UNCOMMITTED, says
 * sqlalchemy-iris 0.20. unverified on a live server: 2.
 */
const ISOLATION_LEVELS: Readonly<Record<number, string>> = { 1: 'READ UNCOMMITTED', 2: 'READ COMMITTED' };

/** Transactions, error texts, generated keys and upkeep of the connection. */
export const sessionHandlers: Handlers = {
  Ping: (_session, _request, exchange) => {
    exchange.status(STATUS.OK);
  },

  ErrorText: (session, request, exchange) => {
    exchange.reply('ErrorText', { message: session.errorText(errorSqlcode(request.status)) });
  },

  Commit: async (session, _request, exchange) => {
    await session.process.commit();
    exchange.status(STATUS.OK);
  },

  Rollback: async (session, _request, exchange) => {
    await session.process.rollback();
    exchange.status(STATUS.OK);
  },

  // No reply to these two: the official Python client (5.4.1) sends AF and takes the next message for the answer to its next
  // request. A failure shows with the next statement.
  AutocommitOn: (session) => session.setAutocommit(true),
  AutocommitOff: (session) => session.setAutocommit(false),

  SetIsolationLevel: async (session, request, exchange) => {
    if (request.level !== 0) await setIsolationLevel(session, request.level);
    exchange.reply('SetIsolationLevel', { level: isolationLevel(session) });
  },

  InTransaction: (session, _request, exchange) => {
    exchange.reply('InTransaction', { inTransaction: session.process.transactionLevel > 0 });
  },

  GeneratedKeys: (session, _request, exchange) => {
    const { lastIdentity } = session.process.sql;
    exchange.reply(
      'GeneratedKeys',
      { columns: [GENERATED_KEY_COLUMN], values: [identityItem(lastIdentity)] },
      STATUS.NO_MORE_DATA,
    );
  },

  ResetConnection: async (session, _request, exchange) => {
    await session.reset();
    exchange.status(STATUS.OK);
  },

  ExternalInterrupt: (_session, _request, exchange) => {
    // The connection has interrupted what ran when the request came in; see `Connection`.
    exchange.status(STATUS.OK);
  },

  /** unverified on a live server: what the items mean; six integers are what npm intersystems-iris reads. */
  NativeInit: (_session, _request, exchange) => {
    const items = Array.from({ length: 6 }, (): ListItem => ({ type: 'integer', value: 0 }));
    exchange.reply('NativeInit', { items });
  },
};

/** Clients send the status of the failed reply as it stood in the header; the Go driver with the sign that it believes in. */
function errorSqlcode(status: number): number {
  return status < 0 ? status : sqlcodeOf(status);
}

function isolationLevel(session: ClientSession): number {
  return session.process.sql.isolationLevel === 'READ UNCOMMITTED' ? 1 : 2;
}

/** @throws IrisError with `sqlcode` for a level that does not exist */
export async function setIsolationLevel(session: ClientSession, level: number): Promise<void> {
  const name = ISOLATION_LEVELS[level];
  if (name === undefined) throw sqlError(-469, `Isolation level ${level} does not exist`);
  const statement = await session.process.sql.prepare(`SET TRANSACTION ISOLATION LEVEL ${name}`);
  await session.process.execute(statement, []);
}

const GENERATED_KEY_COLUMN: WireColumn = {
  name: 'ID',
  label: 'ID',
  type: typeName(TYPE_CODE.BIGINT),
  typeCode: TYPE_CODE.BIGINT,
  precision: 19,
  scale: 0,
  nullable: false,
  table: '',
  schema: '',
  catalog: '',
  isAutoIncrement: true,
  isCaseSensitive: false,
  isCurrency: false,
  isReadOnly: true,
  isRowVersion: false,
  isUnique: true,
  isAliased: false,
  isExpression: false,
  isHidden: false,
  isIdentity: true,
  isKey: true,
  isRowId: true,
  slot: 1,
};

/** Empty before the first insert. A class may have row ids that are no numbers. */
export function identityItem(identity: string): ListItem {
  if (/^\d{1,18}$/.test(identity)) return { type: 'integer', value: BigInt(identity) };
  return { type: 'string', value: identity };
}
