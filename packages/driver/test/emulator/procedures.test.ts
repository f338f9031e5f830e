import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect, OUT, type IrisConnection } from '@iris-devtools/driver';
import { startEmulator, type Emulator } from '@iris-devtools/emulator';

const SETUP = [
  'CREATE TABLE Proc.T (n INTEGER, s VARCHAR(20), d DATE, p NUMERIC(10,2))',
  "INSERT INTO Proc.T VALUES (1, 'a', '2024-02-29', 1.5)",
  "INSERT INTO Proc.T VALUES (2, 'b', NULL, 20)",
  `CREATE PROCEDURE Proc.Lookup(IN k INTEGER, OUT name VARCHAR(20), INOUT day DATE, OUT price NUMERIC(10,2))
   BEGIN SELECT s, d, p INTO :name, :day, :price FROM Proc.T WHERE n = :k; END`,
  `CREATE PROCEDURE Proc.Total(IN least INTEGER DEFAULT 2) RETURNS INTEGER
   BEGIN SELECT SUM(n) INTO :total FROM Proc.T WHERE n >= :least; RETURN :total; END`,
  `CREATE PROCEDURE Proc.Rename(IN k INTEGER, INOUT name VARCHAR(20))
   BEGIN UPDATE Proc.T SET s = :name WHERE n = :k; SELECT s || '!' INTO :name FROM Proc.T WHERE n = :k; END`,
  `CREATE PROCEDURE Proc.Pair(OUT amount INTEGER) DYNAMIC RESULT SETS 2
   BEGIN SELECT n FROM Proc.T ORDER BY n; SELECT COUNT(*) INTO :amount FROM Proc.T; SELECT s AS t, n FROM Proc.T ORDER BY n DESC; END`,
  'CREATE PROCEDURE Proc.Seek(IN k INTEGER, OUT extra INTEGER) BEGIN SELECT n, s FROM Proc.T WHERE n >= :k ORDER BY n; END',
];

describe.each([1, 1000])('stored procedures of the emulator, %d rows per page', (maxRows) => {
  let emulator: Emulator;
  let connection: IrisConnection;
  beforeAll(async () => {
    emulator = await startEmulator({ pageSize: { maxRows, maxBytes: 65_536 } });
    connection = await connect(emulator.url);
    for (const sql of SETUP) await connection.query(sql);
  });
  afterAll(async () => {
    await connection.close();
    await emulator.stop();
  });

  it('give OUT and INOUT parameters their values', async () => {
    const { outputs, parameters, results } = await connection.call('Proc.Lookup', [
      1,
      OUT,
      '2000-01-01',
      OUT,
    ]);
    expect(outputs).toEqual([1, 'a', '2024-02-29', '1.5']);
    expect(parameters.map(({ name }) => name)).toEqual(['k', 'name', 'day', 'price']);
    expect(results).toMatchObject([{ rows: [], columns: [] }]);
    const nulls = await connection.call('Proc.Lookup', [2, OUT, OUT, OUT]);
    expect(nulls.outputs).toEqual([2, 'b', null, '20']);
    // No row: an OUT parameter has no value, an INOUT parameter keeps its own.
    const missing = await connection.call('Proc.Lookup', [9, 'ignored', '2000-01-01', OUT]);
    expect(missing.outputs).toEqual([9, null, '2000-01-01', null]);
  });

  it('give a return value, and use defaults for what is left out', async () => {
    expect(await connection.call('? = CALL Proc.Total(?)', [1])).toMatchObject({
      returnValue: 3,
      outputs: [1],
    });
    expect(await connection.call('Proc.Total')).toMatchObject({ returnValue: 2 });
    expect(await connection.call('Proc.Total', [OUT])).toMatchObject({ returnValue: 2 });
    expect(await connection.call('Proc.Total', [9])).toMatchObject({ returnValue: null });
  });

  it('change rows and say how many', async () => {
    const { outputs, results } = await connection.call('Proc.Rename', [2, 'B']);
    expect(outputs).toEqual([2, 'B!']);
    expect(results).toMatchObject([{ rowCount: 1 }]);
    expect((await connection.call('Proc.Rename', [7, ''])).outputs).toEqual([7, '']);
    await connection.query("UPDATE Proc.T SET s = 'b' WHERE n = 2");
  });

  it('give several result sets, each with its columns', async () => {
    const { outputs, results } = await connection.call('Proc.Pair', [OUT]);
    expect(outputs).toEqual([2]);
    expect(results.map(({ rows }) => rows)).toEqual([
      [{ n: 1 }, { n: 2 }],
      [
        { t: 'b', n: 2 },
        { t: 'a', n: 1 },
      ],
    ]);
    const limited = await connection.call('Proc.Pair', [OUT], { maxRows: 1, rowMode: 'array' });
    expect(limited.results.map(({ rows }) => rows)).toEqual([[[1]], [['b', 2]]]);
    // CALL as a query gives the first of them.
    expect((await connection.query('CALL Proc.Pair(?)', [null])).rows).toEqual([{ n: 1 }, { n: 2 }]);
  });

  it('give rows beside an OUT parameter', async () => {
    const { outputs, results } = await connection.call('Proc.Seek', [1]);
    expect(outputs).toEqual([1, null]);
    expect(results).toMatchObject([
      {
        rows: [
          { n: 1, s: 'a' },
          { n: 2, s: 'b' },
        ],
      },
    ]);
  });

  it('that do not exist, or fail, are SQL errors and leave the connection usable', async () => {
    await expect(connection.call('Proc.Nothing')).rejects.toMatchObject({ sqlcode: -428 });
    await connection.query(
      'CREATE OR REPLACE PROCEDURE Proc.Bad(OUT a INTEGER) BEGIN SELECT n, s INTO :a FROM Proc.T; END',
    );
    await expect(connection.call('Proc.Bad', [OUT])).rejects.toMatchObject({ sqlcode: -76 });
    await expect(connection.query('SELECT n INTO :a FROM Proc.T')).rejects.toMatchObject({ sqlcode: -422 });
    await expect(connection.query('RETURN 1')).rejects.toMatchObject({ sqlcode: -51 });
    await connection.ping();
  });
});
