import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterAll, describe, expect, it } from '@jest/globals';
import { FakeInstance, Sources } from './support/fake-instance.js';

const BIN = join(__dirname, '..', 'dist', 'bin', 'iris-wsgi.js');

const APP = `
def app(environ, start_response):
    start_response("200 OK", [])
    return [b"hello"]
`;

/** Temporary files of the command line, apart from those of others. */
const temporary = mkdtempSync(join(tmpdir(), 'wsgi-cli-'));

afterAll(() => {
  rmSync(temporary, { recursive: true });
});

/** Not `spawnSync`: the web server of the fake instance is read by this process. */
async function cli(...argv: string[]): Promise<{ code: number | null; out: string; err: string }> {
  const env = { ...process.env, IRIS_WEB_PASSWORD: 'secret', TMPDIR: temporary };
  const child = spawn(process.execPath, [BIN, ...argv], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, err, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number | null]>,
  ]);
  return { code, out, err };
}

describe('iris-wsgi', () => {
  it('plans, deploys, shows and removes an application', async () => {
    await using iris = await FakeInstance.start();
    using sources = new Sources({ 'admin.py': APP });
    const host = ['--iris-program', iris.program, '--web-url', iris.webUrl, '--url-prefix', '/admin'];
    const source = ['--app', 'admin:app', '--path', sources.path, '--web-user', 'tester'];

    const plan = await cli('plan', ...host, ...source);
    expect(plan).toMatchObject({ code: 0, err: '' });
    expect(plan.out).toMatch(/^admin:app \(wsgi\) would be deployed on this machine\n/);
    expect(await cli('status', ...host)).toEqual({
      code: 1,
      out: '/admin is not deployed on this machine\n',
      err: '',
    });

    const deployed = await cli('deploy', ...host, ...source);
    expect(deployed.code).toBe(0);
    expect(deployed.err.split('\n')[0]).toBe('checking sources and server ...');
    expect(deployed.out).toMatch(/^admin:app deployed, release [0-9a-f]{12} .*: this release answers\n/);
    expect(deployed.out.trimEnd().split('\n').at(-1)).toBe(`${iris.webUrl}/admin/`);

    const again = JSON.parse((await cli('deploy', '--json', ...host, ...source)).out) as object;
    expect(again).toMatchObject({ ok: true, action: 'nothing', proof: 'proven' });
    const status = JSON.parse((await cli('status', '--json', ...host)).out) as object;
    expect(status).toMatchObject({ ok: true, deployed: true, answer: { kind: 'login' } });
    expect(await cli('undeploy', ...host)).toEqual({ code: 0, out: '/admin is gone\n', err: '' });
    expect(await cli('undeploy', ...host)).toEqual({ code: 0, out: '/admin was not deployed\n', err: '' });
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('finds the application and its type by itself', async () => {
    using sources = new Sources({
      'main.py': 'from fastapi import FastAPI\napp = FastAPI()\n',
      'tests/test_it.py': 'import flask\napp = flask.Flask(__name__)\n',
      'mysite/wsgi.py':
        'from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n',
      'mysite/asgi.py':
        'from django.core.asgi import get_asgi_application\napplication = get_asgi_application()\n',
      'old.py': 'print "python 2"\n',
      'q.py': 'import quart as q\nif True:\n    server = q.Quart(__name__)\n',
    });
    const found = JSON.parse((await cli('detect', sources.path, '--json')).out) as {
      applications: { app: string; type: string; framework: string }[];
    };
    expect(found.applications.map(({ app, type, framework }) => [app, type, framework])).toEqual([
      ['mysite.wsgi:application', 'wsgi', 'Django'],
      ['mysite.asgi:application', 'asgi', 'Django'],
      ['main:app', 'asgi', 'FastAPI'],
      ['q:server', 'asgi', 'Quart'],
      ['tests.test_it:app', 'wsgi', 'Flask'],
    ]);
  });

  it('shows the Python traceback when an application does not come up', async () => {
    await using iris = await FakeInstance.start();
    using sources = new Sources({ 'admin.py': `import nothing_like_this\n${APP}` });
    const result = await cli(
      'deploy',
      '--iris-program',
      iris.program,
      '--web-url',
      iris.webUrl,
      '--url-prefix',
      '/admin',
      '--path',
      sources.path,
      '--web-user',
      'tester',
    );
    expect(result.code).toBe(1);
    expect(result.err).toContain('--- Python ---\nTraceback (most recent call last):');
    expect(result.err).toContain('What was there before is there again.');
  });

  it('puts everything back when it is interrupted', async () => {
    await using iris = await FakeInstance.start();
    using sources = new Sources({ 'admin.py': APP });
    const argv = ['deploy', '--url-prefix', '/admin', '--path', sources.path, '--iris-program', iris.program];
    const words = [BIN, ...argv, '--web-url', 'http://127.0.0.1:1'];
    const child = spawn(process.execPath, words, { env: process.env, stdio: ['ignore', 'ignore', 'pipe'] });
    try {
      const exited = once(child, 'exit');
      let shown = '';
      for await (const line of createInterface({ input: child.stderr })) {
        shown += `${line}\n`;
        if (line.startsWith('waiting')) child.kill('SIGINT');
      }
      expect(await exited).toEqual([1, null]);
      expect(shown).toContain('error: The deployment was aborted');
      expect(iris.state.apps).toEqual({});
      expect(iris.library).toEqual([]);
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('follows the log until it is interrupted', async () => {
    await using iris = await FakeInstance.start();
    const log = join(iris.directory, 'irissys', 'mgr', 'WSGI.log');
    appendFileSync(log, 'first\n');
    const argv = ['logs', '--follow', '--url-prefix', '/x', '--iris-program', iris.program];
    const child = spawn(process.execPath, [BIN, ...argv], {
      env: process.env,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    try {
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      expect((await lines.next()).value).toBe('first');
      appendFileSync(log, 'second\n');
      expect((await lines.next()).value).toBe('second');
      const exited = once(child, 'exit');
      child.kill('SIGINT');
      expect(await exited).toEqual([0, null]);
    } finally {
      child.kill('SIGKILL');
    }
  });

  it.each([
    [['nonsense'], 2],
    [['deploy'], 2],
    [['deploy', '--url-prefix', 'x', '--app', 'a:b', '--type', 'wsgi'], 2],
    [['deploy', '--url-prefix', '/x', '--app', 'a:b', '--type', 'cgi'], 2],
    [['deploy', '--url-prefix', '/x', '--app', 'a:b', '--type', 'wsgi', '--auth', 'none'], 2],
    [['deploy', '--url-prefix', '/x', '--path', '/nonexistent'], 2],
    [['status', '--url-prefix', '/x', '--web-url', 'ftp://x'], 2],
    [['status', '--url-prefix', '/x', '--container', '-x'], 2],
    [['status', '--url-prefix', '/x', '--timeout-seconds', '0'], 2],
    [['status', '--url-prefix', '/x', '--username', 'u', '--password-env', 'NOT_THERE'], 2],
    [['status', '--url-prefix', '/x', '--iris-program', '/nonexistent/iris'], 3],
    [['status', '--url-prefix', '/x', '--container', 'x', '--engine', '/nonexistent/engine'], 3],
    [['--help'], 0],
    [['deploy', '--help'], 0],
    [['--version'], 0],
  ] as const)('%j exits with %i', async (argv, code) => {
    const result = await cli(...argv);
    expect(result.code).toBe(code);
    expect(result.err + result.out).not.toContain('    at ');
  });
});
