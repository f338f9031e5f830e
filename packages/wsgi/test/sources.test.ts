import { describe, expect, it } from '@jest/globals';
import { isIrisError } from '@iris-devtools/core';
import { LocalTarget } from '@iris-devtools/ipm';
import { findApplications, lastTraceback, readPythonSources, readRequirements } from '@iris-devtools/wsgi';
import { Sources } from './support/fake-instance.js';

const local = new LocalTarget();

async function found(files: Readonly<Record<string, string>>): Promise<string[]> {
  using sources = new Sources(files);
  const read = await readPythonSources(local, 'python3', sources.path);
  if (read === undefined) throw new Error('python3 is needed for these tests');
  return findApplications(read).map(({ app, type, framework }) => `${app} ${type} ${framework ?? '-'}`);
}

describe('findApplications', () => {
  it.each([
    ['Flask', 'from flask import Flask\napp = Flask(__name__)\n', ['m:app wsgi Flask']],
    ['an alias', 'import flask as f\nweb: f.Flask = f.Flask("x")\n', ['m:web wsgi Flask']],
    [
      'inside of if and try',
      'try:\n  import flask\nexcept ImportError:\n  pass\nelse:\n  app = flask.Flask("x")\n',
      ['m:app wsgi Flask'],
    ],
    [
      'Falcon, both kinds',
      'import falcon, falcon.asgi\na = falcon.App()\nb = falcon.asgi.App()\n',
      ['m:a wsgi Falcon', 'm:b asgi Falcon'],
    ],
    ['a WSGI function', 'def application(environ, start_response):\n  pass\n', ['m:application wsgi -']],
    ['an ASGI function', 'async def app(scope, receive, send):\n  pass\n', ['m:app asgi -']],
    ['no other function', 'def add(a, b):\n  pass\nasync def copy(a, b, c):\n  pass\n', []],
    ['not in text', 'x = """\nfrom flask import Flask\napp = Flask(__name__)\n"""\n# app = Flask()\n', []],
    ['not inside of a function', 'import flask\ndef make():\n  app = flask.Flask("x")\n', []],
    ['not what IRIS cannot serve', 'import tornado.web\napp = tornado.web.Application([])\n', []],
    ['nothing in a broken file', 'def (\n', []],
  ])('%s', async (_name, text, expected) => {
    expect(await found({ 'm.py': text })).toEqual(expected);
  });

  it('names packages, and leaves out what cannot be imported or is not of the project', async () => {
    const app = 'import flask\napp = flask.Flask("x")\n';
    expect(
      await found({
        'a/b/__init__.py': app,
        'not-a-name.py': app,
        'env/pyvenv.cfg': '',
        'env/lib/x.py': app,
        '.hidden/x.py': app,
      }),
    ).toEqual(['a.b:app wsgi Flask']);
  });

  it('never runs what it reads', async () => {
    using sources = new Sources({
      'm.py': 'import os\nos.abort()\n',
      'json.py': 'raise SystemExit(3)\n',
      'ast.py': '1/0\n',
    });
    expect(await readPythonSources(local, 'python3', sources.path)).toMatchObject({
      truncated: false,
      hidden: ['ast', 'json'],
    });
  });

  it('is undefined without Python', async () => {
    expect(await readPythonSources(local, '/nonexistent/python', '/')).toBeUndefined();
  });
});

describe('readRequirements', () => {
  async function read(files: Readonly<Record<string, string>>): Promise<string | undefined> {
    using sources = new Sources(files);
    try {
      return await readRequirements(sources.path, 'requirements.txt');
    } catch (error) {
      if (isIrisError(error)) return `refused: ${error.message}`;
      throw error;
    }
  }

  it.each([
    [{}, undefined],
    [
      { 'requirements.txt': 'flask\r\n\r\n# note\nx[y]>=1; python_version > "3.8"\n' },
      'flask\n# note\nx[y]>=1; python_version > "3.8"\n',
    ],
    [
      { 'requirements.txt': 'a\n-r sub/b.txt\n', 'sub/b.txt': 'b\n-r c.txt\n', 'sub/c.txt': 'c' },
      'a\nb\nc\n',
    ],
    [{ 'requirements.txt': 'a==1 \\\n  --hash=sha256:ab\n' }, 'a==1    --hash=sha256:ab\n'],
  ])('%j', async (files, expected) => {
    expect(await read(files as Record<string, string>)).toBe(expected);
  });

  it.each([
    '-e .',
    '--editable x',
    'git+https://h/x',
    'x @ git+ssh://h/x',
    './local',
    '/abs/x.whl',
    'file:///x',
    'x @ file:///y',
    '-c limits.txt',
    '-r ../x.txt',
    '-r missing.txt',
    '-r requirements.txt',
  ])('refuses %j', async (line) => {
    expect(await read({ 'requirements.txt': `${line}\n` })).toMatch(/^refused: /);
  });
});

describe('lastTraceback', () => {
  it('gives the last one whole, chained causes apart', () => {
    const log =
      'x\nTraceback (most recent call last):\n  File "a"\nKeyError: 1\nline\nTraceback (most recent call last):\n  File "b", line 2\n    boom\nValueError: no\nafter\n';
    expect(lastTraceback(log)).toBe(
      'Traceback (most recent call last):\n  File "b", line 2\n    boom\nValueError: no',
    );
    const unfinished = '\nTraceback (most recent call last):\n  File "c"';
    expect(lastTraceback(log + unfinished)).toBe(lastTraceback(log));
    expect(lastTraceback('nothing here')).toBeUndefined();
    expect(lastTraceback('Traceback (most recent call last):\n  File "b"')).toBe(
      'Traceback (most recent call last):\n  File "b"',
    );
  });
});
