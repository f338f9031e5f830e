import type { FormatCode } from '../../messages/format-codes.js';
import type { Description } from '../../oracle/oracle.js';
import type { NodeOf } from '../../sql/ast.js';
import type { ParsedStatement } from '../../statement/parse-statements.js';
import type { SessionStatementKind } from '../../statement/route.js';
import type { Statement } from '../../statement/statement.js';
import type { Cancellation } from '../cancellation.js';
import type { Client } from '../client.js';
import type { Execution } from '../execution.js';
import type { BoundParameters } from '../run-query.js';

/** Ways to the statement that a command carries. */
export interface InnerStatements {
  readonly compile: (
    client: Client,
    parsed: ParsedStatement,
    givenOids: readonly number[],
  ) => Promise<Statement>;
  readonly open: (
    client: Client,
    statement: Statement,
    bound: BoundParameters,
    resultFormats: readonly FormatCode[],
    cancellation: Cancellation,
  ) => Promise<Execution>;
}

export interface CommandRun<Kind extends SessionStatementKind> {
  readonly client: Client;
  readonly sql: string;
  readonly contents: NodeOf<Kind>;
  readonly resultFormats: readonly FormatCode[];
  readonly cancellation: Cancellation;
  readonly inner: InnerStatements;
}

/** A statement about the session itself. */
export interface Command<Kind extends SessionStatementKind> {
  /** Absent: it gives no rows. */
  describe?(
    client: Client,
    contents: NodeOf<Kind>,
    compile: InnerStatements['compile'],
  ): Promise<Description>;
  run(run: CommandRun<Kind>): Promise<Execution>;
}
