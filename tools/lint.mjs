// `npm run lint`: ESLint with the module-boundary rule, which reads Nx's project graph and is silent without one.
import { bin, nodeBinary, run } from './lib/workspace.mjs';

const env = { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false' };
const graph = await run(nodeBinary, [bin('nx', 'dist', 'bin', 'nx.js'), 'show', 'projects', '--json'], {
  env,
  stdio: ['ignore', 'ignore', 'inherit'],
});
process.exitCode =
  graph ||
  (await run(
    nodeBinary,
    [bin('eslint', 'bin', 'eslint.js'), '.', '--max-warnings', '0', ...process.argv.slice(2)],
    {
      env,
    },
  ));
