import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AsgiDeployment, WsgiDeployment } from '@iris-devtools/wsgi';
import type { DeploymentOptions, LockOwner } from '@iris-devtools/wsgi';
import { Sources } from './fake-instance.js';
import { filesOf } from './places.js';
import type { Place } from './places.js';
import { ASGI, refusal, shop } from './shop.js';
import { Wheels } from './wheels.js';

/** One suite for all of them: what a deployment does must not depend on how the server is reached. */
export function describeHost(open: () => Promise<Place>): void {
  let place: Place;
  beforeAll(async () => {
    place = await open();
  });
  afterAll(async () => {
    // Every test has left the place as it was.
    expect(filesOf(place)).toEqual([]);
    await place[Symbol.asyncDispose]();
  });

  function options(
    sources: Sources,
    urlPrefix: string,
    change: Partial<DeploymentOptions> = {},
  ): DeploymentOptions {
    return {
      app: 'shop_web:app',
      path: sources.path,
      urlPrefix,
      host: place.host,
      health: { login: place.login, timeoutMs: 30_000 },
      ...change,
    };
  }

  const facts = (...paths: string[]) => place.instance.facts('USER', paths);

  it('deploys, replaces the code that answers, changes nothing twice, and leaves nothing behind', async () => {
    using sources = new Sources(shop());
    const deployment = new WsgiDeployment(options(sources, '/life'));
    const first = await deployment.deploy();
    expect(first).toMatchObject({ action: 'create', proof: 'proven', currentRelease: undefined });
    expect(await place.get('/life/x')).toBe('200 one one /x');
    const { applications, allPaths } = await facts('/life');
    expect(applications.get('/life')).toMatchObject({
      AutheEnabled: '32',
      NameSpace: 'USER',
      MatchRoles: ':%DB_USER',
      DispatchClass: '%SYS.Python.WSGI',
    });
    expect(allPaths).toContain('/life');

    for (const [path, text] of Object.entries(shop('two'))) sources.write(path, text);
    const second = await deployment.deploy();
    expect(second).toMatchObject({ action: 'update', proof: 'proven', currentRelease: first.release });
    // The package and the module have new code, although a process had imported both.
    expect(await place.get('/life/x')).toBe('200 two two /x');
    expect(existsSync(join(place.directory, 'life', `r${first.release}`))).toBe(false);
    expect(await deployment.deploy()).toMatchObject({ action: 'nothing', proof: 'proven' });
    expect(await deployment.status()).toMatchObject({
      deployed: true,
      enabled: true,
      release: second.release,
      answer: { kind: 'proven', status: 200 },
    });

    expect(await deployment.undeploy()).toEqual({ removed: true });
    expect(await place.get('/life/x')).toBe('404 ');
    expect((await facts('/life')).applications.size).toBe(0);
    expect(await deployment.undeploy()).toEqual({ removed: false });
  });

  it('puts the old release back when the new one does not come up, with the traceback of Python', async () => {
    using sources = new Sources(shop());
    const deployment = new WsgiDeployment(options(sources, '/broken'));
    await deployment.deploy();
    const before = (await facts('/broken')).applications;
    sources.write('shop_web.py', 'import nothing_like_this\ndef app(environ, start_response): pass\n');
    const error = await refusal(deployment.deploy());
    expect(error.message).toContain("ModuleNotFoundError: No module named 'nothing_like_this'");
    expect(error.details).toMatchObject({ rolledBack: true });
    expect(error.details.traceback).toContain('Traceback (most recent call last):');
    expect((await facts('/broken')).applications).toEqual(before);
    expect(await place.get('/broken/x')).toBe('200 one one /x');
    await deployment.undeploy();
  });

  it('leaves nothing of a first release that does not come up', async () => {
    using sources = new Sources({
      'shop_web.py': 'def app(environ, start_response):\n    raise ValueError("no")\n',
    });
    const error = await refusal(new WsgiDeployment(options(sources, '/never')).deploy());
    expect(error.message).toContain('ValueError: no');
    expect((await facts('/never')).applications.size).toBe(0);
    expect(existsSync(join(place.directory, 'never'))).toBe(false);
  });

  it('serves ASGI, and static files beside it', async () => {
    using sources = new Sources({ 'v.py': ASGI, 'assets/style.css': 'body {}' });
    using wheels = new Wheels();
    await wheels.add('1.10.8', { name: 'a2wsgi' });
    const deployment = new AsgiDeployment(
      options(sources, '/v', { app: 'v:app', wheels: wheels.path, staticFiles: { directory: 'assets' } }),
    );
    expect(await deployment.deploy()).toMatchObject({
      proof: 'proven',
      requirements: ['a2wsgi'],
      webApplications: ['/v', '/v/static'],
    });
    expect(await place.get('/v/path')).toMatch(/^200 asgi .*\/path$/);
    expect(await place.get('/v/static/style.css')).toBe('200 body {}');
    // A release without static files leaves no application for them behind.
    sources.write('assets/style.css', '');
    const without = options(sources, '/v', { app: 'v:app', wheels: wheels.path });
    await new AsgiDeployment(without).deploy();
    expect((await facts('/v', '/v/static')).applications.size).toBe(1);
    await deployment.deploy();
    // Whoever removes it need not know that there are static files.
    await new WsgiDeployment(options(sources, '/v')).undeploy();
    expect((await facts('/v', '/v/static')).applications.size).toBe(0);
  });

  it('keeps files as they are: empty ones, bytes, long ones, names with blanks', async () => {
    const long = 'x'.repeat(100_000);
    using sources = new Sources({
      ...shop(),
      'data/empty file': '',
      'data/long.txt': `${long}é`,
      'shop_web.py': `
import hashlib, os
HERE = os.path.join(os.path.dirname(__file__), "data")

def app(environ, start_response):
    start_response("200 OK", [])
    digests = [hashlib.md5(open(os.path.join(HERE, name), "rb").read()).hexdigest() for name in sorted(os.listdir(HERE))]
    return [" ".join(digests).encode()]
`,
    });
    mkdirSync(join(sources.path, 'data'), { recursive: true });
    writeFileSync(join(sources.path, 'data', 'bytes'), Buffer.from(Array.from({ length: 256 }, (_, i) => i)));
    const deployment = new WsgiDeployment(options(sources, '/files'));
    await deployment.deploy();
    expect(await place.get('/files/')).toBe(
      '200 e2c865db4162bed963bfaa9ef6ac18f0 d41d8cd98f00b204e9800998ecf8427e b7695b093a88d2ee22bd2336712a3194',
    );
    await deployment.undeploy();
  });

  it('refuses before anything is changed: another application, a missing namespace', async () => {
    using sources = new Sources(shop());
    const record = { NameSpace: 'USER', AutheEnabled: '32', DispatchClass: '%CSP.REST' };
    await place.instance.putApplications(new Map([['/taken', record]]));
    const taken = new WsgiDeployment(options(sources, '/taken'));
    expect((await refusal(taken.deploy())).message).toMatch(/\/taken is a web application already/);
    expect((await refusal(taken.undeploy())).message).toMatch(/\/taken is a web application already/);
    expect((await facts('/taken')).applications.get('/taken')).toMatchObject(record);
    await place.instance.putApplications(new Map([['/taken', undefined]]));
    const missing = new WsgiDeployment(options(sources, '/nowhere', { namespace: 'NOWHERE' }));
    expect((await refusal(missing.deploy())).message).toMatch(/no namespace NOWHERE/);
  });

  describe('two deployments of one name', () => {
    /** Answers only when a file is there. */
    const waiting = (flag: string): Record<string, string> => ({
      'shop_web.py': `
import os, time
while not os.path.exists(${JSON.stringify(flag)}):
    time.sleep(0.01)

def app(environ, start_response):
    start_response("200 OK", [])
    return [b"ready"]
`,
    });
    const lockOf = (name: string): string => join(place.directory, `.${name}.deploying`);
    async function leaveLock(name: string, owner: Partial<LockOwner>): Promise<void> {
      const whole = {
        token: 't',
        user: 'ann',
        host: 'elsewhere',
        pid: 1,
        machine: '',
        since: 'noon',
        ...owner,
      };
      await place.host.files.makeDirectory(lockOf(name));
      await place.host.files.write(join(lockOf(name), 'owner.json'), JSON.stringify(whole));
    }

    it('exclude each other while one is at work', async () => {
      using sources = new Sources(shop());
      const flag = join(sources.path, '..', `${String(process.pid)}-${String(Math.random())}.flag`);
      using slow = new Sources(waiting(flag));
      let second: Promise<unknown> | undefined;
      const first = new WsgiDeployment(
        options(slow, '/twice', {
          onProgress: (step) => {
            if (step.startsWith('waiting'))
              second = refusal(new WsgiDeployment(options(sources, '/twice')).deploy()).finally(() => {
                writeFileSync(flag, '');
              });
          },
        }),
      );
      expect(await first.deploy()).toMatchObject({ proof: 'proven' });
      expect(await second).toMatchObject({
        code: 'IRIS_DEPLOY',
        message: expect.stringMatching(
          new RegExp(`^twice is being deployed already, by .+, process ${String(process.pid)}, since `),
        ) as unknown,
        hint: expect.stringContaining('--break-lock') as unknown,
      });
      expect(await place.get('/twice/')).toBe('200 ready');
      await first.undeploy();
    });

    it('a lock of somebody elsewhere counts until it has been silent for two minutes, or is broken', async () => {
      using sources = new Sources(shop());
      const deployment = new WsgiDeployment(options(sources, '/stale'));
      await leaveLock('stale', {});
      expect((await refusal(deployment.deploy())).message).toContain(
        'by ann@elsewhere, process 1, since noon',
      );
      const longAgo = Date.now() / 1000 - 3600;
      utimesSync(join(lockOf('stale'), 'owner.json'), longAgo, longAgo);
      expect(await deployment.deploy()).toMatchObject({ action: 'create' });
      await leaveLock('stale', {});
      expect((await refusal(deployment.undeploy())).message).toContain('ann@elsewhere');
      const breaking = new WsgiDeployment(options(sources, '/stale', { breakLock: true }));
      expect(await breaking.undeploy()).toEqual({ removed: true });
      expect(existsSync(lockOf('stale'))).toBe(false);
    });
  });
}
