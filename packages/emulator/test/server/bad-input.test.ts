import { connect } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodeRequest, functionCode, HEADER_BYTES, STATUS } from '@iris-devtools/protocol';
import { startEmulator } from '@iris-devtools/emulator';
import type { Emulator } from '@iris-devtools/emulator';
import { connectRequest, RawClient } from './raw-client.js';
import { update } from './requests.js';

describe('bad input', () => {
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await startEmulator({
      limits: { maxFrameBytes: 1_000_000, maxStatementLength: 1_000, maxParameters: 10, loginTimeoutMs: 300 },
      authentication: { failureDelayMs: 1 },
    });
  });
  afterAll(async () => {
    await emulator.stop();
  });

  async function expectServing(): Promise<void> {
    const client = await RawClient.login(emulator.port);
    expect((await client.exchange({ kind: 'Ping' })).code).toBe(STATUS.OK);
    await client.close();
  }

  /** Sends bytes and settles when the server has closed. */
  async function sendAndAwaitClose(bytes: Uint8Array): Promise<void> {
    const socket = connect(emulator.port, '127.0.0.1');
    socket.on('error', () => undefined).resume();
    const closed = once(socket, 'close');
    await once(socket, 'connect');
    socket.write(bytes);
    await closed;
  }

  it('ends a connection that sends garbage, and serves others', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: HEADER_BYTES, maxLength: 200 }), async (bytes) => {
        // A length beyond what follows would wait for more until the login time runs out.
        new DataView(bytes.buffer).setUint32(0, Math.max(0, bytes.length - HEADER_BYTES - 20), true);
        await sendAndAwaitClose(bytes);
      }),
      { numRuns: 40, seed: 3 },
    );
    await expectServing();
  });

  it('ends a connection that announces too much, before it sends it', async () => {
    const header = Buffer.alloc(HEADER_BYTES);
    for (const length of [1_000_001, 0x7fffffff, 0xffffffff]) {
      header.writeUInt32LE(length, 0);
      header.write('HS', 12, 'latin1');
      await sendAndAwaitClose(header);
    }
    await expectServing();
  });

  it('survives a login that is cut off at any byte', async () => {
    const conversation = Buffer.concat([
      encodeRequest({ kind: 'Handshake', protocolVersion: 69 }, { sequence: 0, statementId: 0 }),
      encodeRequest(connectRequest(), { sequence: 1, statementId: 0 }),
    ]);
    for (let length = 0; length < conversation.length; length += 1) {
      const socket = connect(emulator.port, '127.0.0.1');
      socket.on('error', () => undefined).resume();
      const closed = once(socket, 'close');
      await once(socket, 'connect');
      socket.end(conversation.subarray(0, length));
      await closed;
    }
    await expectServing();
  });

  it('refuses requests out of order', async () => {
    const early = await RawClient.open(emulator.port);
    early.send({ kind: 'Ping' });
    expect(await early.frame()).toBeUndefined();
    const unauthenticated = await RawClient.open(emulator.port);
    await unauthenticated.handshake();
    unauthenticated.send({
      kind: 'ClassMethodValue',
      target: '%SYSTEM.Version',
      method: 'GetVersion',
      args: [],
    });
    expect(await unauthenticated.frame()).toBeUndefined();
    const twice = await RawClient.login(emulator.port);
    twice.send(connectRequest());
    expect(await twice.frame()).toBeUndefined();
    await expectServing();
  });

  it('names a request that it knows but does not support, and ends on one that nobody knows', async () => {
    const client = await RawClient.login(emulator.port);
    client.sendFrame(functionCode('EX'), Buffer.alloc(0));
    expect((await client.frame())?.code).toBe(409);
    const { message } = await client.call({ kind: 'ErrorText', status: -409 });
    expect(message).toContain('execute static cursor');
    client.sendFrame(0x0101, Buffer.alloc(0));
    expect(await client.frame()).toBeUndefined();
  });

  it('ends a connection whose request is malformed inside a valid frame', async () => {
    const client = await RawClient.login(emulator.port);
    client.sendFrame(functionCode('DQ'), Buffer.from([3, 4, 1, 200, 1, 65]));
    expect(await client.frame()).toBeUndefined();
    const counted = await RawClient.login(emulator.port);
    counted.sendFrame(functionCode('DQ'), Buffer.from('03040109017365', 'hex'));
    expect(await counted.frame()).toBeUndefined();
    await expectServing();
  });

  it('refuses a statement that is too long and goes on', async () => {
    const client = await RawClient.login(emulator.port);
    const values = { count: 0, sets: [[]] };
    const text = `SELECT '${'x'.repeat(1_000)}'`;
    const query = {
      kind: 'DirectQuery',
      text,
      parameters: [],
      values,
      timeoutSeconds: 0,
      maxRows: 0,
    } as const;
    expect((await client.exchange(query, 1)).code).toBe(400);
    expect((await client.call({ kind: 'ErrorText', status: -400 })).message).toContain('longer than 1000');
    expect((await client.exchange({ kind: 'Ping' })).code).toBe(STATUS.OK);
    await client.close();
  });

  it('closes a connection that does not log in in time', async () => {
    const silent = await RawClient.open(emulator.port);
    await silent.closed();
    const half = await RawClient.open(emulator.port);
    await half.handshake();
    await half.closed();
  });
});

describe('limits of connections and logins', () => {
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await startEmulator({
      limits: { maxConnections: 200 },
      authentication: { failureDelayMs: 1 },
    });
  });
  afterAll(async () => {
    await emulator.stop();
  });

  it('serves many connections at one time, and tells the next one why it is refused', async () => {
    const clients = await Promise.all(Array.from({ length: 200 }, () => RawClient.login(emulator.port)));
    expect(emulator.connectionCount).toBe(200);
    const answers = await Promise.all(clients.map((client) => client.exchange({ kind: 'Ping' })));
    expect(answers.every(({ code }) => code === STATUS.OK)).toBe(true);
    const refused = await RawClient.open(emulator.port);
    await refused.handshake();
    const { frame } = await refused.connect();
    expect(frame?.code).toBe(STATUS.LOGIN_REFUSED);
    expect(frame?.payload.toString('latin1')).toContain('LICENSE LIMIT');
    await refused.closed();
    await Promise.all(clients.map((client) => client.close()));
  });

  it('refuses wrong passwords, unknown users and namespaces, and closes', async () => {
    for (const [login, text] of [
      [{ password: 'wrong' }, 'Access Denied'],
      [{ user: 'nobody' }, 'Access Denied'],
      [{ namespace: 'NOWHERE' }, 'NOWHERE'],
    ] as const) {
      const client = await RawClient.open(emulator.port);
      await client.handshake();
      const { frame } = await client.connect(login);
      expect(frame?.code).toBe(STATUS.LOGIN_REFUSED);
      expect(frame?.payload.toString('latin1')).toContain(text);
      await client.closed();
    }
    // The good password for the unknown namespace has set the count back.
    expect(emulator.users.get('_SYSTEM')?.invalidLoginAttempts).toBe(0);
  });

  it('asks for a new password as IRIS does', async () => {
    await emulator.faults.expirePassword('_SYSTEM');
    const client = await RawClient.open(emulator.port);
    await client.handshake();
    const { frame } = await client.connect();
    expect(frame?.code).toBe(STATUS.LOGIN_REFUSED);
    expect(frame?.payload.toString('latin1')).toContain(
      '[SQLCODE: <-853>:<User _SYSTEM is required to change password before login>]',
    );
    await emulator.users.unexpire('*');
    await (await RawClient.login(emulator.port)).close();
  });

  it('lets in whom SQL has created, and nobody whom it has dropped', async () => {
    await emulator.sql('CREATE USER sqluser IDENTIFIED BY secret1');
    const client = await RawClient.login(emulator.port, { user: 'SqlUser', password: 'secret1' });
    expect((await client.exchange(update('CREATE TABLE Mine (n INTEGER)'), 1)).code).toBe(99);
    await client.close();
    await emulator.sql('ALTER USER sqluser IDENTIFY BY secret2');
    await (await RawClient.login(emulator.port, { user: 'sqluser', password: 'secret2' })).close();
    await emulator.sql('DROP USER sqluser');
    await expect(RawClient.login(emulator.port, { user: 'sqluser', password: 'secret2' })).rejects.toThrow(
      '417',
    );
  });

  it('names the port that is taken', async () => {
    await expect(startEmulator({ port: emulator.port })).rejects.toMatchObject({
      code: 'IRIS_IO',
      message: expect.stringContaining(String(emulator.port)),
    });
  });
});
