import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { START_TIMEOUT_MS, startStack } from '../support/stack.js';
import type { Stack } from '../support/stack.js';

let stack: Stack;
let client: Client;
let other: Client;

beforeAll(async () => {
  stack = await startStack();
}, START_TIMEOUT_MS);

afterAll(async () => {
  await stack[Symbol.asyncDispose]();
});

beforeEach(async () => {
  client = new Client(stack.client);
  other = new Client(stack.client);
  await client.connect();
  await other.connect();
  await client.query('create table if not exists item (id integer primary key, name text)');
  await client.query('delete from item');
});

afterEach(async () => {
  await client.end();
  await other.end();
});

const ids = async (who = client): Promise<number[]> =>
  (await who.query<{ id: number }>('select id from item order by id')).rows.map(({ id }) => id);

describe('a transaction block', () => {
  it('that is rolled back leaves no trace', async () => {
    await client.query('begin');
    await client.query("insert into item values (1, 'one')");
    expect(await ids()).toEqual([1]);
    await client.query('rollback');
    expect(await ids(other)).toEqual([]);
  });

  it('that is committed is seen by others', async () => {
    await client.query('begin');
    await client.query("insert into item values (1, 'one')");
    await client.query('commit');
    expect(await ids(other)).toEqual([1]);
  });

  it('that failed answers 25P02 until ROLLBACK, and COMMIT rolls it back', async () => {
    await client.query('begin');
    await client.query("insert into item values (1, 'one')");
    await expect(client.query("insert into item values (1, 'again')")).rejects.toMatchObject({
      code: '23505',
    });
    await expect(client.query('select 1')).rejects.toMatchObject({ code: '25P02' });
    await expect(client.query('select $1::int', [1])).rejects.toMatchObject({ code: '25P02' });
    expect((await client.query('commit')).command).toBe('ROLLBACK');
    expect(await ids(other)).toEqual([]);
  });

  it('gives its IRIS session back when it ends, and at once when it fails', async () => {
    await client.query('begin');
    expect(stack.source.metrics.inUse).toBe(0);
    await client.query("insert into item values (1, 'one')");
    expect(stack.source.metrics.inUse).toBe(1);
    await client.query('select 1/0').catch(() => undefined);
    expect(stack.source.metrics.inUse).toBe(0);
    await client.query('rollback');
    await client.query('select * from item');
    expect(stack.source.metrics.inUse).toBe(0);
  });

  it('is rolled back when its client disappears', async () => {
    const lost = new Client(stack.client);
    lost.on('error', () => undefined);
    await lost.connect();
    await lost.query('begin');
    await lost.query("insert into item values (7, 'lost')");
    await lost.end();
    // The connection's end and the rollback are not this client's to wait for; a write to the same key waits for both.
    await client.query("insert into item values (7, 'kept')");
    expect((await other.query('select name from item')).rows).toEqual([{ name: 'kept' }]);
  });
});

describe('savepoints', () => {
  it('undo what came after them, and stay', async () => {
    await client.query('begin');
    await client.query("insert into item values (1, 'one')");
    await client.query('savepoint a');
    await client.query("insert into item values (2, 'two')");
    await client.query('rollback to a');
    await client.query("insert into item values (3, 'three')");
    await client.query('rollback to savepoint a');
    await client.query("insert into item values (4, 'four')");
    await client.query('commit');
    expect(await ids(other)).toEqual([1, 4]);
  });

  it('recover a block that failed', async () => {
    await client.query('begin');
    await client.query('savepoint a');
    await client.query("insert into item values (1, 'one')");
    await expect(client.query('select 1/0')).rejects.toMatchObject({ code: '22012' });
    await client.query('rollback to a');
    await client.query("insert into item values (2, 'two')");
    await client.query('commit');
    expect(await ids(other)).toEqual([2]);
  });

  it('may have the same name, and come back when the inner one is released', async () => {
    await client.query('begin');
    await client.query("savepoint a; insert into item values (1, 'one')");
    await client.query("savepoint a; insert into item values (2, 'two')");
    await client.query('release a');
    await client.query('rollback to a');
    await client.query('commit');
    expect(await ids(other)).toEqual([]);
  });

  it('that do not exist are 3B001', async () => {
    await client.query('begin');
    await expect(client.query('rollback to nosuch')).rejects.toMatchObject({ code: '3B001' });
    await client.query('rollback');
    await expect(client.query('savepoint a')).rejects.toMatchObject({ code: '25P01' });
  });
});

describe('statements of one text', () => {
  it('stand or fall together', async () => {
    await expect(
      client.query("insert into item values (1, 'one'); insert into item values (1, 'again')"),
    ).rejects.toMatchObject({ code: '23505' });
    expect(await ids(other)).toEqual([]);
    await client.query("insert into item values (1, 'one'); insert into item values (2, 'two')");
    expect(await ids(other)).toEqual([1, 2]);
  });

  it('do not run at all when one of them is no SQL', async () => {
    await expect(client.query("insert into item values (1, 'one'); selec")).rejects.toMatchObject({
      code: '42601',
      position: '37',
    });
    expect(await ids(other)).toEqual([]);
  });

  it('may hold transaction commands of their own', async () => {
    await expect(
      client.query("insert into item values (1, 'a'); commit; insert into item values (2, 'b'); select 1/0"),
    ).rejects.toMatchObject({ code: '22012' });
    expect(await ids(other)).toEqual([1]);
    await client.query("insert into item values (3, 'c'); begin; insert into item values (4, 'd')");
    await client.query('rollback');
    expect(await ids(other)).toEqual([1]);
  });
});

describe('modes', () => {
  it('READ ONLY refuses changes', async () => {
    await client.query('begin read only');
    await expect(client.query("insert into item values (1, 'one')")).rejects.toMatchObject({
      code: '25006',
      message: 'cannot execute INSERT in a read-only transaction',
    });
    await client.query('rollback');
  });

  it.each(['serializable', 'repeatable read'])(
    '%s is refused, because IRIS has no such level',
    async (level) => {
      await expect(client.query(`begin isolation level ${level}`)).rejects.toMatchObject({ code: '0A000' });
      await client.query('rollback');
    },
  );

  it('read uncommitted is the default, and said so, as in IRIS', async () => {
    expect((await client.query('show transaction_isolation')).rows).toEqual([
      { transaction_isolation: 'read uncommitted' },
    ]);
    await other.query("begin; insert into item values (1, 'not yet')");
    expect(await ids()).toEqual([1]);
    await other.query('rollback');
  });

  it('read committed waits for the writer', async () => {
    await other.query("begin; insert into item values (1, 'not yet')");
    await client.query('begin isolation level read committed');
    const read = ids();
    await other.query('rollback');
    expect(await read).toEqual([]);
    await expect(client.query('set transaction isolation level read uncommitted')).rejects.toMatchObject({
      code: '25001',
    });
    await client.query('rollback');
  });

  it('a raised level is not left to the next user of the IRIS session', async () => {
    await client.query('begin isolation level read committed; select * from item; commit');
    await other.query("begin; insert into item values (1, 'not yet')");
    expect(await ids()).toEqual([1]);
    await other.query('rollback');
  });
});

describe('warnings', () => {
  it.each([
    ['commit', 'there is no transaction in progress'],
    ['rollback', 'there is no transaction in progress'],
    ['begin; begin; rollback', 'there is already a transaction in progress'],
    ["set local work_mem = '1MB'", 'SET LOCAL can only be used in transaction blocks'],
  ])('%s', async (sql, message) => {
    const notices: (string | undefined)[] = [];
    client.on('notice', (notice) => notices.push(notice.message));
    await client.query(sql);
    expect(notices).toEqual([message]);
  });
});
