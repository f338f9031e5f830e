import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startEmulator } from '@iris-devtools/emulator';
import type { Emulator } from '@iris-devtools/emulator';
import { Sources } from './support/fake-instance.js';

const BIN = join(__dirname, '..', 'dist', 'bin', 'iris-wsgi.js');

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
describe('on the emulator', () => {
  let emulator: Emulator;
  let directory: string;
  beforeAll(async () => {
    emulator = await startEmulator({ webPort: 0 });
    await emulator.sql('CREATE TABLE Shop.Item (Name VARCHAR(20))');
    await emulator.sql('CREATE TABLE Shop.Other (Name VARCHAR(20))');
    await emulator.sql("INSERT INTO Shop.Item (Name) VALUES ('tea')");
    await emulator.sql("INSERT INTO Shop.Other (Name) VALUES ('cup')");
  });
  afterAll(async () => {
    await emulator.stop();
  });
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'wsgi-emulator-'));
  });
  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  async function cli(
    command: string,
    ...argv: string[]
  ): Promise<{ code: number | null; out: string; err: string }> {
    const host = ['--emulator', emulator.url, '--web-url', String(emulator.webUrl), '--directory', directory];
    const env = { ...process.env, IRIS_WEB_PASSWORD: 'SYS' };
    const child = spawn(process.execPath, [BIN, command, ...host, ...argv], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const exit = once(child, 'exit') as Promise<[number | null]>;
    const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
    return { code, out, err };
  }

  async function get(path: string): Promise<string> {
    const authorization = `Basic ${Buffer.from('_SYSTEM:SYS').toString('base64')}`;
    const response = await fetch(`${String(emulator.webUrl)}${path}`, { headers: { authorization } });
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

    expect(await cli('status', '--url-prefix', '/shop')).toMatchObject({ code: 0 });
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
    const wrong = emulator.url.replace(':SYS@', ':not-the-password@');
    const denied = await cli('status', '--url-prefix', '/x', '--emulator', wrong);
    expect(denied.code).toBe(3);
    expect(denied.err + denied.out).not.toContain('not-the-password');
    const relative = await cli('status', '--url-prefix', '/x', '--directory', 'relative');
    expect(relative.code).toBe(2);
  });
});
