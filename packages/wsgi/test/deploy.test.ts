import { existsSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Secret } from '@iris-devtools/core';
import { LocalTarget } from '@iris-devtools/ipm';
import { AsgiDeployment, IpmHost, WsgiDeployment } from '@iris-devtools/wsgi';
import { FakeInstance, Sources } from './support/fake-instance.js';
import { ASGI, options, refusal, shop } from './support/shop.js';

describe('deploy', () => {
  it('installs a module, and removes it with its archives', async () => {
    await using iris = await FakeInstance.start();
    using sources = new Sources(shop());
    const deployment = new WsgiDeployment(options(iris, sources));
    await deployment.deploy();
    sources.write('shop/words.py', 'ANSWER = "two"\n');
    await deployment.deploy();
    expect(await deployment.status()).toMatchObject({ moduleVersion: '1.0.0' });
    expect(await deployment.undeploy()).toEqual({ removed: true });
    expect(iris.state).toMatchObject({ apps: {}, modules: {} });
    expect(iris.state.loads?.map(({ path }) => existsSync(path))).toEqual([false, false]);
    expect(await deployment.status()).toMatchObject({ deployed: false, answer: undefined });
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

  it('puts everything back when the caller aborts while it waits', async () => {
    await using iris = await FakeInstance.start();
    using sources = new Sources(shop());
    const target = new LocalTarget({ webUrl: 'http://127.0.0.1:1' });
    const host = new IpmHost({ target, session: { irisProgram: iris.program } });
    const controller = new AbortController();
    const onProgress = (step: string): void => {
      if (step.startsWith('waiting')) controller.abort();
    };
    const work = new WsgiDeployment(
      options(iris, sources, { host, onProgress, signal: controller.signal }),
    ).deploy();
    const error = await refusal(work);
    expect(error).toMatchObject({ code: 'IRIS_ABORTED', details: { rolledBack: true } });
    expect(iris.state).toMatchObject({ apps: {}, modules: {} });
    expect(iris.library).toEqual([]);
  });

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
