import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeItems, decodeReply, functionCode, NATIVE_OK, readRows, STATUS } from '@iris-devtools/protocol';
import type { Frame, ListItem } from '@iris-devtools/protocol';
import { startEmulator } from '@iris-devtools/emulator';
import type { Emulator } from '@iris-devtools/emulator';
import { RawClient } from './raw-client.js';
import { query, update } from './requests.js';

const text = (value: string): ListItem => ({ type: 'string', value });
const integer = (value: number): ListItem => ({ type: 'integer', value });

/** Ways of the official clients that were seen on the wire; `npm run test:interop` runs the clients themselves. */
describe('ways of the official Python client', () => {
  let emulator: Emulator;
  let client: RawClient;
  beforeAll(async () => {
    emulator = await startEmulator();
    client = await RawClient.login(emulator.port, { features: 32 });
    await client.exchange(update('CREATE TABLE Off.T (id IDENTITY, n INTEGER, d DATE, s VARCHAR(20))'), 1);
    for (const [n, d, s] of [
      [3, '2024-01-01', 'c'],
      [1, '2024-02-02', 'a'],
      [2, '2024-03-03', 'b'],
    ] as const) {
      const values = [integer(n), text(d), text(s)];
      await client.exchange(update('INSERT INTO Off.T (n, d, s) VALUES (?, ?, ?)', values), 1);
    }
  });
  afterAll(async () => {
    await client.close();
    await emulator.stop();
  });

  /** Prepares a text whose literals were lifted out (kind `c` with the mode of each) and runs it. */
  async function lifted(sql: string, literals: readonly (readonly [mode: number, value: string])[], id = 7) {
    const parameters = literals.map(([mode]) => ({ kind: 99, mode }));
    const prepared = await client.exchange({ kind: 'Prepare', text: sql, parameters }, id);
    expect(prepared.code).toBe(STATUS.OK);
    const description = decodeReply('Prepare', prepared, { ...client.options, isQuery: true });
    expect(description.parameters).toHaveLength(literals.length);
    const values = { count: literals.length, sets: [literals.map(([, value]) => text(value))] };
    const page: Frame = await client.exchange(
      { kind: 'PreparedQuery', values, timeoutSeconds: 0, maxRows: 0 },
      id,
    );
    const rows = readRows(page.payload, {
      feature: description.feature,
      columnCount: description.columns.length,
    });
    return {
      columns: description.columns,
      rows: rows.map((row) => row.map((cell) => ('value' in cell ? cell.value : null))),
    };
  }

  it('lifts literals that must be literals again', async () => {
    const top = await lifted('SELECT TOP :%qpar(1) n FROM Off . T ORDER BY :%qpar(2)', [
      [10, '2'],
      [10, '1'],
    ]);
    expect(top.rows).toEqual([[1], [2]]);
    const date = await lifted('SELECT s FROM Off . T WHERE d = { d :%qpar(1) }', [[4, '2024-02-02']]);
    expect(date.rows).toEqual([['a']]);
    const types = await lifted('SELECT :%qpar(1) AS a , :%qpar(2) AS b , :%qpar(3) AS c', [
      [10, '-5'],
      [4, "it's :%qpar(1)"],
      [11, '1.5'],
    ]);
    expect(types.columns.map(({ type }) => type)).toEqual(['INTEGER', 'VARCHAR', 'NUMERIC']);
    expect(types.rows[0]?.slice(0, 2)).toEqual([-5, "it's :%qpar(1)"]);
  });

  it('keeps a lifted value a value when it is no number', async () => {
    const { rows } = await lifted('SELECT :%qpar(1) AS a', [[10, '1; DROP TABLE Off.T']]);
    expect(rows).toEqual([['1; DROP TABLE Off.T']]);
    const escaped = await client.exchange(
      { kind: 'Prepare', text: 'SELECT { d :%qpar(1) }', parameters: [{ kind: 99, mode: 4 }] },
      8,
    );
    expect(escaped.code).toBe(STATUS.OK);
    const values = { count: 1, sets: [[text("2024-01-01' } FROM x --")]] };
    const failed = await client.exchange({ kind: 'PreparedQuery', values, timeoutSeconds: 0, maxRows: 0 }, 8);
    expect(failed.code).toBeGreaterThan(100);
  });

  it('expects no answer to "autocommit off"', async () => {
    const manual = await RawClient.login(emulator.port, { features: 32 });
    manual.send({ kind: 'AutocommitOff' });
    expect(await manual.call({ kind: 'InTransaction' })).toEqual({ inTransaction: false });
    await manual.exchange(update('INSERT INTO Off.T (n) VALUES (99)'), 1);
    expect(await manual.call({ kind: 'InTransaction' })).toEqual({ inTransaction: true });
    await manual.exchange({ kind: 'Rollback' });
    await manual.close();
  });

  it('asks how long a LOB is before it reads it, and closes it without waiting', async () => {
    await client.exchange(update('CREATE TABLE Off.Lob (c LONGVARCHAR)'), 1);
    await client.exchange(
      update('INSERT INTO Off.Lob (c) VALUES (?)', [{ type: 'string', value: '\u0416x', wide: true }]),
      1,
    );
    const { rows } = await lifted('SELECT c FROM Off . Lob', []);
    const cell = rows[0]?.[0];
    const handle = typeof cell === 'string' ? cell : '';
    const { size } = await client.call({ kind: 'StreamSize', handle });
    // Characters, not bytes.
    expect(size).toBe(2);
    const { data } = await client.call({ kind: 'ReadStream', handle, length: size });
    expect(data.toString('utf8')).toBe('\u0416x');
    client.send({ kind: 'CloseStream' });
    expect((await client.exchange({ kind: 'Ping' })).code).toBe(STATUS.OK);
  });

  it('tells a held privilege from one that is not by the rows affected', async () => {
    const check = (on: string) => client.exchange(update(`%CHECKPRIV SELECT ON ${on}`), 1);
    const counts = async (on: string) =>
      decodeReply('DirectUpdate', await check(on), client.options).rowsAffected;
    expect(await counts('Off.T')).toEqual([0]);
    expect(await counts('%Dictionary.PropertyDefinition')).toEqual([0]);
  });

  it('runs a statement without parameters as often as it has sets', async () => {
    await client.exchange(update('CREATE TABLE Off.Counted (id IDENTITY)'), 1);
    const many = update('INSERT INTO Off.Counted DEFAULT VALUES', [], [], []);
    expect(decodeReply('DirectUpdate', await client.exchange(many, 1), client.options).rowsAffected).toEqual([
      1, 1, 1,
    ]);
  });

  it('begins a transaction without the zero that the Node addon sends', async () => {
    client.sendFrame(functionCode('51C2'), Buffer.alloc(0));
    expect((await client.frame())?.code).toBe(NATIVE_OK);
    expect(await client.call({ kind: 'TLevel' })).toEqual({ level: 1 });
    client.sendFrame(functionCode('53C2'), Buffer.alloc(0));
    expect((await client.frame())?.code).toBe(NATIVE_OK);
    expect(await client.call({ kind: 'TLevel' })).toEqual({ level: 0 });
  });

  it('asks for the words of an error by the status without its sign', async () => {
    const { code } = await client.exchange(query('SELECT * FROM Miss.Ing'), 1);
    expect((await client.call({ kind: 'ErrorText', status: code })).message).toMatch(/^\[SQLCODE: <-30>/);
  });

  it('reads the last row id by a procedure', async () => {
    await client.exchange(update('INSERT INTO Off.T (n) VALUES (50)'), 1);
    const described = await client.call({ kind: 'PrepareProcedure', text: '%SYSTEM.SQL_GetROWID' }, 9);
    expect(described).toMatchObject({ results: 'update', hasReturnValue: true });
    const run = { kind: 'ProcedureUpdate', timeoutSeconds: 0, maxRows: 0, values: [] } as const;
    const frame = await client.exchange(run, 9);
    expect(decodeItems(frame.payload)[1]).toEqual(integer(0));
    const { rows } = await lifted('SELECT MAX ( id ) AS m FROM Off . T', []);
    expect(decodeItems(frame.payload)[0]).toEqual(integer(Number(rows[0]?.[0])));
  });

  it('calls procedures by name', async () => {
    const create =
      'CREATE PROCEDURE Off.Find(IN a INTEGER) LANGUAGE SQL BEGIN SELECT s FROM Off.T WHERE n = :a; END';
    expect((await client.exchange(update(create), 1)).code).toBe(STATUS.OK);
    const described = await client.call({ kind: 'PrepareProcedure', text: 'Off . Find' }, 10);
    expect(described).toMatchObject({ results: 'query', parameters: [{}] });
    client.send({ kind: 'ProcedureQuery', timeoutSeconds: 0, maxRows: 0, values: [integer(2)] }, 10);
    expect((await client.frame())?.code).toBe(STATUS.OK);
    const page = await client.frame();
    expect(page?.code).toBe(STATUS.NO_MORE_DATA);
    expect(decodeItems(page?.payload ?? Buffer.alloc(0))).toEqual([text('b')]);
    const missing = await client.exchange({ kind: 'PrepareProcedure', text: 'Off.Nothing' }, 11);
    expect(missing.code).toBe(428);
  });
});
