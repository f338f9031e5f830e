// Rows and statements per second of the driver against a replay server, beside other clients.
// Run: node packages/driver/bench/throughput.mjs [--rows 300000] [--memory-rows 10000000]   (after building)
// With PGURL set, npm pg reads rows of the same types from that PostgreSQL server. npm intersystems-iris 0.2.2 is not compared: it
// panics on these rows.
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';

const require = createRequire(import.meta.url);
const { connect } = require('../dist/index.js');
const { values: options } = parseArgs({
  options: { rows: { type: 'string', default: '300000' }, 'memory-rows': { type: 'string', default: '0' } },
});
const rows = Number(options.rows);
const memoryRows = Number(options['memory-rows']);
const PAGE_ROWS = 1000;
const STATEMENTS = 20_000;

async function withReplay(columnCount, pageRows, pages, work) {
  const worker = new Worker(new URL('./replay-server.mjs', import.meta.url), {
    workerData: { columnCount, pageRows, pages },
  });
  const port = await new Promise((resolve) => worker.once('message', resolve));
  try {
    return await work(port);
  } finally {
    await worker.terminate();
  }
}

/** The better of three runs: the first one warms up. */
async function perSecond(count, run) {
  let best = 0;
  for (let i = 0; i < 3; i++) {
    const started = performance.now();
    await run();
    best = Math.max(best, count / ((performance.now() - started) / 1000));
  }
  return Math.round(best);
}

function report(client, what, rate) {
  console.log(JSON.stringify({ client, what, perSecond: rate }));
}

async function benchDriver(columnCount, count) {
  await withReplay(columnCount, PAGE_ROWS, count / PAGE_ROWS, async (port) => {
    for (const fastSelect of [true, false]) {
      await using connection = await connect({ user: 'bench', port, fastSelect });
      let n = 0;
      const layout = `${columnCount} columns, fast select ${fastSelect ? 'on' : 'off'}`;
      for (const rowMode of ['array', 'object']) {
        const rate = await perSecond(count, () => connection.query(`select ${n++}`, [], { rowMode }));
        report('@iris-devtools/driver', `rows, query, ${rowMode}, ${layout}`, rate);
      }
      const streamed = await perSecond(count, async () => {
        for await (const _ of connection.stream(`select ${n++}`)) continue;
      });
      report('@iris-devtools/driver', `rows, for await, object, ${layout}`, streamed);
    }
  });
}

async function benchStatements() {
  await withReplay(5, 1, 1, async (port) => {
    await using connection = await connect({ user: 'bench', port });
    const rate = await perSecond(STATEMENTS, async () => {
      for (let i = 0; i < STATEMENTS; i++) await connection.query('select one where a = ?', [i]);
    });
    report('@iris-devtools/driver', 'statements, one row, by id', rate);
  });
}

async function benchPostgres(url, count) {
  const { Client } = require('pg');
  const client = new Client(url);
  await client.connect();
  for (const columnCount of [5, 50]) {
    const kinds = [
      '(g * 7)::int',
      "'some text ' || g",
      '(g + 0.25)::numeric',
      '(g * 1.1)::float8',
      "'2024-01-02 03:04:05'::timestamp",
    ];
    const list = Array.from({ length: columnCount }, (_, i) => `${kinds[i % 5]} as c${i}`).join(', ');
    const n = columnCount === 5 ? count : count / 10;
    await client.query(
      `create temp table bench${columnCount} as select ${list} from generate_series(0, ${n - 1}) g`,
    );
    for (const rowMode of ['array', 'object']) {
      const rate = await perSecond(n, () =>
        client.query(
          rowMode === 'array'
            ? { text: `select * from bench${columnCount}`, rowMode }
            : `select * from bench${columnCount}`,
        ),
      );
      report('pg', `rows, query, ${rowMode}, ${columnCount} columns`, rate);
    }
  }
  const rate = await perSecond(STATEMENTS, async () => {
    for (let i = 0; i < STATEMENTS; i++)
      await client.query({
        name: 'one',
        text: 'select * from bench5 limit 1 offset ($1::int % 1)',
        values: [i],
      });
  });
  report('pg', 'statements, one row, prepared', rate);
  await client.end();
}

async function benchMemory(count) {
  await withReplay(5, PAGE_ROWS, count / PAGE_ROWS, async (port) => {
    await using connection = await connect({ user: 'bench', port });
    let n = 0;
    const mib = [];
    for await (const page of connection.stream('select all').pages()) {
      n += page.length;
      if (n % (count / 10) === 0) mib.push(Math.round(process.memoryUsage().rss / 2 ** 20));
    }
    console.log(
      JSON.stringify({ client: '@iris-devtools/driver', what: `RSS in MiB at each tenth of ${n} rows`, mib }),
    );
  });
}

await benchDriver(5, rows);
await benchDriver(50, rows / 10);
await benchStatements();
if (process.env.PGURL !== undefined) await benchPostgres(process.env.PGURL, rows);
if (memoryRows > 0) await benchMemory(memoryRows);
