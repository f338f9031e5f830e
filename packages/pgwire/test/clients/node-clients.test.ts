import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Pool } from 'pg';
import postgres from 'postgres';
import { PASSWORD, START_TIMEOUT_MS, startStack, USER } from '../support/stack.js';
import type { Stack } from '../support/stack.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
  const client = new Client(stack.client);
  await client.connect();
  await client.query(
    'create table song (id integer primary key, title text, plays bigint, rating numeric(4,2), at timestamp)',
  );
  await client.end();
}, START_TIMEOUT_MS);

afterAll(async () => {
  await stack[Symbol.asyncDispose]();
});

describe('postgres.js', () => {
  it('logs in, prepares, pages through a cursor and keeps a transaction on one connection', async () => {
    const sql = postgres({
      ...stack.client,
      user: USER,
      password: PASSWORD,
      max: 2,
      onnotice: () => undefined,
    });
    await sql.begin(async (transaction) => {
      for (let id = 1; id <= 7; id += 1) {
        await transaction`insert into song (id, title, plays) values (${id}, ${`song ${id}`}, ${id * 1000})`;
      }
    });
    expect(await sql`select id, title, plays from song where id = any(${[2, 3]}) order by id`).toEqual([
      { id: 2, title: 'song 2', plays: '2000' },
      { id: 3, title: 'song 3', plays: '3000' },
    ]);
    const pages: number[] = [];
    await sql`select id from song order by id`.cursor(3, (rows) => {
      pages.push(rows.length);
    });
    expect(pages).toEqual([3, 3, 1]);
    await expect(
      sql.begin(async (transaction) => {
        await transaction`delete from song`;
        await transaction`select 1 / 0`;
      }),
    ).rejects.toMatchObject({ code: '22012' });
    expect(await sql`select count(*)::int as n from song`).toEqual([{ n: 7 }]);
    const [row] =
      await sql`insert into song (id, rating, at) values (8, 7.5, '2024-02-29 01:02:03.5') returning *`;
    expect(row).toMatchObject({
      id: 8,
      title: null,
      rating: '7.50',
      at: expect.any(Date),
    });
    await sql`delete from song where id = 8`;
    await sql.end();
  });
});

describe('pg', () => {
  it('serves many clients over few IRIS sessions', async () => {
    const pool = new Pool({ ...stack.client, max: 40 });
    const answers = await Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        const { rows } = await pool.query<{ n: number; title: string }>(
          'select $1::int as n, title from song where id = $2',
          [index, (index % 7) + 1],
        );
        return rows[0];
      }),
    );
    expect(answers).toEqual(
      Array.from({ length: 200 }, (_, index) => ({ n: index, title: `song ${(index % 7) + 1}` })),
    );
    expect(stack.source.metrics.open).toBeLessThanOrEqual(8);
    await pool.end();
  });

  it('keeps large parameters of clients apart', async () => {
    const pool = new Pool({ ...stack.client, max: 8 });
    const lengths = await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        const text = String(index % 10).repeat(100_000 + index);
        const { rows } = await pool.query<{ same: boolean; n: number }>(
          'select $1::text = $2::text as same, length($1) as n',
          [text, text],
        );
        return rows[0];
      }),
    );
    expect(lengths).toEqual(Array.from({ length: 40 }, (_, index) => ({ same: true, n: 100_000 + index })));
    await pool.end();
  });

  it('gives each value its type', async () => {
    const client = new Client(stack.client);
    await client.connect();
    await client.query("update song set rating = 9.25, at = '2024-01-01 00:00:00' where id = 1");
    const { rows, fields } = await client.query(
      'select id, title, plays, rating from song where id = $1',
      [1],
    );
    expect(rows).toEqual([{ id: 1, title: 'song 1', plays: '1000', rating: '9.25' }]);
    expect(fields.map(({ dataTypeID }) => dataTypeID)).toEqual([23, 25, 20, 1700]);
    await client.end();
  });
});
