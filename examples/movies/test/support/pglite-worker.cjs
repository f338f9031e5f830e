// PostgreSQL in a worker: PGlite loads its parts by dynamic import, which Jest's own module loader does not allow.
const { parentPort } = require('node:worker_threads');

const rawText = (value) => value;
// Every built-in OID gets the same parser, so that values stay the text that PostgreSQL printed.
const LAST_BUILT_IN_OID = 6200;
const parsers = Object.fromEntries(Array.from({ length: LAST_BUILT_IN_OID }, (_, oid) => [oid, rawText]));

async function start() {
  const { PGlite } = await import('@electric-sql/pglite');
  const { vector } = await import('@electric-sql/pglite-pgvector');
  const db = await PGlite.create({ extensions: { vector } });
  await db.exec('create extension vector');
  return db;
}

const starting = start();

async function answer({ kind, sql, parameters, text }) {
  const db = await starting;
  if (kind === 'close') return db.close();
  if (kind === 'exec') return void (await db.exec(sql));
  if (kind === 'copy') return void (await db.query(sql, [], { blob: new Blob([text]) }));
  const { fields, rows } = await db.query(sql, parameters, { rowMode: 'array', parsers });
  return { columns: fields.map(({ name, dataTypeID }) => ({ name, typeOid: dataTypeID })), rows };
}

parentPort.on('message', async ({ id, ...request }) => {
  try {
    parentPort.postMessage({ id, value: await answer(request) });
  } catch (error) {
    parentPort.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
  }
});
