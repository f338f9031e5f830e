import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { encodeList } from '@iris-devtools/protocol';
import { startEmulator } from '@iris-devtools/emulator';
import type { Emulator } from '@iris-devtools/emulator';
import { RawClient } from '../server/raw-client.js';

const WSGI_APPLICATION = `
import json
import iris

def app(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/fail":
        raise ValueError("on purpose")
    if path == "/exit":
        import os
        os._exit(3)
    if path == "/badheader":
        start_response("200 OK", [("X-Bad", "a\\r\\nb: c")])
        return [b""]
    if path == "/badstatus":
        start_response("fine", [])
        return [b""]
    if path == "/badmessage":
        import os
        os.write(4, b"\\x03\\0\\0\\0{{{")
    if path == "/echo":
        length = int(environ["CONTENT_LENGTH"])
        answer = {
            "body": environ["wsgi.input"].read(length).decode(),
            "method": environ["REQUEST_METHOD"],
            "query": environ["QUERY_STRING"],
            "script": environ["SCRIPT_NAME"],
            "header": environ.get("HTTP_X_TEST"),
            "password": environ.get("HTTP_AUTHORIZATION"),
            "user": environ["REMOTE_USER"],
        }
    elif path == "/sql":
        iris.sql.exec("CREATE TABLE IF NOT EXISTS Web.T (n INTEGER, s VARCHAR(20))")
        iris.sql.exec("INSERT INTO Web.T (n, s) VALUES (?, ?)", 1, "x")
        answer = [row for row in iris.sql.exec("SELECT n, s FROM Web.T")]
    elif path == "/numbers":
        (row,) = iris.sql.exec("SELECT 6 * 7, 0.5, CAST(12 AS NUMERIC(5,2)), CAST(12345678901234567890 AS NUMERIC(20,0))")
        answer = [repr(value) for value in row]
    elif path == "/sqlerror":
        try:
            iris.sql.exec("SELECT * FROM Miss.Ing")
        except iris.SQLError as error:
            answer = error.sqlcode
    elif path == "/iris":
        g = iris.gref("^web")
        g[1, "a"] = "value"
        g.set([2], 2)
        statement = iris.cls("%SQL.Statement")._New(1)
        answer = {
            "value": g[1, "a"],
            "next": g.order([""]),
            "data": g.data([1]),
            "version": iris.system.Version.GetVersion(),
            "mode": statement._SelectMode,
            "level": iris.tlevel(),
        }
        try:
            iris.cls("No.Such").Thing()
        except RuntimeError as error:
            answer["error"] = str(error)
    else:
        answer = path
    start_response("200 OK", [("Content-Type", "application/json"), ("X-App", "yes")])
    return [json.dumps(answer).encode()]
`;

const ASGI_APPLICATION = `
async def app(scope, receive, send):
    message = await receive()
    await send({"type": "http.response.start", "status": 201, "headers": [(b"x-app", b"asgi")]})
    await send({"type": "http.response.body", "body": scope["path"].encode() + b" ", "more_body": True})
    await send({"type": "http.response.body", "body": message["body"]})
`;

describe('web applications in real Python', () => {
  let directory: string;
  let emulator: Emulator;
  let admin: RawClient;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'web-'));
    await writeFile(join(directory, 'web_wsgi.py'), WSGI_APPLICATION);
    await writeFile(join(directory, 'web_asgi.py'), ASGI_APPLICATION);
    emulator = await startEmulator({ webPort: 0, authentication: { failureDelayMs: 1 } });
    admin = await RawClient.login(emulator.port, { namespace: '%SYS' });
    await application('/api', { AutheEnabled: 32, WSGIAppName: 'web_wsgi' });
    await application('/api/open', { AutheEnabled: 64, MatchRoles: ':%All', WSGIAppName: 'web_wsgi' });
    await application('/closed', { AutheEnabled: 64, WSGIAppName: 'web_wsgi' });
    await application('/asgi', {
      AutheEnabled: 64,
      MatchRoles: ':%All',
      WSGIAppName: 'web_asgi',
      WSGIType: 2,
    });
    await application('/nodispatch', { DispatchClass: '', MatchRoles: ':%All', WSGIAppName: 'web_wsgi' });
  });
  afterAll(async () => {
    await admin.close();
    await emulator.stop();
    await rm(directory, { recursive: true });
  });
  beforeEach(() => {
    expect(emulator.webUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  async function application(name: string, properties: Record<string, string | number>): Promise<void> {
    const all = { DispatchClass: '%SYS.Python.WSGI', WSGIAppLocation: directory, ...properties };
    const { value } = await admin.call({
      kind: 'ClassMethodValue',
      target: 'Security.Applications',
      method: 'Create',
      args: [
        { type: 'string', value: name },
        {
          type: 'string',
          value: encodeList(Object.entries(all).flat()).toString('latin1'),
          byReference: true,
        },
      ],
    });
    expect(value).toEqual({ type: 'integer', value: 1 });
  }

  const get = (path: string, options?: RequestInit) => fetch(`${String(emulator.webUrl)}${path}`, options);
  const json = async (path: string, options?: RequestInit) => (await get(path, options)).json();
  const basic = (user: string, password: string) => ({
    headers: { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` },
  });

  it('asks for a password where the application wants one', async () => {
    const anonymous = await get('/api/x');
    expect([anonymous.status, anonymous.headers.get('www-authenticate')]).toEqual([
      401,
      expect.stringMatching(/^Basic/),
    ]);
    expect((await get('/api/x', basic('_SYSTEM', 'wrong'))).status).toBe(401);
    expect(await json('/api/x', basic('_SYSTEM', 'SYS'))).toBe('/x');
  });

  it('answers 404 without application or dispatch class, 403 without a role', async () => {
    expect((await get('/nothing')).status).toBe(404);
    expect((await get('/apiary')).status).toBe(404);
    expect((await get('/nodispatch')).status).toBe(404);
    expect((await get('/closed')).status).toBe(403);
  });

  it('hands the request over as WSGI wants it', async () => {
    const options = {
      method: 'POST',
      body: '\u0416!',
      headers: { ...basic('_SYSTEM', 'SYS').headers, 'x-test': 'h' },
    };
    expect(await json('/API/echo?a=1&b=2', options)).toEqual({
      body: '\u0416!',
      method: 'POST',
      query: 'a=1&b=2',
      script: '/API',
      header: 'h',
      password: null,
      user: '_SYSTEM',
    });
    expect(await json('/api/open/echo')).toMatchObject({ user: 'UnknownUser', script: '/api/open' });
  });

  it('has an iris module that works in the emulator', async () => {
    expect(await json('/api/open/iris')).toEqual({
      value: 'value',
      next: '1',
      data: 10,
      version: emulator.version,
      mode: 1,
      level: 0,
      error: '<CLASS DOES NOT EXIST> *No.Such',
    });
    expect(await json('/api/sql', basic('_SYSTEM', 'SYS'))).toEqual([[1, 'x']]);
    // MatchRoles gives the unknown user all rights here.
    expect(await json('/api/open/sql')).toEqual([
      [1, 'x'],
      [1, 'x'],
    ]);
    // As in ObjectScript, a number without a fraction is a whole one, whatever its SQL type is.
    expect(await json('/api/numbers', basic('_SYSTEM', 'SYS'))).toEqual([
      '42',
      '0.5',
      '12',
      '12345678901234567890',
    ]);
    expect(await json('/api/sqlerror', basic('_SYSTEM', 'SYS'))).toBe(-30);
  });

  it('answers 500 for an exception and logs it', async () => {
    expect((await get('/api/open/fail')).status).toBe(500);
    expect(emulator.webLog.join('\n')).toContain('ValueError: on purpose');
    expect(emulator.messages.at(-1)).toContain('WSGI');
    expect((await get('/api/open/ok')).status).toBe(200);
  });

  it('survives applications that answer nonsense or end their process', async () => {
    await application('/nowhere', {
      WSGIAppLocation: '/no/such/directory',
      WSGIAppName: 'x',
      MatchRoles: ':%All',
    });
    for (const path of ['badheader', 'badstatus', 'exit', 'badmessage']) {
      expect([path, (await get(`/api/open/${path}`)).status]).toEqual([path, 500]);
    }
    expect((await get('/nowhere')).status).toBe(500);
    expect((await get('/api/open/ok')).status).toBe(200);
  });

  it('runs ASGI applications', async () => {
    const response = await get('/asgi/path', { method: 'POST', body: 'payload' });
    expect([response.status, response.headers.get('x-app'), await response.text()]).toEqual([
      201,
      'asgi',
      '/asgi/path payload',
    ]);
  });

  it('serves requests at the same time', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, (_, n) => json(`/api/open/${n}`)));
    expect(answers).toEqual(Array.from({ length: 12 }, (_, n) => `/${n}`));
  });

  it('keeps modules loaded, unless it is to debug', async () => {
    const file = join(directory, 'changing_wsgi.py');
    const write = async (text: string, stampSeconds: number) => {
      await writeFile(
        file,
        `def app(environ, start_response):\n    start_response("200 OK", [])\n    return [b"${text}"]\n`,
      );
      await utimes(file, stampSeconds, stampSeconds);
    };
    await write('old', 1_000);
    const open = { AutheEnabled: 64, MatchRoles: ':%All', WSGIAppName: 'changing_wsgi' };
    await application('/cached', open);
    await application('/debug', { ...open, WSGIDebug: 1 });
    expect([await (await get('/cached')).text(), await (await get('/debug')).text()]).toEqual(['old', 'old']);
    await write('new', 2_000);
    expect([await (await get('/cached')).text(), await (await get('/debug')).text()]).toEqual(['old', 'new']);
  });
});
