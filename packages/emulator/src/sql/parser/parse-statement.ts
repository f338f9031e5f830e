import type { ParsedStatement } from '../ast.js';
import { DEFAULT_OPTIONS } from './options.js';
import type { ParserOptions } from './options.js';
import { parseStatementAt } from './statement.js';
import { TokenCursor } from './token-cursor.js';

/**
 * Parses one statement of InterSystems IRIS SQL, as strictly as IRIS does: what only other databases know fails with
 * IRIS's own SQLCODE. Names are not looked up.
 *
 * @throws IrisError with `sqlcode`: -1 and -12 something else expected, -14 condition expected, -25 input after the
 * end (also a semicolon), -51 no statement, and those of single clauses
 */
export function parseStatement(sql: string, options: ParserOptions = {}): ParsedStatement {
  const cursor = new TokenCursor(sql, { ...DEFAULT_OPTIONS, ...options });
  const statement = parseStatementAt(cursor);
  if (!cursor.atEnd) cursor.leftover();
  return { statement, parameterCount: cursor.parameterCount };
}
