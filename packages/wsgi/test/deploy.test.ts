import { existsSync, readdirSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { IrisError, Secret, isIrisError } from '@iris-devtools/core';
import { LocalTarget } from '@iris-devtools/ipm';
import { AsgiDeployment, IpmHost, WsgiDeployment } from '@iris-devtools/wsgi';
import type { DeploymentOptions } from '@iris-devtools/wsgi';
import { FakeInstance, Sources } from './support/fake-instance.js';

const login = { username: 'tester', password: new Secret('secret') };

const WSGI = (answer: string): string => `
from shop import words

def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [(words.ANSWER + " ${answer} " + environ["PATH_INFO"]).encode()]
`;

const shop = (answer = 'one'): Record<string, string> => ({
  'shop_web.py': WSGI(answer),
  'shop/__init__.py': '',
  'shop/words.py': `ANSWER = "${answer}"\n`,
});

const ASGI = `
async def app(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b"asgi " + scope["path"].encode()})
`;

function options(
  iris: FakeInstance,
  sources: Sources,
  change: Partial<DeploymentOptions> = {},
): DeploymentOptions {
  return {
    app: 'shop_web:app',
    path: sources.path,
    urlPrefix: '/shop',
    host: iris.host,
    ...change,
    health: { login, timeoutMs: 5000, ...change.health },
  };
}

async function refusal(work: Promise<unknown>): Promise<IrisError> {
  const error: unknown = await work.then(
    () => new Error('expected a refusal'),
    (reason: unknown) => reason,
  );
  if (isIrisError(error)) return error;
  throw error;
}

describe('deploy', () => {
  it('installs, proves, replaces the code in a process that keeps its modules, and leaves nothing behind', async () => {
    await using iris = await FakeInstance.start();
    using sources = new Sources(shop());
    const deployment = new WsgiDeployment(options(iris, sources));
    expect(deployment.url).toBe(`${iris.webUrl}/shop/`);

    const first = await deployment.deploy();
    expect(first).toMatchObject({
      action: 'create',
      proof: 'proven',
      currentRelease: undefined,
      warnings: [],
    });
    expect(await iris.get('/shop/x')).toBe('200 one one /x');

    for (const [path, text] of Object.entries(shop('two'))) sources.write(path, text);
    const second = await deployment.deploy();
    expect(second).toMatchObject({ action: 'update', proof: 'proven', currentRelease: first.release });
    // The package and the module have new code, although the process had imported both.
    expect(await iris.get('/shop/x')).toBe('200 two two /x');
    expect(iris.library.filter((name) => /^shop\/r\w+$/.test(name))).toEqual([`shop/r${second.release}`]);

    const third = await deployment.deploy();
    expect(third).toMatchObject({ action: 'nothing', proof: 'proven', release: second.release });
    expect(iris.state.loads).toHaveLength(2);

    expect(await deployment.status()).toMatchObject({
      deployed: true,
      enabled: true,
      release: second.release,
      moduleVersion: '1.0.0',
      answer: { kind: 'proven', status: 200 },
    });
    expect(await deployment.undeploy()).toEqual({ removed: true });
    expect(iris.state).toMatchObject({ apps: {}, modules: {} });
    expect(iris.library).toEqual([]);
    expect(await iris.get('/shop/x')).toBe('404 ');
    expect(await deployment.undeploy()).toEqual({ removed: false });
    expect(await deployment.status()).toMatchObject({ deployed: false, answer: undefined });
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('iris-wsgi-'))).toEqual([]);
  });

  it('asks for a password unless told otherwise, and runs in the namespace that was named', async () => {
    await using iris = await FakeInstance.start();
    using sources = new Sources(shop());
    await new WsgiDeployment(options(iris, sources, { namespace: 'app' })).deploy();
    expect(iris.state.apps['/shop']).toMatchObject({
      AutheEnabled: '32',
      NameSpace: 'APP',
      MatchRoles: ':%DB_APP',
      DispatchClass: '%SYS.Python.WSGI',
      WSGIDebug: '0',
    });
    const response = await fetch(`${iris.webUrl}/shop/`);
    expect(response.status).toBe(401);
  });

  it('says when the proof needs a login that was not given, and when a given one is wrong', async () => {
    await using iris = await FakeInstance.start();
    using sources = new Sources(shop());
    const base = options(iris, sources);
    const result = await new WsgiDeployment({ ...base, health: { timeoutMs: 5000 } }).deploy();
    expect(result.proof).toBe('login');
    const wrong = { username: 'tester', password: new Secret('not-this') };
    const error = await refusal(
      new WsgiDeployment({ ...base, health: { login: wrong, timeoutMs: 5000 } }).deploy(),
    );
    expect(error.message).toContain('refused the login');
    expect(JSON.stringify(error)).not.toContain('not-this');
  });

  it('does not show the release to visitors', async () => {
    await using iris = await FakeInstance.start();
    using sources = new Sources(shop());
    await new WsgiDeployment(options(iris, sources, { authentication: ['unauthenticated'] })).deploy();
    expect((await fetch(`${iris.webUrl}/shop/`)).headers.has('x-iris-deployment')).toBe(false);
  });

  it('deploys ASGI with a2wsgi among the requirements', async () => {
    await using iris = await FakeInstance.start();
    using sources = new Sources({ 'v.py': ASGI, 'requirements.txt': 'httpx>=0.27\n' });
    const result = await new AsgiDeployment(
      options(iris, sources, { app: 'v:app', urlPrefix: '/v' }),
    ).deploy();
    expect(result).toMatchObject({ proof: 'proven', requirements: ['httpx', 'a2wsgi'] });
    expect(await iris.get('/v/path')).toBe('200 asgi /path');
    expect(iris.state.apps['/v']).toMatchObject({ WSGIType: '2' });
    expect(iris.state.loads?.[0]?.requirements).toBe('httpx>=0.27\na2wsgi\n');
  });

  it('asks pip for newer packages on redeployment only, and for local wheels when there are some', async () => {
    await using iris = await FakeInstance.start();
    using sources = new Sources({ ...shop(), 'requirements.txt': '-r more.txt\n', 'more.txt': 'flask\n' });
    using wheels = new Sources({ 'flask-3.0-py3-none-any.whl': 'not really' });
    await new WsgiDeployment(options(iris, sources)).deploy();
    sources.write('shop/words.py', 'ANSWER = "new"\n');
    await new WsgiDeployment(options(iris, sources, { wheels: wheels.path })).deploy();
    expect(iris.state.loads?.map(({ requirements }) => requirements)).toEqual(['flask\n', 'flask\n']);
    expect(iris.state.loads?.[0]?.flags).toEqual(['-verbose']);
    expect(iris.state.loads?.[1]?.flags[2]).toMatch(
      /^--upgrade --no-index --find-links \/tmp\/iris-wsgi-\w+\/wheels$/,
    );
  });

  it('serves static files through a second web application', async () => {
    await using iris = await FakeInstance.start();
    using sources = new Sources({ ...shop(), 'assets/style.css': 'body {}' });
    const deployment = new WsgiDeployment(options(iris, sources, { staticFiles: { directory: 'assets' } }));
    expect(await deployment.deploy()).toMatchObject({ webApplications: ['/shop', '/shop/static'] });
    expect(await iris.get('/shop/static/style.css')).toBe('200 body {}');
    await deployment.undeploy();
    expect(iris.state.apps).toEqual({});
  });

  it('keeps two applications apart whose modules have one name', async () => {
    await using iris = await FakeInstance.start();
    using first = new Sources(shop('first'));
    using second = new Sources(shop('second'));
    await new WsgiDeployment(options(iris, first)).deploy();
    expect(await iris.get('/shop/')).toBe('200 first first /');
    await new WsgiDeployment(options(iris, second, { urlPrefix: '/other' })).deploy();
    expect(await iris.get('/other/')).toBe('200 second second /');
    expect(await iris.get('/shop/')).toBe('200 first first /');
  });

  it('leaves modules of Python alone that have the name of a file of the application', async () => {
    await using iris = await FakeInstance.start();
    using sources = new Sources({ ...shop(), 'json.py': 'raise RuntimeError("not this one")\n' });
    const result = await new WsgiDeployment(options(iris, sources)).deploy();
    expect(result.warnings).toEqual([expect.stringMatching(/^json has the name of a module of Python/)]);
    expect(await iris.get('/shop/')).toBe('200 one one /');
  });

  it('leaves caches, dotfiles, virtual environments and what was named at home', async () => {
    await using iris = await FakeInstance.start();
    using sources = new Sources({
      ...shop(),
      '.env': 'SECRET=1',
      'venv/pyvenv.cfg': '',
      'venv/lib/x.py': '',
      'shop/__pycache__/words.pyc': '',
      'data/big.csv': '',
    });
    const plan = await new WsgiDeployment(options(iris, sources, { exclude: ['data/'] })).plan();
    expect(plan.files).toEqual(['shop/__init__.py', 'shop/words.py', 'shop_web.py']);
  });
});

describe('a deployment that fails', () => {
  it('tells the Python traceback, and the old release serves again', async () => {
    await using iris = await FakeInstance.start();
    using sources = new Sources(shop());
    const deployment = new WsgiDeployment(options(iris, sources));
    const good = await deployment.deploy();
    const files = iris.library;
    sources.write('shop/words.py', 'import nowhere_to_be_found\n');
    const error = await refusal(deployment.deploy());
    expect(error.message).toContain("ModuleNotFoundError: No module named 'nowhere_to_be_found'");
    expect(error.hint).toContain('requirements.txt');
    expect(error.details).toMatchObject({ rolledBack: true, outcome: { kind: 'failing', status: 500 } });
    expect(String(error.details.traceback)).toMatch(/shop\/words\.py", line 1/);
    expect(await iris.get('/shop/')).toBe('200 one one /');
    expect(iris.library).toEqual(files);
    expect(await deployment.status()).toMatchObject({ release: good.release });
  });

  it('leaves nothing of a first one', async () => {
    await using iris = await FakeInstance.start();
    using sources = new Sources({
      'shop_web.py': 'raise RuntimeError("no database")\ndef app(a, b): pass\n',
    });
    const error = await refusal(new WsgiDeployment(options(iris, sources)).deploy());
    expect(error.message).toContain('RuntimeError: no database');
    expect(iris.state).toMatchObject({ apps: {}, modules: {} });
    expect(iris.library).toEqual([]);
  });

  it.each([{ before: 'Reload' }, { after: 'Activate' }])(
    'IPM fails %j: the old release stays, or nothing',
    async (moment) => {
      await using iris = await FakeInstance.start({ fail: { ...moment, text: 'broken' } });
      using sources = new Sources(shop());
      const deployment = new WsgiDeployment(options(iris, sources));
      expect((await refusal(deployment.deploy())).details).toMatchObject({ rolledBack: true });
      expect(iris.library).toEqual([]);
      iris.change({ fail: undefined });
      await deployment.deploy();
      const files = iris.library;
      iris.change({ fail: { ...moment, text: 'broken' } });
      sources.write('shop/words.py', 'ANSWER = "never"\n');
      expect((await refusal(deployment.deploy())).message).toContain('broken');
      expect(await iris.get('/shop/')).toBe('200 one one /');
      expect(iris.library).toEqual(files);
    },
  );

  it('is told apart from a web server that does not answer', async () => {
    await using iris = await FakeInstance.start();
    using sources = new Sources(shop());
    const target = new LocalTarget({ webUrl: 'http://127.0.0.1:1' });
    const host = new IpmHost({ target, session: { irisProgram: iris.program } });
    const error = await refusal(
      new WsgiDeployment(options(iris, sources, { host, health: { timeoutMs: 300 } })).deploy(),
    );
    expect(error.message).toMatch(/cannot be reached/);
    expect(iris.library).toEqual([]);
  });
});

describe('what can be known is refused before anything is changed', () => {
  const cases: readonly (readonly [
    string,
    Partial<DeploymentOptions>,
    Readonly<Record<string, string>>,
    RegExp,
  ])[] = [
    ['a missing module', { app: 'shop_wab:app' }, {}, /no Python module shop_wab.*shop_wab\.py/],
    ['a missing callable', { app: 'shop_web:application' }, {}, /shop_web\.py has no "application"/],
    ['a syntax error', {}, { 'shop_web.py': 'def app(:\n' }, /shop_web\.py:1/],
    [
      'a syntax error in a parent package',
      { app: 'shop.words:app' },
      { 'shop/__init__.py': 'x = (\n' },
      /shop\/__init__\.py/,
    ],
    ['an ASGI application', {}, { 'shop_web.py': ASGI }, /is ASGI/],
    [
      'a FastAPI application',
      {},
      { 'shop_web.py': 'import fastapi as f\napp = f.FastAPI()\n' },
      /FastAPI.*is ASGI/,
    ],
    ['a factory', {}, { 'shop_web.py': 'def app():\n  pass\n' }, /2 arguments/],
    ['a value', {}, { 'shop_web.py': 'app = "x"\n' }, /plain value/],
    ['an editable requirement', {}, { 'requirements.txt': 'flask\n-e .\n' }, /requirements\.txt:2/],
    [
      'a requirement from git',
      {},
      { 'requirements.txt': 'x @ git+https://example.org/x\n' },
      /requirements\.txt:1/,
    ],
    ['a requirements file that is not there', { requirements: 'prod.txt' }, {}, /prod\.txt does not exist/],
    ['a path that is not there', { path: '/nonexistent' }, {}, /nonexistent/],
    ['no static files', { staticFiles: { directory: 'assets' } }, {}, /no file in assets/],
    ['a namespace that is not there', { namespace: 'OTHER' }, {}, /no namespace OTHER/],
  ];

  it.each(cases)('%s', async (_name, change, files, message) => {
    await using iris = await FakeInstance.start();
    using sources = new Sources({ ...shop(), ...files });
    const before = iris.state;
    const error = await refusal(new WsgiDeployment(options(iris, sources, change)).deploy());
    expect(error.message).toMatch(message);
    expect(error.hint).toBeTruthy();
    expect(iris.state).toEqual(before);
    expect(iris.library).toEqual([]);
  });

  it.each([
    ['an IRIS without WSGI', { iris: '2023.1' }, /does not serve WSGI/],
    ['an instance without IPM', { ipm: false }, /IPM is not there/],
    [
      'a path that another application has',
      { apps: { '/Shop': { NameSpace: 'USER', AutheEnabled: '32' } } },
      /is a web application already/,
    ],
  ] as const)('%s', async (_name, state, message) => {
    await using iris = await FakeInstance.start(state);
    using sources = new Sources(shop());
    const deployment = new WsgiDeployment(options(iris, sources));
    expect((await refusal(deployment.deploy())).message).toMatch(message);
    expect(iris.library).toEqual([]);
    expect(iris.state.apps).toEqual('apps' in state ? state.apps : {});
  });

  it('never removes an application of somebody else', async () => {
    await using iris = await FakeInstance.start({
      apps: { '/shop': { NameSpace: 'USER', AutheEnabled: '32' } },
    });
    using sources = new Sources(shop());
    expect((await refusal(new WsgiDeployment(options(iris, sources)).undeploy())).code).toBe('IRIS_DEPLOY');
    expect(Object.keys(iris.state.apps)).toEqual(['/shop']);
  });

  it('warns of applications above and below', async () => {
    const record = { NameSpace: 'USER', AutheEnabled: '32' };
    await using iris = await FakeInstance.start({
      apps: { '/shop/admin': record, '/': record, '/shopping': record },
    });
    using sources = new Sources(shop());
    const plan = await new WsgiDeployment(options(iris, sources)).plan();
    expect(plan.warnings).toEqual(['/shop/admin exists and takes requests below /shop']);
  });

  it('refuses links that leave the sources', async () => {
    await using iris = await FakeInstance.start();
    using sources = new Sources(shop());
    symlinkSync('/etc/hostname', join(sources.path, 'leak.txt'));
    expect((await refusal(new WsgiDeployment(options(iris, sources)).deploy())).code).toBe('IRIS_VALIDATION');
  });

  it.each([
    { urlPrefix: 'shop' },
    { urlPrefix: '/shop/' },
    { urlPrefix: '/../shop' },
    { urlPrefix: '/a"b' },
    { urlPrefix: '/$x' },
    { urlPrefix: `/${'x'.repeat(64)}` },
    { name: '../x' },
    { name: '..' },
    { app: 'shop_web' },
    { app: 'shop web:app' },
    { app: 'os;x:app' },
    { namespace: 'A B' },
    { namespace: '%SYS' },
    { matchRoles: '"' },
    { authentication: [] },
    { staticFiles: { directory: '../x' } },
    { health: { path: 'x' } },
  ])('refuses the option %j', (change) => {
    const host = new IpmHost({ target: new LocalTarget() });
    const base = { app: 'a:app', path: '.', urlPrefix: '/a', host };
    expect(() => new WsgiDeployment({ ...base, ...change })).toThrow(IrisError);
  });

  it('plans without changing anything', async () => {
    await using iris = await FakeInstance.start();
    using sources = new Sources(shop());
    const before = iris.state;
    const plan = await new WsgiDeployment(options(iris, sources)).plan();
    expect(plan).toMatchObject({
      action: 'create',
      url: `${iris.webUrl}/shop/`,
      webApplications: ['/shop'],
      warnings: [],
    });
    expect(plan.directory).toBe(`${iris.directory}/irissys/lib/shop/r${plan.release}/`);
    expect(iris.state).toEqual(before);
    expect(existsSync(plan.directory)).toBe(false);
  });
});
