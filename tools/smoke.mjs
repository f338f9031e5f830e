// `npm run smoke`: packs every package, installs the tarballs into an empty project, and loads each one as a user
// would: `require`, `import`, and inside Jest.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build, nodeBinary, say } from './lib/workspace.mjs';
import { capture } from './lib/capture.mjs';
import { npm } from './lib/npm.mjs';
import { publishedPackages } from './lib/packages.mjs';

await build();
const packages = publishedPackages();
const project = mkdtempSync(path.join(tmpdir(), 'iris-devtools-smoke-'));
process.on('exit', () => rmSync(project, { recursive: true, force: true }));
const write = (file, text) => writeFileSync(path.join(project, file), text);

async function must(what, promise) {
  const { code, output } = await promise;
  if (code === 0) return;
  say(`FAIL  ${what}\n${output}`);
  process.exit(1);
}

for (const { name, dir } of packages)
  await must(`npm pack ${name}`, npm(['pack', '--pack-destination', project], { cwd: dir }));
const tarballs = readdirSync(project).filter((file) => file.endsWith('.tgz'));

write('package.json', JSON.stringify({ name: 'smoke', private: true, version: '1.0.0' }));
const quiet = ['--loglevel=error', '--no-fund', '--no-audit', '--prefer-offline'];
await must(
  'npm install of the tarballs',
  npm(['install', ...quiet, ...tarballs.map((file) => `./${file}`), 'jest@30.5.2'], { cwd: project }),
);

// Every package must export something, and the same things, whichever way it is loaded.
const names = JSON.stringify(packages.map(({ name }) => name));
write(
  'load.cjs',
  `for (const name of ${names}) if (Object.keys(require(name)).length === 0) throw new Error(name + ' exports nothing');`,
);
write(
  'load.mjs',
  `import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
for (const name of ${names}) {
  const module = await import(name);
  const missing = Object.keys(require(name)).filter((key) => !(key in module));
  if (missing.length) throw new Error(name + ' lacks as ES module: ' + missing);
}`,
);
write(
  'load.test.js',
  `test.each(${names})('%s loads', (name) => { expect(Object.keys(require(name))).not.toHaveLength(0); });`,
);
// An emulator that used its published start image has nothing to keep in the cache directory.
write(
  'start.cjs',
  `const { existsSync } = require('node:fs');
require('@iris-devtools/emulator').startEmulator({ port: 0 }).then(async (emulator) => {
  const { rows } = await emulator.sql('SELECT 17/4');
  await emulator.stop();
  if (String(rows[0][0]) !== '4.25') throw new Error('unexpected rows: ' + JSON.stringify(rows));
  if (existsSync(process.env.XDG_CACHE_HOME)) throw new Error('the published start image was not used');
});`,
);
await must('require()', capture(nodeBinary, ['load.cjs'], { cwd: project }));
await must('import', capture(nodeBinary, ['load.mjs'], { cwd: project }));
await must(
  'emulator without a cache',
  capture(nodeBinary, ['start.cjs'], {
    cwd: project,
    env: { ...process.env, XDG_CACHE_HOME: path.join(project, 'no-cache') },
  }),
);
const jest = path.join(project, 'node_modules', 'jest', 'bin', 'jest.js');
await must('Jest', capture(nodeBinary, [jest, '--rootDir', project], { cwd: project }));
for (const { name, manifest } of packages) {
  for (const [command, file] of Object.entries(manifest.bin ?? {})) {
    const script = path.join(project, 'node_modules', name, file);
    await must(`${command} --help`, capture(nodeBinary, [script, '--help'], { cwd: project }));
  }
  say(`ok    ${name}`);
}
