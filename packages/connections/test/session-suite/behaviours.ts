import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Session, SqlValue } from '@iris-devtools/core';
import { openSession, type BackendName } from '@iris-devtools/connections';
import type { Emulator } from '@iris-devtools/emulator';

/** What a client is known not to do; everything else must be the same for all. */
export interface SuiteClient {
  readonly driver: BackendName;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** NUMERIC of more than 15 digits arrives exactly; otherwise it is refused, never rounded. */
  readonly exactDecimals: boolean;
  /** LONGVARCHAR is read; otherwise it is refused. */
  readonly lobs: boolean;
  /** A request that was stopped leaves its session usable. */
  readonly survivesStop: boolean;
}

const ALL_TYPES = `CREATE TABLE suite.types (
  id INTEGER PRIMARY KEY, i INTEGER, s SMALLINT, b BIGINT, n NUMERIC(15,4), d DOUBLE, v VARCHAR(200), x VARBINARY(100),
  dt DATE, tm TIME, ts TIMESTAMP, p POSIXTIME, t BIT, big NUMERIC(19,2), lob LONGVARCHAR)`;

/** One Session behaviour, whatever the client: run for each that can run. */
export function describeSession(client: SuiteClient, start: () => Promise<Emulator>): void {
  let emulator: Emulator;
  const opened: Session[] = [];

  async function open(settings: Readonly<Record<string, unknown>> = {}): Promise<Session> {
    const session = await openSession({
      url: emulator.url,
      env: {},
      sources: [],
      settings: { driver: client.driver, ...client.settings, ...settings },
    });
    opened.push(session);
    return session;
  }

  const rowsOf = async (
    session: Session,
    sql: string,
    parameters: readonly never[] = [],
  ): Promise<SqlValue[][]> => (await session.query(sql, parameters, { rowMode: 'array' })).rows;

  describe(`a session through ${client.driver}`, () => {
    beforeAll(async () => {
      emulator = await start();
      await emulator.sql(ALL_TYPES);
      await emulator.sql('CREATE TABLE suite.t (k INTEGER PRIMARY KEY, v VARCHAR(40))');
      await emulator.sql('CREATE TABLE suite.many (k INTEGER)');
    });
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((session) => session.close()));
      await emulator.sql('DELETE FROM suite.t');
    });
    afterAll(() => emulator.stop());

    it('gives the same values for every type', async () => {
      const session = await open();
      await session.query(
        'INSERT INTO suite.types (id, i, s, b, n, d, v, x, dt, tm, ts, p, t) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)',
        [
          1,
          -42,
          7,
          9_007_199_254_740_993n,
          '12345678901.25',
          1.5e-7,
          'it’s "жя" 😀\n%',
          Uint8Array.of(0, 1, 127, 128, 255),
          '2024-02-29',
          '23:59:58',
          '2024-02-29 12:34:56.5',
          '2024-02-29 12:34:56.123456',
          true,
        ],
      );
      const { rows } = await session.query(
        'SELECT i, s, b, n, d, v, x, dt, tm, ts, p, t FROM suite.types WHERE id = ?',
        [1],
      );
      expect(rows).toEqual([
        {
          i: -42,
          s: 7,
          b: 9_007_199_254_740_993n,
          n: '12345678901.25',
          d: 1.5e-7,
          v: 'it’s "жя" 😀\n%',
          x: Buffer.of(0, 1, 127, 128, 255),
          dt: '2024-02-29',
          tm: '23:59:58',
          ts: '2024-02-29 12:34:56.5',
          p: '2024-02-29 12:34:56.123456',
          t: true,
        },
      ]);
    });

    it('tells NULL from the empty string, in text and in bytes', async () => {
      const session = await open();
      const insert = 'INSERT INTO suite.types (id, v, x, i) VALUES (?, ?, ?, ?)';
      await session.query(insert, [2, null, null, null]);
      await session.query(insert, [3, '', new Uint8Array(0), 0]);
      expect(await rowsOf(session, 'SELECT v, x, i FROM suite.types WHERE id IN (2, 3) ORDER BY id')).toEqual(
        [
          [null, null, null],
          ['', Buffer.alloc(0), 0],
        ],
      );
      expect(await rowsOf(session, 'SELECT COUNT(*) FROM suite.types WHERE v IS NULL AND id = 3')).toEqual([
        [0n],
      ]);
    });

    it('never rounds: a value of 19 digits is exact or refused', async () => {
      const session = await open();
      await session.query('INSERT INTO suite.types (id, big) VALUES (4, ?)', ['12345678901234567.25']);
      const read = rowsOf(session, 'SELECT big FROM suite.types WHERE id = 4');
      if (client.exactDecimals) expect(await read).toEqual([['12345678901234567.25']]);
      else
        await expect(read).rejects.toMatchObject({
          code: 'IRIS_VALUE',
          hint: expect.stringContaining('CAST'),
        });
      expect(await rowsOf(session, 'SELECT CAST(big AS VARCHAR(40)) FROM suite.types WHERE id = 4')).toEqual([
        ['12345678901234567.25'],
      ]);
    });

    it('reads long text, or refuses it', async () => {
      const session = await open();
      await session.query('INSERT INTO suite.types (id, lob) VALUES (5, ?)', ['long text']);
      const read = rowsOf(session, 'SELECT lob FROM suite.types WHERE id = 5');
      if (client.lobs) expect(await read).toEqual([['long text']]);
      else await expect(read).rejects.toMatchObject({ code: 'IRIS_UNSUPPORTED' });
    });

    it('describes columns, also of a result without rows', async () => {
      const session = await open();
      const { columns, rows, rowCount } = await session.query('SELECT k, v AS text FROM suite.t');
      expect({ rows, rowCount }).toEqual({ rows: [], rowCount: 0 });
      expect(columns.map(({ name, type, nullable }) => ({ name, type, nullable }))).toEqual([
        { name: 'k', type: 'INTEGER', nullable: false },
        { name: 'text', type: 'VARCHAR', nullable: true },
      ]);
    });

    it('counts what was changed, and finds nothing without an error', async () => {
      const session = await open();
      expect(await session.query("INSERT INTO suite.t VALUES (1, 'a')")).toMatchObject({
        rowCount: 1,
        columns: [],
      });
      await session.query("INSERT INTO suite.t VALUES (2, 'b')");
      expect(await session.query("UPDATE suite.t SET v = 'c'")).toMatchObject({ rowCount: 2 });
      expect(await session.query("UPDATE suite.t SET v = 'c' WHERE k = 99")).toMatchObject({ rowCount: 0 });
      expect(await session.query('DELETE FROM suite.t WHERE k = 1')).toMatchObject({ rowCount: 1 });
    });

    it('gives rows as objects or arrays, and at most maxRows', async () => {
      const session = await open();
      const sql = 'SELECT 1 AS a, 2 AS a';
      expect((await session.query(sql)).rows).toEqual([{ a: 2 }]);
      expect((await session.query(sql, [], { rowMode: 'array' })).rows).toEqual([[1, 2]]);
      for (const k of [1, 2, 3]) await session.query('INSERT INTO suite.t (k) VALUES (?)', [k]);
      expect((await session.query('SELECT k FROM suite.t ORDER BY k', [], { maxRows: 2 })).rows).toEqual([
        { k: 1 },
        { k: 2 },
      ]);
    });

    it.each([
      ['SELECT nope FROM suite.t', -29],
      ['SELECT 1 FROM suite.nowhere', -30],
      ['SELECT FROM WHERE', -1],
      ["INSERT INTO suite.t VALUES (1, 'twice')", -119],
    ])('fails with the server’s code and stays usable: %s', async (sql, sqlcode) => {
      const session = await open();
      await session.query("INSERT INTO suite.t VALUES (1, 'once')");
      await expect(session.query(sql)).rejects.toMatchObject({ code: 'IRIS_SQL', sqlcode, retry: 'no' });
      expect(await rowsOf(session, 'SELECT k FROM suite.t')).toEqual([[1]]);
    });

    it('prepares: columns and parameters are known, and it runs again and again', async () => {
      const session = await open();
      await using statement = await session.prepare('SELECT k, v FROM suite.t WHERE k > ? AND v = ?');
      expect(statement.parameterCount).toBe(2);
      expect(statement.columns.map(({ name }) => name)).toEqual(['k', 'v']);
      await session.query("INSERT INTO suite.t VALUES (5, 'x')");
      expect((await statement.query([1, 'x'])).rows).toEqual([{ k: 5, v: 'x' }]);
      expect((await statement.query([5, 'x'])).rows).toEqual([]);
      await expect(session.prepare('SELECT nope FROM suite.t')).rejects.toMatchObject({ sqlcode: -29 });
    });

    it('runs batches, and streams their rows page by page', async () => {
      const session = await open();
      const sets = Array.from({ length: 1203 }, (_, index) => [index]);
      expect(await session.executeMany?.('INSERT INTO suite.many VALUES (?)', sets)).toBe(1203);
      const seen: SqlValue[] = [];
      const stream = session.stream('SELECT k FROM suite.many ORDER BY k', [], { rowMode: 'array' });
      for await (const [k] of stream) seen.push(k ?? null);
      expect(seen).toEqual(sets.flat());
      expect((await stream.columns).map(({ name }) => name)).toEqual(['k']);
    });

    it('leaves a stream early and goes on', async () => {
      const session = await open();
      await session.executeMany?.('INSERT INTO suite.many VALUES (?)', [[-1], [-2], [-3]]);
      for await (const row of session.stream('SELECT k FROM suite.many WHERE k < 0 ORDER BY k')) {
        expect(row).toEqual({ k: -3 });
        break;
      }
      expect(await rowsOf(session, 'SELECT COUNT(*) FROM suite.many WHERE k < 0')).toEqual([[3n]]);
      await expect(session.stream('SELECT nope FROM suite.t').columns).rejects.toMatchObject({
        sqlcode: -29,
      });
    });

    it('commits and rolls back, and knows when a transaction is open', async () => {
      const session = await open();
      const other = await open();
      expect(session.inTransaction).toBe(false);
      await session.begin();
      await session.query("INSERT INTO suite.t VALUES (1, 'gone')");
      expect(session.inTransaction).toBe(true);
      await expect(session.begin()).rejects.toMatchObject({ code: 'IRIS_STATE' });
      await session.rollback();
      expect(session.inTransaction).toBe(false);
      await session.begin();
      await session.query("INSERT INTO suite.t VALUES (2, 'kept')");
      await session.commit();
      expect(await rowsOf(other, 'SELECT k FROM suite.t')).toEqual([[2]]);
    });

    it('follows transactions that SQL text begins and ends', async () => {
      const session = await open();
      await session.query('START TRANSACTION');
      await session.query("INSERT INTO suite.t VALUES (1, 'gone')");
      expect(session.inTransaction).toBe(true);
      await session.query('ROLLBACK');
      expect(session.inTransaction).toBe(false);
      expect(await rowsOf(session, 'SELECT k FROM suite.t')).toEqual([]);
    });

    it('rolls back what is open when it is closed, and takes no more', async () => {
      const session = await open();
      const ends: unknown[] = [];
      session.on?.('close', (error) => ends.push(error));
      await session.begin();
      await session.query("INSERT INTO suite.t VALUES (1, 'gone')");
      await session.close();
      await session.close();
      expect({ open: session.open, ends }).toEqual({ open: false, ends: [undefined] });
      await expect(session.query('SELECT 1')).rejects.toMatchObject({ code: 'IRIS_CONNECTION_CLOSED' });
      expect(await rowsOf(await open(), 'SELECT k FROM suite.t')).toEqual([]);
    });

    it('answers in the order of the calls', async () => {
      const session = await open();
      const calls = [1, 2, 3, 4].map((n) => rowsOf(session, `SELECT ${String(n)}`));
      expect((await Promise.all(calls)).flat(2)).toEqual([1, 2, 3, 4]);
    });

    /** A row that another session holds: whoever wants it waits for many seconds. */
    async function blocked(
      run: (session: Session, wait: () => Promise<unknown>) => Promise<void>,
    ): Promise<void> {
      const holder = await open();
      await holder.query("INSERT INTO suite.t VALUES (1, 'held')");
      await holder.begin();
      await holder.query("UPDATE suite.t SET v = 'held' WHERE k = 1");
      const session = await open();
      await run(session, () => session.query("UPDATE suite.t SET v = 'wanted' WHERE k = 1"));
      await holder.rollback();
      expect(session.open).toBe(client.survivesStop);
      // Where the session ended, the server may still have done it: that is what `retry: 'unknown'` says.
      if (client.survivesStop) expect(await rowsOf(session, 'SELECT v FROM suite.t')).toEqual([['held']]);
      else expect(await rowsOf(await open(), 'SELECT COUNT(*) FROM suite.t')).toEqual([[1n]]);
    }

    it('stops at its time limit and says that the work may have been done', () =>
      blocked(async (session) => {
        const sql = "UPDATE suite.t SET v = 'wanted' WHERE k = 1";
        await expect(session.query(sql, [], { timeoutMs: 150 })).rejects.toMatchObject({
          code: 'IRIS_TIMEOUT',
          retry: 'unknown',
        });
      }));

    it('stops when it is told to', () =>
      blocked(async (session) => {
        const controller = new AbortController();
        const sql = "UPDATE suite.t SET v = 'wanted' WHERE k = 1";
        const waiting = session.query(sql, [], { signal: controller.signal });
        const refused = expect(waiting).rejects.toMatchObject({ code: 'IRIS_ABORTED', retry: 'unknown' });
        setTimeout(() => {
          controller.abort();
        }, 50);
        await refused;
      }));

    it('cancels what runs, and says when nothing does', () =>
      blocked(async (session, wait) => {
        expect(await session.cancel()).toBe(false);
        const refused = expect(wait()).rejects.toThrow();
        let stopped = false;
        while (!stopped) stopped = await session.cancel();
        await refused;
      }));

    it('refuses a call that was aborted before it was sent', async () => {
      const session = await open();
      const signal = AbortSignal.abort();
      await expect(session.query('SELECT 1', [], { signal })).rejects.toMatchObject({
        code: 'IRIS_ABORTED',
        retry: 'safe',
      });
      expect(session.open).toBe(true);
    });

    it('tells a wrong password from one that must be changed', async () => {
      await emulator.users.create('suite', { password: 'p"a ss%\nжя', roles: ['%All'] });
      expect(await rowsOf(await open({ user: 'suite', password: 'p"a ss%\nжя' }), 'SELECT 1')).toEqual([[1]]);
      await expect(open({ user: 'suite', password: 'wrong' })).rejects.toMatchObject({
        code: 'IRIS_LOGIN_REFUSED',
      });
      await emulator.faults.expirePassword('suite');
      await expect(open({ user: 'suite', password: 'p"a ss%\nжя' })).rejects.toMatchObject({
        code: 'IRIS_PASSWORD_EXPIRED',
      });
      await emulator.users.delete('suite');
    });
  });
}
