import { runCopy } from '../copy/run-copy.js';
import { compile } from '../statement/compile.js';
import type { Statement } from '../statement/statement.js';
import type { FormatCode } from '../messages/format-codes.js';
import type { Cancellation } from './cancellation.js';
import type { Client } from './client.js';
import { runCommand } from './commands/commands.js';
import type { InnerStatements } from './commands/command.js';
import { completed } from './execution.js';
import type { Execution } from './execution.js';
import { decodeParameters, runOnIris, runOnOracle } from './run-query.js';
import type { BoundParameters } from './run-query.js';

/** Starts a statement, whoever answers it. @param resultFormats one for each column */
export async function openExecution(
  client: Client,
  statement: Statement,
  bound: BoundParameters,
  resultFormats: readonly FormatCode[],
  cancellation: Cancellation,
): Promise<Execution> {
  switch (statement.kind) {
    case 'oracle':
      return runOnOracle(client, statement, bound, resultFormats, cancellation);
    case 'iris':
      return runOnIris(client, statement, await decodeParameters(client, statement, bound), cancellation);
    case 'session':
      return runCommand(client, statement, resultFormats, cancellation, INNER_STATEMENTS);
    case 'copy':
      return runCopy(client, statement, cancellation, INNER_STATEMENTS);
    case 'empty':
      return completed('');
  }
}

/** What commands use for the statements inside them. */
export const INNER_STATEMENTS: InnerStatements = { compile, open: openExecution };
