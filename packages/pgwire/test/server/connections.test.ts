import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Clock } from '@iris-devtools/core';
import fc from 'fast-check';
import { errorIn, kinds, RawClient } from '../support/raw-client.js';
import { DATABASE, START_TIMEOUT_MS, startStack, TRUSTED_USER, USER } from '../support/stack.js';
import type { Stack } from '../support/stack.js';

let stack: Stack;
/** Time limits that the server asked for; a test lets them run out by calling. */
const limits: { delayMs: number; fire: () => void }[] = [];
const AUTHENTICATION_TIMEOUT_MS = 12_345;

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

beforeAll(async () => {
  stack = await startStack({
    clock,
    maxConnections: 3,
    maxMessageBytes: 1_000_000,
    authenticationTimeoutMs: AUTHENTICATION_TIMEOUT_MS,
  });
}, START_TIMEOUT_MS);

afterAll(async () => {
  await stack[Symbol.asyncDispose]();
});

/** A server that lost more than the one connection would not answer. */
async function expectServing(): Promise<void> {
  const client = await RawClient.login(stack.port, TRUSTED_USER, DATABASE);
  client.send({ kind: 'Query', sql: 'select 1' });
  expect(kinds(await client.until('ReadyForQuery'))).toContain('DataRow');
  client.send({ kind: 'Terminate' });
  await client.until('end');
}

describe('the startup phase', () => {
  it('answers SSLRequest and GSSENCRequest with N and goes on', async () => {
    const client = await RawClient.connect(stack.port);
    client.packet({ kind: 'GSSENCRequest' });
    expect(await client.nextByte()).toBe('N');
    client.packet({ kind: 'SSLRequest' });
    expect(await client.nextByte()).toBe('N');
    client.startup({ user: TRUSTED_USER, database: DATABASE });
    expect(kinds(await client.until('ReadyForQuery'))).toContain('BackendKeyData');
    client.close();
  });

  it('tells the settings that clients follow', async () => {
    const client = await RawClient.connect(stack.port);
    client.startup({
      user: TRUSTED_USER,
      database: DATABASE,
      application_name: 'test',
      options: '-c TimeZone=Europe/Berlin -c statement_timeout=3s',
    });
    const messages = await client.until('ReadyForQuery');
    const settings = new Map(
      messages.flatMap((message) =>
        message.kind === 'ParameterStatus' ? [[message.name, message.value] as const] : [],
      ),
    );
    expect(Object.fromEntries(settings)).toMatchObject({
      server_version: '15.8',
      client_encoding: 'UTF8',
      standard_conforming_strings: 'on',
      application_name: 'test',
      TimeZone: 'Europe/Berlin',
      session_authorization: TRUSTED_USER,
    });
    client.close();
  });

  it('speaks 3.2, with a long key, and offers it to newer clients', async () => {
    const modern = await RawClient.connect(stack.port);
    modern.startup({ user: TRUSTED_USER, database: DATABASE }, 2);
    const key = (await modern.until('ReadyForQuery')).find((message) => message.kind === 'BackendKeyData');
    expect(key).toMatchObject({ secretKey: expect.objectContaining({ length: 32 }) });
    modern.close();

    const future = await RawClient.connect(stack.port);
    future.startup({ user: TRUSTED_USER, database: DATABASE, '_pq_.quantum': 'on' }, 9999);
    expect(await future.next()).toEqual({
      kind: 'NegotiateProtocolVersion',
      minorVersion: 2,
      unrecognizedOptions: ['_pq_.quantum'],
    });
    future.close();
  });

  it.each([
    ['an old protocol', { user: TRUSTED_USER, database: DATABASE }, 2, '0A000'],
    ['no user', { database: DATABASE }, 3, '28000'],
    ['replication', { user: TRUSTED_USER, database: DATABASE, replication: 'database' }, 3, '0A000'],
    ['an unknown database', { user: TRUSTED_USER, database: 'nosuch' }, 3, '3D000'],
    ['a user that no rule names', { user: 'stranger', database: DATABASE }, 3, '28000'],
    ['a setting that does not exist', { user: TRUSTED_USER, database: DATABASE, nosuch: '1' }, 3, '42704'],
    [
      'an encoding that we do not send',
      { user: TRUSTED_USER, database: DATABASE, client_encoding: 'LATIN1' },
      3,
      '0A000',
    ],
  ])('refuses %s', async (_name, options, majorVersion, sqlstate) => {
    const client = await RawClient.connect(stack.port);
    client.startup(options, 0, majorVersion);
    expect(errorIn(await client.until('end'))).toMatchObject({ sqlstate, severity: 'FATAL' });
    await expectServing();
  });

  it('refuses the client after the last free place', async () => {
    const clients = [];
    for (let index = 0; index < 3; index += 1) {
      clients.push(await RawClient.login(stack.port, TRUSTED_USER, DATABASE));
    }
    expect(stack.server.health()).toEqual({ status: 'serving', connections: 3, maxConnections: 3 });
    const extra = await RawClient.connect(stack.port);
    extra.startup({ user: TRUSTED_USER, database: DATABASE });
    expect(errorIn(await extra.until('end')).sqlstate).toBe('53300');
    for (const client of clients) {
      client.send({ kind: 'Terminate' });
      await client.until('end');
    }
    await expectServing();
  });

  it('does not wait for a login for ever', async () => {
    const client = await RawClient.connect(stack.port);
    client.startup({ user: USER, database: DATABASE });
    expect(await client.next()).toMatchObject({ kind: 'Authentication', request: { type: 'SASL' } });
    limits.find(({ delayMs }) => delayMs === AUTHENTICATION_TIMEOUT_MS)?.fire();
    expect(errorIn(await client.until('end'))).toMatchObject({
      sqlstate: '57014',
      message: 'canceling authentication due to timeout',
    });
  });
});

describe('the login', () => {
  const startLogin = async (user: string): Promise<RawClient> => {
    const client = await RawClient.connect(stack.port);
    client.startup({ user, database: DATABASE });
    expect(await client.next()).toMatchObject({ kind: 'Authentication', request: { type: 'SASL' } });
    return client;
  };
  const first = {
    kind: 'SASLInitialResponse',
    mechanism: 'SCRAM-SHA-256',
    data: Buffer.from('n,,n=,r=abcdef'),
  } as const;

  it.each([USER, 'nobody'])('looks the same for the user %s until its end', async (user) => {
    const client = await startLogin(user);
    client.send(first);
    const challenge = await client.next();
    expect(challenge).toMatchObject({ request: { type: 'SASLContinue' } });
    const data =
      challenge?.kind === 'Authentication' && 'data' in challenge.request ? challenge.request.data : [];
    const nonce = Buffer.from(data).toString().split(',')[0] ?? '';
    client.send({
      kind: 'SASLResponse',
      data: Buffer.from(`c=biws,${nonce},p=${Buffer.alloc(32).toString('base64')}`),
    });
    expect(errorIn(await client.until('end'))).toMatchObject({
      sqlstate: '28P01',
      message: `password authentication failed for user "${user}"`,
    });
  });

  it('refuses a mechanism that was not offered', async () => {
    const client = await startLogin(USER);
    client.send({ ...first, mechanism: 'SCRAM-SHA-256-PLUS' });
    expect(errorIn(await client.until('end')).sqlstate).toBe('08P01');
  });

  it('refuses a query before it is over', async () => {
    const client = await startLogin(USER);
    client.send({ kind: 'Query', sql: 'select 1' });
    expect(errorIn(await client.until('end')).sqlstate).toBe('08P01');
  });

  it('ends quietly when the client leaves in the middle of it', async () => {
    const client = await startLogin(USER);
    client.bytes(Buffer.from('70000000', 'hex'));
    client.close();
    await expectServing();
  });
});

describe('bad frames', () => {
  const header = (tag: string, length: number): Buffer => {
    const bytes = Buffer.alloc(5);
    bytes.write(tag, 'latin1');
    bytes.writeInt32BE(length, 1);
    return bytes;
  };

  it.each([
    ['a length below four', header('Q', 3)],
    ['a query beyond the limit', header('Q', 1_000_100)],
    ['a Sync with a body', header('S', 100)],
    ['an unknown type', header('~', 4)],
    ['a password after the login', header('p', 8)],
    ['a Bind that is cut short', Buffer.concat([header('B', 5), Buffer.from([0])])],
    ['a query without its end', Buffer.concat([header('Q', 5), Buffer.from('x')])],
  ])('%s ends the connection with 08P01, and no other', async (_name, bytes) => {
    const bystander = await RawClient.login(stack.port, TRUSTED_USER, DATABASE);
    const client = await RawClient.login(stack.port, TRUSTED_USER, DATABASE);
    client.bytes(bytes);
    expect(errorIn(await client.until('end'))).toMatchObject({ sqlstate: '08P01', severity: 'FATAL' });
    bystander.send({ kind: 'Query', sql: 'select 1' });
    expect(kinds(await bystander.until('ReadyForQuery'))).toContain('DataRow');
    bystander.send({ kind: 'Terminate' });
    await bystander.until('end');
  });

  it('any first bytes end in an error or in silence, never in a crash', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 40 }), async (bytes) => {
        const client = await RawClient.connect(stack.port);
        client.socket.end(bytes);
        for (const message of await client.until('end')) expect(message.kind).not.toBe('ReadyForQuery');
      }),
      { numRuns: 30 },
    );
    await expectServing();
  });

  it('any bytes after the login end in messages', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 60 }), async (bytes) => {
        const client = await RawClient.login(stack.port, TRUSTED_USER, DATABASE);
        client.socket.end(bytes);
        await client.until('end');
      }),
      { numRuns: 30 },
    );
    await expectServing();
  });
});

describe('CancelRequest', () => {
  it('with a wrong key is answered with nothing, as with a right one', async () => {
    for (const processId of [1, 999_999]) {
      const client = await RawClient.connect(stack.port);
      client.packet({ kind: 'CancelRequest', processId, secretKey: Buffer.from([1, 2, 3, 4]) });
      expect(await client.until('end')).toEqual([]);
    }
    await expectServing();
  });
});
