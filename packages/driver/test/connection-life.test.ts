import { createServer } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { isIrisError } from '@iris-devtools/core';
import { connect, createDriver, type IrisConnection } from '@iris-devtools/driver';
import { startFakeServer, usual } from './fake-server.js';

function closed(connection: IrisConnection): Promise<unknown> {
  return new Promise((resolve) => connection.on('close', resolve));
}

describe('connecting', () => {
  it('tells who the server is', async () => {
    await using server = await startFakeServer(usual, { features: 1 });
    await using connection = await connect(server.url);
    expect(connection.server).toEqual({
      version: 'A fake server',
      protocolVersion: 69,
      unicode: true,
      locale: 'enuw',
      jobNumber: '4711',
      delimitedIdentifiers: true,
      isolationLevel: 0,
    });
    await using other = await createDriver().connect(server.url);
    expect(other.open).toBe(true);
  });

  it.each([
    ['Access Denied', 'IRIS_LOGIN_REFUSED'],
    ['', 'IRIS_LOGIN_REFUSED'],
    ['[SQLCODE: <-853>:<User _SYSTEM is required to change password before login>]', 'IRIS_PASSWORD_EXPIRED'],
    ['Password change required', 'IRIS_PASSWORD_EXPIRED'],
  ])('refused with "%s" is %s', async (refuse, code) => {
    await using server = await startFakeServer(usual, { refuse });
    const error: unknown = await connect(server.url).catch((e: unknown) => e);
    expect(error).toMatchObject({ code });
    expect(JSON.stringify(error)).not.toContain('SYS@');
  });

  it('to a port where nobody listens fails at once', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    await new Promise((resolve) => server.close(resolve));
    await expect(connect({ user: 'u', port })).rejects.toMatchObject({
      code: 'IRIS_CONNECT_FAILED',
      retry: 'safe',
    });
  });

  it('to a server that says nothing runs into the time limit, or is aborted', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    await expect(connect({ user: 'u', port, connectTimeoutMs: 30 })).rejects.toMatchObject({
      code: 'IRIS_TIMEOUT',
      retry: 'safe',
    });
    const controller = new AbortController();
    server.once('connection', () => {
      controller.abort(new Error('enough'));
    });
    await expect(connect({ user: 'u', port }, controller.signal)).rejects.toMatchObject({
      code: 'IRIS_ABORTED',
    });
    await expect(connect({ user: 'u', port }, AbortSignal.abort())).rejects.toMatchObject({
      code: 'IRIS_ABORTED',
    });
    server.close();
  });

  it('to something that is no IRIS server fails with a typed error', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    await expect(connect({ user: 'u', port })).rejects.toMatchObject({
      code: expect.stringMatching(/IRIS_(LIMIT|PROTOCOL|CONNECT_FAILED)/),
    });
    server.close();
  });
});

describe('time limits and aborting', () => {
  it('gives the limit to the server in whole seconds', async () => {
    await using server = await startFakeServer(usual);
    await using connection = await connect(`${server.url}?queryTimeoutMs=1500`);
    await connection.query('select 1');
    expect(server.requests[0]).toMatchObject({ timeoutSeconds: 2 });
    await connection.query('delete from t', [], { timeoutMs: 7000 });
    expect(server.requests.at(-1)).toMatchObject({ timeoutSeconds: 7 });
  });

  it('a request that takes too long is given up; the connection too if the server stays silent', async () => {
    await using server = await startFakeServer(usual);
    const connection = await connect(`${server.url}?cancelTimeoutMs=20`);
    const ended = closed(connection);
    await expect(connection.query('select wait', [], { timeoutMs: 20 })).rejects.toMatchObject({
      code: 'IRIS_TIMEOUT',
      retry: 'unknown',
    });
    await expect(connection.query('select 1')).rejects.toMatchObject({
      code: 'IRIS_CONNECTION_LOST',
      retry: 'safe',
    });
    expect(await ended).toMatchObject({ code: 'IRIS_CONNECTION_LOST' });
    expect(server.requests.map((r) => r.kind)).toEqual(['DirectQuery', 'ExternalInterrupt']);
  });

  it('a server that heeds the interrupt keeps the connection usable', async () => {
    let waiting: (() => void) | undefined;
    await using server = await startFakeServer((request, out, frame) => {
      if ('text' in request && request.text.includes('wait')) {
        waiting = () => {
          out.status(-456);
        };
      } else if (request.kind === 'ExternalInterrupt') {
        waiting?.();
        out.status(0);
      } else usual(request, out, frame);
    });
    await using connection = await connect(server.url);
    const controller = new AbortController();
    const running = connection.query('select wait', [], { signal: controller.signal });
    await connection.query('select 1', [], { timeoutMs: 20 }).catch((error: unknown) => {
      expect(error).toMatchObject({ code: 'IRIS_TIMEOUT', retry: 'safe' });
    });
    controller.abort();
    await expect(running).rejects.toMatchObject({ code: 'IRIS_ABORTED', retry: 'unknown' });
    expect((await connection.query('select 1')).rows).toHaveLength(2);

    const cancelled = connection.query('select wait');
    cancelled.catch(() => undefined);
    await connection.query('select 1', [], { timeoutMs: 20 }).catch(() => undefined);
    expect(await connection.cancel()).toBe(true);
    await expect(cancelled).rejects.toMatchObject({ sqlcode: -456 });
    expect(await connection.cancel()).toBe(false);
    expect((await connection.query('select 2')).rows).toHaveLength(2);
    const interrupts = server.requests.filter(({ kind }) => kind === 'ExternalInterrupt');
    expect(interrupts).toEqual(Array(2).fill({ kind: 'ExternalInterrupt', job: 4711 }));
  });

  it('what was aborted while it waited was never sent', async () => {
    await using server = await startFakeServer(usual);
    await using connection = await connect(server.url);
    const controller = new AbortController();
    const first = connection.query('delete from t');
    const second = connection.query('delete from u', [], { signal: controller.signal });
    controller.abort();
    await expect(second).rejects.toMatchObject({ code: 'IRIS_ABORTED', retry: 'safe' });
    await first;
    await connection.ping();
    expect(server.requests.map((r) => r.kind)).toEqual(['DirectUpdate', 'Ping']);
    await expect(connection.query('select 1', [], { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'IRIS_ABORTED',
    });
  });

  it('closes itself when idle', async () => {
    await using server = await startFakeServer(usual);
    const connection = await connect(`${server.url}?idleTimeoutMs=20`);
    expect(await closed(connection)).toBeUndefined();
    await expect(connection.query('select 1')).rejects.toMatchObject({ code: 'IRIS_CONNECTION_CLOSED' });
  });

  it('lets only so many requests wait', async () => {
    await using server = await startFakeServer(usual);
    await using connection = await connect(`${server.url}?maxQueuedRequests=2`);
    const results = await Promise.allSettled([1, 2, 3, 4].map(() => connection.query('select 1')));
    expect(results.map((r) => r.status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected']);
  });
});

describe('closing', () => {
  it('finishes what is queued, then takes no more', async () => {
    await using server = await startFakeServer(usual);
    const connection = await connect(server.url);
    const ended = closed(connection);
    const queued = [connection.query('select 1'), connection.query('select 2')];
    const closing = connection.close();
    await expect(connection.query('select 3')).rejects.toMatchObject({ code: 'IRIS_CONNECTION_CLOSED' });
    await Promise.all(queued);
    await closing;
    await connection.close();
    expect(await ended).toBeUndefined();
    expect(connection.open).toBe(false);
  });

  it('does not wait for ever for a server that keeps its side open', async () => {
    await using server = await startFakeServer(usual, { keepsOpen: true });
    const connection = await connect(`${server.url}?cancelTimeoutMs=20`);
    await connection.ping();
    await connection.close();
    expect(connection.open).toBe(false);
  });

  it('rolls an open transaction back', async () => {
    await using server = await startFakeServer(usual);
    const connection = await connect(server.url);
    await connection.begin();
    await connection.close();
    expect(server.requests.map((r) => r.kind)).toEqual(['DirectUpdate', 'Rollback']);
  });

  it('at once rejects what is in flight', async () => {
    await using server = await startFakeServer(usual);
    const connection = await connect(server.url);
    const running = connection.query('select wait');
    connection.destroy();
    await expect(running).rejects.toMatchObject({ code: 'IRIS_CONNECTION_CLOSED' });
  });

  it('by the server rejects what runs as unknown and what waits as safe', async () => {
    await using server = await startFakeServer((request, out, frame) => {
      if ('text' in request && request.text.includes('wait')) server.dropAll();
      else usual(request, out, frame);
    });
    const connection = await connect(server.url);
    const ended = closed(connection);
    const [running, waiting] = await Promise.allSettled([
      connection.query('delete wait'),
      connection.query('delete from t'),
    ]);
    expect(running).toMatchObject({ reason: { code: 'IRIS_CONNECTION_LOST', retry: 'unknown' } });
    expect(waiting).toMatchObject({ reason: { code: 'IRIS_CONNECTION_LOST', retry: 'safe' } });
    expect(await ended).toMatchObject({ code: 'IRIS_CONNECTION_LOST' });
    expect(connection.open).toBe(false);
    await connection.close();
  });
});

/** Everything that a session does, each part on its own, errors collected. */
async function fullSession(url: string): Promise<unknown[]> {
  const errors: unknown[] = [];
  const note = (error: unknown): undefined => {
    errors.push(error);
  };
  const connection = await connect(`${url}?connectTimeoutMs=5000&cancelTimeoutMs=50`).catch(note);
  if (connection === undefined) return errors;
  await connection.query('select 1', []).catch(note);
  await connection.query('select 1', []).catch(note);
  await connection.query('delete from t').catch(note);
  await connection.begin().catch(note);
  await connection.commit().catch(note);
  try {
    for await (const _ of connection.stream('select 2')) continue;
  } catch (error) {
    note(error);
  }
  await connection.close();
  return errors;
}

describe('a server that ends the connection after n bytes', () => {
  it('never leaves a promise open, for any n', async () => {
    let total = 0;
    {
      await using server = await startFakeServer(usual, { features: 1 });
      expect(await fullSession(server.url)).toEqual([]);
      total = server.sentBytes();
    }
    expect(total).toBeGreaterThan(250);
    for (let closeAfterBytes = 0; closeAfterBytes < total; closeAfterBytes++) {
      await using server = await startFakeServer(usual, { features: 1, closeAfterBytes });
      const errors = await fullSession(server.url);
      expect(errors.length).toBeGreaterThan(0);
      expect(errors.filter((error) => !isIrisError(error))).toEqual([]);
    }
  });
});

describe('a server that talks nonsense', () => {
  it('is met with a typed error, whichever byte is wrong', async () => {
    let seed = 42;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return seed % below;
    };
    for (let run = 0; run < 300; run++) {
      let countdown = random(9);
      await using server = await startFakeServer(usual, {
        features: run % 2,
        // Once in a session, one byte of one message is changed; then the server hangs up, so that nothing waits for missing bytes.
        mangle: (message) => {
          if (countdown-- !== 0) return message;
          const changed = Buffer.from(message);
          changed[random(changed.length)] = random(256);
          setImmediate(() => {
            server.dropAll();
          });
          return changed;
        },
      });
      const errors = await fullSession(server.url);
      expect(errors.filter((error) => !isIrisError(error))).toEqual([]);
    }
  });

  it('that nothing asked for ends the connection', async () => {
    await using server = await startFakeServer((request, out, frame) => {
      usual(request, out, frame);
      if (request.kind === 'Ping') out.status(0);
    });
    const connection = await connect(server.url);
    const ended = closed(connection);
    await connection.ping().catch(() => undefined);
    expect(await ended).toMatchObject({ code: 'IRIS_PROTOCOL' });
  });

  it('with a wrong sequence number ends the connection', async () => {
    await using server = await startFakeServer(usual, {
      mangle: (message) => {
        if (message.readUInt32LE(4) > 3) message.writeUInt32LE(1000, 4);
        return message;
      },
    });
    const connection = await connect(server.url);
    await expect(connection.ping()).rejects.toMatchObject({ code: 'IRIS_PROTOCOL' });
    expect(connection.open).toBe(false);
  });

  it('with a message beyond the limit ends the connection without buffering it', async () => {
    await using server = await startFakeServer((request, out, frame) => {
      if (request.kind === 'Ping') out.payload(Buffer.alloc(5000), 0);
      else usual(request, out, frame);
    });
    const connection = await connect(`${server.url}?maxPayloadBytes=4096`);
    await expect(connection.ping()).rejects.toMatchObject({ code: 'IRIS_LIMIT' });
    expect(connection.open).toBe(false);
  });
});

describe('a request that is too large', () => {
  it('is refused here and leaves the connection usable', async () => {
    await using server = await startFakeServer(usual);
    await using connection = await connect(`${server.url}?maxPayloadBytes=4096`);
    await expect(connection.query('delete from t where a = ?', ['x'.repeat(5000)])).rejects.toMatchObject({
      code: 'IRIS_LIMIT',
    });
    await connection.ping();
  });
});
