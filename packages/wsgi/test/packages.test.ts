import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Secret, isIrisError } from '@iris-devtools/core';
import { LocalTarget } from '@iris-devtools/ipm';
import { connect } from '@iris-devtools/driver';
import { startEmulator } from '@iris-devtools/emulator';
import type { Emulator } from '@iris-devtools/emulator';
import {
  connectRemoteHost,
  DirectHost,
  RemoteHost,
  SessionInstance,
  WsgiDeployment,
} from '@iris-devtools/wsgi';
import type { DeploymentOptions, RemoteConnection } from '@iris-devtools/wsgi';
import { satisfies } from '../src/host/packages/python-version.js';
import { FakeInstance, Sources } from './support/fake-instance.js';
import { refusal } from './support/shop.js';
import { Wheels } from './support/wheels.js';
import type { WheelOptions } from './support/wheels.js';

const APP = `
import tiny_greeting

def app(environ, start_response):
    start_response("200 OK", [])
    return [tiny_greeting.TEXT.encode()]
`;

function options(
  iris: FakeInstance,
  sources: Sources,
  wheels?: Wheels,
  python = 'python3',
): DeploymentOptions {
  const target = new LocalTarget({ webUrl: iris.webUrl });
  return {
    app: 'web:app',
    path: sources.path,
    urlPrefix: '/greet',
    host: new DirectHost({
      target,
      instance: new SessionInstance(target, { irisProgram: iris.program }),
      logPath: join(iris.directory, 'irissys', 'mgr', 'WSGI.log'),
      python,
    }),
    health: { login: { username: 'tester', password: new Secret('secret') }, timeoutMs: 5000 },
    ...(wheels === undefined ? {} : { wheels: wheels.path }),
  };
}

describe('without IPM', () => {
  it('installs packages beside the release, so that old and new do not meet', async () => {
    await using iris = await FakeInstance.start({ ipm: false });
    using sources = new Sources({ 'web.py': APP, 'requirements.txt': 'tiny-greeting\n' });
    using wheels = new Wheels();
    await wheels.add('1.0');
    const deployment = new WsgiDeployment(options(iris, sources, wheels));
    expect(await deployment.deploy()).toMatchObject({ action: 'create', proof: 'proven' });
    expect(await iris.get('/greet/')).toBe('200 greeting 1.0');
    expect(iris.state.apps['/greet']).toMatchObject({
      AutheEnabled: '32',
      NameSpace: 'USER',
      MatchRoles: ':%DB_USER',
    });

    await wheels.add('2.0');
    sources.write('requirements.txt', 'tiny-greeting==2.0\n');
    expect(await deployment.deploy()).toMatchObject({ action: 'update', proof: 'proven' });
    expect(await iris.get('/greet/')).toBe('200 greeting 2.0');
    expect(iris.library.filter((name) => /^greet\/[rp]\w+$/.test(name))).toHaveLength(2);
    const packages = iris.library.find((name) => /^greet\/p\w+$/.test(name));

    // With the same requirements the directory of packages stays.
    sources.write('more.py', '');
    expect(await deployment.deploy()).toMatchObject({ action: 'update', proof: 'proven' });
    expect(iris.library).toContain(packages);

    expect(await deployment.undeploy()).toEqual({ removed: true });
    expect(iris.state.apps).toEqual({});
    expect(iris.library).toEqual([]);
  });

  it('leaves nothing when pip finds no package', async () => {
    await using iris = await FakeInstance.start({ ipm: false });
    using sources = new Sources({ 'web.py': APP, 'requirements.txt': 'tiny-greeting==9.9\n' });
    using wheels = new Wheels();
    await wheels.add('1.0');
    const work = new WsgiDeployment(options(iris, sources, wheels)).deploy();
    const error: unknown = await work.catch((reason: unknown) => reason);
    expect(isIrisError(error) && error.message).toContain('pip failed');
    expect(error).toMatchObject({ code: 'IRIS_DEPLOY', details: { rolledBack: true } });
    expect(iris.state.apps).toEqual({});
    expect(iris.library).toEqual([]);
  });

  it('is refused before anything is changed when there is no pip', async () => {
    await using iris = await FakeInstance.start({ ipm: false });
    using sources = new Sources({ 'web.py': APP, 'requirements.txt': 'tiny-greeting\n' });
    using tools = new Sources({ python: '#!/bin/sh\necho no such module >&2\nexit 1\n' });
    const python = join(tools.path, 'python');
    chmodSync(python, 0o755);
    const error = await refusal(new WsgiDeployment(options(iris, sources, undefined, python)).plan());
    expect(error.message).toMatch(/has no pip: no such module/);
    expect(iris.library).toEqual([]);
  });
});

describe('without a shell, packages', () => {
  let emulator: Emulator;
  let remote: RemoteConnection;
  beforeAll(async () => {
    emulator = await startEmulator({ webPort: 0 });
    remote = await connectRemoteHost({ url: emulator.url, webUrl: String(emulator.webUrl) });
  });
  afterAll(async () => {
    await remote.close();
    await emulator.stop();
  });

  function deployment(sources: Sources, wheels?: Wheels, host = remote.host): WsgiDeployment {
    return new WsgiDeployment({
      app: 'web:app',
      path: sources.path,
      urlPrefix: '/greet',
      host,
      health: { login: { username: '_SYSTEM', password: new Secret('SYS') } },
      ...(wheels === undefined ? {} : { wheels: wheels.path }),
    });
  }

  async function greeting(): Promise<string> {
    const authorization = `Basic ${Buffer.from('_SYSTEM:SYS').toString('base64')}`;
    return (await fetch(`${String(emulator.webUrl)}/greet/`, { headers: { authorization } })).text();
  }

  it('are unpacked from wheels beside the release, so that old and new do not meet', async () => {
    using sources = new Sources({ 'web.py': APP, 'requirements.txt': 'Tiny_Greeting>=1,<2\n' });
    using wheels = new Wheels();
    await wheels.add('1.0', {
      requires: ['tiny-words', 'nice-to-have; extra == "all"', 'old; python_version < "3"'],
    });
    await wheels.add('3.1', { name: 'tiny_words' });
    const result = await deployment(sources, wheels).deploy();
    expect(result.warnings).toEqual([
      'tiny_greeting-1.0-py3-none-any.whl needs old where python_version < "3", and there is no wheel of it',
    ]);
    expect(await greeting()).toBe('greeting 1.0');
    using newer = new Wheels();
    await newer.add('2.0');
    sources.write('requirements.txt', 'tiny-greeting==2.0\n');
    await deployment(sources, newer).deploy();
    expect(await greeting()).toBe('greeting 2.0');
    const { files } = remote.host;
    const base = (await deployment(sources, newer).plan()).directory.replace(/greet\/.*$/, '');
    expect((await files.list(`${base}greet`)).map((name) => name[0]).sort()).toEqual(['p', 'r']);
    await deployment(sources, newer).undeploy();
    expect(await files.list(base)).toEqual([]);
  });

  it.each<readonly [string, readonly (readonly [string, WheelOptions?])[], string, RegExp]>([
    ['no wheels', [], 'tiny-greeting\n', /no wheel of tiny-greeting \(requirements\.txt names it\)/],
    [
      'one that another needs',
      [['1.0', { requires: ['absent>=2'] }]],
      'tiny-greeting',
      /no wheel of absent \(tiny_/,
    ],
    ['another version', [['1.0']], 'tiny-greeting>=1.1', /does not meet the requirement/],
    ['two versions', [['1.0'], ['1.1']], 'tiny-greeting', /versions of one package/],
    ['compiled code', [['1.0', { tag: 'cp312-cp312-linux_x86_64' }]], 'tiny-greeting', /not pure Python 3/],
    ['Python 2 only', [['1.0', { tag: 'py2-none-any' }]], 'tiny-greeting', /not pure Python 3/],
    ['a URL', [], 'https://example.org/x.whl', /cannot be met without pip/],
  ])('are refused before anything is changed: %s', async (_name, contents, requirements, message) => {
    using sources = new Sources({ 'web.py': APP, 'requirements.txt': `${requirements}\n` });
    using wheels = new Wheels();
    for (const [version, more] of contents) await wheels.add(version, more);
    const error = await refusal(deployment(sources, wheels).deploy());
    expect(error.message).toMatch(message);
    expect(error.code).toBe('IRIS_VALIDATION');
    expect(error.hint).toBeTruthy();
    expect(await deployment(sources).status()).toMatchObject({ deployed: false });
  });

  it('are refused when a wheel would leave its directory', async () => {
    using sources = new Sources({ 'web.py': APP, 'requirements.txt': 'tiny-greeting\n' });
    using wheels = new Wheels();
    await wheels.add('1.0');
    const path = join(wheels.path, 'tiny_greeting-1.0-py3-none-any.whl');
    const script = 'import sys, zipfile\nzipfile.ZipFile(sys.argv[1], "a").writestr("../../leak.py", "")\n';
    await new LocalTarget().run(['python3', '-c', script, path]);
    expect((await refusal(deployment(sources, wheels).deploy())).message).toMatch(/leaves the directory/);
    writeFileSync(path, 'not a zip file');
    expect((await refusal(deployment(sources, wheels).deploy())).message).toMatch(/cannot be unpacked/);
  });

  it('need no wheel when Python in IRIS has them', async () => {
    using sources = new Sources({ 'web.py': APP, 'requirements.txt': 'Flask>=3\n' });
    const connection = await connect(emulator.url.replace('/USER', '/%25SYS'));
    const host = new RemoteHost({ objects: connection.native, providedPackages: ['flask'] });
    expect((await deployment(sources, undefined, host).plan()).requirements).toEqual(['flask']);
    await connection.close();
  });
});

describe('satisfies', () => {
  it.each([
    ['1.0', '', true],
    ['1.0', '==1', true],
    ['1.0.1', '==1.0.*', true],
    ['1.1', '==1.0.*', false],
    ['1.10', '>1.9', true],
    ['2.0', '>=1,<2', false],
    ['1.4.5', '~=1.4.2', true],
    ['1.5', '~=1.4.2', false],
    ['1.0', '!=1.0', false],
    ['1.0rc1', '>=1', undefined],
    ['1.0', '===1.0', undefined],
    ['1.0', '>=1.0a1', undefined],
    ['3.0', '>=1.0a1,<2', false],
  ] as const)('%s %j: %s', (version, specifiers, expected) => {
    expect(satisfies(version, specifiers)).toBe(expected);
  });
});
