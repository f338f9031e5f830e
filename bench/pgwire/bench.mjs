// `npm run bench -- pgwire`: what pgwire adds to a statement: the same point select through pgwire with npm pg, and through the
// driver without it, on one emulator.
import connections from '@iris-devtools/connections';
import driver from '@iris-devtools/driver';
import emulator from '@iris-devtools/emulator';
import pgwire from '@iris-devtools/pgwire';
import pg from 'pg';
import { compare, machine, print } from '../lib/report.mjs';

const ROUNDS = 5;
const STATEMENTS = 500;
console.log(machine());

await using server = await emulator.startEmulator();
await using source = new connections.Pool({
  open: (signal) => driver.connect(server.url, signal),
  size: 10,
  overflow: 0,
});
const front = await pgwire.startPgwire({
  source,
  port: 0,
  databases: ['iris'],
  authentication: {
    rules: [{ users: ['iris'], method: 'scram-sha-256' }],
    verifiers: { iris: await pgwire.createScramVerifier('secret') },
  },
});
const client = new pg.Client({
  connectionString: `postgresql://iris:secret@${front.host}:${front.port}/iris`,
});
await client.connect();
await client.query('create table bench (k integer primary key, s text)');
for (let n = 0; n < 100; n += 1) await client.query('insert into bench values ($1, $2)', [n, `row ${n}`]);
await using direct = await driver.connect(server.url);
const prepared = await direct.prepare('SELECT s FROM bench WHERE k = ?');

const results = await compare(ROUNDS, [
  {
    name: 'driver, no pgwire',
    run: async () => {
      for (let n = 0; n < STATEMENTS; n += 1) await prepared.query([n % 100]);
      return STATEMENTS;
    },
  },
  {
    name: 'pg through pgwire',
    run: async () => {
      for (let n = 0; n < STATEMENTS; n += 1)
        await client.query({ name: 'point', text: 'select s from bench where k = $1', values: [n % 100] });
      return STATEMENTS;
    },
  },
]);
print('point select', 'stmt/s', results);
const [plain, through] = [...results.values()].map(({ median }) => 1000 / median);
console.log(`  added by pgwire: ${(through - plain).toFixed(3)} ms per statement`);
await client.end();
await front.stop();
