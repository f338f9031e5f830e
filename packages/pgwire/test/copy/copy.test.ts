import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { from, to } from 'pg-copy-streams';
import { errorIn, kinds, RawClient } from '../support/raw-client.js';
import { DATABASE, START_TIMEOUT_MS, startStack, TRUSTED_USER } from '../support/stack.js';
import type { Stack } from '../support/stack.js';

let stack: Stack;
let client: Client;

beforeAll(async () => {
  stack = await startStack();
}, START_TIMEOUT_MS);

afterAll(async () => {
  await stack[Symbol.asyncDispose]();
});

beforeEach(async () => {
  client = new Client(stack.client);
  await client.connect();
  await client.query(
    'create table if not exists film (id integer primary key, title text not null, year integer, good boolean)',
  );
  await client.query('delete from film');
});

afterEach(async () => {
  await client.end();
});

const copyIn = (sql: string, ...chunks: string[]): Promise<void> =>
  pipeline(Readable.from(chunks.map((chunk) => Buffer.from(chunk))), client.query(from(sql)));
const copyOut = (sql: string): Promise<string> => text(client.query(to(sql)));
const rows = async (): Promise<unknown[]> =>
  (await client.query<Record<string, unknown>>('select * from film order by id')).rows;

describe('COPY FROM STDIN', () => {
  it('reads text', async () => {
    await copyIn('copy film from stdin', '1\tAlien\t1979\tt\n2\tTab\\there\t\\N\tf\n');
    expect(await rows()).toEqual([
      { id: 1, title: 'Alien', year: 1979, good: true },
      { id: 2, title: 'Tab\there', year: null, good: false },
    ]);
  });

  it('reads csv with its header, whatever pieces it comes in', async () => {
    const data = 'title,id\n"Don\'t ""look"" now\n(1973)",3\né😀,4\n';
    const pieces = Array.from({ length: Buffer.byteLength(data) }, (_, index) =>
      Buffer.from(data).subarray(index, index + 1),
    );
    await pipeline(
      Readable.from(pieces),
      client.query(from('copy film (title, id) from stdin with (format csv, header match)')),
    );
    expect(await rows()).toMatchObject([
      { id: 3, title: 'Don\'t "look" now\n(1973)' },
      { id: 4, title: 'é😀' },
    ]);
  });

  it('reads the old syntax', async () => {
    await copyIn("copy film (id, title) from stdin with delimiter '|' null 'none' csv", '5|five\n');
    expect(await rows()).toMatchObject([{ id: 5, title: 'five' }]);
  });

  it.each([
    [
      'a value that is none of the type',
      '1\ta\t1\tt\nx\tb\t2\tt\n',
      '22P02',
      'COPY film, line 2, column id: "x"',
    ],
    ['a missing column', '1\ta\n', '22P04', 'COPY film, line 1: "1\ta"'],
    ['a column too many', '1\ta\t1\tt\tmore\n', '22P04', 'COPY film, line 1: "1\ta\t1\tt\tmore"'],
    ['NULL where none may be', '1\ta\t1\tt\n2\t\\N\t1\tt\n', '23502', 'COPY film, line 2'],
    ['a key twice', '1\ta\t1\tt\n2\tb\t1\tt\n1\tc\t1\tt\n', '23505', 'COPY film, line 3'],
  ])('with %s leaves nothing, and says where', async (_name, data, code, where) => {
    await expect(copyIn('copy film from stdin', data)).rejects.toMatchObject({ code, where });
    expect(await rows()).toEqual([]);
  });

  it('belongs to the transaction around it', async () => {
    await client.query('begin');
    await copyIn('copy film (id, title) from stdin', '1\tone\n');
    expect(await rows()).toHaveLength(1);
    await client.query('rollback');
    expect(await rows()).toEqual([]);
  });

  it('tells how many rows there were, over many batches', async () => {
    const count = 2500;
    const stream = client.query(from('copy film (id, title) from stdin'));
    await pipeline(
      Readable.from(Array.from({ length: count }, (_, index) => `${index}\trow ${index}\n`)),
      stream,
    );
    expect(stream.rowCount).toBe(count);
    expect((await client.query('select count(*) as n, max(id) as last from film')).rows).toEqual([
      { n: String(count), last: count - 1 },
    ]);
  });

  it.each([
    ['copy nosuch from stdin', '42P01'],
    ['copy film (nosuch) from stdin', '42703'],
    ['copy film (id, id) from stdin', '42701'],
    ['copy film from stdin (format binary)', '0A000'],
    ["copy film from '/etc/passwd'", '42501'],
    ["copy film from program 'ls'", '42501'],
    ['copy film from stdin where id > 1', '0A000'],
    ['begin read only; copy film from stdin', '25006'],
  ])('%s is refused with %s', async (sql, code) => {
    await expect(client.query(sql)).rejects.toMatchObject({ code });
  });

  it('can be given up by the client, and a message in between is no way out', async () => {
    const raw = await RawClient.login(stack.port, TRUSTED_USER, DATABASE);
    raw.send({ kind: 'Query', sql: 'copy film (id, title) from stdin' });
    expect(kinds(await raw.until('CopyInResponse'))).toEqual(['CopyInResponse']);
    raw.send({ kind: 'CopyData', data: Buffer.from('1\tone\n') }, { kind: 'CopyFail', reason: 'enough' });
    expect(errorIn(await raw.until('ReadyForQuery'))).toMatchObject({
      sqlstate: '57014',
      message: 'COPY from stdin failed: enough',
    });
    expect(await rows()).toEqual([]);
    raw.send({ kind: 'Query', sql: 'copy film (id, title) from stdin' });
    await raw.until('CopyInResponse');
    raw.send({ kind: 'Query', sql: 'select 1' });
    expect(errorIn(await raw.until('end'))).toMatchObject({ sqlstate: '08P01', severity: 'FATAL' });
  });
});

describe('COPY TO STDOUT', () => {
  beforeEach(async () => {
    await client.query(`insert into film values (1, 'a,"b', 1979, true), (2, e'tab\\there', null, false)`);
  });

  it('writes tables and queries', async () => {
    expect(await copyOut('copy film to stdout')).toBe('1\ta,"b\t1979\tt\n2\ttab\\there\t\\N\tf\n');
    expect(await copyOut('copy film (title, id) to stdout with (format csv, header)')).toBe(
      'title,id\n"a,""b",1\ntab\there,2\n',
    );
    expect(await copyOut('copy (select id from film where id > 1) to stdout')).toBe('2\n');
    expect(await copyOut('copy (select 1 as one) to stdout csv header')).toBe('one\n1\n');
    expect(await copyOut('copy (values (1, null)) to stdout with (format csv, force_quote *)')).toBe(
      '"1",\n',
    );
  });

  it('writes what COPY FROM reads', async () => {
    const data = await copyOut('copy film to stdout');
    const before = await rows();
    await client.query('delete from film');
    await copyIn('copy film from stdin', data);
    expect(await rows()).toEqual(before);
  });

  it.each([
    ['copy nosuch to stdout', '42P01'],
    ['copy film (nosuch) to stdout', '42703'],
    ['copy (select 1/0) to stdout', '22012'],
    ["copy film to '/tmp/x'", '42501'],
  ])('%s is refused with %s', async (sql, code) => {
    await expect(client.query(sql)).rejects.toMatchObject({ code });
  });
});
