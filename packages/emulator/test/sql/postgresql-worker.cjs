// PGlite loads itself with import(), which Jest's module registry does not have: it runs in a thread of its own.
const { parentPort } = require('node:worker_threads');
const { PGlite } = require('@electric-sql/pglite');

const postgres = PGlite.create();

parentPort.on('message', async ({ id, sql }) => {
  try {
    const { rows } = await (await postgres).query(sql, [], { rowMode: 'array' });
    parentPort.postMessage({ id, rows });
  } catch (error) {
    parentPort.postMessage({ id, error: `${error.message}: ${sql}` });
  }
});
