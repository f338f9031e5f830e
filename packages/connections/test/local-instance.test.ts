import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { connect, type ConnectionEvent } from '@iris-devtools/connections';
import { startEmulator, type Emulator } from '@iris-devtools/emulator';
import { serveTerminal } from './support/stand-in-iris/terminal.cjs';

const PASSWORD = 'p"a ss%\nжя';

describe('a local instance that `iris qlist` lists', () => {
  let directory: string;
  let emulator: Emulator;
  let terminal: { close(): Promise<void> };
  const { PATH, DOCKER_HOST } = process.env;
  const lines: string[] = [];

  const line = (name: string, port: number, status = 'running, since Sat Nov 28 12:00:00 2026'): string =>
    `${name}^/opt/${name}^2024.3^${status}^iris.cpf^${String(port)}^52773^0^ok^IRIS`;

  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'iris-local-'));
    emulator = await startEmulator({ users: [{ name: 'app', password: PASSWORD, roles: ['%All'] }] });
    const socket = path.join(directory, 'iris.sock');
    terminal = await serveTerminal(socket, {
      qlist: () => lines.join('\n'),
      unexpire: (user) => emulator.users.unexpire(user),
      instance: 'DEV',
    });
    const program = path.join(__dirname, 'support', 'stand-in-iris', 'iris.cjs');
    const script = `#!/bin/sh\nIRIS_STANDIN_SOCKET='${socket}' exec '${process.execPath}' '${program}' "$@"\n`;
    await writeFile(path.join(directory, 'iris'), script);
    await chmod(path.join(directory, 'iris'), 0o755);
    // Recovery runs `iris` as this process finds it.
    process.env['PATH'] = `${directory}${path.delimiter}${PATH ?? ''}`;
    // Containers of this machine come before local instances: here there are none.
    process.env['DOCKER_HOST'] = `unix://${directory}/no-engine.sock`;
  });
  beforeEach(() => {
    lines.length = 0;
  });
  afterAll(async () => {
    process.env['PATH'] = PATH;
    if (DOCKER_HOST === undefined) delete process.env['DOCKER_HOST'];
    else process.env['DOCKER_HOST'] = DOCKER_HOST;
    await terminal.close();
    await emulator.stop();
    await rm(directory, { recursive: true });
  });

  const here = (more: Readonly<Record<string, string>> = {}) => ({
    cwd: directory,
    env: { PATH: process.env['PATH'], IRIS_USERNAME: 'app', IRIS_PASSWORD: PASSWORD, ...more },
  });

  it('is found with nothing configured, when it runs', async () => {
    lines.push(line('OLD', 1, 'down, last used Fri'), line('DEV', emulator.port));
    await using iris = await connect(here());
    expect(iris.config.sourceOf('port')).toBe('local instance DEV (iris qlist)');
  });

  it('two that run are an error that names both and how to choose', async () => {
    lines.push(line('A', 51773), line('DEV', emulator.port));
    await expect(connect(here())).rejects.toMatchObject({
      code: 'IRIS_OPTION',
      hint: expect.stringMatching(/IRIS_PORT.*A \(51773\).*DEV/),
    });
  });

  it('makes an expired password valid again through its session, for the named user only', async () => {
    lines.push(line('DEV', emulator.port));
    await emulator.users.create('other', { password: 'x', changePassword: true });
    await emulator.faults.expirePassword('app');
    const events: ConnectionEvent[] = [];
    await using iris = await connect({
      ...here({ IRIS_RECOVERY: 'auto' }),
      onEvent: (event) => events.push(event),
    });
    expect((await iris.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
    expect(events).toContainEqual(
      expect.objectContaining({ kind: 'password-recovered', channel: 'local instance DEV' }),
    );
    expect(emulator.users.get('other')?.changePassword).toBe(true);
  });

  it('changes nothing for a wrong password, for a port that no instance serves, or for another machine', async () => {
    lines.push(line('DEV', emulator.port + 1));
    await emulator.faults.expirePassword('app');
    const port = String(emulator.port);
    const known = here({ IRIS_RECOVERY: 'auto', IRIS_HOST: '127.0.0.1', IRIS_PORT: port });
    await expect(connect({ ...known, settings: { password: 'wrong' } })).rejects.toMatchObject({
      code: 'IRIS_LOGIN_REFUSED',
    });
    await expect(connect(known)).rejects.toMatchObject({
      code: 'IRIS_PASSWORD_EXPIRED',
      hint: expect.stringContaining(`127.0.0.1:${port}`),
    });
    await expect(connect({ ...known, settings: { host: '127.0.0.1.nip.invalid' } })).rejects.toMatchObject({
      code: 'IRIS_CONNECT_FAILED',
    });
    expect(emulator.users.get('app')?.changePassword).toBe(true);
  });
});
