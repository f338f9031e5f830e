import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { connect, type IrisConnection } from '@iris-devtools/driver';
import { startEmulator, type Emulator } from '@iris-devtools/emulator';

const CREATE = `create table Demo.Thing (
  Id integer primary key, Name varchar(100), Amount numeric(18,4), Big bigint, Ratio double, Flag bit,
  Day date, Moment timestamp, Clock time, Notes longvarchar, Place vector(double, 3))`;

let emulator: Emulator;
let connection: IrisConnection;

/** One behaviour, whatever the layout and the size of pages. */
describe.each([1, 7, 1000])('against the emulator, %d rows per page', (maxRows) => {
  beforeAll(async () => {
    // Like a real server, this one never answers a fetch after the last page.
    emulator = await startEmulator({ pageSize: { maxRows }, fetchAfterEnd: 'hang' });
    await using setup = await connect(emulator.url);
    await setup.query(CREATE);
  });

  afterAll(async () => {
    await emulator.stop();
  });

  describe.each([true, false])('fast select %p', (fastSelect) => {
    beforeAll(async () => {
      connection = await connect(`${emulator.url}?fastSelect=${String(fastSelect)}`);
    });

    afterAll(async () => {
      await connection.close();
    });

    beforeEach(async () => {
      await connection.query('delete from Demo.Thing');
    });

    conformance();
  });
});

function conformance(): void {
  it('writes and reads every type exactly', async () => {
    const place = Float64Array.of(1, -2.5, 1e-3);
    const insert = 'insert into Demo.Thing values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, TO_VECTOR(?, double, 3))';
    await connection.query(insert, [
      1,
      'naïve жук \u{1F600}',
      '12345678901234.5678',
      2n ** 63n - 1n,
      0.1,
      true,
      '2024-02-29',
      new Date(Date.UTC(2024, 1, 29, 12, 34, 56)),
      '23:59:59',
      'a long ж text',
      place,
    ]);
    await connection.query(insert, [
      2,
      '',
      '-0.05',
      -(2n ** 63n),
      -1e300,
      false,
      null,
      null,
      null,
      '',
      place,
    ]);
    await connection.query('insert into Demo.Thing (Id) values (?)', [3]);
    const { rows } = await connection.query('select * from Demo.Thing order by Id');
    expect(rows).toEqual([
      {
        Id: 1,
        Name: 'naïve жук \u{1F600}',
        Amount: '12345678901234.5678',
        Big: 2n ** 63n - 1n,
        Ratio: 0.1,
        Flag: true,
        Day: '2024-02-29',
        Moment: '2024-02-29 12:34:56',
        Clock: '23:59:59',
        Notes: 'a long ж text',
        Place: new Float64Array([1, -2.5, 0.001]),
      },
      {
        Id: 2,
        Name: '',
        Amount: '-0.05',
        Big: -(2n ** 63n),
        Ratio: -1e300,
        Flag: false,
        Day: null,
        Moment: null,
        Clock: null,
        Notes: '',
        Place: new Float64Array([1, -2.5, 0.001]),
      },
      {
        Id: 3,
        Name: null,
        Amount: null,
        Big: null,
        Ratio: null,
        Flag: null,
        Day: null,
        Moment: null,
        Clock: null,
        Notes: null,
        Place: null,
      },
    ]);
  });

  it('inserts in batches, reads and streams over page boundaries', async () => {
    const sets = Array.from({ length: 50 }, (_, n) => [n, `name ${n}`]);
    expect(await connection.executeMany('insert into Demo.Thing (Id, Name) values (?, ?)', sets)).toBe(50);
    for (const limit of [0, 1, 6, 7, 8, 14, 49, 50]) {
      const sql = 'select Id, Name from Demo.Thing where Id < ? order by Id';
      const { rows } = await connection.query(sql, [limit], { rowMode: 'array' });
      expect(rows).toEqual(sets.slice(0, limit));
      const streamed = [];
      for await (const row of connection.stream(sql, [limit], { rowMode: 'array' })) streamed.push(row);
      expect(streamed).toEqual(sets.slice(0, limit));
    }
    for await (const { Id } of connection.stream('select Id from Demo.Thing order by Id')) {
      if (Id === 3) break;
    }
    expect((await connection.query('select count(*) as n from Demo.Thing')).rows).toEqual([{ n: 50n }]);
    expect(
      (await connection.query('select Id from Demo.Thing order by Id', [], { maxRows: 9 })).rows,
    ).toHaveLength(9);
  });

  it('reads columns in any order, with expressions between them', async () => {
    await connection.query('insert into Demo.Thing (Id, Name, Amount) values (?, ?, ?)', [7, 'x', '1.25']);
    const { rows } = await connection.query(
      'select Amount, Name || ? as N, Id, Name from Demo.Thing',
      ['!'],
      {
        rowMode: 'array',
      },
    );
    expect(rows).toEqual([['1.25', 'x!', 7, 'x']]);
  });

  it('prepares, runs again and again, and survives a definition in between', async () => {
    await using statement = await connection.prepare('select Id from Demo.Thing where Id >= ? order by Id');
    expect(statement.columns.map((column) => [column.name, column.type])).toEqual([['Id', 'INTEGER']]);
    await connection.query('insert into Demo.Thing (Id) values (?)', [1]);
    expect((await statement.query([0])).rows).toEqual([{ Id: 1 }]);
    await connection.query('select * from Demo.Thing');
    await connection.query('alter table Demo.Thing add column Extra integer');
    expect(Object.keys((await connection.query('select * from Demo.Thing')).rows[0] ?? {})).toContain(
      'Extra',
    );
    await connection.query('alter table Demo.Thing drop column Extra');
    expect((await statement.query([1])).rows).toEqual([{ Id: 1 }]);
  });

  it('commits, rolls back, and goes back to savepoints', async () => {
    const count = async (): Promise<unknown> =>
      (await connection.query('select count(*) as n from Demo.Thing')).rows[0]?.['n'];
    const insert = 'insert into Demo.Thing (Id) values (?)';
    await connection.begin();
    expect(connection.inTransaction).toBe(true);
    await connection.query(insert, [1]);
    await connection.savepoint('here');
    await connection.query(insert, [2]);
    expect(await count()).toBe(2n);
    await connection.rollbackToSavepoint('here');
    expect(await count()).toBe(1n);
    await connection.rollback();
    expect(connection.inTransaction).toBe(false);
    expect(await count()).toBe(0n);
    await connection.transaction(async (session) => session.query(insert, [1]));
    expect(await count()).toBe(1n);
    await expect(
      connection.transaction(async (session) => {
        await session.query(insert, [2]);
        await session.query(insert, [1]);
      }),
    ).rejects.toMatchObject({ sqlcode: -119 });
    expect(await count()).toBe(1n);
    await connection.setAutocommit(false);
    await connection.query(insert, [3]);
    expect(connection.inTransaction).toBe(true);
    await connection.rollback();
    await connection.setAutocommit(true);
    expect(await count()).toBe(1n);
  });

  it('tells errors by their SQLCODE and stays usable', async () => {
    const failures: [string, number][] = [
      ['select * from Demo.NoSuch', -30],
      ['select NoSuch from Demo.Thing', -29],
      ['selectt 1', -51],
    ];
    for (const [sql, sqlcode] of failures) {
      await expect(connection.query(sql)).rejects.toMatchObject({ code: 'IRIS_SQL', sqlcode });
    }
    await connection.query('insert into Demo.Thing (Id) values (1)');
    await expect(connection.query('insert into Demo.Thing (Id) values (1)')).rejects.toMatchObject({
      sqlcode: -119,
    });
  });
}
