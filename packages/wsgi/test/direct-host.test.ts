import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Secret, isIrisError } from '@iris-devtools/core';
import { LocalTarget } from '@iris-devtools/ipm';
import { DirectHost, SessionInstance, WsgiDeployment } from '@iris-devtools/wsgi';
import type { DeploymentOptions } from '@iris-devtools/wsgi';
import { FakeInstance, Sources } from './support/fake-instance.js';

const APP = `
import tiny_greeting

def app(environ, start_response):
    start_response("200 OK", [])
    return [tiny_greeting.TEXT.encode()]
`;

/** A real wheel, made by hand so that nothing is fetched. */
const MAKE_WHEEL = `
import sys, zipfile
name, version, directory = "tiny_greeting", sys.argv[2], sys.argv[1]
info = f"{name}-{version}.dist-info"
with zipfile.ZipFile(f"{directory}/{name}-{version}-py3-none-any.whl", "w") as wheel:
    wheel.writestr(f"{name}.py", f'TEXT = "greeting {version}"\\n')
    wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n")
    wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    wheel.writestr(f"{info}/RECORD", "")
`;

class Wheels {
  readonly path = mkdtempSync(join(tmpdir(), 'wsgi-wheels-'));

  async add(version: string): Promise<void> {
    await new LocalTarget().run(['python3', '-c', MAKE_WHEEL, this.path, version]);
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true });
  }
}

function options(iris: FakeInstance, sources: Sources, wheels?: Wheels): DeploymentOptions {
  const target = new LocalTarget({ webUrl: iris.webUrl });
  return {
    app: 'web:app',
    path: sources.path,
    urlPrefix: '/greet',
    host: new DirectHost({
      target,
      instance: new SessionInstance(target, { irisProgram: iris.program }),
      logPath: join(iris.directory, 'irissys', 'mgr', 'WSGI.log'),
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

  it('puts the old record back when the new release does not come up', async () => {
    await using iris = await FakeInstance.start({ ipm: false });
    using sources = new Sources({
      'web.py': 'def app(environ, start_response):\n    start_response("200 OK", [])\n    return [b"good"]\n',
    });
    const deployment = new WsgiDeployment(options(iris, sources));
    await deployment.deploy();
    const before = iris.state.apps;
    const files = iris.library;
    sources.write('web.py', 'def app(environ, start_response):\n    raise ValueError("no")\n');
    await expect(deployment.deploy()).rejects.toMatchObject({ details: { rolledBack: true } });
    expect(iris.state.apps).toEqual(before);
    expect(iris.library).toEqual(files);
    expect(await iris.get('/greet/')).toBe('200 good');
  });
});
