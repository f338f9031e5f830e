import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Clock } from '@iris-devtools/core';
import { errorIn, kinds, RawClient } from '../support/raw-client.js';
import { DATABASE, START_TIMEOUT_MS, startStack, TRUSTED_USER } from '../support/stack.js';
import type { Stack } from '../support/stack.js';

const DRAIN_TIMEOUT_MS = 23_456;
const limits: { delayMs: number; fire: () => void }[] = [];
const clock: Clock = {
  now: () => Date.now(),
  after(delayMs, fire) {
    const entry = { delayMs, fire };
    limits.push(entry);
    return () => {
      limits.splice(limits.indexOf(entry), 1);
    };
  },
};

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ clock, drainTimeoutMs: DRAIN_TIMEOUT_MS });
}, START_TIMEOUT_MS);

afterAll(async () => {
  await stack[Symbol.asyncDispose]();
});

const login = (): Promise<RawClient> => RawClient.login(stack.port, TRUSTED_USER, DATABASE);

async function query(client: RawClient, sql: string) {
  client.send({ kind: 'Query', sql });
  return client.until('ReadyForQuery');
}

/** Lets a time limit of the server run out. */
function runOut(delayMs: number): void {
  const limit = limits.find((each) => each.delayMs === delayMs);
  if (limit === undefined) throw new Error(`no limit of ${delayMs} ms is running`);
  limit.fire();
}

describe('silent clients', () => {
  it.each([
    ["set idle_session_timeout = '7654ms'", 7654, '57P05'],
    ["set idle_in_transaction_session_timeout = '8765ms'; begin", 8765, '25P03'],
  ])('after %j are sent away', async (sql, delayMs, sqlstate) => {
    const client = await login();
    await query(client, sql);
    runOut(delayMs);
    expect(errorIn(await client.until('end'))).toMatchObject({ sqlstate, severity: 'FATAL' });
  });
});

describe('a stop', () => {
  it('ends idle clients, lets a transaction end, and cuts one that does not', async () => {
    const [idle, quick, slow] = [await login(), await login(), await login()];
    await query(idle, 'create table kept (id integer primary key)');
    await query(quick, 'begin; insert into kept values (1)');
    await query(slow, 'begin; insert into kept values (2)');

    const stopped = stack.server.stop();
    expect(errorIn(await idle.until('end'))).toMatchObject({ sqlstate: '57P01', severity: 'FATAL' });
    expect(stack.server.health()).toMatchObject({ status: 'draining', connections: 2 });
    await expect(login()).rejects.toMatchObject({ code: 'ECONNREFUSED' });

    quick.send({ kind: 'Query', sql: 'commit' });
    const last = await quick.until('end');
    expect(kinds(last)).toEqual(['CommandComplete', 'ReadyForQuery', 'ErrorResponse']);
    expect(errorIn(last).sqlstate).toBe('57P01');

    runOut(DRAIN_TIMEOUT_MS);
    expect(errorIn(await slow.until('end')).sqlstate).toBe('57P01');
    await stopped;
    expect(stack.server.health()).toMatchObject({ status: 'stopped', connections: 0 });
    expect((await stack.emulator.sql('SELECT id FROM SQLUser.kept')).rows).toEqual([[1]]);
  });

  it('may be asked for twice', async () => {
    await expect(stack.server.stop()).resolves.toBeUndefined();
  });
});
