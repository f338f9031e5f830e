import type { Bind } from '../messages/frontend/bind.js';
import type { Close } from '../messages/frontend/close.js';
import type { Describe } from '../messages/frontend/describe.js';
import type { Execute } from '../messages/frontend/execute.js';
import type { Parse } from '../messages/frontend/parse.js';
import { Sync } from '../messages/frontend/sync.js';
import type { FormatCode } from '../messages/format-codes.js';
import type { FieldDescription } from '../oracle/oracle.js';
import { PgError } from '../pg-error.js';
import { compile } from '../statement/compile.js';
import { parseStatements } from '../statement/parse-statements.js';
import { NO_DESCRIPTION } from '../statement/statement.js';
import type { Statement } from '../statement/statement.js';
import { Cancellation } from './cancellation.js';
import type { Client, Portal } from './client.js';
import { endsFailedTransaction } from './commands/transaction-command.js';
import { closePortals, endTransaction } from './end-transaction.js';
import { expandFormats } from './execution.js';
import { openExecution } from './open-execution.js';
import { findPrepared, freshStatement } from './prepared-statements.js';
import { sendRows } from './send-rows.js';

/** @throws PgError 42P05 for a name in use, 42601 for several statements, and all that compiling finds */
export async function parse(client: Client, message: Parse): Promise<void> {
  const { statements, services } = client;
  if (message.statement !== '' && statements.has(message.statement)) {
    throw new PgError({
      sqlstate: '42P05',
      message: `prepared statement "${message.statement}" already exists`,
    });
  }
  statements.delete(message.statement);
  const parsed = parseStatements(message.sql);
  if (parsed.length > 1) {
    throw new PgError({
      sqlstate: '42601',
      message: 'cannot insert multiple commands into a prepared statement',
    });
  }
  const [only] = parsed;
  if (only !== undefined && !endsFailedTransaction(only.node)) client.transaction.requireNotFailed();
  const statement: Statement =
    only === undefined
      ? { kind: 'empty', sql: message.sql, description: NO_DESCRIPTION }
      : await compile(client, only, message.parameterOids);
  statements.set(message.statement, {
    name: message.statement,
    statement,
    givenOids: message.parameterOids,
    catalogVersion: services.mirror.catalog.version,
  });
  client.output.send({ kind: 'ParseComplete' });
}

export async function bind(client: Client, message: Bind): Promise<void> {
  const prepared = findPrepared(client, message.statement);
  requireRunnable(client, prepared.statement);
  if (message.portal !== '' && client.portals.has(message.portal)) {
    throw new PgError({ sqlstate: '42P03', message: `cursor "${message.portal}" already exists` });
  }
  const statement = await freshStatement(client, prepared, compile);
  const { parameterOids } = statement.description;
  const given = message.parameters.length;
  if (given !== parameterOids.length) {
    throw new PgError({
      sqlstate: '08P01',
      message: `bind message supplies ${given} parameters, but prepared statement "${message.statement}" requires ${parameterOids.length}`,
    });
  }
  const parameterFormats = expandFormats(
    message.parameterFormats,
    given,
    (count) => `bind message has ${count} parameter formats but ${given} parameters`,
  );
  await closePortal(client, message.portal);
  client.portals.set(message.portal, {
    name: message.portal,
    statement,
    // The frame's buffer may be used again; a portal lives on.
    parameters: message.parameters.map((value) => (value === null ? null : Uint8Array.from(value))),
    parameterFormats,
    resultFormats: message.resultFormats,
    execution: undefined,
    finished: false,
  });
  client.output.send({ kind: 'BindComplete' });
}

export async function describe(client: Client, message: Describe): Promise<void> {
  const { output } = client;
  if (message.target === 'P') {
    // DECLARE makes a portal too: libpq asks for the columns of a cursor under its name.
    const cursor = client.portals.has(message.name) ? undefined : client.cursors.get(message.name);
    if (cursor !== undefined) {
      client.transaction.requireNotFailed();
      sendRowDescription(client, cursor.fields, []);
      return;
    }
    const portal = findPortal(client, message.name);
    requireRunnable(client, portal.statement);
    const { fields } = portal.statement.description;
    sendRowDescription(client, fields, formatsOf(portal));
    return;
  }
  const prepared = findPrepared(client, message.name);
  requireRunnable(client, prepared.statement);
  const { description } = await freshStatement(client, prepared, compile);
  output.send({ kind: 'ParameterDescription', parameterOids: description.parameterOids });
  sendRowDescription(client, description.fields, []);
}

export async function execute(client: Client, message: Execute): Promise<void> {
  const portal = findPortal(client, message.portal);
  requireRunnable(client, portal.statement);
  const { output, services, settings } = client;
  if (portal.statement.kind === 'empty') {
    output.send({ kind: 'EmptyQueryResponse' });
    return;
  }
  if (portal.finished) {
    executeFinished(client, portal);
    return;
  }
  using cancellation = new Cancellation(services.clock, settings.durationMs('statement_timeout'));
  client.cancellation = cancellation;
  try {
    joinTransaction(client, portal.statement);
    const formats = formatsOf(portal);
    portal.execution ??= await openExecution(
      client,
      portal.statement,
      { values: portal.parameters, formats: portal.parameterFormats },
      formats,
      cancellation,
    );
    const sent = await sendRows(client, portal.execution, formats, message.maxRows, cancellation);
    if (sent.suspended) {
      output.send({ kind: 'PortalSuspended' });
      return;
    }
    const commandTag = portal.execution.tag(sent.rowCount);
    portal.finished = true;
    await portal.execution.close();
    output.send({ kind: 'CommandComplete', commandTag });
  } catch (error) {
    throw cancellation.explain(error);
  } finally {
    client.cancellation = undefined;
  }
}

/** A query that gave all its rows has none left; another command must not run twice. */
function executeFinished(client: Client, portal: Portal): void {
  if (portal.statement.description.fields === null || portal.execution === undefined) {
    throw new PgError({ sqlstate: '55000', message: `portal "${portal.name}" cannot be run` });
  }
  client.output.send({ kind: 'CommandComplete', commandTag: portal.execution.tag(0) });
}

export async function close(client: Client, message: Close): Promise<void> {
  if (message.target === 'P') await closePortal(client, message.name);
  else client.statements.delete(message.name);
  client.output.send({ kind: 'CloseComplete' });
}

/** What was done since the last Sync becomes permanent, unless a block of the client's own is open. */
export async function sync(client: Client): Promise<void> {
  const { transaction } = client;
  if (transaction.inBlock) return;
  if (transaction.open) await endTransaction(client, 'commit');
  else await closePortals(client);
}

/**
 * Statements up to Sync are one transaction. A statement that Sync follows at once needs none beyond its own,
 * which saves IRIS a round trip for the usual case.
 */
function joinTransaction(client: Client, statement: Statement): void {
  const { transaction, input } = client;
  if (transaction.open || statement.kind !== 'iris' || !statement.writes) return;
  if (input.peekTag() !== Sync.tag) transaction.beginImplicit();
}

function requireRunnable(client: Client, statement: Statement): void {
  if (statement.kind === 'session' && endsFailedTransaction(statement.node)) return;
  client.transaction.requireNotFailed();
}

async function closePortal(client: Client, name: string): Promise<void> {
  const portal = client.portals.get(name);
  client.portals.delete(name);
  await portal?.execution?.close();
}

function findPortal(client: Client, name: string): Portal {
  const portal = client.portals.get(name);
  if (portal !== undefined) return portal;
  throw new PgError({ sqlstate: '34000', message: `portal "${name}" does not exist` });
}

function formatsOf({ statement, resultFormats }: Portal): readonly FormatCode[] {
  const columns = statement.description.fields?.length ?? 0;
  return expandFormats(
    columns === 0 ? [] : resultFormats,
    columns,
    (count) => `bind message has ${count} result formats but query has ${columns} columns`,
  );
}

function sendRowDescription(
  client: Client,
  fields: readonly FieldDescription[] | null,
  formats: readonly FormatCode[],
): void {
  if (fields === null) {
    client.output.send({ kind: 'NoData' });
    return;
  }
  client.output.send({
    kind: 'RowDescription',
    fields: fields.map((field, column) => ({ ...field, format: formats[column] ?? 0 })),
  });
}
