import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, type CustomTypesConfig } from 'pg';
import { startOracle, type StartedOracle } from '../../src/oracle/start-oracle.js';
import { OID } from '../../src/types/oids.js';
import { START_TIMEOUT_MS, startStack, type Stack } from '../support/stack.js';
import { CACHE_DIR } from '../oracle/cache-dir.js';

/** A value goes from a client into IRIS (the emulator) and comes back as PostgreSQL itself would have printed it. */
let stack: Stack;
let judge: StartedOracle;
let client: Client;

const asText: CustomTypesConfig = { getTypeParser: () => (text: string) => text };

beforeAll(async () => {
  [stack, judge] = await Promise.all([
    startStack({ cacheDir: CACHE_DIR }),
    startOracle({ cacheDir: CACHE_DIR }),
  ]);
  client = new Client({ ...stack.client, types: asText });
  await client.connect();
}, START_TIMEOUT_MS);

afterAll(async () => {
  await client.end();
  await judge.close();
  await stack[Symbol.asyncDispose]();
});

const cases: [type: string, ...values: string[]][] = [
  ['boolean', 't', 'no'],
  ['smallint', '-32768', '32767'],
  ['integer', '-2147483648', '0'],
  ['bigint', '9223372036854775807', '-9223372036854775807'],
  ['real', '0.1', '-1.5e30', '16777216'],
  ['double precision', '0.1', '1e15', '-2.5e-7', '123456789.125'],
  ['numeric(10,3)', '12.5', '-0.001', '1234567.8915'],
  ['text', '', 'héllo 😀', 'a\nb\t"c" \\ \'d\'', '  blanks  ', '007', '1e3'],
  ['varchar(10)', 'ten chars!', ''],
  ['char(5)', 'ab', 'é'],
  ['bytea', '\\x', '\\x00017f80ff', '\\x5c78'],
  ['date', '2020-02-29', '1900-01-01', '9999-12-31'],
  ['time', '00:00:00', '12:34:56.789123', '23:59:59.5'],
  ['timestamp', '2020-01-01 00:00:00', '1999-12-31 23:59:59.999999'],
  ['timestamptz', '2020-07-01 12:00:00.5+02', '2020-01-01 00:00:00Z'],
  ['uuid', 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'],
  ['json', '{"b": 1,  "a": [1.50]}'],
  ['jsonb', '{"b": 1,  "a": [1.50, null], "a": true}', '"x"', '1e3'],
  ['vector(3)', '[1,2.5,-3]', '[0.1,0.2,1e-10]'],
];

async function judged(type: string, value: string): Promise<string> {
  const { rows } = await judge.run({
    sql: `select $1::${type}`,
    parameterOids: [OID.text],
    parameters: [Buffer.from(value)],
    parameterFormats: [0],
    resultFormats: [0],
    settings: new Map(),
    user: 'demo',
    database: 'films',
  });
  return Buffer.from(rows[0]?.[0] ?? []).toString();
}

describe.each(cases)('%s', (type, ...values) => {
  const table = `through_${type.replace(/\W+/g, '_')}`;

  beforeAll(async () => {
    await client.query(`create table ${table} (id int primary key, v ${type})`);
  });

  it.each(values.map((value, index) => ({ value, index })))('$value', async ({ value, index }) => {
    const expected = await judged(type, value);
    const inserted = await client.query(`insert into ${table} values ($1, $2) returning v`, [index, value]);
    expect(inserted.rows).toEqual([{ v: expected }]);
    const bound = await client.query(`select v from ${table} where id = $1`, [index]);
    expect(bound.rows).toEqual([{ v: expected }]);
    const quoted = value.replaceAll("'", "''");
    await client.query(`insert into ${table} values (${index + 100}, '${quoted}')`);
    const literal = await client.query(`select v from ${table} where id = ${index + 100}`);
    expect(literal.rows).toEqual([{ v: expected }]);
  });

  it('NULL', async () => {
    await client.query(`insert into ${table} values (99, null)`);
    expect((await client.query(`select v from ${table} where id = 99`)).rows).toEqual([{ v: null }]);
  });
});
