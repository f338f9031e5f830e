import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ListItem } from '@iris-devtools/protocol';
import { startEmulator } from '@iris-devtools/emulator';
import type { Emulator } from '@iris-devtools/emulator';
import { RawClient } from './raw-client.js';

const text = (value: string): ListItem => ({ type: 'string', value });
const integer = (value: number): ListItem => ({ type: 'integer', value });

/** SQL by class methods, the way of clients that have no SQL of their own: every step is one request. */
describe('%SQL.Statement', () => {
  let emulator: Emulator;
  let client: RawClient;
  beforeAll(async () => {
    emulator = await startEmulator();
    // The official addon logs in with autocommit off and features 32.
    client = await RawClient.login(emulator.port, { autocommit: 2, features: 32 });
    await run('CREATE TABLE Obj.T (Id INTEGER, Born DATE, Name VARCHAR(30))', 0);
  });
  afterAll(async () => {
    await client.close();
    await emulator.stop();
  });

  const value = (item: ListItem | undefined): unknown =>
    item !== undefined && 'value' in item ? item.value : undefined;
  /** The official addon sends back the number of an object only. */
  const oref = (item: ListItem | undefined): string => String(value(item)).replace(/@.*/, '');
  const invoke = async (target: string, method: string, ...args: ListItem[]) =>
    (await client.call({ kind: 'InstanceMethodValue', target, method, args })).value;
  const property = async (target: string, name: string) =>
    (await client.call({ kind: 'PropertyGet', oref: target, property: name })).value;

  async function prepare(sql: string, selectMode: number): Promise<{ statement: string; status: unknown }> {
    const created = await client.call({
      kind: 'ClassMethodValue',
      target: '%SQL.Statement',
      method: '%New',
      args: [integer(selectMode)],
    });
    const statement = oref(created.value);
    return { statement, status: value(await invoke(statement, '%Prepare', text(sql))) };
  }

  async function run(sql: string, selectMode: number, ...args: ListItem[]): Promise<string> {
    const { statement } = await prepare(sql, selectMode);
    return oref(await invoke(statement, '%Execute', ...args));
  }

  it('inserts, counts and tells the statement type', async () => {
    const result = await run(
      'INSERT INTO Obj.T (Id, Born, Name) VALUES (?, ?, ?)',
      1,
      { type: 'double', value: 1 },
      text('2024-02-29'),
      text('leap'),
    );
    expect(value(await property(result, '%SQLCODE'))).toBe(0);
    expect(value(await property(result, '%ROWCOUNT'))).toBe(1);
    expect(value(await property(result, '%StatementType'))).toBe(2);
    expect(value(await property(result, '%ROWID'))).toBe('1');
  });

  it('walks through rows cell by cell, in the select mode asked for', async () => {
    for (const [selectMode, born] of [
      [0, 66899],
      [1, '2024-02-29'],
    ] as const) {
      const result = await run('SELECT Id, Born, Name FROM Obj.T', selectMode);
      expect(value(await property(result, '%StatementType'))).toBe(1);
      expect(value(await invoke(result, '%Next'))).toBe(1);
      expect(value(await invoke(result, '%Get', text('BORN')))).toBe(born);
      expect(value(await invoke(result, '%GetData', integer(3)))).toBe('leap');
      expect(value(await invoke(result, '%Next'))).toBe(0);
      expect(value(await property(result, '%SQLCODE'))).toBe(100);
    }
  });

  it('describes the columns', async () => {
    const result = await run('SELECT Id, Name AS Label FROM Obj.T', 1);
    const metadata = oref(await invoke(result, '%GetMetadata'));
    expect(value(await property(metadata, 'columnCount'))).toBe(2);
    const columns = oref(await property(metadata, 'columns'));
    expect(value(await invoke(columns, 'Count'))).toBe(2);
    const second = oref(await invoke(columns, 'GetAt', integer(2)));
    expect(value(await property(second, 'colName'))).toBe('Label');
    expect(value(await property(second, 'ODBCType'))).toBe(12);
  });

  it('keeps errors in the status and the result', async () => {
    const { status } = await prepare('SELEC 1', 1);
    expect(status).toMatch(/^0 .*SQLCODE: -51/s);
    const result = await run('INSERT INTO Obj.T (Id) VALUES (?)', 1, text('no number'));
    expect(value(await property(result, '%SQLCODE'))).toBeLessThan(0);
    expect(value(await property(result, '%Message'))).not.toBe('');
    expect(value(await invoke(result, '%Next'))).toBe(0);
  });

  it('knows its parameters, takes bytes as 8-bit text, and tells their empty value from NULL', async () => {
    await emulator.sql('CREATE TABLE Obj.B (Id INTEGER, X VARBINARY(20))');
    const { statement } = await prepare('INSERT INTO Obj.B VALUES (?, ?)', 1);
    const metadata = oref(await invoke(statement, '%GetMetadata'));
    expect(value(await property(metadata, 'parameterCount'))).toBe(2);
    for (const [id, bytes] of [
      [1, '\0\x80\xff'],
      [2, '\0'],
      [3, ''],
    ] as const) {
      const result = oref(await invoke(statement, '%Execute', integer(id), text(bytes)));
      expect(value(await property(result, '%SQLCODE'))).toBe(0);
    }
    const rows = await run('SELECT X FROM Obj.B ORDER BY Id', 1);
    const seen: unknown[] = [];
    while (value(await invoke(rows, '%Next')) === 1)
      seen.push(value(await invoke(rows, '%GetData', integer(1))));
    expect(seen).toEqual(['\0\x80\xff', '\0', '']);
    // One zero byte and the empty value are the same in ObjectScript; the table knows which it is.
    const { rows: stored } = await emulator.sql('SELECT X FROM Obj.B ORDER BY Id');
    expect(
      stored.map(([x]) =>
        x === null || x === undefined ? null : Buffer.from(x as Uint8Array).toString('hex'),
      ),
    ).toEqual(['0080ff', '', null]);
  });

  it('lets go of objects that a client is done with, as the official addon says it', async () => {
    const result = await run('SELECT 1', 1);
    const release = {
      kind: 'ClassMethodValue',
      target: '%Net.Remote.Gateway',
      method: '%ReleaseObjects',
    } as const;
    await client.call({ ...release, args: [text(`,${result},999999`)] });
    expect(value(await invoke(result, '%Next'))).toBe('<INVALID OREF>');
  });
});
