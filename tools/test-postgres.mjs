// `npm run test:postgres`: the comparisons whose judge is a real PostgreSQL server, started here and thrown away.
import { bin, build, install, nodeBinary, run } from './lib/workspace.mjs';
import { startPostgres } from './lib/postgres.mjs';

await install();
await build();
const postgres = await startPostgres();
try {
  process.exitCode = await run(
    nodeBinary,
    [bin('jest', 'bin', 'jest.js'), '--config', 'jest.postgres.config.cjs', ...process.argv.slice(2)],
    { env: { ...process.env, POSTGRES_TEST_URL: postgres.url }, stdio: ['ignore', 2, 2] },
  );
} finally {
  await postgres.stop();
}
