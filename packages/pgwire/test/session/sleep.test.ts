import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { CACHE_DIR } from '../oracle/cache-dir.js';
import { START_TIMEOUT_MS, startStack, type Stack } from '../support/stack.js';

let stack: Stack;
let client: Client;

beforeAll(async () => {
  stack = await startStack({ cacheDir: CACHE_DIR });
  client = new Client(stack.client);
  await client.connect();
}, START_TIMEOUT_MS);

afterAll(async () => {
  await client.end();
  await stack[Symbol.asyncDispose]();
});

describe('pg_sleep', () => {
  it('gives void after a while, and holds up nobody else', async () => {
    const other = new Client(stack.client);
    await other.connect();
    const sleeper = client.query('select pg_sleep(0.2)');
    expect((await other.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    await other.end();
    const startedAt = performance.now();
    expect((await sleeper).rows).toEqual([{ pg_sleep: '' }]);
    expect((await client.query('select pg_catalog.pg_sleep($1)', [0.01])).rows).toEqual([{ pg_sleep: '' }]);
    expect((await client.query('select pg_sleep(null)')).rows).toEqual([{ pg_sleep: null }]);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });

  it('ends by statement_timeout', async () => {
    await client.query("set statement_timeout = '50ms'");
    await expect(client.query('select pg_sleep(60)')).rejects.toMatchObject({ code: '57014' });
    await client.query('reset statement_timeout');
  });

  it('is refused where the shared PostgreSQL would have to sleep', async () => {
    await expect(client.query('select pg_sleep(1), 1')).rejects.toMatchObject({ code: '42501' });
  });
});
