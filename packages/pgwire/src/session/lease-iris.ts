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
      await lease.release();
    },
  };
}
