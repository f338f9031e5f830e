import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEmulator } from '@iris-devtools/emulator';
import type { Emulator } from '@iris-devtools/emulator';
import { Sources } from '../support/fake-instance.js';

const BIN = join(__dirname, '..', '..', 'dist', 'bin', 'iris-wsgi.js');

const FLASK = {
  'requirements.txt': 'flask\n',
  'app.py': `
import iris
from flask import Flask, jsonify, url_for

app = Flask(__name__)

@app.get("/")
def home():
    return "VERSION " + url_for("users")

@app.get("/users")
def users():
    return jsonify([row[0] for row in iris.sql.exec("SELECT Name FROM Web.Person ORDER BY Name")])
`,
};

const FASTAPI = {
  'requirements.txt': 'fastapi\n',
  'main.py': `
import iris
from fastapi import FastAPI, HTTPException

app = FastAPI()
QUERY = "SELECT TOP 1 Name FROM Web.Doc ORDER BY VECTOR_COSINE(V, TO_VECTOR(?, double, 2)) DESC"

@app.get("/")
async def home():
    return {"release": "VERSION"}

@app.get("/near/{x}/{y}")
async def near(x: float, y: float):
    for row in iris.sql.exec(QUERY, f"{x},{y}"):
        return {"name": row[0]}
    raise HTTPException(404)
`,
};

const DJANGO = {
  'requirements.txt': 'django\n',
  'mysite/__init__.py': '',
  'mysite/settings.py': `
SECRET_KEY = "only for this test"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "mysite.urls"
INSTALLED_APPS = []
MIDDLEWARE = []
`,
  'mysite/urls.py': `
from django.http import HttpResponse
from django.urls import path

urlpatterns = [path("", lambda request: HttpResponse("VERSION " + request.path))]
`,
  'mysite/wsgi.py': `
import os
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings")
application = get_wsgi_application()
`,
};

describe('frameworks on the emulator', () => {
  const directory = mkdtempSync(join(tmpdir(), 'wsgi-frameworks-'));
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await startEmulator({ webPort: 0 });
    await emulator.sql('CREATE TABLE Web.Person (Name VARCHAR(20))');
    await emulator.sql("INSERT INTO Web.Person (Name) VALUES ('Ann')");
    await emulator.sql('CREATE TABLE Web.Doc (Name VARCHAR(20), V VECTOR(DOUBLE, 2))');
    await emulator.sql("INSERT INTO Web.Doc (Name, V) VALUES ('east', TO_VECTOR('1,0', double, 2))");
    await emulator.sql("INSERT INTO Web.Doc (Name, V) VALUES ('north', TO_VECTOR('0,1', double, 2))");
  });
  afterAll(async () => {
    await emulator.stop();
    rmSync(directory, { recursive: true });
  });

  async function cli(command: string, prefix: string, ...argv: string[]): Promise<unknown> {
    const host = ['--emulator', emulator.url, '--web-url', String(emulator.webUrl), '--directory', directory];
    const words = [BIN, command, '--json', '--url-prefix', prefix, ...host, ...argv];
    const env = { ...process.env, IRIS_WEB_PASSWORD: 'SYS' };
    const child = spawn(process.execPath, words, { env, stdio: ['ignore', 'pipe', 'inherit'] });
    const exited = once(child, 'exit');
    const out = await text(child.stdout);
    await exited;
    return JSON.parse(out);
  }

  async function get(path: string): Promise<string> {
    const authorization = `Basic ${Buffer.from('_SYSTEM:SYS').toString('base64')}`;
    return (await fetch(`${String(emulator.webUrl)}${path}`, { headers: { authorization } })).text();
  }

  it.each([
    ['Flask', FLASK, '/flask', 'app.py', 'VERSION /flask/users', ['/flask/users', '["Ann"]\n']],
    [
      'FastAPI',
      FASTAPI,
      '/fast',
      'main.py',
      '{"release":"VERSION"}',
      ['/fast/near/0.1/3', '{"name":"north"}'],
    ],
    ['Django', DJANGO, '/django', 'mysite/urls.py', 'VERSION /django/', ['/django/', 'TWO /django/']],
  ] as const)(
    '%s: deployed, used, replaced, removed',
    async (framework, files, prefix, changed, home, [path, answer]) => {
      const texts: Readonly<Record<string, string>> = files;
      const source = texts[changed] ?? '';
      using sources = new Sources({ ...texts, [changed]: source.replaceAll('VERSION', 'ONE') });
      const argv = ['--path', sources.path, '--web-user', '_SYSTEM'];
      expect(await cli('deploy', prefix, ...argv)).toMatchObject({
        ok: true,
        framework,
        proof: 'proven',
        action: 'create',
      });
      expect(await get(`${prefix}/`)).toBe(home.replace('VERSION', 'ONE'));
      sources.write(changed, source.replaceAll('VERSION', 'TWO'));
      expect(await cli('deploy', prefix, ...argv)).toMatchObject({
        ok: true,
        proof: 'proven',
        action: 'update',
      });
      expect(await get(`${prefix}/`)).toBe(home.replace('VERSION', 'TWO'));
      expect(await get(path)).toBe(answer);
      expect(await cli('undeploy', prefix)).toEqual({ ok: true, removed: true });
      expect(readdirSync(directory)).toEqual([]);
    },
  );
});
