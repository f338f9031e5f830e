import type { Query } from '../messages/frontend/query.js';
import { compile } from '../statement/compile.js';
import { atOffset, parseStatements } from '../statement/parse-statements.js';
import type { ParsedStatement } from '../statement/parse-statements.js';
import { Cancellation } from './cancellation.js';
import type { Client } from './client.js';
import { endsFailedTransaction } from './commands/transaction-command.js';
import { closePortals, endTransaction } from './end-transaction.js';
import { expandFormats } from './execution.js';
import { openExecution } from './open-execution.js';
import { NO_PARAMETERS } from './run-query.js';
import { sendRows } from './send-rows.js';

/**
 * One Query message. Its statements are parsed together, run one after the other, and stand or fall together
 * as far as they give no transaction commands of their own.
 */
export async function simpleQuery(client: Client, message: Query): Promise<void> {
  // A simple query ends what the unnamed statement and portal were for.
  client.statements.delete('');
  await closeUnnamedPortal(client);
  const statements = parseStatements(message.sql);
  if (statements.length === 0) {
    client.output.send({ kind: 'EmptyQueryResponse' });
    return;
  }
  for (const [index, statement] of statements.entries()) {
    const last = index === statements.length - 1;
    if (statements.length > 1) client.transaction.beginImplicit();
    try {
      await runOne(client, statement, last);
    } catch (error) {
      throw atOffset(error, statement.offset);
    }
  }
}

async function runOne(client: Client, parsed: ParsedStatement, last: boolean): Promise<void> {
  const { transaction, settings, services, output } = client;
  if (!endsFailedTransaction(parsed.node)) transaction.requireNotFailed();
  using cancellation = new Cancellation(services.clock, settings.durationMs('statement_timeout'));
  client.cancellation = cancellation;
  try {
    const statement = await compile(client, parsed, []);
    const formats = expandFormats([], statement.description.fields?.length ?? 0, String);
    const execution = await openExecution(client, statement, NO_PARAMETERS, formats, cancellation);
    let tag: string;
    try {
      const { fields } = statement.description;
      if (fields !== null) {
        output.send({ kind: 'RowDescription', fields: fields.map((field) => ({ ...field, format: 0 })) });
      }
      const { rowCount } = await sendRows(client, execution, formats, 0, cancellation);
      tag = execution.tag(rowCount);
    } finally {
      await execution.close();
    }
    // The client may only hear of success once it is certain.
    if (last && transaction.open && !transaction.inBlock) await endTransaction(client, 'commit');
    output.send({ kind: 'CommandComplete', commandTag: tag });
  } catch (error) {
    throw cancellation.explain(error);
  } finally {
    client.cancellation = undefined;
  }
}

async function closeUnnamedPortal(client: Client): Promise<void> {
  const unnamed = client.portals.get('');
  client.portals.delete('');
  await unnamed?.execution?.close();
  if (!client.transaction.open) await closePortals(client);
}
