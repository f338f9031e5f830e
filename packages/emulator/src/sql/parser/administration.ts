import { sqlError } from '@iris-devtools/core';
import type { CursorStatement, ExplainStatement, LockTableStatement, SetOptionStatement } from '../ast.js';
import { parseStatementAt } from './statement.js';
import type { TokenCursor } from './token-cursor.js';
import { parseParameterValue } from './type-name.js';

/** From OPTION on: `OPTION name = value`. */
export function parseSetOption(p: TokenCursor, position: number): SetOptionStatement {
  p.expectWord('OPTION');
  const option = p.anyWord();
  p.acceptSymbol('=');
  return { kind: 'set-option', option, value: parseParameterValue(p), position };
}

/** `LOCK [TABLE] t IN EXCLUSIVE | SHARE MODE [WAIT n]`, `UNLOCK [TABLE] t IN .. MODE [IMMEDIATE]` */
export function parseLock(p: TokenCursor): LockTableStatement {
  const { position } = p;
  const kind = p.expectAnyWord('LOCK', 'UNLOCK') === 'LOCK' ? 'lock-table' : 'unlock-table';
  p.acceptWord('TABLE');
  const table = p.qualifiedName();
  p.expectWord('IN');
  const mode = p.expectAnyWord('SHARE', 'EXCLUSIVE');
  p.expectWord('MODE');
  const waitSeconds = kind === 'lock-table' && p.acceptWord('WAIT') ? p.integer() : undefined;
  const immediate = kind === 'unlock-table' && p.acceptWord('IMMEDIATE');
  return { kind, table, mode, ...(waitSeconds !== undefined && { waitSeconds }), immediate, position };
}

/** `EXPLAIN [ALT | ALL] [STAT | STATS] statement`, the words in any order. @throws IrisError -481 for INSERT, -51 for what has no plan */
export function parseExplain(p: TokenCursor): ExplainStatement {
  const { position } = p;
  p.expectWord('EXPLAIN');
  let [alternatives, statistics] = [false, false];
  for (;;) {
    if (!alternatives && p.acceptAnyWord('ALT', 'ALL') !== undefined) alternatives = true;
    else if (!statistics && p.acceptAnyWord('STAT', 'STATS') !== undefined) statistics = true;
    else break;
  }
  if (p.isWord('INSERT'))
    throw p.error(-481, 'Explain does not support the following SQL statement type: INSERT');
  const isQuery = p.isWord('SELECT', 'WITH', 'UPDATE', 'DELETE') || p.startsQuery();
  if (!isQuery) throw p.error(-51, `SQL statement expected`);
  const start = p.position;
  const statement = p.nested(() => parseStatementAt(p));
  const text = p.source.slice(start, p.previousEnd);
  return { kind: 'explain', alternatives, statistics, statement, text, position };
}

/** Only read so far that the right error can be given. */
export function parseCursor(p: TokenCursor): CursorStatement {
  const { position } = p;
  const action = p.expectAnyWord('DECLARE', 'OPEN', 'FETCH', 'CLOSE');
  const cursor = p.identifier();
  if (action === 'DECLARE' && !p.isWord('CURSOR', 'SENSITIVE', 'INSENSITIVE', 'SCROLL', 'NO')) {
    throw sqlError(-1, ' CURSOR expected: variables are declared only in ObjectScript');
  }
  p.skipToEnd();
  return { kind: 'cursor', action, cursor, position };
}
