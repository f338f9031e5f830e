import { Pool } from '@iris-devtools/connections';
import { connect } from '@iris-devtools/driver';
import { startEmulator } from '@iris-devtools/emulator';
import type { Emulator } from '@iris-devtools/emulator';
import { createScramVerifier, startPgwire } from '@iris-devtools/pgwire';
import type { PgwireOptions, PgwireServer } from '@iris-devtools/pgwire';

export const USER = 'iris';
export const PASSWORD = 'secret';
export const DATABASE = 'iris';
/** Let in without a password, for tests that are about something else. */
export const TRUSTED_USER = 'trusted';

/** Two PostgreSQLs start; a busy machine takes its time. */
export const START_TIMEOUT_MS = 120_000;

/** pgwire over the driver over a socket over the emulator: everything but IRIS is real. */
export interface Stack extends AsyncDisposable {
  readonly emulator: Emulator;
  readonly source: Pool;
  readonly server: PgwireServer;
  readonly port: number;
  /** What pg and postgres.js need to connect as the trusted user. */
  readonly client: { host: string; port: number; user: string; database: string };
}

export async function startStack(options: Partial<PgwireOptions> = {}): Promise<Stack> {
  const emulator = await startEmulator({ data: 'memory' });
  const source = new Pool({ open: (signal) => connect(emulator.url, signal), size: 8, overflow: 0 });
  const server = await startPgwire({
    source,
    port: 0,
    databases: [DATABASE],
    authentication: {
      rules: [
        { users: [TRUSTED_USER], addresses: ['127.0.0.0/8'], method: 'trust' },
        { users: [USER, 'nobody'], method: 'scram-sha-256' },
      ],
      verifiers: { [USER]: await createScramVerifier(PASSWORD) },
    },
    drainTimeoutMs: 1000,
    ...options,
  });
  return {
    emulator,
    source,
    server,
    port: server.port,
    client: { host: '127.0.0.1', port: server.port, user: TRUSTED_USER, database: DATABASE },
    async [Symbol.asyncDispose]() {
      await server.stop();
      await source.close();
      await emulator.stop();
    },
  };
}
