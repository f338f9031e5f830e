// `npm run bench -- emulator`: how soon it is ready, statements per second with their latency, memory of idle connections.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import driver from '@iris-devtools/driver';
import emulator from '@iris-devtools/emulator';
import { machine } from '../lib/report.mjs';

const STATEMENTS = 2000;
const IDLE = 200;
console.log(machine());

const percentile = (values, p) => values.toSorted((a, b) => a - b)[Math.floor(values.length * p)];

async function timed(run) {
  const startedAt = performance.now();
  const result = await run();
  return { result, ms: performance.now() - startedAt };
}

async function latencies(name, run) {
  const times = [];
  for (let n = 0; n < STATEMENTS; n += 1) times.push((await timed(() => run(n))).ms);
  const total = times.reduce((sum, ms) => sum + ms, 0);
  console.log(
    `${name.padEnd(28)} ${(STATEMENTS / (total / 1000)).toFixed(0).padStart(7)} stmt/s   p50 ${percentile(times, 0.5).toFixed(2)} ms   p95 ${percentile(times, 0.95).toFixed(2)} ms`,
  );
}

const directory = mkdtempSync(path.join(tmpdir(), 'iris-emulator-bench-'));
try {
  // The published package brings a start image; here the first start makes one, which later starts find.
  process.env.XDG_CACHE_HOME = path.join(directory, 'cache');
  const unprepared = await timed(() => emulator.startEmulator({ data: path.join(directory, 'unprepared') }));
  await unprepared.result.stop();
  console.log(`ready, no start image          ${unprepared.ms.toFixed(0)} ms`);
  const first = await timed(() => emulator.startEmulator({ data: path.join(directory, 'data') }));
  await first.result.stop();
  console.log(`ready, new data directory     ${first.ms.toFixed(0)} ms`);
  const warm = [];
  for (let round = 0; round < 5; round += 1) {
    const started = await timed(() => emulator.startEmulator({ data: path.join(directory, 'data') }));
    warm.push(started.ms);
    await started.result.stop();
  }
  console.log(
    `ready, existing data directory ${percentile(warm, 0.5).toFixed(0)} ms (median of ${warm.length})`,
  );
} finally {
  rmSync(directory, { recursive: true, force: true });
}

const cold = await timed(() => emulator.startEmulator());
console.log(`ready, in memory              ${cold.ms.toFixed(0)} ms`);
await using server = cold.result;
await using connection = await driver.connect(server.url);
await connection.query('CREATE TABLE bench (k INTEGER PRIMARY KEY, s VARCHAR(50))');
const insert = await connection.prepare('INSERT INTO bench VALUES (?, ?)');
await latencies('prepared single-row insert', (n) => insert.query([n, `row ${n}`]));
const select = await connection.prepare('SELECT s FROM bench WHERE k = ?');
await latencies('prepared single-row select', (n) => select.query([n]));

globalThis.gc?.();
const before = process.memoryUsage().rss;
const idle = [];
for (let n = 0; n < IDLE; n += 1) idle.push(await driver.connect(server.url));
globalThis.gc?.();
const grown = (process.memoryUsage().rss - before) / 2 ** 20;
console.log(`${IDLE} idle connections          ${grown.toFixed(0)} MiB (server and client side together)`);
await Promise.all(idle.map((one) => one.close()));
