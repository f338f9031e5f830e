import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { kinds, RawClient } from '../support/raw-client.js';
import { DATABASE, START_TIMEOUT_MS, startStack, TRUSTED_USER, type Stack } from '../support/stack.js';

/** What the drivers of other languages send, each found with the real one. */
let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
}, START_TIMEOUT_MS);

afterAll(async () => {
  await stack[Symbol.asyncDispose]();
});

describe('habits of drivers', () => {
  it('asyncpg names the encoding in quotes', async () => {
    const client = await RawClient.connect(stack.port);
    client.startup({ user: TRUSTED_USER, database: DATABASE, client_encoding: "'utf-8'" });
    const answer = await client.until('ReadyForQuery');
    client.close();
    expect(kinds(answer)).not.toContain('ErrorResponse');
    expect(answer).toContainEqual(expect.objectContaining({ name: 'client_encoding', value: 'UTF8' }));
  });

  it('psycopg asks for the columns of a cursor as those of a portal', async () => {
    const client = await RawClient.login(stack.port, TRUSTED_USER, DATABASE);
    client.send({ kind: 'Query', sql: 'begin; declare c cursor for select 1 as one, 2 as two' });
    await client.until('ReadyForQuery');
    client.send({ kind: 'Describe', target: 'P', name: 'c' }, { kind: 'Sync' });
    const [description] = await client.until('ReadyForQuery');
    client.close();
    expect(description).toMatchObject({ kind: 'RowDescription', fields: [{ name: 'one' }, { name: 'two' }] });
  });
});
