// `npm start`: installs what is missing, builds, and serves IRIS SQL to PostgreSQL clients.
import path from 'node:path';
import { build, install, nodeBinary, root, run } from './lib/workspace.mjs';

await install();
await build();
// The terminal sends Ctrl-C to the whole group: the server drains and decides the exit code, we only wait for it.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => undefined);
process.exitCode = await run(nodeBinary, [
  path.join(root, 'examples', 'movies', 'dist', 'serve.js'),
  ...process.argv.slice(2),
]);
