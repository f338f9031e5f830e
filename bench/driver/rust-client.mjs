// npm intersystems-iris 0.2.2 on the replay server. It never fetches a second page, takes no parameters and prepares nothing, so what can be
// compared is a direct query whose rows fit one page. It turns every value into a string.
import { createRequire } from 'node:module';
import { compare, print } from '../lib/report.mjs';

const ROWS = 1000;
const QUERIES = 20;

/** @param iris a connection of the driver to the same server */
export async function compareWithRustClient(port, iris, rounds) {
  const { IRIS } = createRequire(import.meta.url)('intersystems-iris');
  const client = new IRIS('127.0.0.1', port, 'USER', 'x', 'x');
  for (const columns of [5, 50]) {
    const text = `SELECT rows=${ROWS} columns=${columns}`;
    const many = async (query) => {
      let rows = 0;
      for (let n = 0; n < QUERIES; n += 1) rows += (await query()).rows.length;
      return rows;
    };
    const results = await compare(rounds, [
      { name: '@iris-devtools/driver', run: () => many(() => iris.query(text)) },
      { name: 'intersystems-iris 0.2.2', run: () => many(() => client.sql(text)) },
    ]);
    print(`${QUERIES} queries of ${ROWS} rows of ${columns} columns`, 'rows/s', results);
  }
  await client.close();
}
