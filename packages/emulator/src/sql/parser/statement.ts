import type { Statement } from '../ast.js';
import { parseCursor, parseExplain, parseLock, parseSetOption } from './administration.js';
import { parseAlterSchema, parseAlterTable } from './alter-table.js';
import { parseCreateTable } from './create-table.js';
import { parseCreateDatabase, parseDropDatabase } from './database.js';
import {
  acceptIfExists,
  parseCreateIndex,
  parseDropIndex,
  parseDropTable,
  parseDropView,
  parseView,
  startsCreateIndex,
} from './ddl.js';
import { parseExternal } from './external.js';
import { parseCancel, parseFreeze, parsePurge } from './maintenance.js';
import { parseBuildIndex, parseCollectStatistics, parseTuneTable } from './statistics.js';
import { parseDelete, parseInsert, parseTruncate, parseUpdate } from './dml.js';
import {
  parseAlterUser,
  parseCheckPrivilege,
  parseCreateUser,
  parseGrant,
  parseRevoke,
} from './privileges.js';
import { parseQuery } from './query.js';
import { parseCall, parseCreateRoutine, parseDropRoutine, ROUTINE_KINDS } from './routine.js';
import type { TokenCursor } from './token-cursor.js';
import { parseRollback, parseSavepoint, parseSetTransaction, parseStartTransaction } from './transactions.js';
import { parseCreateTrigger, parseDropTrigger } from './trigger.js';

type StatementParser = (p: TokenCursor) => Statement;

const inTransaction: StatementParser = (p) => ({ kind: 'in-transaction', position: p.advance().position });

/** By first word. Arrow functions, because the modules refer to each other. */
const STATEMENTS: ReadonlyMap<string, StatementParser> = new Map<string, StatementParser>([
  ['SELECT', (p) => parseSelectStatement(p)],
  ['WITH', (p) => parseSelectStatement(p)],
  ['INSERT', (p) => parseInsert(p)],
  ['UPDATE', (p) => parseUpdate(p)],
  ['DELETE', (p) => parseDelete(p)],
  ['TRUNCATE', (p) => parseTruncate(p)],
  ['CREATE', (p) => parseCreate(p)],
  ['ALTER', (p) => parseAlter(p)],
  ['DROP', (p) => parseDrop(p)],
  ['GRANT', (p) => parseGrant(p)],
  ['REVOKE', (p) => parseRevoke(p)],
  ['%CHECKPRIV', (p) => parseCheckPrivilege(p)],
  ['START', (p) => parseStartTransaction(p)],
  ['%BEGTRANS', (p) => ({ kind: 'start-transaction', modes: {}, position: p.advance().position })],
  ['COMMIT', (p) => parseCommit(p)],
  ['ROLLBACK', (p) => parseRollback(p)],
  ['SAVEPOINT', (p) => parseSavepoint(p)],
  ['%INTRANS', inTransaction],
  ['%INTRANSACTION', inTransaction],
  ['SET', (p) => parseSet(p)],
  ['LOCK', (p) => parseLock(p)],
  ['UNLOCK', (p) => parseLock(p)],
  ['CALL', (p) => parseCall(p)],
  ['EXPLAIN', (p) => parseExplain(p)],
  ['TUNE', (p) => parseTuneTable(p)],
  ['COLLECT', (p) => parseCollectStatistics(p)],
  ['BUILD', (p) => parseBuildIndex(p)],
  ['PURGE', (p) => parsePurge(p)],
  ['FREEZE', (p) => parseFreeze(p)],
  ['UNFREEZE', (p) => parseFreeze(p)],
  ['CANCEL', (p) => parseCancel(p)],
  ['USE', (p) => parseUse(p)],
  ['DECLARE', (p) => parseCursor(p)],
  ['OPEN', (p) => parseCursor(p)],
  ['FETCH', (p) => parseCursor(p)],
  ['CLOSE', (p) => parseCursor(p)],
]);

/** One statement; what follows it is the caller's. @throws IrisError -51 when none begins here */
export function parseStatementAt(p: TokenCursor): Statement {
  const external = parseExternal(p);
  if (external !== undefined) return external;
  const parse = p.token.kind === 'word' ? STATEMENTS.get(p.token.upper) : undefined;
  if (parse !== undefined) return parse(p);
  if (p.startsQuery()) return parseSelectStatement(p);
  if (p.isSymbol('{') || p.isSymbol('?') || p.isSymbol(':')) return parseCall(p);
  throw p.error(-51, 'SQL statement expected');
}

function parseSelectStatement(p: TokenCursor): Statement {
  const { position } = p;
  return { kind: 'select-statement', query: parseQuery(p), position };
}

function parseCommit(p: TokenCursor): Statement {
  const { position } = p.advance();
  p.acceptWord('WORK');
  return { kind: 'commit', position };
}

function parseSet(p: TokenCursor): Statement {
  const { position } = p.advance();
  if (p.isWord('TRANSACTION')) return parseSetTransaction(p, position);
  if (p.isWord('OPTION')) return parseSetOption(p, position);
  return p.expected('OPTION | TRANSACTION');
}

/** `USE [DATABASE] n` */
function parseUse(p: TokenCursor): Statement {
  const { position } = p.advance();
  p.acceptWord('DATABASE');
  return { kind: 'use-database', database: p.principal(), position };
}

function parseCreate(p: TokenCursor): Statement {
  const { position } = p.advance();
  const orReplace = p.acceptWord('OR', 'REPLACE');
  if (p.isWord('VIEW')) return parseView(p, position, { orReplace, alter: false });
  // A method that belongs to no object; there are no others here.
  if (p.isWord('STATIC') && p.isWordAt(1, 'METHOD')) p.advance();
  if (p.isWord('TRIGGER')) return parseCreateTrigger(p, position, orReplace);
  if (p.isWord('PROC', ...ROUTINE_KINDS)) return parseCreateRoutine(p, position, orReplace);
  if (orReplace) return p.expected('VIEW | TRIGGER | PROCEDURE | FUNCTION | METHOD | QUERY | AGGREGATE');
  if (p.acceptWord('GLOBAL', 'TEMPORARY')) return parseCreateTable(p, position, true);
  if (p.isWord('TABLE')) return parseCreateTable(p, position, false);
  if (startsCreateIndex(p)) return parseCreateIndex(p, position);
  if (p.isWord('USER')) return parseCreateUser(p, position);
  return parseCreateNamed(p, position);
}

function parseCreateNamed(p: TokenCursor, position: number): Statement {
  switch (p.acceptAnyWord('SCHEMA', 'ROLE', 'DATABASE')) {
    case 'SCHEMA': {
      const ifNotExists = p.acceptWord('IF', 'NOT', 'EXISTS');
      return { kind: 'create-schema', ifNotExists, schema: p.identifier(), position };
    }
    case 'ROLE':
      return { kind: 'create-role', role: p.principal(), position };
    case 'DATABASE':
      return parseCreateDatabase(p, position);
    case undefined:
      return p.expected('TABLE | VIEW | INDEX | SCHEMA | PROCEDURE | FUNCTION | TRIGGER | USER | ROLE');
  }
}

function parseAlter(p: TokenCursor): Statement {
  const { position } = p.advance();
  if (p.isWord('TABLE')) return parseAlterTable(p, position);
  if (p.isWord('VIEW')) return parseView(p, position, { orReplace: true, alter: true });
  if (p.isWord('USER')) return parseAlterUser(p, position);
  if (p.isWord('SCHEMA')) return parseAlterSchema(p, position);
  return p.expected('TABLE | VIEW | SCHEMA | USER');
}

function parseDrop(p: TokenCursor): Statement {
  const { position } = p.advance();
  if (p.isWord('TABLE')) return parseDropTable(p, position);
  if (p.isWord('VIEW')) return parseDropView(p, position);
  if (p.isWord('INDEX')) return parseDropIndex(p, position);
  if (p.isWord('TRIGGER')) return parseDropTrigger(p, position);
  if (p.isWord('PROC', ...ROUTINE_KINDS)) return parseDropRoutine(p, position);
  return parseDropNamed(p, position);
}

function parseDropNamed(p: TokenCursor, position: number): Statement {
  switch (p.acceptAnyWord('SCHEMA', 'USER', 'ROLE', 'DATABASE')) {
    case 'SCHEMA': {
      const ifExists = acceptIfExists(p);
      const schema = p.identifier();
      const behavior = p.acceptAnyWord('CASCADE', 'RESTRICT') ?? 'RESTRICT';
      return { kind: 'drop-schema', ifExists, schema, behavior, position };
    }
    case 'USER':
      return { kind: 'drop-user', ifExists: acceptIfExists(p), name: p.principal(), position };
    case 'ROLE':
      return { kind: 'drop-role', ifExists: acceptIfExists(p), name: p.principal(), position };
    case 'DATABASE':
      return parseDropDatabase(p, position);
    case undefined:
      return p.expected('TABLE | VIEW | INDEX | SCHEMA | PROCEDURE | FUNCTION | TRIGGER | USER | ROLE');
  }
}
