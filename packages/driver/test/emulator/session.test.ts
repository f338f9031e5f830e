import { subscribe, tracingChannel, unsubscribe } from 'node:diagnostics_channel';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  ByReference,
  connect,
  FRAME_CHANNEL,
  Oref,
  QUERY_CHANNEL,
  type IrisConnection,
} from '@iris-devtools/driver';
import { startEmulator, type Emulator } from '@iris-devtools/emulator';

let emulator: Emulator;
let connection: IrisConnection;

beforeAll(async () => {
  emulator = await startEmulator();
  connection = await connect(emulator.url);
});

afterAll(async () => {
  await connection.close();
  await emulator.stop();
});

describe('login', () => {
  const at = (user: string, password: string): object => ({
    host: emulator.host,
    port: emulator.port,
    user,
    password,
  });

  it('refuses a wrong password, and tells an expired one', async () => {
    await expect(connect(at('_SYSTEM', 'wrong'))).rejects.toMatchObject({ code: 'IRIS_LOGIN_REFUSED' });
    await using expired = await startEmulator({ expiredPasswords: true });
    await expect(connect(expired.url)).rejects.toMatchObject({
      code: 'IRIS_PASSWORD_EXPIRED',
      sqlcode: -853,
    });
  });

  it('refuses a namespace that is not there', async () => {
    await expect(connect({ ...at('_SYSTEM', 'SYS'), namespace: 'NOSUCH' })).rejects.toMatchObject({
      code: 'IRIS_LOGIN_REFUSED',
    });
  });
});

describe('last identity', () => {
  it('is the row id of the last insert', async () => {
    await connection.query('create table Demo.Counted (Id identity, Name varchar(10))');
    await connection.query('insert into Demo.Counted (Name) values (?)', ['a']);
    expect(await connection.lastIdentity()).toBe('1');
  });
});

describe('the native API', () => {
  it('calls class methods and objects', async () => {
    const { native } = connection;
    expect(await native.classMethod('%SYSTEM.Version', 'GetVersion')).toContain('emulator');
    const statement = await native.classMethod('%SQL.Statement', '%New');
    if (!(statement instanceof Oref)) throw new Error('no object');
    expect(await native.instanceMethod(statement, '%Prepare', 'select ? as n')).toBe(1);
    const result = await native.instanceMethod(statement, '%Execute', 5);
    if (!(result instanceof Oref)) throw new Error('no object');
    expect(await native.getProperty(result, '%SQLCODE')).toBe(0);
    expect(await native.instanceMethod(result, '%Next')).toBe(1);
    expect(String(await native.instanceMethod(result, '%Get', 'n'))).toBe('5');
  });

  it('gives the words of the server for what fails', async () => {
    await expect(connection.native.classMethod('No.Such', 'Method')).rejects.toMatchObject({
      code: 'IRIS_NATIVE',
      message: expect.stringContaining('<CLASS DOES NOT EXIST>'),
    });
    await connection.ping();
  });

  it('works on globals as ObjectScript does', async () => {
    const { native } = connection;
    await native.kill('Demo');
    for (const [subscript, value] of [
      ['b', 'text ж'],
      [10, 1.5],
      [9, 2n ** 62n],
      ['', null],
    ] as const) {
      if (subscript !== '') await native.set(value, 'Demo', 'list', subscript);
    }
    const entries = [];
    for await (const entry of native.entries('Demo', ['list'])) entries.push(entry);
    expect(entries.map(([subscript]) => String(subscript))).toEqual(['9', '10', 'b']);
    expect(String(entries[0]?.[1])).toBe(String(2n ** 62n));
    expect(entries[2]?.[1]).toBe('text ж');
    expect(String(await native.order('Demo', ['list', ''], { direction: 'previous' }))).toBe('b');
    expect(await native.order('Demo', ['list', 'b'])).toBeNull();
    expect([
      await native.data('Demo'),
      await native.data('Demo', 'list', 10),
      await native.data('Nothing'),
    ]).toEqual([10, 1, 0]);
    expect(String(await native.increment(5, 'Demo', 'n'))).toBe('5');
    expect(String(await native.increment(-7, 'Demo', 'n'))).toBe('-2');
    expect(await native.get('Demo', 'nothing')).toBeNull();
    await native.kill('Demo', 'list');
    expect(await native.data('Demo', 'list')).toBe(0);
  });

  it('locks against other connections', async () => {
    await using other = await connect(emulator.url);
    expect(await connection.native.lock('Demo', ['x'], { timeoutSeconds: 0 })).toBe(true);
    expect(await other.native.lock('Demo', ['x'], { timeoutSeconds: 0 })).toBe(false);
    await connection.native.unlock('Demo', ['x']);
    expect(await other.native.lock('^Demo', ['x'], { timeoutSeconds: 0 })).toBe(true);
    await other.native.releaseAllLocks();
  });

  it('has ObjectScript transactions', async () => {
    const { native } = connection;
    await native.set('before', 'Demo', 't');
    await native.tStart();
    await native.tStart();
    expect(await native.tLevel()).toBe(2);
    await native.set('inside', 'Demo', 't');
    await native.tRollback();
    expect(await native.tLevel()).toBe(0);
    expect(await native.get('Demo', 't')).toBe('before');
    await native.tStart();
    await native.set('after', 'Demo', 't');
    await native.tCommit();
    expect(await native.get('Demo', 't')).toBe('after');
  });

  it('updates arguments by reference', async () => {
    const exists = new ByReference('untouched');
    // As in IRIS, the class is there only in %SYS.
    await using system = await connect(emulator.url.replace('/USER', '/%25SYS'));
    await system.native.classMethod('Security.Users', 'Exists', '_SYSTEM', exists);
    expect(exists.value).not.toBe('untouched');
  });
});

describe('a statement that waits for a lock', () => {
  const update = 'update Demo.Locked set n = n + 1 where id = 1';

  it('can be cancelled, or given up by a time limit, and the connection goes on', async () => {
    await connection.query('create table Demo.Locked (id integer primary key, n integer)');
    await connection.query('insert into Demo.Locked values (1, 1)');
    await using waiting = await connect(emulator.url);
    await connection.begin();
    await connection.query(update);
    const cancelled = waiting.query(update);
    expect(await waiting.cancel()).toBe(true);
    await expect(cancelled).rejects.toMatchObject({ sqlcode: -456 });
    await expect(waiting.query(update, [], { timeoutMs: 100 })).rejects.toMatchObject({
      code: 'IRIS_TIMEOUT',
      retry: 'unknown',
    });
    const controller = new AbortController();
    const aborted = waiting.query(update, [], { signal: controller.signal });
    controller.abort();
    await expect(aborted).rejects.toMatchObject({ code: 'IRIS_ABORTED' });
    await connection.rollback();
    expect((await waiting.query('select n from Demo.Locked')).rows).toEqual([{ n: 1 }]);
    expect(await waiting.cancel()).toBe(false);
  });
});

describe('a statement inside of a transaction', () => {
  it('can be cancelled from a second connection, and the transaction goes on', async () => {
    await connection.query('create table Demo.Kept (id integer primary key, n integer)');
    await connection.query('insert into Demo.Kept values (1, 1)');
    await using waiting = await connect(emulator.url);
    await waiting.begin();
    await waiting.query('insert into Demo.Kept values (2, 2)');
    await connection.begin();
    await connection.query('update Demo.Kept set n = 5 where id = 1');
    const interrupts: string[] = [];
    const watch = (message: unknown): void => {
      const { line } = message as { line: string };
      if (/^> \S+ EI /.test(line)) interrupts.push(line);
    };
    subscribe(FRAME_CHANNEL, watch);
    const cancelled = waiting.query('update Demo.Kept set n = 6 where id = 1');
    expect(await waiting.cancel()).toBe(true);
    await expect(cancelled).rejects.toMatchObject({ sqlcode: -456 });
    unsubscribe(FRAME_CHANNEL, watch);
    await connection.rollback();
    expect(interrupts).toHaveLength(1);
    expect([waiting.open, waiting.inTransaction]).toEqual([true, true]);
    expect((await waiting.query('select n from Demo.Kept order by id')).rows).toEqual([{ n: 1 }, { n: 2 }]);
    await waiting.rollback();
    expect((await waiting.query('select n from Demo.Kept')).rows).toEqual([{ n: 1 }]);
  });
});

describe('stored procedures', () => {
  it('give their rows, by name and by CALL', async () => {
    await connection.query('create table Demo.Numbers (n integer)');
    await connection.executeMany('insert into Demo.Numbers values (?)', [[1], [2], [3]]);
    await connection.query(
      'CREATE PROCEDURE Demo.Find(IN a INTEGER) LANGUAGE SQL BEGIN SELECT n FROM Demo.Numbers WHERE n > :a ORDER BY n; END',
    );
    const { results } = await connection.call('Demo.Find', [1]);
    expect(results.map(({ rows }) => rows)).toEqual([[{ n: 2 }, { n: 3 }]]);
    expect((await connection.query('call Demo.Find(?)', [2])).rows).toEqual([{ n: 3 }]);
    await expect(connection.prepare('call Demo.Find(?)')).rejects.toMatchObject({ code: 'IRIS_STATE' });
    await expect(connection.call('Demo.NoSuch')).rejects.toMatchObject({ sqlcode: -428 });
  });
});

describe('bytes and text', () => {
  it('go in and out as they are', async () => {
    await connection.query('create table Demo.Blob (id integer, b varbinary(100), s varchar(100))');
    const bytes = Buffer.from(Array.from({ length: 80 }, (_, i) => (i * 37) % 256));
    const text = 'a\u0080\u00ffж\ufffd\u{10fffd}';
    await connection.query('insert into Demo.Blob values (?, ?, ?)', [1, bytes, text]);
    await connection.query('insert into Demo.Blob values (:id, :b, :s)', { id: 2, b: null, s: '' });
    expect((await connection.query('select b, s from Demo.Blob order by id')).rows).toEqual([
      { b: bytes, s: text },
      { b: null, s: '' },
    ]);
  });
});

describe('a batch with a row that fails', () => {
  it('is an SQL error; what came before stays unless a transaction undoes it', async () => {
    await using connection = await connect(emulator.url);
    await connection.query('create table Demo.Batch (id integer primary key)');
    const insert = (...ids: number[]): Promise<number> =>
      connection.executeMany(
        'insert into Demo.Batch values (?)',
        ids.map((id) => [id]),
      );
    const count = async (): Promise<unknown> =>
      (await connection.query('select count(*) as n from Demo.Batch')).rows[0]?.['n'];
    await expect(insert(1, 2, 1, 3)).rejects.toMatchObject({ sqlcode: -119 });
    expect(await count()).toBe(2n);
    await expect(connection.transaction(() => insert(4, 5, 4))).rejects.toMatchObject({ sqlcode: -119 });
    expect(await count()).toBe(2n);
    expect(await insert(6, 7)).toBe(2);
    await connection.query('drop table Demo.Batch');
  });
});

describe('diagnostics channels', () => {
  it('report statements and frames, never values or passwords', async () => {
    const seen: unknown[] = [];
    const note = (message: unknown): void => {
      seen.push(message);
    };
    const channel = tracingChannel(QUERY_CHANNEL);
    const handlers = {
      start: note,
      end: () => undefined,
      asyncStart: () => undefined,
      asyncEnd: note,
      error: note,
    };
    channel.subscribe(handlers);
    subscribe(FRAME_CHANNEL, note);
    await using traced = await connect(emulator.url);
    await traced.query('select ? as v', ['private']);
    await traced.query('select nonsense from nowhere').catch(() => undefined);
    channel.unsubscribe(handlers);
    unsubscribe(FRAME_CHANNEL, note);
    const text = JSON.stringify(seen);
    expect(text).toContain('"sql":"select ? as v"');
    expect(text).toContain('DQ direct query');
    expect(text).not.toContain('private"');
    expect(text).not.toContain('SYS@');
    expect(
      seen.filter((message) => (message as { error?: unknown }).error !== undefined).length,
    ).toBeGreaterThan(0);
  });
});
