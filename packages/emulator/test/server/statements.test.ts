import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decimalToText, decodeReply, readRows, STATUS } from '@iris-devtools/protocol';
import type { Frame, ListItem, ReplyOf } from '@iris-devtools/protocol';
import { startEmulator } from '@iris-devtools/emulator';
import type { Emulator } from '@iris-devtools/emulator';
import { RawClient } from './raw-client.js';
import { query, update } from './requests.js';

const text = (value: string): ListItem => ({ type: 'string', value });
const integer = (value: number | bigint): ListItem => ({ type: 'integer', value });
const sqlcode = (code: number): number => -code;

type Description = ReplyOf<'DirectQuery'>;

function rowsOf(frame: Frame | undefined, description: Description): ListItem[][] {
  if (frame === undefined) throw new Error('the server closed the connection');
  return readRows(frame.payload, {
    feature: description.feature,
    columnCount: description.columns.length,
    slots: description.columns.map(({ slot }, index) => slot ?? index + 1),
  });
}

/** Runs a query and fetches all of its pages. */
async function select(client: RawClient, sql: string, values: readonly ListItem[] = []) {
  const first = await client.exchange(query(sql, values), 1);
  if (first.code !== STATUS.OK)
    throw new Error(`status ${first.code}: ${await errorText(client, first.code)}`);
  const description = decodeReply('DirectQuery', first, client.options);
  const pages: ListItem[][][] = [];
  let page = await client.frame();
  pages.push(rowsOf(page, description));
  while (page?.code === STATUS.OK) {
    page = await client.exchange({ kind: 'Fetch' }, 1);
    pages.push(rowsOf(page, description));
  }
  return { description, pages, rows: pages.flat(), lastStatus: page?.code };
}

async function errorText(client: RawClient, code: number): Promise<string> {
  return (await client.call({ kind: 'ErrorText', status: code })).message;
}

async function affected(
  client: RawClient,
  sql: string,
  ...sets: (readonly ListItem[])[]
): Promise<readonly number[]> {
  const frame = await client.exchange(update(sql, ...sets), 1);
  if (frame.code !== STATUS.OK)
    throw new Error(`status ${frame.code}: ${await errorText(client, frame.code)}`);
  return decodeReply('DirectUpdate', frame, client.options).rowsAffected;
}

describe('statements', () => {
  let emulator: Emulator;
  let client: RawClient;
  beforeAll(async () => {
    emulator = await startEmulator({ pageSize: { maxRows: 100 } });
    client = await RawClient.login(emulator.port);
    await affected(client, 'CREATE TABLE Srv.Numbers (n INTEGER, name VARCHAR(50))');
    const sets = Array.from({ length: 250 }, (_, n) => [integer(n), text(`row ${n}`)]);
    expect(await affected(client, 'INSERT INTO Srv.Numbers (n, name) VALUES (?, ?)', ...sets)).toHaveLength(
      250,
    );
  });
  afterAll(async () => {
    await client.close();
    await emulator.stop();
  });

  it('come in pages whose last one says so', async () => {
    const { pages, rows, lastStatus } = await select(client, 'SELECT n FROM Srv.Numbers ORDER BY n');
    expect(pages.map(({ length }) => length)).toEqual([100, 100, 50]);
    expect(rows.map(([cell]) => cell)).toEqual(Array.from({ length: 250 }, (_, n) => integer(n)));
    expect(lastStatus).toBe(STATUS.NO_MORE_DATA);
  });

  it('end exactly at a page border, and with no row at all', async () => {
    const exact = await select(client, 'SELECT n FROM Srv.Numbers WHERE n < 100');
    expect(exact.pages.map(({ length }) => length)).toEqual([100]);
    const none = await select(client, 'SELECT n FROM Srv.Numbers WHERE n < 0');
    expect([none.pages, none.lastStatus]).toEqual([[[]], STATUS.NO_MORE_DATA]);
  });

  it('are asked for again when their columns are not what the client was told', async () => {
    await affected(client, 'CREATE TABLE Srv.Changing (x DOUBLE)');
    const [first, other] = ['SELECT * FROM Srv.Changing', 'SELECT n FROM Srv.Numbers WHERE n = 1'];
    await client.exchange({ kind: 'Prepare', text: first, parameters: [] }, 5);
    await client.exchange({ kind: 'Prepare', text: other, parameters: [] }, 6);
    const execute = {
      kind: 'PreparedQuery',
      values: { count: 0, sets: [[]] },
      timeoutSeconds: 0,
      maxRows: 0,
    } as const;
    expect((await client.exchange(execute, 5)).code).toBe(STATUS.NO_MORE_DATA);
    await affected(client, 'DROP TABLE Srv.Changing');
    expect((await client.exchange(execute, 5)).code).toBe(sqlcode(-30));
    await affected(client, 'CREATE TABLE Srv.Changing (x NUMERIC(8,4), y INTEGER)');
    expect((await client.exchange(execute, 5)).code).toBe(STATUS.STATEMENT_UNKNOWN);
    expect((await client.exchange(execute, 6)).code).toBe(STATUS.NO_MORE_DATA);
  });

  it('refuse a fetch after the end, where IRIS would not answer', async () => {
    await select(client, 'SELECT 1 AS one');
    const { code } = await client.exchange({ kind: 'Fetch' }, 1);
    expect(code).toBe(sqlcode(-464));
    expect(await errorText(client, code)).toContain('status 100');
    expect((await client.exchange({ kind: 'Fetch' }, 77)).code).toBe(STATUS.STATEMENT_UNKNOWN);
  });

  it('let a fetch without statement id go on with the latest result', async () => {
    await client.exchange(query('SELECT n FROM Srv.Numbers'), 3);
    expect((await client.frame())?.code).toBe(STATUS.OK);
    expect((await client.exchange({ kind: 'Fetch' }, 0)).code).toBe(STATUS.OK);
    expect((await client.exchange({ kind: 'Fetch' }, 3)).code).toBe(STATUS.NO_MORE_DATA);
  });

  it('keep NULL, the empty string and exact numbers apart', async () => {
    await affected(
      client,
      'CREATE TABLE Srv.Kinds (i INTEGER, b BIGINT, d NUMERIC(20,4), f DOUBLE, s VARCHAR(50), t BIT, v VARBINARY(20))',
    );
    await affected(
      client,
      'INSERT INTO Srv.Kinds (i, b, d, f, s, t, v) VALUES (?, ?, ?, ?, ?, ?, ?)',
      [
        integer(-257),
        integer(9007199254740993n),
        text('1234567890123456.7891'),
        { type: 'double', value: 0.1 },
        text('\0'),
        integer(1),
        { type: 'string', value: '\u0001\u00ff' },
      ],
      Array.from({ length: 7 }, () => text('')),
    );
    const { rows, description } = await select(
      client,
      'SELECT i, b, d, f, s, t, v FROM Srv.Kinds ORDER BY %ID',
    );
    const [full, nulls] = rows;
    expect(
      full?.map((cell) =>
        cell.type === 'decimal' ? decimalToText(cell.value) : 'value' in cell && cell.value,
      ),
    ).toEqual([-257, 9007199254740993n, '1234567890123456.7891', 0.1, '\0', 1, '\u0001\u00ff']);
    expect(nulls).toEqual(Array.from({ length: 7 }, () => text('')));
    expect(description.columns.map(({ typeCode }) => typeCode)).toEqual([4, -5, 2, 8, 12, -7, -3]);
  });

  it('keep characters of every script', async () => {
    const { rows } = await select(client, 'SELECT ? AS a, ? AS b', [
      text('\u00e9'),
      { type: 'string', value: '\u0416\u{1f600}', wide: true },
    ]);
    expect(rows[0]).toEqual([text('\u00e9'), { type: 'string', value: '\u0416\u{1f600}', wide: true }]);
  });

  it('give LOBs by handle', async () => {
    await affected(client, 'CREATE TABLE Srv.Lobs (c LONGVARCHAR, b LONGVARBINARY)');
    let stream = '0';
    for (const chunk of ['Hello \u0416 ', 'world']) {
      ({ stream } = await client.call({ kind: 'StoreCharacterStream', stream, chunk: Buffer.from(chunk) }));
    }
    const binary = await client.call({
      kind: 'StoreBinaryStream',
      stream: '0',
      chunk: Buffer.from([0, 255]),
    });
    await affected(client, 'INSERT INTO Srv.Lobs (c, b) VALUES (?, ?)', [
      { type: 'oref', value: stream },
      { type: 'oref', value: binary.stream },
    ]);
    const { rows } = await select(client, 'SELECT c, b FROM Srv.Lobs');
    const handles = (rows[0] ?? []).map((cell) => (cell.type === 'string' ? cell.value : ''));
    const read = (handle = '', length = -1) => client.call({ kind: 'ReadStream', handle, length });
    expect((await read(handles[0], 5)).data.toString('utf8')).toBe('Hello');
    // A read goes on where the last one ended.
    expect((await read(handles[0])).data.toString('utf8')).toBe(' \u0416 world');
    expect((await read(handles[0])).data).toEqual(Buffer.alloc(0));
    expect((await read(handles[1])).data).toEqual(Buffer.from([0, 255]));
    expect((await client.exchange({ kind: 'ReadStream', handle: 'nonsense', length: -1 })).code).toBe(
      sqlcode(-412),
    );
  });

  it('run again by id until they are closed', async () => {
    const prepared = await client.exchange(
      { kind: 'Prepare', text: 'SELECT n FROM Srv.Numbers WHERE n = ?', parameters: [{ kind: 63, mode: 1 }] },
      40,
    );
    const description = decodeReply('Prepare', prepared, { ...client.options, isQuery: true });
    expect(description.parameters).toHaveLength(1);
    for (const n of [7, 8]) {
      const values = { count: 1, sets: [[integer(n)]] };
      const page = await client.exchange(
        { kind: 'PreparedQuery', values, timeoutSeconds: 0, maxRows: 0 },
        40,
      );
      expect(rowsOf(page, description)).toEqual([[integer(n)]]);
    }
    await client.exchange({ kind: 'CloseStatement' }, 40);
    const values = { count: 1, sets: [[integer(1)]] };
    const gone = await client.exchange({ kind: 'PreparedQuery', values, timeoutSeconds: 0, maxRows: 0 }, 40);
    expect(gone.code).toBe(STATUS.STATEMENT_UNKNOWN);
  });

  it('answer errors with their SQLCODE, and the words when asked', async () => {
    const { code } = await client.exchange(query('SELECT * FROM Miss.Ing'), 1);
    expect(code).toBe(sqlcode(-30));
    expect(await errorText(client, code)).toMatch(/^\[SQLCODE: <-30>:/);
    expect((await client.exchange(query('SELEC 1'), 1)).code).toBe(sqlcode(-51));
    expect((await client.exchange(update('INSERT INTO Srv.Numbers (nope) VALUES (1)'), 1)).code).toBe(
      sqlcode(-29),
    );
  });

  it('commit and roll back, also by the native requests', async () => {
    const count = async () => (await select(client, 'SELECT COUNT(*) AS c FROM Srv.Numbers')).rows[0]?.[0];
    const insert = 'INSERT INTO Srv.Numbers (n, name) VALUES (1000, NULL)';
    await affected(client, 'START TRANSACTION');
    await affected(client, insert);
    expect(await client.call({ kind: 'InTransaction' })).toEqual({ inTransaction: true });
    expect((await client.exchange({ kind: 'Rollback' })).code).toBe(STATUS.OK);
    expect(await count()).toEqual(integer(250));
    await client.call({ kind: 'TStart' });
    await affected(client, insert);
    await client.call({ kind: 'GlobalSet', name: 'both', subscripts: [], value: integer(1) });
    await affected(client, 'ROLLBACK');
    expect(await client.call({ kind: 'TLevel' })).toEqual({ level: 0 });
    expect(await client.call({ kind: 'GlobalGet', name: 'both', subscripts: [] })).toEqual({
      value: { type: 'undefined' },
    });
    expect(await count()).toEqual(integer(250));
  });

  it('leave a transaction open when the client wants no autocommit', async () => {
    const manual = await RawClient.login(emulator.port, { autocommit: 2 });
    await affected(manual, 'INSERT INTO Srv.Numbers (n, name) VALUES (2000, NULL)');
    expect(await manual.call({ kind: 'InTransaction' })).toEqual({ inTransaction: true });
    await manual.close();
    // The row is gone when the lost connection has been cleaned up, which takes its lock.
    await expect(affected(client, 'DELETE FROM Srv.Numbers WHERE n = 2000')).resolves.toEqual([0]);
  });

  it('take isolation levels, and a reset ends what is open', async () => {
    for (const [level, inUse] of [
      [0, 1],
      [2, 2],
      [0, 2],
      [1, 1],
    ] as const) {
      expect(await client.call({ kind: 'SetIsolationLevel', level })).toEqual({ level: inUse });
    }
    expect((await client.exchange({ kind: 'SetIsolationLevel', level: 9 })).code).toBe(sqlcode(-469));
    await client.exchange({ kind: 'SetIsolationLevel', level: 0 });
    await client.exchange({ kind: 'Prepare', text: 'SELECT 1', parameters: [] }, 60);
    await affected(client, 'START TRANSACTION');
    expect((await client.exchange({ kind: 'ResetConnection' })).code).toBe(STATUS.OK);
    expect(await client.call({ kind: 'InTransaction' })).toEqual({ inTransaction: false });
    const values = { count: 0, sets: [[]] };
    const gone = await client.exchange({ kind: 'PreparedQuery', values, timeoutSeconds: 0, maxRows: 0 }, 60);
    expect(gone.code).toBe(STATUS.STATEMENT_UNKNOWN);
  });

  it('leave what a batch did before it failed', async () => {
    await affected(client, 'CREATE TABLE Srv.Batch (k INTEGER, PRIMARY KEY (k))');
    const insert = 'INSERT INTO Srv.Batch (k) VALUES (?)';
    const sets = [1, 2, 2, 3].map((k) => [integer(k)]);
    expect((await client.exchange(update(insert, ...sets), 1)).code).toBe(sqlcode(-119));
    expect((await select(client, 'SELECT k FROM Srv.Batch ORDER BY k')).rows).toEqual([
      [integer(1)],
      [integer(2)],
    ]);
    expect(await affected(client, insert, [integer(7)], [integer(8)])).toEqual([1, 1]);
    const change = 'UPDATE Srv.Batch SET k = k + 100 WHERE k >= ?';
    expect(await affected(client, change, [integer(7)], [integer(1000)], [integer(108)])).toEqual([2, 0, 1]);
  });

  it('make and delete namespaces', async () => {
    await affected(client, 'CREATE DATABASE Made');
    const other = await RawClient.login(emulator.port, { namespace: 'made' });
    await other.close();
    await affected(client, 'DROP DATABASE Made');
    await expect(RawClient.login(emulator.port, { namespace: 'MADE' })).rejects.toThrow('417');
  });

  it('tell the last identity', async () => {
    await affected(client, 'CREATE TABLE Srv.Keys (id IDENTITY, v INTEGER)');
    await affected(client, 'INSERT INTO Srv.Keys (v) VALUES (5)');
    const frame = await client.exchange({ kind: 'GeneratedKeys' }, 1);
    expect(frame.code).toBe(STATUS.NO_MORE_DATA);
    expect(decodeReply('GeneratedKeys', frame).values).toEqual([integer(1)]);
  });
});

describe('a fetch after the end, as IRIS does', () => {
  it('is never answered', async () => {
    await using emulator = await startEmulator({ fetchAfterEnd: 'hang' });
    const client = await RawClient.login(emulator.port);
    await select(client, 'SELECT 1 AS one');
    client.send({ kind: 'Fetch' }, 1);
    // What comes next is the answer to the request after it.
    const { sequence } = await client.exchange({ kind: 'Ping' });
    client.send({ kind: 'Ping' });
    expect((await client.frame())?.sequence).toBe(sequence + 1);
    await client.close();
  });
});

describe('without delimited identifiers', () => {
  it('takes a text in double quotes for a string, and says so at login', async () => {
    await using emulator = await startEmulator({ delimitedIdentifiers: false });
    const client = await RawClient.open(emulator.port);
    await client.handshake();
    const { frame } = await client.connect({ features: 0 });
    expect(frame === undefined ? undefined : decodeReply('Connect', frame).delimitedIdentifiers).toBe(false);
    expect((await select(client, 'SELECT "x" AS a')).rows).toEqual([[text('x')]]);
    await client.close();
  });
});

describe.each(['on', 'off', 'reversed', 'refused'] as const)('fast select %s', (fastSelect) => {
  it('gives the same rows', async () => {
    await using emulator = await startEmulator({ fastSelect });
    for (const features of [0, 1, 37]) {
      const client = await RawClient.login(emulator.port, { features });
      const { rows, description } = await select(client, "SELECT 1 AS a, 'x' AS b, 2.5 AS c");
      expect(rows[0]?.slice(0, 2)).toEqual([integer(1), text('x')]);
      expect(description.feature.option).toBe(
        features > 0 && (fastSelect === 'on' || fastSelect === 'reversed') ? 1 : 0,
      );
      await client.close();
    }
  });
});
