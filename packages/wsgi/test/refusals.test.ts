import { existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { IrisError } from '@iris-devtools/core';
import { LocalTarget } from '@iris-devtools/ipm';
import { AsgiDeployment, DirectHost, IpmHost, SessionInstance, WsgiDeployment } from '@iris-devtools/wsgi';
import type { DeploymentOptions } from '@iris-devtools/wsgi';
import { FakeInstance, Sources } from './support/fake-instance.js';
import { ASGI, options, refusal, shop } from './support/shop.js';

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
    ['an instance with an old IPM', { ipm: 'too-old' }, /IPM is too old/],
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

  it('an IRIS that has WSGI and not ASGI', async () => {
    await using iris = await FakeInstance.start({ iris: '2024.1' });
    using sources = new Sources({ 'v.py': ASGI });
    const deployment = new AsgiDeployment(options(iris, sources, { app: 'v:app' }));
    expect((await refusal(deployment.deploy())).message).toMatch(/IRIS 2024\.1 does not serve ASGI/);
    expect(iris.library).toEqual([]);
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
    { staticFiles: { directory: '/etc' } },
    { health: { path: 'x' } },
  ])('refuses the option %j', (change) => {
    const host = new IpmHost({ target: new LocalTarget() });
    const base = { app: 'a:app', path: '.', urlPrefix: '/a', host };
    expect(() => new WsgiDeployment({ ...base, ...change })).toThrow(IrisError);
  });

  it.each(['lib', './lib', '/usr/irissys/../lib'])('refuses the directory %j', (baseDirectory) => {
    const target = new LocalTarget();
    const instance = new SessionInstance(target, {});
    expect(() => new DirectHost({ target, instance, baseDirectory })).toThrow(/is not absolute/);
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
