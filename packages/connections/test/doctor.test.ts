import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { examine, type DoctorReport } from '@iris-devtools/connections';
import { startEmulator, type Emulator } from '@iris-devtools/emulator';

const statuses = ({ checks }: DoctorReport) => checks.map(({ name, status }) => `${name} ${status}`);
const stage = ({ checks }: DoctorReport, name: string) => checks.find((check) => check.name === name);
const directory = mkdtempSync(path.join(tmpdir(), 'iris-doctor-'));

describe('the doctor', () => {
  let emulator: Emulator;
  const nowhere = { env: {}, sources: [], cwd: directory };

  beforeAll(async () => {
    emulator = await startEmulator();
  });
  afterAll(() => emulator.stop());

  /** The command itself, as a user runs it. */
  function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    const script = path.join(__dirname, '..', 'dist', 'bin', 'iris-connections.js');
    const options = { cwd: directory, env: { PATH: '' } };
    return new Promise((resolve) => {
      execFile(process.execPath, [script, 'doctor', ...args], options, (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
      });
    });
  }

  it('finds nothing wrong with a healthy server', async () => {
    const report = await examine({ ...nowhere, url: emulator.url });
    expect(report.healthy).toBe(true);
    expect(statuses(report)).toEqual([
      'settings ok',
      'client ok',
      'name ok',
      'port ok',
      'handshake ok',
      'login ok',
      'namespace ok',
      'SQL ok',
      'CallIn warning',
      'licence skipped',
      'clock ok',
    ]);
    expect(JSON.stringify(report)).not.toContain('SYS@');
  });

  it('stops at the first failure and says what to do', async () => {
    const { port } = await unusedPort();
    const report = await examine({ ...nowhere, url: `iris://u:p@127.0.0.1:${String(port)}/USER` });
    expect(statuses(report).slice(1, 5)).toEqual([
      'client ok',
      'name ok',
      'port failed',
      'handshake skipped',
    ]);
    expect(stage(report, 'port')).toMatchObject({
      detail: `127.0.0.1:${String(port)}: nothing listens there`,
      fix: expect.stringContaining('explicit URL'),
    });
  });

  it('tells a server that is not IRIS', async () => {
    const web = createServer((socket) => {
      // The client hangs up as soon as it sees what this is.
      socket.on('error', () => undefined);
      socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
    });
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
    const { port } = web.address() as AddressInfo;
    const report = await examine({ ...nowhere, url: `iris://u:p@127.0.0.1:${String(port)}/USER` });
    expect(stage(report, 'handshake')).toMatchObject({
      status: 'failed',
      fix: expect.stringContaining('port'),
    });
    web.close();
  });

  it('tells a wrong password from an expired one', async () => {
    const wrong = await examine({ ...nowhere, url: emulator.url, settings: { password: 'no' } });
    expect(stage(wrong, 'login')).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining('is wrong'),
    });
    await emulator.users.create('expired', { password: 'x', changePassword: true });
    const expired = await examine({
      ...nowhere,
      url: emulator.url,
      settings: { user: 'expired', password: 'x' },
    });
    expect(stage(expired, 'login')).toMatchObject({ detail: expect.stringContaining('must be changed') });
  });

  it('names the namespace when only that is missing', async () => {
    const report = await examine({ ...nowhere, url: emulator.url, settings: { namespace: 'NOWHERE' } });
    expect(stage(report, 'login')).toMatchObject({ status: 'ok' });
    expect(stage(report, 'namespace')).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining('NOWHERE'),
      fix: expect.stringContaining('explicit option'),
    });
  });

  it('tells whether CallIn is on, and that a user without rights cannot know', async () => {
    await emulator.setService('%Service_CallIn', false);
    const off = await examine({ ...nowhere, url: emulator.url });
    expect(stage(off, 'CallIn')).toMatchObject({
      status: 'warning',
      fix: expect.stringContaining('ModifyService'),
    });
    expect(off.healthy).toBe(true);
    // Any program that can be run: the examination itself goes over the network.
    const settings = { driver: 'irispython', irispythonProgram: process.execPath };
    const needed = await examine({ ...nowhere, url: emulator.url, settings });
    expect(stage(needed, 'CallIn')).toMatchObject({ status: 'failed' });
    await emulator.setService('%Service_CallIn', true);
    expect(stage(await examine({ ...nowhere, url: emulator.url }), 'CallIn')?.status).toBe('ok');
    await emulator.users.create('plain', { password: 'x' });
    const plain = await examine({
      ...nowhere,
      url: emulator.url,
      settings: { user: 'plain', password: 'x' },
    });
    expect(stage(plain, 'CallIn')?.status).toBe('skipped');
  });

  it('says which client would be used, and why not', async () => {
    const settings = { driver: 'irispython', irispythonProgram: '/no/irispython' };
    const report = await examine({ ...nowhere, url: emulator.url, settings });
    expect(stage(report, 'client')).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining('there is no program /no/irispython'),
    });
  });

  it('as a command: exit codes, JSON, and --fix', async () => {
    const healthy = await run('--url', emulator.url, '--json');
    expect(healthy.code).toBe(0);
    expect(JSON.parse(healthy.stdout)).toMatchObject({ healthy: true });

    await emulator.users.create('fixme', { password: 'x', changePassword: true, roles: ['%All'] });
    const url = emulator.url.replace('_SYSTEM:SYS', 'fixme:x');
    expect((await run('--url', url)).code).toBe(1);
    writeFileSync(path.join(directory, 'secret'), 'SYS\n');
    const fixed = await run(
      '--url',
      url,
      '--fix',
      '--admin-user',
      '_SYSTEM',
      '--admin-password-file',
      'secret',
    );
    expect(fixed).toMatchObject({
      code: 0,
      stderr: 'made the password of fixme valid again (administrator _SYSTEM)\n',
    });

    const bad = await run('--url', 'http://x');
    expect(bad.code).toBe(2);
    expect(bad.stdout).toContain('Write iris://');
  });
});

async function unusedPort(): Promise<{ port: number }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return { port };
}
