// `npm run bench -- driver`: rows and statements per second of the driver, beside npm `pg` on a PostgreSQL that holds the same
// rows and npm `intersystems-iris` on the same replay server. Ratios, not times, are what can be compared between machines.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import driver from '@iris-devtools/driver';
import pg from 'pg';
import { compare, machine, print } from '../lib/report.mjs';
import { compareWithAddon } from './addon.mjs';
import { compareWithRustClient } from './rust-client.mjs';
import { startPostgres } from '../../tools/lib/postgres.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);

async function startReplay() {
  const child = spawn(process.execPath, [path.join(here, 'replay-server.mjs')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await new Promise((resolve) => createInterface({ input: child.stdout }).once('line', resolve));
  return { port: Number(port), stop: () => child.kill() };
}

const PG_COLUMNS = [
  'i::int4',
  '(9007199254740993 + i)::int8',
  "(i::text || '.25')::numeric",
  "'row number ' || i",
  "timestamp '2024-02-29 12:34:56'",
];
const pgSelect = (columns) =>
  `select ${Array.from({ length: columns }, (_, k) => `${PG_COLUMNS[k % PG_COLUMNS.length]} as c${k}`).join(', ')}`;

const replay = await startReplay();
const postgres = await startPostgres();
const iris = await driver.connect({
  host: '127.0.0.1',
  port: replay.port,
  user: 'x',
  password: 'x',
  fastSelect: false,
  bigint: 'string',
});
// Both sides give the same JavaScript values: text for BIGINT, NUMERIC and timestamps.
const client = new pg.Client({
  connectionString: postgres.url,
  types: { getTypeParser: (oid) => (oid === 23 ? Number : (text) => text) },
});
await client.connect();
console.log(machine());
console.log((await client.query('select version()')).rows[0].version);

for (const [columns, rows] of [
  [5, 100_000],
  [50, 20_000],
]) {
  await client.query(
    `create table rows_${columns} as ${pgSelect(columns)} from generate_series(0, ${rows - 1}) as i`,
  );
  const results = await compare(ROUNDS, [
    {
      name: '@iris-devtools/driver',
      run: async () => (await iris.query(`SELECT rows=${rows} columns=${columns}`)).rows.length,
    },
    {
      name: 'pg, PostgreSQL',
      run: async () => (await client.query(`select * from rows_${columns}`)).rows.length,
    },
  ]);
  print(`${rows.toLocaleString('en')} rows of ${columns} columns as objects`, 'rows/s', results);
  const arrays = await compare(ROUNDS, [
    {
      name: '@iris-devtools/driver',
      run: async () =>
        (await iris.query(`SELECT rows=${rows} columns=${columns}`, [], { rowMode: 'array' })).rows.length,
    },
    {
      name: 'pg, PostgreSQL',
      run: async () =>
        (await client.query({ text: `select * from rows_${columns}`, rowMode: 'array' })).rows.length,
    },
  ]);
  print(`${rows.toLocaleString('en')} rows of ${columns} columns as arrays`, 'rows/s', arrays);
}

const STATEMENTS = 5000;
const prepared = await iris.prepare('SELECT rows=1 columns=5 WHERE k = ?');
const single = { name: 'one', text: `${pgSelect(5)} from (select $1::int4 as i) as t` };
print(
  'prepared single-row selects, one after the other',
  'stmt/s',
  await compare(ROUNDS, [
    {
      name: '@iris-devtools/driver',
      run: async () => {
        for (let n = 0; n < STATEMENTS; n += 1) await prepared.query([n]);
        return STATEMENTS;
      },
    },
    {
      name: 'pg, PostgreSQL',
      run: async () => {
        for (let n = 0; n < STATEMENTS; n += 1) await client.query({ ...single, values: [n] });
        return STATEMENTS;
      },
    },
  ]),
);

await compareWithRustClient(replay.port, iris, ROUNDS);
if (process.argv.includes('--addon')) await compareWithAddon();

if (process.argv.includes('--memory')) {
  // Ten million rows through the stream: the heap must not grow with them.
  const total = 10_000_000;
  let seen = 0;
  for await (const page of iris.stream(`SELECT rows=${total} columns=5`, [], { rowMode: 'array' }).pages()) {
    seen += page.length;
    if (seen % 1_000_000 < page.length) {
      const { rss, heapUsed } = process.memoryUsage();
      console.log(
        `  ${seen.toLocaleString('en').padStart(12)} rows streamed: rss ${(rss / 2 ** 20).toFixed(0)} MiB, heap ${(heapUsed / 2 ** 20).toFixed(0)} MiB`,
      );
    }
  }
}

await Promise.all([iris.close(), client.end()]);
replay.stop();
await postgres.stop();
