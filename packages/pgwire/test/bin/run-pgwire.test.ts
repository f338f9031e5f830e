import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { runPgwire } from '@iris-devtools/pgwire';
import type { PgwireAccess } from '@iris-devtools/pgwire';
import { Client } from 'pg';

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'pgwire-bin-'));
});

afterAll(() => {
  rmSync(directory, { recursive: true });
});

interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command until it is ready and `use` is done, or until it ends by itself. */
async function run(argv: readonly string[], use?: (access: PgwireAccess) => Promise<void>): Promise<Outcome> {
  const stop = new AbortController();
  let stdout = '';
  let stderr = '';
  const exitCode = await runPgwire(argv, {
    signal: stop.signal,
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
    async beforeReady(access) {
      await use?.(access);
      stop.abort();
    },
  });
  return { exitCode, stdout, stderr };
}

async function withClient<T>(access: PgwireAccess, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: access.url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Each start takes two PostgreSQLs; a busy machine takes its time. */
jest.setTimeout(180_000);

describe('iris-pgwire', () => {
  it('serves the embedded emulator, says so in one JSON line, and keeps its data', async () => {
    const argv = ['--embedded', '--listen', '127.0.0.1:0', '--data', path.join(directory, 'data'), '--json'];
    const first = await run(argv, (access) =>
      withClient(access, async (client) => {
        await client.query('create table kept (id integer)');
        await client.query('insert into kept values (1)');
      }),
    );
    expect(first).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('is not IRIS') });
    expect(JSON.parse(first.stdout)).toMatchObject({ ready: true, user: 'iris', database: 'iris' });
    expect(first.stdout.trim().split('\n')).toHaveLength(1);

    let rows: unknown[] = [];
    const secret = path.join(directory, 'password');
    writeFileSync(secret, 'from a file\n');
    await run([...argv, '--password-file', secret], (access) => {
      expect(access.password).toBe('from a file');
      return withClient(access, async (client) => {
        ({ rows } = await client.query('select * from kept'));
      });
    });
    expect(rows).toEqual([{ id: 1 }]);
  });

  it('tells people how to connect, with a password that was made up for them', async () => {
    const { stdout } = await run(['--embedded', '--listen', '127.0.0.1:0']);
    expect(stdout).toMatch(/psql "postgresql:\/\/iris@127\.0\.0\.1:\d+\/iris"/);
    expect(stdout).toMatch(/password {2}\S{16} \(made up/);
  });

  it('names the port and the option when the port is taken', async () => {
    const other = createServer();
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { exitCode, stderr } = await run(['--listen', `127.0.0.1:${port}`]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`Something listens on port ${port} already`);
    expect(stderr).toContain('--listen');
    other.close();
  });

  it('fails with the reason when IRIS cannot be reached', async () => {
    const { exitCode, stderr } = await run([
      '--listen',
      '127.0.0.1:0',
      '--iris',
      'iris://u:topsecret@127.0.0.1:1/USER',
    ]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('127.0.0.1:1');
    expect(stderr).not.toContain('topsecret');
  });

  it.each([
    [['--listen', 'nowhere'], 2, 'Write HOST:PORT'],
    [['--max-connections', '0'], 2, 'Write a whole number from 1'],
    [['--statement-timeout', 'soon'], 2, 'Write 30s'],
    [['--nosuch'], 2, "unknown option '--nosuch'"],
    [['--embedded', '--iris', 'iris://x'], 1, 'exclude each other'],
    [['--tls-cert', 'x'], 1, 'belong together'],
    [['--iris', 'iris://x', '--data', 'd'], 1, '--data is for the embedded emulator'],
    [['--password-file', '/nosuch/file'], 1, 'cannot read /nosuch/file'],
  ])('%j ends with %i', async (argv, exitCode, message) => {
    const outcome = await run(argv);
    expect(outcome.exitCode).toBe(exitCode);
    expect(outcome.stderr).toContain(message);
  });

  it('--help lists the options', async () => {
    const { exitCode, stdout } = await run(['--help']);
    expect(exitCode).toBe(0);
    for (const option of ['--listen', '--iris', '--embedded', '--data', '--json'])
      expect(stdout).toContain(option);
  });
});
