import { execFile } from 'node:child_process';
import { chmodSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { Secret } from '@iris-devtools/core';
import { ContainerTarget } from '@iris-devtools/ipm';
import { DirectHost, IpmHost, SessionInstance } from '@iris-devtools/wsgi';
import { reportTimes, runIrisWsgi } from '../support/command-line.js';
import { FakeInstance, Sources } from '../support/fake-instance.js';
import { describeHost } from '../support/host-suite.js';
import type { Place } from '../support/places.js';
import { shop } from '../support/shop.js';

const run = promisify(execFile);
const PROJECT = join(__dirname, '..', '..', '..', '..');
/** In the container, which has the project mounted. */
const PROGRAM = '/project/packages/wsgi/test/support/fake-iris.mjs';

/**
 * A container with a stand-in of the `iris` program. Its installation is a directory of this machine that has the same path
 * inside, so that a web server here serves what was deployed there.
 */
class StandInContainer implements AsyncDisposable {
  readonly iris: FakeInstance;
  readonly name: string;

  private constructor(iris: FakeInstance, name: string) {
    this.iris = iris;
    this.name = name;
  }

  static async start(ipm: boolean): Promise<StandInContainer> {
    const image = process.env['STANDIN_IMAGE'];
    if (image === undefined) throw new Error('STANDIN_IMAGE is not set: run npm run test:containers');
    const iris = await FakeInstance.start({ ipm });
    const { directory } = iris;
    // In the container another user works there: irisowner, as in IRIS's images.
    for (const path of ['', 'irissys', 'irissys/lib', 'irissys/mgr']) chmodSync(join(directory, path), 0o777);
    chmodSync(join(directory, 'state.json'), 0o666);
    const name = `wsgi-standin-${String(process.pid)}-${String(Date.now())}`;
    const mounts = ['-v', `${directory}:${directory}`, '-v', `${PROJECT}:/project:ro`];
    const state = ['-e', `FAKE_IRIS_STATE=${join(directory, 'state.json')}`];
    const command = ['--entrypoint', 'node', image, '-e', 'setInterval(() => undefined, 60_000)'];
    await run('docker', ['run', '-d', '--name', name, '--user', '51773', ...mounts, ...state, ...command]);
    return new StandInContainer(iris, name);
  }

  async place(ipm: boolean): Promise<Place> {
    const { iris, name } = this;
    const target = new ContainerTarget({ container: name, webUrl: iris.webUrl });
    const session = { irisProgram: PROGRAM };
    const instance = new SessionInstance(target, session);
    const directory = join(iris.directory, 'irissys', 'lib');
    const logPath = join(iris.directory, 'irissys', 'mgr', 'WSGI.log');
    writeFileSync(join(directory, 'file'), '');
    const within = (baseDirectory: string) => new DirectHost({ target, instance, baseDirectory, logPath });
    return Promise.resolve({
      host: ipm ? new IpmHost({ target, session }) : within(directory),
      instance,
      directory,
      within,
      login: { username: 'tester', password: new Secret('secret') },
      get: (path) => iris.get(path),
      [Symbol.asyncDispose]: () => this[Symbol.asyncDispose](),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await run('docker', ['rm', '-fv', this.name]);
    await this.iris[Symbol.asyncDispose]();
  }
}

describe('an instance with IPM in a container', () => {
  describeHost(async () => (await StandInContainer.start(true)).place(true));
});

describe('iris-wsgi and a container', () => {
  it.each([
    ['with IPM', true, []],
    ['without IPM', false, ['--no-ipm']],
  ] as const)('%s: plans, deploys, replaces, shows and removes', async (_name, ipm, way) => {
    await using container = await StandInContainer.start(ipm);
    const { iris } = container;
    using sources = new Sources(shop());
    const where = [
      '--container',
      container.name,
      '--iris-program',
      PROGRAM,
      '--web-url',
      iris.webUrl,
      ...way,
    ];
    const source = ['--url-prefix', '/shop', '--path', sources.path, '--web-user', 'tester'];
    const cli = async (command: string, ...argv: string[]): Promise<object> => {
      process.env['IRIS_WEB_PASSWORD'] = 'secret';
      const { out, err } = await runIrisWsgi(command, ...where, ...argv, '--json');
      if (out === '') throw new Error(err);
      return JSON.parse(out) as object;
    };
    expect(await cli('plan', ...source)).toMatchObject({ ok: true, action: 'create' });
    const first = await cli('deploy', ...source);
    expect(first).toMatchObject({ ok: true, proof: 'proven', target: `container ${container.name}` });
    reportTimes(`container ${_name}`, first);
    expect(await iris.get('/shop/x')).toBe('200 one one /x');
    sources.write('shop/words.py', 'ANSWER = "two"\n');
    expect(await cli('deploy', ...source)).toMatchObject({ ok: true, action: 'update', proof: 'proven' });
    expect(await iris.get('/shop/x')).toBe('200 two one /x');
    expect(await cli('status', '--url-prefix', '/shop')).toMatchObject({ ok: true, deployed: true });
    expect(await cli('undeploy', '--url-prefix', '/shop')).toEqual({ ok: true, removed: true });
    expect(iris.library).toEqual([]);
    // What is mounted there is the stand-in's own installation.
    const { stdout } = await run('docker', ['exec', container.name, 'ls', '-A', '-I', 'wsgi-test-*', '/tmp']);
    expect(stdout).toBe('');
  });

  it('says so when there is no such container, and when it has no iris program', async () => {
    const missing = await runIrisWsgi('status', '--container', 'no-such-container', '--url-prefix', '/x');
    expect(missing.code).toBe(3);
    expect(missing.err).toContain('no-such-container');
    await using container = await StandInContainer.start(true);
    const where = ['--container', container.name, '--iris-program', '/nowhere/iris'];
    const empty = await runIrisWsgi('status', ...where, '--url-prefix', '/x');
    expect(empty.code).toBe(3);
    expect(readdirSync(join(container.iris.directory, 'irissys', 'lib'))).toEqual([]);
  });
});
