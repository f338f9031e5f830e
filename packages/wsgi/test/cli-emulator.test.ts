import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect } from '@iris-devtools/driver';
import { BIN, EmulatorAtHand, runIrisWsgi } from './support/command-line.js';
import type { CommandOutcome } from './support/command-line.js';
import { Sources } from './support/fake-instance.js';

const WSGI = (table: string) => `
import iris

def app(environ, start_response):
    rows = [row[0] for row in iris.sql.exec("SELECT Name FROM ${table} ORDER BY Name")]
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [", ".join(rows).encode()]
`;

const ASGI = `
async def app(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"asgi " + scope["path"].encode()})
`;

/** The emulator runs the applications in real Python and answers their SQL. */
describe.each(['--emulator', '--remote'] as const)('on the emulator with %s', (way) => {
  let place: EmulatorAtHand;
  let directory: string;
  beforeAll(async () => {
    place = await EmulatorAtHand.start();
    await place.emulator.sql('CREATE TABLE Shop.Item (Name VARCHAR(20))');
    await place.emulator.sql('CREATE TABLE Shop.Other (Name VARCHAR(20))');
    await place.emulator.sql("INSERT INTO Shop.Item (Name) VALUES ('tea')");
    await place.emulator.sql("INSERT INTO Shop.Other (Name) VALUES ('cup')");
    // Over a connection only the installation of the server can be reached.
    directory = way === '--remote' ? join(await installDirectory(), 'lib') : place.directory;
  });
  afterAll(async () => {
    await place[Symbol.asyncDispose]();
  });

  async function installDirectory(): Promise<string> {
    const connection = await connect(place.emulator.url);
    const found = await connection.native.classMethod('%SYSTEM.Util', 'InstallDirectory');
    await connection.close();
    return String(found);
  }

  function cli(command: string, ...argv: string[]): Promise<CommandOutcome> {
    // The emulator runs ASGI itself.
    const provided = way === '--remote' && command === 'deploy' ? ['--provided', 'a2wsgi'] : [];
    return runIrisWsgi(command, ...place.place(way), ...provided, ...argv);
  }

  async function get(path: string): Promise<string> {
    const response = await place.fetch(path);
    return `${String(response.status)} ${await response.text()}`;
  }

  const login = ['--web-user', '_SYSTEM'];

  it('deploys, replaces and removes a WSGI application that reads data', async () => {
    using sources = new Sources({ 'shop_web.py': WSGI('Shop.Item') });
    const source = ['--url-prefix', '/shop', '--path', sources.path, ...login];
    const first = await cli('deploy', ...source);
    expect(first).toMatchObject({ code: 0 });
    expect(first.out).toContain('this release answers');
    expect(await get('/shop/')).toBe('200 tea');

    sources.write('shop_web.py', WSGI('Shop.Other'));
    expect(await cli('deploy', ...source)).toMatchObject({ code: 0 });
    expect(await get('/shop/')).toBe('200 cup');

    sources.write('shop_web.py', 'raise RuntimeError("broken")\ndef app(a, b): pass\n');
    const broken = await cli('deploy', ...source);
    expect(broken.code).toBe(1);
    expect(broken.err).toContain('What was there before is there again.');
    expect(await get('/shop/')).toBe('200 cup');

    const status = await cli('status', '--url-prefix', '/shop', '--web-user', '_SYSTEM');
    expect(status).toMatchObject({ code: 0 });
    expect(status.out).toContain('answer: proven (200)');
    expect(await cli('undeploy', '--url-prefix', '/shop')).toMatchObject({ code: 0, out: '/shop is gone\n' });
    expect((await get('/shop/')).slice(0, 3)).toBe('404');
    expect(readdirSync(directory)).toEqual([]);
  });

  it('deploys an ASGI application, whose type it finds', async () => {
    using sources = new Sources({ 'api.py': ASGI });
    const result = await cli('deploy', '--url-prefix', '/api', '--path', sources.path, '--json', ...login);
    expect(JSON.parse(result.out)).toMatchObject({ ok: true, type: 'asgi', app: 'api:app', proof: 'proven' });
    expect(await get('/api/x')).toMatch(/^200 asgi .*\/x$/);
    expect(await cli('undeploy', '--url-prefix', '/api')).toMatchObject({ code: 0 });
  });

  it('refuses wrong logins and missing options', async () => {
    const wrong = place.emulator.url.replace(':SYS@', ':not-the-password@');
    const denied = await cli('status', '--url-prefix', '/x', way, wrong);
    expect(denied.code).toBe(3);
    expect(denied.err + denied.out).not.toContain('not-the-password');
  });

  it('takes the password from the environment, and over the lock of a process that was killed', async () => {
    const flag = join(directory, '..', `${String(process.pid)}.flag`);
    using sources = new Sources({
      'slow.py': `
import os, time
while not os.path.exists(${JSON.stringify(flag)}):
    time.sleep(0.01)

def app(environ, start_response):
    start_response("200 OK", [])
    return [b"ready"]
`,
    });
    const source = ['--url-prefix', '/slow', '--path', sources.path];
    const [, , ...rest] = place.place(way);
    const argv = [BIN, 'deploy', way, place.emulator.url.replace(':SYS@', '@'), ...rest, ...source, ...login];
    const env = { ...process.env, IRIS_PASSWORD: 'SYS', IRIS_WEB_PASSWORD: 'SYS' };
    const child = spawn(process.execPath, argv, { env, stdio: ['ignore', 'ignore', 'pipe'] });
    const exited = once(child, 'exit');
    for await (const line of createInterface({ input: child.stderr }))
      if (line.startsWith('waiting')) child.kill('SIGKILL');
    await exited;
    expect(readdirSync(directory)).toContain('.slow.deploying');
    writeFileSync(flag, '');
    expect(await cli('deploy', ...source, ...login)).toMatchObject({ code: 0 });
    expect(await get('/slow/')).toBe('200 ready');
    expect(await cli('undeploy', '--url-prefix', '/slow')).toMatchObject({ code: 0 });
    rmSync(flag);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('follows the log while the application writes to it', async () => {
    using sources = new Sources({
      'talks.py':
        'def app(environ, start_response):\n    start_response("200 OK", [])\n    print("said", environ["PATH_INFO"])\n    return [b""]\n',
    });
    const log = ['--wsgi-log', join(await installDirectory(), 'mgr', 'WSGI.log')];
    expect(await cli('deploy', '--url-prefix', '/talks', '--path', sources.path, ...login)).toMatchObject({
      code: 0,
    });
    expect(await get('/talks/before')).toBe('200 ');
    const argv = [BIN, 'logs', '--follow', '--url-prefix', '/talks', ...place.place(way), ...log];
    const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
    const exited = once(child, 'exit');
    const seen: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      seen.push(line);
      if (line === 'said /before') expect(await get('/talks/after')).toBe('200 ');
      if (line === 'said /after') child.kill('SIGINT');
    }
    expect(await exited).toEqual([0, null]);
    expect(seen.slice(-2)).toEqual(['said /before', 'said /after']);
    expect((await cli('logs', '--url-prefix', '/talks', ...log)).out).toMatch(
      /said \/before\nsaid \/after\n$/,
    );
    await cli('undeploy', '--url-prefix', '/talks');
  });

  it('refuses what names two places, or none that can be reached', async () => {
    expect((await cli('status', '--url-prefix', '/x', '--container', 'c')).code).toBe(2);
    expect((await cli('status', '--url-prefix', '/x', way, 'http://127.0.0.1:1/')).code).toBe(2);
    expect((await cli('status', '--url-prefix', '/x', way, 'iris://a:b@127.0.0.1:1/')).code).toBe(3);
  });
});
