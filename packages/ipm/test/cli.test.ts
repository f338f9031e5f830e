import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { FakeIris } from './support/fake-iris.js';
import { manifest } from './support/manifests.js';
import { TemporaryDirectory } from './support/module-directory.js';

const BIN = join(__dirname, '..', 'dist', 'bin', 'iris-ipm.js');

interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Temporary files of the command line go to a directory of the test's own, so that what it leaves can be seen. */
function cli(cwd: string, ...argv: string[]): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...argv], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, TMPDIR: cwd },
  });
  return { code: status, out: stdout, err: stderr };
}

describe('iris-ipm', () => {
  it('makes, checks, packs, installs, lists and removes a module', () => {
    using work = new TemporaryDirectory();
    using iris = new FakeIris();
    const target = ['--iris-program', iris.program];
    expect(cli(work.path, 'init', 'shop', '--kind', 'wsgi', '--url-prefix', '/shop')).toMatchObject({
      code: 0,
    });
    expect(cli(work.path, 'validate', 'shop')).toMatchObject({
      code: 0,
      out: 'shop/module.xml: no findings\n',
    });
    const packed = cli(work.path, 'pack', 'shop');
    expect(packed).toMatchObject({ code: 0 });
    expect(existsSync(work.file('shop-1.0.0.tgz'))).toBe(true);

    const installed = cli(work.path, 'install', 'shop', ...target);
    expect(installed).toMatchObject({ code: 0 });
    expect(installed.out).toMatch(
      /^shop 1\.0\.0 is installed on this machine, .* s\n {2}web application \/shop\n$/,
    );
    expect(installed.err).toContain('shop: Activate success');
    expect(iris.state.webApps).toEqual(['/shop']);
    expect(existsSync(iris.state.lastLoad?.path ?? '')).toBe(false);

    const again = cli(work.path, 'install', 'shop-1.0.0.tgz', '--json', '-D', 'A=b c', ...target);
    expect(JSON.parse(again.out)).toMatchObject({
      ok: true,
      module: 'shop',
      previousVersion: '1.0.0',
      webApplications: ['/shop'],
    });
    expect(iris.state.lastLoad?.flags).toContain('-DA=b c');

    expect(cli(work.path, 'list', ...target)).toEqual({ code: 0, out: 'shop 1.0.0\n', err: '' });
    expect(cli(work.path, 'uninstall', 'shop', ...target)).toEqual({
      code: 0,
      out: 'shop 1.0.0 is gone\n',
      err: '',
    });
    expect(cli(work.path, 'uninstall', 'shop', ...target)).toEqual({
      code: 0,
      out: 'shop was not installed\n',
      err: '',
    });
    expect(readdirSync(work.path).sort()).toEqual(['shop', 'shop-1.0.0.tgz']);
  });

  it('validate prints place, reason and fix, and exits with 1; --fix writes the file', () => {
    using work = new TemporaryDirectory([['module.xml', manifest('proposed-wsgi')]]);
    const before = cli(work.path, 'validate');
    expect(before.code).toBe(1);
    expect(before.out).toContain(
      'module.xml:11:7 error <WSGIApplication> does not exist in IPM [wsgi-element]\n    why: ',
    );
    const json = JSON.parse(cli(work.path, 'validate', '--json').out) as {
      ok: boolean;
      findings: { line: number }[];
    };
    expect(json.ok).toBe(false);
    expect(json.findings[0]).toMatchObject({ line: 3, column: 13, rule: 'document-name-attribute' });
    cli(work.path, 'validate', 'module.xml', '--fix');
    expect(readFileSync(work.file('module.xml'), 'utf8')).toContain('<WebApplication Name="/shop"');
  });

  it('never overwrites with init', () => {
    using work = new TemporaryDirectory([['module.xml', 'mine']]);
    const result = cli(work.path, 'init', '--name', 'shop');
    expect(result.code).toBe(1);
    expect(result.err).toContain('exists already');
    expect(readdirSync(work.path)).toEqual(['module.xml']);
  });

  it('shows what IPM printed when an installation fails', () => {
    using work = new TemporaryDirectory();
    using iris = new FakeIris({
      fail: {
        phase: 'Reload',
        text: "Running os command 'python3 -m pip install -r requirements.txt' failed with return code: 1",
      },
    });
    cli(work.path, 'init', 'shop');
    const failed = cli(work.path, 'install', 'shop', '--iris-program', iris.program);
    expect(failed.code).toBe(1);
    expect(failed.err).toContain('hint: pip failed');
    expect(failed.err).toContain('--- IPM printed ---');
    const json = JSON.parse(
      cli(work.path, 'install', 'shop', '--json', '--iris-program', iris.program).out,
    ) as object;
    expect(json).toMatchObject({ ok: false, error: { code: 'IRIS_DEPLOY', leftBehind: { module: false } } });
  });

  it.each([
    [['nonsense'], 2],
    [['install'], 2],
    [['init', '--kind', 'cobol'], 2],
    [['init', 'x', '--port', '99999', '--kind', 'tcp'], 2],
    [['init', 'x', '--name', '123'], 2],
    [['list', '--namespace', 'A B'], 2],
    [['list', '--timeout-seconds', 'soon'], 2],
    [['list', '--username', 'x', '--password-env', 'NOT_THERE'], 2],
    [['list', '--container', '-v'], 2],
    [['uninstall', 'a b'], 2],
    [['list', '--iris-program', '/nonexistent/iris'], 3],
    [['list', '--container', 'x', '--engine', '/nonexistent/engine'], 3],
    [['validate', 'nowhere'], 1],
    [['pack', 'nowhere'], 1],
    [['install', 'nowhere'], 1],
    [['--help'], 0],
    [['install', '--help'], 0],
    [['--version'], 0],
  ] as const)('%j exits with %i', (argv, code) => {
    using work = new TemporaryDirectory();
    const result = cli(work.path, ...argv);
    expect(result.code).toBe(code);
    expect(result.err + result.out).not.toContain('    at ');
    expect(readdirSync(work.path)).toEqual([]);
  });

  it('refuses an archive that is none', () => {
    using work = new TemporaryDirectory([['a.tgz', 'not a gzip']]);
    expect(cli(work.path, 'install', 'a.tgz').err).toContain('cannot be read as .tgz');
  });
});
