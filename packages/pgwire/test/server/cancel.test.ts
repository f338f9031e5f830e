import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { BackendMessage } from '../../src/messages/backend-messages.js';
import { errorIn, kinds, RawClient } from '../support/raw-client.js';
import { DATABASE, START_TIMEOUT_MS, startStack, TRUSTED_USER } from '../support/stack.js';
import type { Stack } from '../support/stack.js';

/** Longer than any of these statements may take. */
const SILENCE_MS = 8000;

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
  const client = await RawClient.login(stack.port, TRUSTED_USER, DATABASE);
  client.send({ kind: 'Query', sql: 'create table job (id integer primary key)' });
  await client.until('ReadyForQuery');
  client.close();
}, START_TIMEOUT_MS);

afterAll(async () => {
  await stack[Symbol.asyncDispose]();
});

afterEach(() => {
  stack.emulator.faults.clear();
});

interface Session {
  readonly client: RawClient;
  readonly key: Extract<BackendMessage, { kind: 'BackendKeyData' }>;
}

async function open(): Promise<Session> {
  const client = await RawClient.connect(stack.port);
  client.startup({ user: TRUSTED_USER, database: DATABASE });
  const key = (await client.until('ReadyForQuery')).find((message) => message.kind === 'BackendKeyData');
  if (key === undefined) throw new Error('no BackendKeyData');
  return { client, key };
}

/** Asks again and again, as the statement may not have begun at the first request. */
async function cancelUntil(done: Promise<unknown>, { key }: Session): Promise<void> {
  const state = { settled: false };
  void done.finally(() => {
    state.settled = true;
  });
  while (!state.settled) {
    const canceller = await RawClient.connect(stack.port);
    canceller.packet({ kind: 'CancelRequest', processId: key.processId, secretKey: key.secretKey });
    await canceller.until('end');
  }
}

describe('a statement that IRIS does not answer', () => {
  it('is ended by CancelRequest, and the client goes on', async () => {
    const session = await open();
    stack.emulator.faults.delayAnswers({ delayMs: SILENCE_MS, count: 1 });
    session.client.send({ kind: 'Query', sql: 'select count(*) from job' });
    const answer = session.client.until('ReadyForQuery');
    await cancelUntil(answer, session);
    expect(errorIn(await answer)).toMatchObject({
      sqlstate: '57014',
      message: 'canceling statement due to user request',
    });
    session.client.send({ kind: 'Query', sql: 'select count(*) from job' });
    expect(kinds(await session.client.until('ReadyForQuery'))).toContain('DataRow');
    session.client.close();
  });

  it('is ended by statement_timeout', async () => {
    const { client } = await open();
    client.send({ kind: 'Query', sql: 'set statement_timeout = 50' });
    await client.until('ReadyForQuery');
    stack.emulator.faults.delayAnswers({ delayMs: SILENCE_MS, count: 1 });
    client.send({ kind: 'Query', sql: 'select count(*) from job' });
    expect(errorIn(await client.until('ReadyForQuery'))).toMatchObject({
      sqlstate: '57014',
      message: 'canceling statement due to statement timeout',
    });
    client.close();
  });

  it('fails the transaction that it is in', async () => {
    const session = await open();
    session.client.send({ kind: 'Query', sql: 'begin; insert into job values (1)' });
    await session.client.until('ReadyForQuery');
    stack.emulator.faults.delayAnswers({ delayMs: SILENCE_MS, count: 1 });
    session.client.send({ kind: 'Query', sql: 'select count(*) from job' });
    const answer = session.client.until('ReadyForQuery');
    await cancelUntil(answer, session);
    expect((await answer).at(-1)).toEqual({ kind: 'ReadyForQuery', status: 'E' });
    session.client.send({ kind: 'Query', sql: 'rollback' });
    expect((await session.client.until('ReadyForQuery')).at(-1)).toEqual({
      kind: 'ReadyForQuery',
      status: 'I',
    });
    session.client.close();
  });
});

describe('a COPY that gets no data', () => {
  it('is ended by CancelRequest', async () => {
    const session = await open();
    session.client.send({ kind: 'Query', sql: 'copy job from stdin' });
    await session.client.until('CopyInResponse');
    session.client.send({ kind: 'CopyData', data: Buffer.from('5\n') });
    const answer = session.client.until('ReadyForQuery');
    await cancelUntil(answer, session);
    expect(errorIn(await answer).sqlstate).toBe('57014');
    session.client.send({ kind: 'Query', sql: 'select id from job where id = 5' });
    expect(kinds(await session.client.until('ReadyForQuery'))).not.toContain('DataRow');
    session.client.close();
  });
});

describe('an IRIS session that is lost', () => {
  it('is an error of its statement, not the end of the client', async () => {
    const { client } = await open();
    client.send({ kind: 'Query', sql: 'begin; insert into job values (8)' });
    await client.until('ReadyForQuery');
    await stack.emulator.restart();
    client.send({ kind: 'Query', sql: 'insert into job values (9)' });
    const answer = await client.until('ReadyForQuery');
    expect(errorIn(answer)).toMatchObject({ severity: 'ERROR', sqlstate: '08006' });
    expect(answer.at(-1)).toEqual({ kind: 'ReadyForQuery', status: 'E' });
    client.send({ kind: 'Query', sql: 'rollback' });
    await client.until('ReadyForQuery');
    client.send({ kind: 'Query', sql: 'select id from job where id in (8, 9)' });
    expect(kinds(await client.until('ReadyForQuery'))).toEqual([
      'RowDescription',
      'CommandComplete',
      'ReadyForQuery',
    ]);
    client.close();
  });
});
