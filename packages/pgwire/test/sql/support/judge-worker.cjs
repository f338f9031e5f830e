// PGlite needs dynamic imports, which Jest's module loader does not have; a thread of its own does.
const { parentPort } = require('node:worker_threads');
const { PGlite } = require('@electric-sql/pglite');
const { vector } = require('@electric-sql/pglite-pgvector');

/** Values as PostgreSQL prints them: booleans, numbers, dates and JSON are not read. */
const OIDS = [
  16, 17, 20, 21, 23, 25, 114, 700, 701, 1043, 1082, 1083, 1114, 1184, 1186, 1700, 2950, 3802, 16385,
];
const AS_TEXT = Object.fromEntries(OIDS.map((oid) => [oid, (text) => text]));

const started = PGlite.create({ extensions: { vector } });

const METHODS = {
  exec: async (pg, sql) => void (await pg.exec(sql)),
  query: async (pg, sql, parameters, asText) => {
    const options = { rowMode: 'array', ...(asText ? { parsers: AS_TEXT } : {}) };
    const { rows, affectedRows, fields } = await pg.query(sql, parameters, options);
    return { rows, affectedRows, types: fields.map((each) => each.dataTypeID) };
  },
  describe: async (pg, sql) => {
    const described = await pg.describeQuery(sql);
    return {
      parameterOids: described.queryParams.map((each) => each.dataTypeID),
      fields: described.resultFields.map((each) => ({ name: each.name, typeOid: each.dataTypeID })),
    };
  },
  close: (pg) => pg.close(),
};

parentPort.on('message', async ({ id, method, args }) => {
  try {
    parentPort.postMessage({ id, value: await METHODS[method](await started, ...args) });
  } catch (error) {
    parentPort.postMessage({ id, error: { message: error.message, sqlstate: error.code } });
  }
});
