// `npm run bench [-- NAME]`: builds, then runs bench/NAME/bench.mjs, or all of them one after the other.
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { build, install, nodeBinary, root, run, say } from './lib/workspace.mjs';

await install();
await build();
const all = readdirSync(path.join(root, 'bench')).filter((name) =>
  existsSync(path.join(root, 'bench', name, 'bench.mjs')),
);
const [wanted, ...rest] = process.argv.slice(2);
if (wanted !== undefined && !all.includes(wanted)) {
  say(`There is no benchmark ${wanted}. There are: ${all.join(', ')}`);
  process.exit(2);
}
for (const name of wanted === undefined ? all : [wanted]) {
  say(`\n== ${name}`);
  const code = await run(nodeBinary, ['--expose-gc', path.join(root, 'bench', name, 'bench.mjs'), ...rest]);
  if (code !== 0) process.exitCode = code;
}
