import { execFile } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { STARTED_INSTANCE_VARIABLE } from '@iris-devtools/core';
import { containers, type Source } from '@iris-devtools/config';
import { connect } from '@iris-devtools/connections';
import { startEmulator } from '@iris-devtools/emulator';

describe('connect()', () => {
  it('starts an emulator in this process and ends it with the handle', async () => {
    const iris = await connect({ emulator: true });
    const { rows } = await iris.query('SELECT 1 AS one');
    expect(rows).toEqual([{ one: 1 }]);
    const { port } = iris.config.settings;
    await iris.close();
    await expect(connect(`iris://_SYSTEM:SYS@127.0.0.1:${String(port)}/USER`)).rejects.toMatchObject({
      code: 'IRIS_CONNECT_FAILED',
    });
  });

  it('needs nothing but the one container that runs', async () => {
    await using emulator = await startEmulator();
    const ports = [{ IP: '0.0.0.0', PrivatePort: 1972, PublicPort: emulator.port, Type: 'tcp' }];
    const engine = containers(() =>
      Promise.resolve([{ Id: 'a'.repeat(64), Names: ['/iris'], Ports: ports }]),
    );
    await using iris = await connect({ env: {}, sources: [engine], settings: { password: 'SYS' } });
    expect((await iris.query('SELECT 2 AS two')).rows).toEqual([{ two: 2 }]);
    expect(iris.config.sourceOf('port')).toBe('container inspection (iris)');
  });

  it('takes an instance that was started for this process tree', async () => {
    await using emulator = await startEmulator();
    await using iris = await connect({ env: { [STARTED_INSTANCE_VARIABLE]: emulator.url, PATH: '' } });
    expect(iris.backend).toEqual({
      name: 'wire',
      skipped: [
        { name: 'native', reason: 'wire is usable and preferred' },
        { name: 'irispython', reason: 'wire is usable and preferred' },
      ],
    });
  });

  it('says which clients it could not use', async () => {
    await expect(connect({ env: {}, sources: [], settings: { driver: 'native' } })).rejects.toMatchObject({
      code: 'IRIS_UNSUPPORTED',
      message: expect.stringContaining('wire: driver native was asked for'),
    });
  });

  it('says where the address came from when nobody answers', async () => {
    const env = { IRIS_PORT: '1', IRIS_PASSWORD: 'x' };
    await expect(connect({ env, settings: { connectTimeoutMs: 1000 } })).rejects.toMatchObject({
      code: 'IRIS_CONNECT_FAILED',
      hint: expect.stringContaining('port from environment variable IRIS_PORT'),
    });
  });

  it('commits what resolves and rolls back what rejects', async () => {
    await using iris = await connect({ emulator: true });
    await iris.query('CREATE TABLE t (k INTEGER)');
    await iris.transaction((session) => session.query('INSERT INTO t VALUES (1)'));
    const failure = iris.transaction(async (session) => {
      await session.query('INSERT INTO t VALUES (2)');
      throw new Error('no');
    });
    await expect(failure).rejects.toThrow('no');
    expect((await iris.query('SELECT k FROM t')).rows).toEqual([{ k: 1 }]);
  });

  it('lends sessions that can do what the driver can: batches, streams, and streams nobody reads', async () => {
    await using iris = await connect({ emulator: true });
    await iris.query('CREATE TABLE t (k INTEGER)');
    await using session = await iris.acquire();
    expect(await session.executeMany?.('INSERT INTO t VALUES (?)', [[1], [2], [3]])).toBe(3);
    const seen: unknown[] = [];
    for await (const [k] of session.stream('SELECT k FROM t ORDER BY k', [], { rowMode: 'array' }))
      seen.push(k);
    expect(seen).toEqual([1, 2, 3]);
    // Never started, so its error is never anybody's: an unhandled rejection would end this process.
    session.stream('SELECT no_such_column FROM t');
    expect((await session.query('SELECT COUNT(*) AS n FROM t')).rows).toEqual([{ n: 3n }]);
  });

  it('waits for a server that is away instead of taking the defaults for its new place', async () => {
    await using emulator = await startEmulator();
    let away = false;
    const place: Source = {
      name: 'test engine',
      findsServer: true,
      find: () =>
        Promise.resolve(
          away
            ? null
            : { settings: { host: '127.0.0.1', port: emulator.port }, describe: () => 'test engine' },
        ),
    };
    const events: string[] = [];
    await using iris = await connect({
      env: {},
      sources: [place],
      settings: { password: 'SYS' },
      retry: { attempts: 0 },
      onEvent: ({ kind }) => events.push(kind),
    });
    const { port } = emulator;
    away = true;
    await emulator.stop();
    await expect(iris.query('SELECT 1')).rejects.toMatchObject({
      code: 'IRIS_CONNECT_FAILED',
      retry: 'safe',
    });
    expect(iris.config.settings.port).toBe(port);
    expect(events).not.toContain('server-moved');
  });

  it('warns of a session that is not given back, in development, with where it was acquired', async () => {
    const script = `async function holdTooLong(connect) {
      await using iris = await connect({ emulator: true, pool: { leakDetectionMs: 1 } });
      await using session = await iris.acquire();
      await new Promise((resolve) => process.once('warning', resolve));
    }
    void holdTooLong(require('@iris-devtools/connections').connect);`;
    const env = { ...process.env, NODE_ENV: 'development' };
    const stderr = await new Promise<string>((resolve) => {
      execFile(process.execPath, ['-e', script], { cwd: __dirname, env }, (_error, _stdout, text) => {
        resolve(text);
      });
    });
    expect(stderr).toContain('IrisSessionLeak: A session was not given back for 1 ms');
    expect(stderr).toContain('holdTooLong');
  });
});
