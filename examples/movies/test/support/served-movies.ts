import { connect } from '@iris-devtools/driver';
import { startEmulator } from '@iris-devtools/emulator';
import { createScramVerifier, startPgwire } from '@iris-devtools/pgwire';
import { Pool } from '@iris-devtools/connections';
import { loadMovies } from '@iris-devtools/example-movies';

export interface ServedMovies {
  readonly url: string;
  stop(): Promise<void>;
}

/** The whole chain as `npm start` makes it: pgwire, driver, socket, emulator; with the films loaded through COPY. */
export async function serveMovies(): Promise<ServedMovies> {
  const emulator = await startEmulator();
  const source = new Pool({ open: (signal) => connect(emulator.url, signal), size: 10, overflow: 0 });
  const server = await startPgwire({
    source,
    port: 0,
    databases: ['iris'],
    authentication: {
      rules: [{ users: ['iris'], method: 'scram-sha-256' }],
      verifiers: { iris: await createScramVerifier('secret') },
    },
  });
  const url = `postgresql://iris:secret@${server.host}:${String(server.port)}/iris`;
  await loadMovies(url);
  return {
    url,
    stop: async () => {
      await server.stop();
      await source.close();
      await emulator.stop();
    },
  };
}
