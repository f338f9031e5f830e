import { DEFINITION_SQLCODES } from './sqlcodes-definition.js';
import { EXECUTION_SQLCODES } from './sqlcodes-execution.js';
import { STATEMENT_SQLCODES } from './sqlcodes-statement.js';

/**
 * IRIS SQLCODE values with their default English text and the SQLSTATE that a PostgreSQL client should see.
 *
 * Texts: InterSystems "SQL Error Messages" (RERR_sql). SQLSTATEs: the mapping measured in public interop work for
 * -1, -23, -25, -29, -30, -104, -108, -119, -359 and -400, extended here by meaning to every other code.
 * -257 to -259 and -367 come from the function pages; -853 from driver reports.
 */
export interface SqlCodeEntry {
  readonly text: string;
  readonly sqlstate: string;
}

/** Code, text, SQLSTATE. */
export type SqlCodeRow = readonly [code: number, text: string, sqlstate: string];

const ROWS = [...STATEMENT_SQLCODES, ...EXECUTION_SQLCODES, ...DEFINITION_SQLCODES];

export const SQLCODES: ReadonlyMap<number, SqlCodeEntry> = new Map(
  ROWS.map(([code, text, sqlstate]) => [code, { text, sqlstate }]),
);
