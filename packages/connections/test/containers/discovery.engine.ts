import { execFile } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ContainerRunner, discoverConfig } from '@iris-devtools/config';
import { connect, type ConnectionEvent } from '@iris-devtools/connections';
import { docker, StandInProject } from './stand-in-container.js';

const suffix = String(process.pid);
const name = (word: string): string => `standin-${word}-${suffix}`;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('a real container engine', () => {
  let project: StandInProject;

  beforeAll(async () => {
    project = await StandInProject.create();
  });
  afterEach(async () => {
    for (const word of ['one', 'two', 'bare']) await docker('rm', '-fv', name(word)).catch(() => undefined);
  });
  afterAll(() => project[Symbol.asyncDispose]());

  /** Nothing is configured but the password: as in a project's directory with one container. */
  const here = (more: Readonly<Record<string, string>> = {}) => ({
    cwd: project.directory,
    env: { PATH: process.env['PATH'], IRIS_PASSWORD: 'SYS', ...more },
  });

  it.each([
    ['any free port', () => '1972'],
    ['one address', () => '127.0.0.1::1972'],
    ['a port of choice', async () => `${String(await freePort())}:1972`],
    ['IPv6 only', () => '[::1]::1972'],
  ])('finds a container that publishes on %s, with nothing configured', async (_, binding) => {
    await project.start({ name: name('one'), publish: [await binding()] });
    await using iris = await connect(here());
    expect((await iris.query('SELECT 7 AS n')).rows).toEqual([{ n: 7 }]);
    const published = await docker('port', name('one'), '1972/tcp');
    expect(published).toContain(`:${String(iris.config.settings.port)}`);
    expect(iris.config.sourceOf('port')).toBe(`container inspection (${name('one')})`);
  });

  it('two that match are an error that names both and how to choose; choosing is by exact name or id', async () => {
    const id = await project.start({ name: name('one'), publish: ['127.0.0.1::1972'] });
    await project.start({ name: name('two'), publish: ['127.0.0.1::1972'] });
    await expect(connect(here())).rejects.toMatchObject({
      code: 'IRIS_OPTION',
      hint: expect.stringMatching(
        new RegExp(`IRIS_CONTAINER_NAME.*${name('(one|two)')}.*${name('(one|two)')}`),
      ),
    });
    for (const wanted of [name('one'), id, id.slice(0, 12)]) {
      const config = await discoverConfig(here({ IRIS_CONTAINER_NAME: wanted }));
      expect(config.sourceOf('host')).toBe(`container inspection (${name('one')})`);
    }
    await expect(discoverConfig(here({ IRIS_CONTAINER_NAME: 'standin' }))).rejects.toMatchObject({
      code: 'IRIS_OPTION',
      message: expect.stringContaining('No running container named "standin"'),
    });
  });

  it('a container that publishes nothing, or has stopped, is none', async () => {
    await project.start({ name: name('bare') });
    await project.start({ name: name('one'), publish: ['127.0.0.1::1972'] });
    await docker('stop', '-t', '1', name('one'));
    const choose = here({ IRIS_CONTAINER_NAME: name('bare') });
    await expect(discoverConfig(choose)).rejects.toMatchObject({ code: 'IRIS_OPTION' });
    await expect(discoverConfig(here({ IRIS_CONTAINER_NAME: name('one') }))).rejects.toMatchObject({
      code: 'IRIS_OPTION',
    });
  });

  it('makes an expired password valid again through the container, only when asked to', async () => {
    await project.start({ name: name('one'), publish: ['127.0.0.1::1972'], expired: true });
    await expect(connect(here())).rejects.toMatchObject({
      code: 'IRIS_PASSWORD_EXPIRED',
      hint: expect.stringContaining('IRIS_RECOVERY'),
    });
    const wrong = { ...here({ IRIS_PASSWORD: 'wrong', IRIS_RECOVERY: 'auto' }) };
    await expect(connect(wrong)).rejects.toMatchObject({ code: 'IRIS_LOGIN_REFUSED' });
    await expect(connect(here())).rejects.toMatchObject({ code: 'IRIS_PASSWORD_EXPIRED' });
    const events: ConnectionEvent[] = [];
    await using iris = await connect({ ...here(), recovery: 'auto', onEvent: (event) => events.push(event) });
    expect((await iris.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
    expect(events.filter(({ kind }) => kind.startsWith('password'))).toEqual([
      { kind: 'password-expired', user: '_SYSTEM' },
      expect.objectContaining({ kind: 'password-recovered', channel: `container ${name('one')}` }),
    ]);
  });

  it('finds a container again that was made anew on another port, and one that was restarted', async () => {
    await project.start({ name: name('one'), publish: ['127.0.0.1::1972'] });
    const events: ConnectionEvent[] = [];
    await using iris = await connect({ ...here(), onEvent: (event) => events.push(event) });
    const before = iris.config.settings.port;
    await project.remove(name('one'));
    await project.start({ name: name('one'), publish: [`127.0.0.1:${String(await freePort())}:1972`] });
    expect((await iris.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
    expect(iris.config.settings.port).not.toBe(before);
    expect(events.map(({ kind }) => kind)).toContain('server-moved');
    await docker('restart', '-t', '1', name('one'));
    await project.ready(name('one'));
    expect((await iris.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
  });

  it('the commands: explain, and a doctor that mends', async () => {
    await project.start({ name: name('one'), publish: ['127.0.0.1::1972'], expired: true });
    const run = (command: string, ...args: string[]): Promise<{ code: number; stdout: string }> =>
      new Promise((resolve) => {
        const [owner, file] = [command.replace('iris-', ''), `${command}.js`];
        const script = path.join(__dirname, '..', '..', '..', owner, 'dist', 'bin', file);
        execFile(process.execPath, [script, ...args], here(), (error, stdout) => {
          resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout });
        });
      });
    const { stdout } = await run('iris-config', 'explain', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      explanation: expect.arrayContaining([
        expect.objectContaining({ option: 'port', source: `container inspection (${name('one')})` }),
      ]),
    });
    expect((await run('iris-connections', 'doctor')).code).toBe(1);
    expect((await run('iris-connections', 'doctor', '--fix')).code).toBe(0);
    expect((await run('iris-connections', 'doctor')).code).toBe(0);
  });

  it('runs commands in a container as a command runner does', async () => {
    const runner = new ContainerRunner(await project.start({ name: name('one') }));
    const script = `process.stdin.on('data', (chunk) => process.stdout.write(chunk)).on('end', () => {
      process.stderr.write(process.env.WORD + process.argv[1]); process.exitCode = 7 })`;
    const options = { stdin: 'жя "\n', env: { WORD: 'a b' }, allowFailure: true };
    expect(await runner.run(['node', '-e', script, "$(x) 'y'"], options)).toEqual({
      exitCode: 7,
      stdout: 'жя "\n',
      stderr: "a b$(x) 'y'",
    });
    await expect(runner.run(['node', '-e', 'process.exit(3)'])).rejects.toMatchObject({
      code: 'IRIS_COMMAND_FAILED',
      details: { exitCode: 3 },
    });
    await expect(runner.run(['no-such-program'])).rejects.toMatchObject({ code: 'IRIS_COMMAND_FAILED' });
    const waiting = ['node', '-e', 'setTimeout(() => undefined, 60000)'];
    await expect(runner.run(waiting, { timeoutMs: 300 })).rejects.toMatchObject({ code: 'IRIS_TIMEOUT' });
    await expect(runner.run(waiting, { signal: AbortSignal.timeout(300) })).rejects.toMatchObject({
      code: 'IRIS_ABORTED',
    });
    const who = await runner.run(['node', '-p', 'process.getuid()'], { user: 'irisowner', cwd: '/tmp' });
    expect(who.stdout).toBe('51773\n');
  });
});
