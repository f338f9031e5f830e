import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { connect, FRAME_CHANNEL, type IrisConnection } from '@iris-devtools/driver';
import { startEmulator, type Emulator } from '@iris-devtools/emulator';

let emulator: Emulator;
let connection: IrisConnection;

/** Requests for SQL that the work causes. */
async function requestsOf(work: () => Promise<unknown>): Promise<number> {
  let requests = 0;
  const count = (message: unknown): void => {
    if (/^> \S+ (DQ|PQ|PP|DU|PU) /.test((message as { line: string }).line)) requests++;
  };
  subscribe(FRAME_CHANNEL, count);
  await work();
  unsubscribe(FRAME_CHANNEL, count);
  return requests;
}

beforeAll(async () => {
  emulator = await startEmulator();
  await using setup = await connect(emulator.url);
  await setup.query(
    'CREATE TABLE Vec.T (k INTEGER, d VECTOR(DOUBLE, 3), f VECTOR(FLOAT, 3), i VECTOR(INTEGER, 2), n VECTOR(DECIMAL, 2), s VARCHAR(20))',
  );
  await setup.query(
    `INSERT INTO Vec.T VALUES (1, TO_VECTOR(?, DOUBLE), TO_VECTOR(?, FLOAT), TO_VECTOR(?, INTEGER), TO_VECTOR(?, DECIMAL), ?)`,
    [new Float64Array([0.1, -2, 3e-7]), Float32Array.of(0.5, 0.25, -0.1), [7, -8], [0.1, 2.25], '1,2'],
  );
  await setup.query('INSERT INTO Vec.T (k) VALUES (2)');
  await setup.query('CREATE VIEW Vec.V AS SELECT k, d FROM Vec.T');
});
beforeEach(async () => {
  connection = await connect(emulator.url);
});
afterAll(() => emulator.stop());

describe('VECTOR columns', () => {
  it('come as typed arrays of their element type, without being told', async () => {
    const { rows, columns } = await connection.query('SELECT d, f, i, n, s FROM Vec.T ORDER BY k');
    expect(rows).toEqual([
      {
        d: new Float64Array([0.1, -2, 3e-7]),
        f: Float32Array.of(0.5, 0.25, -0.1),
        i: new Float64Array([7, -8]),
        // Decimals have no array that would be exact.
        n: '.1,2.25',
        s: '1,2',
      },
      { d: null, f: null, i: null, n: null, s: null },
    ]);
    expect(columns.map(({ type, vectorElement }) => [type, vectorElement])).toEqual([
      ['VECTOR', 'DOUBLE'],
      ['VECTOR', 'FLOAT'],
      ['VECTOR', 'INTEGER'],
      ['VECTOR', 'DECIMAL'],
      ['VARCHAR', undefined],
    ]);
    await connection.close();
  });

  it('are looked up once for a table, and never for results without VARCHAR columns of one', async () => {
    expect(await requestsOf(() => connection.query('SELECT k FROM Vec.T'))).toBe(1);
    expect(await requestsOf(() => connection.query("SELECT 'x' || k AS t, UPPER('a') FROM Vec.T"))).toBe(1);
    expect(await requestsOf(() => connection.query('SELECT d, s FROM Vec.T'))).toBe(2);
    expect(await requestsOf(() => connection.query('SELECT d, s FROM Vec.T'))).toBe(1);
    expect(await requestsOf(() => connection.query('SELECT f FROM Vec.T WHERE k = ?', [1]))).toBe(1);
    expect(
      await requestsOf(() => connection.query('SELECT COLUMN_NAME FROM INFORMATION_SCHEMA.COLUMNS')),
    ).toBe(1);
    await connection.close();
  });

  it('are known to streams, prepared statements and arrays of rows too', async () => {
    const d = new Float64Array([0.1, -2, 3e-7]);
    for await (const row of connection.stream('SELECT d FROM Vec.T WHERE k = 1')) expect(row).toEqual({ d });
    await using prepared = await connection.prepare('SELECT d FROM Vec.T WHERE k = ?');
    expect(prepared.columns[0]?.type).toBe('VECTOR');
    expect((await prepared.query([1], { rowMode: 'array' })).rows).toEqual([[d]]);
    expect((await connection.query('SELECT d FROM Vec.V WHERE k = 1')).rows).toEqual([{ d }]);
    await connection.close();
  });

  it('follow definitions that change', async () => {
    const value = async (): Promise<unknown> =>
      (await connection.query('SELECT v FROM Vec.Changing')).rows[0]?.['v'];
    const define = async (by: IrisConnection, type: string, literal: string): Promise<void> => {
      await by.query('DROP TABLE IF EXISTS Vec.Changing');
      await by.query(`CREATE TABLE Vec.Changing (v ${type})`);
      await by.query(`INSERT INTO Vec.Changing VALUES (${literal})`);
    };
    await define(connection, 'VARCHAR(20)', "'1,2'");
    expect(await value()).toBe('1,2');
    await define(connection, 'VECTOR(FLOAT, 2)', "TO_VECTOR('1,2', FLOAT)");
    expect(await value()).toEqual(Float32Array.of(1, 2));
    await using other = await connect(emulator.url);
    await define(other, 'VARCHAR(20)', "'a,b'");
    // Text that is no list of numbers stays text, whatever the column was before.
    expect(await value()).toBe('a,b');
    await connection.close();
  });

  it('stay text on demand, and can have a parser', async () => {
    await using text = await connect(`${emulator.url}?vectors=text`);
    expect(await requestsOf(() => text.query('SELECT d FROM Vec.T'))).toBe(1);
    expect((await text.query('SELECT i FROM Vec.T WHERE k = 1')).rows).toEqual([{ i: '7,-8' }]);
    await using parsed = await connect({
      host: '127.0.0.1',
      port: emulator.port,
      user: '_SYSTEM',
      password: 'SYS',
      parsers: {
        VECTOR: (v) => (v instanceof Float64Array ? v.length : 'other'),
        VARCHAR: (s) => `<${typeof s}>`,
      },
    });
    expect((await parsed.query('SELECT d, f, s FROM Vec.T WHERE k = 1')).rows).toEqual([
      { d: 3, f: 'other', s: '<string>' },
    ]);
    await connection.close();
  });
});
