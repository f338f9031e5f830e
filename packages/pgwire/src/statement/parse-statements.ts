import { parseSync } from 'libpg-query';
import type { Node } from '@pgsql/types';
import { PgError } from '../pg-error.js';

/** One statement of a text that may hold several. */
export interface ParsedStatement {
  /** The statement alone; every location in `node` is a UTF-8 byte offset into it. */
  readonly sql: string;
  readonly node: Node;
  /** Characters of the client's text before `sql`. */
  readonly offset: number;
}

/**
 * PostgreSQL's own grammar decides where statements begin and end. An empty text, or one of blanks, comments and
 * semicolons, has none.
 * @throws PgError 42601 with the position in `text`, 54001 for nesting that the parser cannot follow
 */
export function parseStatements(text: string): ParsedStatement[] {
  if (text.trim() === '') return [];
  const { stmts = [] } = parse(text);
  if (stmts.length === 1 && (stmts[0]?.stmt_location ?? 0) === 0) {
    const node = stmts[0]?.stmt;
    return node === undefined ? [] : [{ sql: statementText(text, stmts[0]?.stmt_len), node, offset: 0 }];
  }
  const bytes = Buffer.from(text);
  return stmts.map(({ stmt_location: start = 0, stmt_len: length }) => {
    const end = length === undefined || length === 0 ? bytes.length : start + length;
    const sql = bytes.toString('utf8', start, end);
    // Locations count from the start of what was parsed, so the statement is parsed again by itself.
    const node = parse(sql).stmts?.[0]?.stmt;
    if (node === undefined)
      throw new PgError({ sqlstate: 'XX000', message: 'a statement was lost in parsing' });
    return { sql, node, offset: characterCount(bytes.toString('utf8', 0, start)) };
  });
}

/** Characters as PostgreSQL counts them: code points, not UTF-16 units. */
export function characterCount(text: string): number {
  let count = 0;
  for (let index = 0; index < text.length; count += 1) {
    index += (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
  }
  return count;
}

function statementText(text: string, byteLength: number | undefined): string {
  if (byteLength === undefined || byteLength === 0) return text;
  return Buffer.from(text).toString('utf8', 0, byteLength);
}

function parse(text: string): ReturnType<typeof parseSync> {
  try {
    return parseSync(text);
  } catch (error) {
    throw parseError(error);
  }
}

function parseError(error: unknown): PgError {
  if (error instanceof RangeError) {
    return new PgError({ sqlstate: '54001', message: 'stack depth limit exceeded' }, error);
  }
  const details = (error as { sqlDetails?: { message: string; cursorPosition: number } }).sqlDetails;
  if (details === undefined) {
    const message = error instanceof Error ? error.message : 'syntax error';
    return new PgError({ sqlstate: '42601', message }, error);
  }
  const position = details.cursorPosition >= 0 ? details.cursorPosition + 1 : undefined;
  return new PgError({ sqlstate: '42601', message: details.message, position }, error);
}

/** An error of one statement, with its position moved to where the client sees it. */
export function atOffset(error: unknown, offset: number): unknown {
  if (offset === 0 || !(error instanceof PgError) || error.fields.position === undefined) return error;
  return new PgError({ ...error.fields, position: error.fields.position + offset }, error);
}
