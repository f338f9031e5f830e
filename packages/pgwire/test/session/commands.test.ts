import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { START_TIMEOUT_MS, startStack } from '../support/stack.js';
import type { Stack } from '../support/stack.js';

let stack: Stack;
let client: Client;

beforeAll(async () => {
  stack = await startStack();
  client = new Client(stack.client);
  await client.connect();
  await client.query('create table number (n integer primary key, word text)');
  await client.query(
    "insert into number values (1, 'one'), (2, 'two'), (3, 'three'), (4, 'four'), (5, 'five')",
  );
}, START_TIMEOUT_MS);

afterAll(async () => {
  await client.end();
  await stack[Symbol.asyncDispose]();
});

const values = async (sql: string): Promise<unknown[]> =>
  (await client.query<Record<string, unknown>>(sql)).rows.map((row) => Object.values(row)[0]);

describe('PREPARE and EXECUTE', () => {
  it('run with computed arguments', async () => {
    await client.query('prepare pick (int, text) as select word || $2 from number where n = $1');
    expect(await values("execute pick (1 + 1, '!' || '?')")).toEqual(['two!?']);
    await expect(client.query('execute pick (1)')).rejects.toMatchObject({ code: '42601' });
    await expect(client.query("execute pick ('x', 'y')")).rejects.toMatchObject({ code: '22P02' });
    await expect(client.query('prepare pick as select 1')).rejects.toMatchObject({ code: '42P05' });
    expect((await client.query('deallocate pick')).command).toBe('DEALLOCATE');
    await expect(client.query('execute pick (1)')).rejects.toMatchObject({ code: '26000' });
  });

  it('notice that their table has changed', async () => {
    await client.query('create table shape (a integer)');
    await client.query('prepare shapes as select * from shape');
    await client.query('alter table shape add column b text');
    await expect(client.query('execute shapes')).rejects.toMatchObject({
      code: '0A000',
      message: 'cached plan must not change result type',
    });
    await client.query('deallocate all');
  });
});

describe('cursors', () => {
  it('go forward through a table, piece by piece', async () => {
    await client.query('begin; declare c cursor for select n from number order by n');
    expect(await values('fetch 2 from c')).toEqual([1, 2]);
    expect((await client.query('move 1 from c')).rowCount).toBe(1);
    expect(await values('fetch next from c')).toEqual([4]);
    expect(await values('fetch all from c')).toEqual([5]);
    expect(await values('fetch all from c')).toEqual([]);
    await expect(client.query('fetch prior from c')).rejects.toMatchObject({ code: '55000' });
    await client.query('rollback');
    await expect(client.query('fetch c')).rejects.toMatchObject({ code: '34000' });
  });

  it('go anywhere with SCROLL', async () => {
    await client.query('begin; declare s scroll cursor for select n from number order by n');
    expect(await values('fetch last from s')).toEqual([5]);
    expect(await values('fetch backward 2 from s')).toEqual([4, 3]);
    expect(await values('fetch absolute 2 from s')).toEqual([2]);
    expect(await values('fetch relative 2 from s')).toEqual([4]);
    expect(await values('fetch relative 0 from s')).toEqual([4]);
    expect(await values('fetch absolute -2 from s')).toEqual([4]);
    expect(await values('fetch first from s')).toEqual([1]);
    expect(await values('fetch backward all from s')).toEqual([]);
    expect(await values('fetch forward all from s')).toEqual([1, 2, 3, 4, 5]);
    expect(await values('fetch backward all from s')).toEqual([5, 4, 3, 2, 1]);
    await client.query('commit');
  });

  it('outlive their transaction with HOLD', async () => {
    await client.query(
      'begin; declare h cursor with hold for select n from number order by n; fetch h; commit',
    );
    expect(await values('fetch 2 from h')).toEqual([2, 3]);
    expect(stack.source.metrics.inUse).toBe(0);
    await client.query('close h');
    await client.query('begin; declare h cursor with hold for select n from number; rollback');
    await expect(client.query('fetch h')).rejects.toMatchObject({ code: '34000' });
  });

  it('stand beside each other and beside changes', async () => {
    await client.query('begin');
    await client.query('declare a cursor for select n from number order by n');
    await client.query('declare b cursor for select n from number order by n desc');
    expect([await values('fetch a'), await values('fetch b')]).toEqual([[1], [5]]);
    await client.query("update number set word = 'drei' where n = 3");
    expect([await values('fetch 2 from a'), await values('fetch 2 from b')]).toEqual([
      [2, 3],
      [4, 3],
    ]);
    await client.query('rollback');
  });

  it('need a transaction', async () => {
    await expect(client.query('declare c cursor for select 1')).rejects.toMatchObject({ code: '25P01' });
  });
});

describe('other commands', () => {
  it('EXPLAIN shows the SQL of IRIS', async () => {
    expect(await values('explain select word from number where n = 3')).toEqual([
      expect.stringMatching(/^IRIS SQL: SELECT/),
    ]);
  });

  it('DISCARD ALL forgets everything', async () => {
    await client.query("prepare p as select 1; set timezone to 'Asia/Tokyo'");
    await client.query('discard all');
    expect(await values('show timezone')).toEqual(['UTC']);
    await expect(client.query('execute p')).rejects.toMatchObject({ code: '26000' });
    await client.query('begin');
    await expect(client.query('discard all')).rejects.toMatchObject({ code: '25001' });
    await client.query('rollback');
  });

  it.each([
    'listen x',
    'notify x',
    'lock table number',
    'do $$ begin end $$',
    'vacuum',
    'analyze number',
    'checkpoint',
  ])('%s is refused by name', async (sql) => {
    await expect(client.query(sql)).rejects.toMatchObject({ code: '0A000' });
  });

  it('UNLISTEN and SET CONSTRAINTS have nothing to do', async () => {
    expect((await client.query('unlisten *')).command).toBe('UNLISTEN');
    expect((await client.query('set constraints all deferred')).command).toBe('SET');
    await expect(client.query('set constraints nosuch deferred')).rejects.toMatchObject({ code: '42809' });
  });

  it('a mix of catalog and data is refused, never answered from empty tables', async () => {
    await expect(client.query('select * from number, pg_class')).rejects.toMatchObject({ code: '0A000' });
    await expect(
      client.query("select query_to_xml('select * from number', true, true, '')"),
    ).rejects.toMatchObject({
      code: '0A000',
    });
  });
});
