import type { Cancellation } from './cancellation.js';
import type { Client } from './client.js';
import type { Lease } from './transaction.js';

/** IRIS for one statement. A cancellation meanwhile is passed on to what runs there. */
export async function leaseIris(client: Client, cancellation: Cancellation): Promise<Lease> {
  const { signal } = cancellation;
  const lease = await client.transaction.lease(signal);
  const stop = (): void => {
    // Whether IRIS hears or not, the statement ends for the client.
    lease.session.cancel().catch((error: unknown) => {
      client.services.logger.log('warn', 'a cancellation did not reach IRIS', { error: String(error) });
    });
  };
  signal.addEventListener('abort', stop, { once: true });
  return {
    session: lease.session,
    release: async () => {
      signal.removeEventListener('abort', stop);
      // IRIS may still be busy with what was cancelled. The client need not wait for that, and nobody else must get
      // the session before.
      if (signal.aborted) void releaseWhenQuiet(client, lease);
      else await lease.release();
    },
  };
}

async function releaseWhenQuiet(client: Client, lease: Lease): Promise<void> {
  try {
    if (!client.transaction.open) await lease.session.query('SELECT 1');
  } catch {
    // A session that does not survive its cancellation is closed; the pool opens another.
  }
  try {
    await lease.release();
  } catch (error) {
    client.services.logger.log('warn', 'a cancelled session could not be given back', {
      error: String(error),
    });
  }
}
