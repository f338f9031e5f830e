import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FakeIris } from '../support/fake-iris.js';

const run = promisify(execFile);
const PROJECT = join(__dirname, '..', '..', '..', '..');
const BIN = join(PROJECT, 'packages', 'ipm', 'dist', 'bin', 'iris-ipm.js');

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function cli(...argv: string[]): Promise<Outcome> {
  return run(process.execPath, [BIN, ...argv]).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: unknown) => error as Outcome,
  );
}

/** As a user works who has IRIS in a container; the `iris` program in it is a stand-in that prints what IPM prints. */
describe('iris-ipm and a container', () => {
  const container = `ipm-standin-${String(process.pid)}`;
  const work = mkdtempSync(join(tmpdir(), 'ipm-container-'));
  const module = join(work, 'shop');
  let iris: FakeIris;
  beforeAll(async () => {
    const image = process.env['STANDIN_IMAGE'];
    if (image === undefined) throw new Error('STANDIN_IMAGE is not set: run npm run test:containers');
    iris = new FakeIris();
    chmodSync(iris.directory, 0o777);
    chmodSync(join(iris.directory, 'state.json'), 0o666);
    const mounts = ['-v', `${iris.directory}:/state`, '-v', `${PROJECT}:/project:ro`];
    const start = [
      'run',
      '-d',
      '--name',
      container,
      '--user',
      '51773',
      '-e',
      'FAKE_IRIS_STATE=/state/state.json',
    ];
    const command = ['--entrypoint', 'node', image, '-e', 'setInterval(() => undefined, 60_000)'];
    await run('docker', [...start, ...mounts, ...command]);
  });
  afterAll(async () => {
    await run('docker', ['rm', '-fv', container]);
    iris[Symbol.dispose]();
    rmSync(work, { recursive: true });
  });

  const where = [
    '--container',
    container,
    '--iris-program',
    '/project/packages/ipm/test/support/fake-iris.mjs',
  ];

  it('makes, checks, packs, installs, upgrades, lists and removes a module', async () => {
    expect(await cli('init', module, '--kind', 'wsgi')).toMatchObject({ code: 0 });
    expect((await cli('validate', module)).stdout).toMatch(/module\.xml: no findings\n$/);
    expect(await cli('pack', module, '--output', join(work, 'shop.tgz'))).toMatchObject({ code: 0 });
    const installed = await cli('install', join(work, 'shop.tgz'), ...where);
    expect(installed).toMatchObject({ code: 0 });
    expect(installed.stdout).toContain(`is installed on container ${container}`);
    expect((await cli('list', ...where)).stdout).toMatch(/shop\s+\S*1\.0\.0|shop\s/);
    expect(await cli('uninstall', 'shop', ...where)).toMatchObject({ code: 0 });
    expect((await cli('list', ...where)).stdout).not.toContain('shop');
    const { stdout } = await run('docker', ['exec', container, 'ls', '-A', '/tmp']);
    expect(stdout).toBe('');
  });

  it('ends with 3 when the container is not there', async () => {
    expect(await cli('list', '--container', 'no-such-container')).toMatchObject({ code: 3 });
  });
});
