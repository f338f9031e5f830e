// `node bench/driver/profile.mjs`: where the driver spends its time while it reads rows, as a table of the functions with the most self
// time. The replay server runs in a process of its own and is not in it. `profile.md` keeps the last one.
import { spawn } from 'node:child_process';
import { Session } from 'node:inspector/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import driver from '@iris-devtools/driver';
import { machine } from '../lib/report.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, '../..');
const child = spawn(process.execPath, [path.join(here, 'replay-server.mjs')], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const port = Number(
  await new Promise((resolve) => createInterface({ input: child.stdout }).once('line', resolve)),
);
const iris = await driver.connect({ host: '127.0.0.1', port, user: 'x', password: 'x', bigint: 'string' });
const read = () => iris.query('SELECT rows=100000 columns=5');

/** Self time in ms by function, most first. */
function selfTimes({ nodes, samples, timeDeltas }) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const times = new Map();
  samples.forEach((id, index) => {
    const { functionName, url, lineNumber } = byId.get(id).callFrame;
    const file = url.startsWith('file:') ? path.relative(root, fileURLToPath(url)) : url;
    const place = file === '' ? '' : ` (${file}:${lineNumber + 1})`;
    const name = `${functionName === '' ? '(anonymous)' : functionName}${place}`;
    times.set(name, (times.get(name) ?? 0) + timeDeltas[index] / 1000);
  });
  return [...times].sort(([, a], [, b]) => b - a);
}

for (let round = 0; round < 5; round++) await read();
const session = new Session();
session.connect();
await session.post('Profiler.enable');
await session.post('Profiler.start');
for (let round = 0; round < 20; round++) await read();
const { profile } = await session.post('Profiler.stop');
const times = selfTimes(profile).filter(([name]) => name !== '(idle)');
const total = times.reduce((sum, [, ms]) => sum + ms, 0);
console.log(`${machine()}\n\n| self time | function |\n| --- | --- |`);
for (const [name, ms] of times.slice(0, 20))
  console.log(`| ${((100 * ms) / total).toFixed(1)} % | \`${name}\` |`);
await iris.close();
child.kill();
