import type { Sleep } from '../statement/sleep.js';
import { tryDecode } from '../types/decode.js';
import { OID } from '../types/oids.js';
import type { Cancellation } from './cancellation.js';
import type { Client } from './client.js';
import { rowsOf, type Execution } from './execution.js';
import type { BoundParameters } from './run-query.js';

/** The longest time of a Node timer. */
const MAX_SLEEP_MS = 2_147_483_647;

function secondsOf(sleep: Sleep, bound: BoundParameters): number | null {
  if ('seconds' in sleep) return sleep.seconds;
  const index = sleep.parameter - 1;
  const value = tryDecode(bound.values[index] ?? null, OID.float8, bound.formats[index] ?? 0)?.value;
  return typeof value === 'number' ? value : null;
}

/** pg_sleep in the session, so that nobody else waits; CancelRequest and statement_timeout end it. */
export async function runSleep(
  client: Client,
  sleep: Sleep,
  bound: BoundParameters,
  cancellation: Cancellation,
): Promise<Execution> {
  const seconds = secondsOf(sleep, bound);
  let stop: () => void = () => undefined;
  const waited = new Promise<void>((resolve) => {
    const delayMs = Math.min(Math.max(seconds ?? 0, 0) * 1_000, MAX_SLEEP_MS);
    stop = client.services.clock.after(delayMs, resolve);
  });
  try {
    await cancellation.race(waited);
  } finally {
    stop();
  }
  // void is the empty text; NULL seconds give NULL at once.
  return rowsOf([[seconds === null ? null : new Uint8Array()]], (rowCount) => `SELECT ${rowCount}`);
}
