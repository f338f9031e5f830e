import type { Node } from '@pgsql/types';
import type { FormatCode } from '../../messages/format-codes.js';
import type { Description } from '../../oracle/oracle.js';
import { notSupported } from '../../pg-error.js';
import type { SessionStatementKind } from '../../statement/route.js';
import type { SessionStatement } from '../../statement/statement.js';
import { NO_DESCRIPTION } from '../../statement/statement.js';
import type { Cancellation } from '../cancellation.js';
import type { Client } from '../client.js';
import type { Execution } from '../execution.js';
import type { Command, InnerStatements } from './command.js';
import { closeCommand, declareCommand, fetchCommand } from './cursor-commands.js';
import { discardCommand } from './discard-command.js';
import { explainCommand } from './explain-command.js';
import { deallocateCommand, executeCommand, prepareCommand } from './prepare-commands.js';
import { refused, unlistenCommand } from './refused-commands.js';
import { constraintsSetCommand, variableSetCommand, variableShowCommand } from './setting-commands.js';
import { transactionCommand } from './transaction-command.js';

/** Every statement about the session, and who runs it. */
const COMMANDS: { readonly [Kind in SessionStatementKind]: Command<Kind> } = {
  TransactionStmt: transactionCommand,
  VariableSetStmt: variableSetCommand,
  VariableShowStmt: variableShowCommand,
  ConstraintsSetStmt: constraintsSetCommand,
  PrepareStmt: prepareCommand,
  ExecuteStmt: executeCommand,
  DeallocateStmt: deallocateCommand,
  DeclareCursorStmt: declareCommand,
  FetchStmt: fetchCommand,
  ClosePortalStmt: closeCommand,
  DiscardStmt: discardCommand,
  ExplainStmt: explainCommand,
  UnlistenStmt: unlistenCommand,
  ListenStmt: refused('LISTEN'),
  NotifyStmt: refused('NOTIFY'),
  LockStmt: refused('LOCK TABLE'),
  DoStmt: refused('DO', 'Run the statements one by one.'),
  CallStmt: refused('CALL'),
  LoadStmt: refused('LOAD'),
  CheckPointStmt: refused('CHECKPOINT'),
  VacuumStmt: refused('VACUUM or ANALYZE', 'Use TUNE TABLE in IRIS.'),
};

/** What a session statement will answer, as far as the session is now. */
export async function describeCommand(
  client: Client,
  node: Node,
  compile: InnerStatements['compile'],
): Promise<Description> {
  const { command, contents } = find(node);
  return (await command.describe?.(client, contents, compile)) ?? NO_DESCRIPTION;
}

export async function runCommand(
  client: Client,
  { sql, node }: SessionStatement,
  resultFormats: readonly FormatCode[],
  cancellation: Cancellation,
  inner: InnerStatements,
): Promise<Execution> {
  const { command, contents } = find(node);
  return command.run({ client, sql, contents, resultFormats, cancellation, inner });
}

/** The table's type ties each kind to its contents; here, where the kind is only known at run time, they meet again. */
function find(node: Node): { command: Command<SessionStatementKind>; contents: never } {
  const [kind = '', contents] = Object.entries(node)[0] ?? [];
  const command = (COMMANDS as Readonly<Record<string, Command<SessionStatementKind>>>)[kind];
  if (command === undefined) throw notSupported(kind);
  return { command, contents: contents as never };
}
