import { isIrisError } from '@iris-devtools/core';
import { decodeFrontend, frontendBodyLimit } from '../messages/frontend-messages.js';
import type { FrontendMessage } from '../messages/frontend-messages.js';
import { Query } from '../messages/frontend/query.js';
import { Sync } from '../messages/frontend/sync.js';
import { notSupported, PgError } from '../pg-error.js';
import type { Frame } from '../wire/frame-decoder.js';
import { protocolViolation } from '../wire/protocol-violation.js';
import type { Client } from './client.js';
import { closePortals, endTransaction } from './end-transaction.js';
import { bind, close, describe, execute, parse, sync } from './extended-query.js';
import { ownValue } from './commands/assign-setting.js';
import { REPORTED_SETTINGS } from './settings.js';
import { simpleQuery } from './simple-query.js';

/**
 * - `ready`: between statements, or within an extended query.
 * - `skip-until-sync`: an extended query failed; nothing counts until Sync.
 */
type Phase = 'ready' | 'skip-until-sync';

const QUERY_CANCELED = '57014';

/** How long a client may be silent, by what it is doing. */
const IDLE_TIMEOUTS = {
  idle: {
    setting: 'idle_session_timeout',
    sqlstate: '57P05',
    message: 'terminating connection due to idle-session timeout',
  },
  block: {
    setting: 'idle_in_transaction_session_timeout',
    sqlstate: '25P03',
    message: 'terminating connection due to idle-in-transaction timeout',
  },
};

/** Serves a logged-in client until it leaves. @throws PgError FATAL when it must be made to leave */
export async function runSession(client: Client): Promise<void> {
  let phase: Phase = 'ready';
  const reported = new Map<string, string>();
  reportSettings(client, reported);
  let readyDue = true;
  for (;;) {
    if (readyDue) {
      reportSettings(client, reported);
      client.output.send({ kind: 'ReadyForQuery', status: client.transaction.status });
      readyDue = false;
    }
    const frame = await nextFrame(client);
    if (frame === undefined) return;
    try {
      const message = decodeFrontend(frame);
      if (message.kind === 'Terminate') return;
      if (phase === 'skip-until-sync' && message.kind !== 'Sync') continue;
      phase = 'ready';
      readyDue = await handle(client, message);
    } catch (error) {
      await reportError(client, error);
      readyDue = frame.tag === Query.tag || frame.tag === Sync.tag;
      if (!readyDue) phase = 'skip-until-sync';
    }
  }
}

/** @returns is ReadyForQuery due? */
async function handle(client: Client, message: FrontendMessage): Promise<boolean> {
  switch (message.kind) {
    case 'Query':
      await simpleQuery(client, message);
      return true;
    case 'Parse':
      await parse(client, message);
      return false;
    case 'Bind':
      await bind(client, message);
      return false;
    case 'Describe':
      await describe(client, message);
      return false;
    case 'Execute':
      await execute(client, message);
      return false;
    case 'Close':
      await close(client, message);
      return false;
    case 'Flush':
      await client.output.flush();
      return false;
    case 'Sync':
      await sync(client);
      return true;
    case 'CopyData':
    case 'CopyDone':
    case 'CopyFail':
      // The rest of a COPY that failed: the client had sent it before it could know.
      return false;
    case 'FunctionCall':
      throw notSupported('the function call message', { hint: 'Use SELECT.' });
    case 'Terminate':
      throw protocolViolation('terminate was handled before');
  }
}

/** Waits for the client; what was written meanwhile goes out first. @throws PgError FATAL when the wait is ended */
async function nextFrame(client: Client): Promise<Frame | undefined> {
  const { input, output, transaction, settings, services } = client;
  const buffered = input.nextBuffered(frontendBodyLimit);
  if (buffered !== undefined) return buffered;
  await output.flush();
  // A block is left to end before the server closes the connection.
  if (client.shutdown !== undefined && !transaction.inBlock) throw client.shutdown;
  const { setting, sqlstate, message } = IDLE_TIMEOUTS[transaction.inBlock ? 'block' : 'idle'];
  const timeoutMs = settings.durationMs(setting);
  const stopTimer =
    timeoutMs > 0
      ? services.clock.after(timeoutMs, () => {
          input.interrupt(new PgError({ severity: 'FATAL', sqlstate, message }));
        })
      : undefined;
  client.idle = !transaction.inBlock;
  try {
    return await input.next(frontendBodyLimit);
  } finally {
    client.idle = false;
    stopTimer?.();
  }
}

/** Tells the client, and brings the transaction into the state that follows. @throws PgError FATAL as it came */
async function reportError(client: Client, cause: unknown): Promise<void> {
  const error = cause instanceof PgError ? cause : client.services.toPgError(cause);
  // A session of IRIS that was lost is no reason to end the client's: the next statement gets another one.
  if (error.fields.severity === 'FATAL' && !isIrisError(error.cause)) throw error;
  client.services.logger.log('debug', 'statement failed', { sqlstate: error.sqlstate });
  client.output.send({ kind: 'ErrorResponse', fields: { ...error.fields, severity: 'ERROR' } });
  const { transaction } = client;
  if (transaction.open && !transaction.inBlock) await endTransaction(client, 'rollback');
  else {
    if (!transaction.open) await closePortals(client);
    if (error.sqlstate === QUERY_CANCELED) {
      await transaction.failCancelled((reason) => {
        client.services.logger.log('warn', 'a cancelled transaction was not rolled back cleanly', {
          error: String(reason),
        });
      });
    } else await transaction.fail();
  }
}

/** ParameterStatus for every reported setting that has another value than the client knows. */
function reportSettings(client: Client, reported: Map<string, string>): void {
  for (const name of REPORTED_SETTINGS) {
    const value = ownValue(client, name);
    if (value === undefined || reported.get(name) === value) continue;
    reported.set(name, value);
    client.output.send({ kind: 'ParameterStatus', name, value });
  }
}
