import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { RawClient } from './raw-client.js';
import { update } from './requests.js';

const BIN = join(__dirname, '..', '..', 'dist', 'bin', 'iris-emulator.js');

type Command = ChildProcessByStdio<null, Readable, Readable>;

function start(...args: string[]): Command {
  return spawn(process.execPath, [BIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
}

async function exitCode(command: Command): Promise<unknown> {
  return command.exitCode ?? ((await once(command, 'exit')) as unknown[])[0];
}

interface Ready {
  readonly event: string;
  readonly host: string;
  readonly port: number;
  readonly controlUrl?: string;
  readonly version: string;
}

/** The one line of `--json`. */
async function ready(command: Command): Promise<Ready> {
  const lines = createInterface({ input: command.stdout });
  const [line] = (await Promise.race([once(lines, 'line'), failed(command)])) as [string];
  return JSON.parse(line) as Ready;
}

async function failed(command: Command): Promise<never> {
  const errors = text(command.stderr);
  await once(command, 'exit');
  throw new Error(await errors);
}

describe('iris-emulator', () => {
  it('lists every option', async () => {
    const command = start('--help');
    const help = await text(command.stdout);
    expect(await exitCode(command)).toBe(0);
    expect(help).toContain('not IRIS');
    for (const option of [
      '--listen',
      '--data',
      '--user',
      '--password',
      '--control',
      '--web',
      '--json',
      '--tls-key',
    ]) {
      expect(help).toContain(option);
    }
  });

  it('is ready with one line, keeps its data through a crash, and ends with 0 on SIGINT', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'cli-'));
    const options = [
      '--listen',
      '127.0.0.1:0',
      '--data',
      directory,
      '--password',
      'pw',
      '--json',
      '--control',
      '0',
    ];
    try {
      const first = start(...options);
      const { port, event, controlUrl } = await ready(first);
      expect(event).toBe('ready');
      const client = await RawClient.login(port, { password: 'pw' });
      expect((await client.exchange(update('CREATE TABLE Cli.T (n INTEGER)'), 1)).code).toBe(0);
      await client.call({
        kind: 'GlobalSet',
        name: 'cli',
        subscripts: [],
        value: { type: 'string', value: 'kept' },
      });
      await client.close();
      expect((await fetch(`${String(controlUrl)}/status`)).status).toBe(200);
      const refused = start(...options);
      expect(await text(refused.stderr)).toContain('is in use by process');
      expect(await exitCode(refused)).toBe(1);
      first.kill('SIGKILL');
      await exitCode(first);
      const second = start(...options);
      const again = await RawClient.login((await ready(second)).port, { password: 'pw' });
      expect((await again.exchange(update('INSERT INTO Cli.T (n) VALUES (1)'), 1)).code).toBe(0);
      expect(await again.call({ kind: 'GlobalGet', name: 'cli', subscripts: [] })).toEqual({
        value: { type: 'string', value: 'kept' },
      });
      // Connected clients do not hold the end up.
      second.kill('SIGINT');
      expect(await exitCode(second)).toBe(0);
      await again.closed();
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it('runs a program that finds it in the environment, and ends with it', async () => {
    const program = `
      const { connect } = require('node:net');
      const { hostname, port, username } = new URL(process.env.IRIS_DEVTOOLS_STARTED_URL);
      connect(Number(port), hostname, () => {
        console.log(username, Number(port) !== 1972, process.argv.slice(1).join());
        process.exit(7);
      });`;
    const command = start('--', process.execPath, '-e', program, '--', 'a b', '--json');
    expect(await text(command.stdout)).toBe('_SYSTEM true a b,--json\n');
    expect(await exitCode(command)).toBe(7);
  });

  it('hands a signal on to the program, and says when there is none', async () => {
    const command = start('--', process.execPath, '-e', 'console.log("up"); setInterval(() => {}, 1000)');
    await once(createInterface({ input: command.stdout }), 'line');
    command.kill('SIGTERM');
    expect(await exitCode(command)).toBe(128 + 15);
    const missing = start('--', join(tmpdir(), 'no-such-program'));
    expect(await text(missing.stderr)).toContain('no-such-program cannot be started');
    expect(await exitCode(missing)).toBe(1);
  });

  it('says that it is not IRIS', async () => {
    const command = start('--listen', '127.0.0.1:0');
    const lines = createInterface({ input: command.stdout });
    let banner = '';
    for await (const line of lines) {
      banner += `${line}\n`;
      if (line.startsWith('Press')) break;
    }
    expect(banner).toContain('It is not InterSystems IRIS');
    command.kill('SIGTERM');
    expect(await exitCode(command)).toBe(0);
  });

  it('names a port that is taken and the option to change it', async () => {
    const blocker = createServer().listen(0, '127.0.0.1');
    await once(blocker, 'listening');
    const { port } = blocker.address() as AddressInfo;
    const command = start('--listen', `127.0.0.1:${port}`);
    const errors = await text(command.stderr);
    expect(await exitCode(command)).toBe(1);
    expect(errors).toContain(`Port ${port} on 127.0.0.1 is in use`);
    expect(errors).toContain('--listen');
    blocker.close();
  });

  it('refuses options that mean nothing', async () => {
    for (const args of [
      ['--listen', 'x'],
      ['--control', '70000'],
      ['--iris-version', '5'],
      ['--page-rows', '0'],
      ['--no'],
    ]) {
      const command = start(...args);
      const errors = await text(command.stderr);
      expect(await exitCode(command)).toBe(1);
      expect(errors).toContain(args[0]);
    }
  });
});
