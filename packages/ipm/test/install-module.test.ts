import { describe, expect, it } from '@jest/globals';
import { Secret, isIrisError } from '@iris-devtools/core';
import type { IrisError } from '@iris-devtools/core';
import {
  LocalTarget,
  installModule,
  listModules,
  moduleTemplate,
  parseIpmOutput,
  uninstallModule,
  verifyModule,
} from '@iris-devtools/ipm';
import { FakeIris } from './support/fake-iris.js';
import { TemporaryDirectory } from './support/module-directory.js';

const target = new LocalTarget();

function webModule(version = '1.0.0'): TemporaryDirectory {
  return new TemporaryDirectory(moduleTemplate({ kind: 'wsgi', name: 'Shop', urlPrefix: '/shop', version }));
}

async function refusal(work: Promise<unknown>): Promise<IrisError> {
  try {
    await work;
  } catch (error) {
    if (isIrisError(error)) return error;
    throw error;
  }
  throw new Error('expected a refusal');
}

describe('installModule', () => {
  it('loads a directory and proves that the module and its web application are there', async () => {
    using iris = new FakeIris();
    using module = webModule();
    const result = await installModule(target, {
      irisProgram: iris.program,
      path: module.path,
      module: 'Shop',
      version: '1.0.0',
      webApplications: ['/shop'],
    });
    expect(result).toMatchObject({
      module: 'shop',
      version: '1.0.0',
      previousVersion: undefined,
      irisVersion: '2025.1',
      ipmVersion: '0.10.9',
    });
    expect(result.phases.map(({ phase, outcome }) => `${phase} ${outcome}`)).toEqual([
      'Initialize success',
      'Reload success',
      'Validate success',
      'Compile success',
      'Activate success',
    ]);
    expect(iris.state.webApps).toEqual(['/shop']);
  });

  it('gives paths, parameters and pip flags to IPM unchanged, whatever they hold', async () => {
    using iris = new FakeIris();
    using parent = new TemporaryDirectory();
    const odd = `it's "quoted" \\ $x ; halt`;
    for (const [path, text] of moduleTemplate({ kind: 'wsgi', name: 'shop' }))
      parent.write(`${odd}/${path}`, text);
    await installModule(target, {
      irisProgram: iris.program,
      path: parent.file(odd),
      module: 'shop',
      parameters: { Title: 'a "b" -c \\', Empty: '' },
      extraPipFlags: '--no-index --find-links "/my wheels"',
      bypassPythonDependencies: true,
    });
    expect(iris.state.lastLoad).toEqual({
      path: parent.file(odd),
      flags: [
        '-verbose',
        '-bypass-py-deps',
        '-extra-pip-flags',
        '--no-index --find-links "/my wheels"',
        '-DTitle=a "b" -c \\',
        '-DEmpty=',
      ],
    });
  });

  it('upgrades, and reports the version before', async () => {
    using iris = new FakeIris({ modules: { shop: { version: '0.9.0', webApps: [] } } });
    using module = webModule('1.1.0');
    const result = await installModule(target, {
      irisProgram: iris.program,
      path: module.path,
      module: 'shop',
      version: '1.1.0',
    });
    expect(result).toMatchObject({ previousVersion: '0.9.0', version: '1.1.0' });
  });

  it('refuses a downgrade before anything is loaded', async () => {
    using iris = new FakeIris({ modules: { shop: { version: '2.0.0', webApps: [] } } });
    using module = webModule();
    const error = await refusal(
      installModule(target, {
        irisProgram: iris.program,
        path: module.path,
        module: 'shop',
        version: '1.0.0',
      }),
    );
    expect(error).toMatchObject({ code: 'IRIS_DEPLOY' });
    expect(iris.state.lastLoad).toBeUndefined();
  });

  it('reports a failed phase with its text, and rolls a first installation back', async () => {
    using iris = new FakeIris({
      fail: { phase: 'Activate', text: '<CLASS DOES NOT EXIST>zDo+1 *Shop.Setup', leavesModule: true },
    });
    using module = webModule();
    const error = await refusal(
      installModule(target, { irisProgram: iris.program, path: module.path, module: 'shop' }),
    );
    expect(error.message).toContain('Activate failed in module Shop');
    expect(error.message).toContain('CLASS DOES NOT EXIST');
    expect(error.hint).toContain('<Resource>');
    expect(error.details).toMatchObject({
      rolledBack: true,
      leftBehind: { module: false, webApplications: [] },
    });
    expect(iris.state.modules).toEqual({});
  });

  it('does not believe a success without a web application', async () => {
    using iris = new FakeIris({ ignoresWebApps: true });
    using module = webModule();
    const error = await refusal(
      installModule(target, {
        irisProgram: iris.program,
        path: module.path,
        module: 'shop',
        webApplications: ['/shop'],
      }),
    );
    expect(error.message).toContain('there is no web application /shop');
  });

  it('does not believe a success without a module', async () => {
    using iris = new FakeIris({ forgetsModule: true });
    using module = webModule();
    const error = await refusal(
      installModule(target, { irisProgram: iris.program, path: module.path, module: 'shop' }),
    );
    expect(error.message).toContain('the module is not installed');
  });

  it.each([
    ['missing', 'not installed'],
    ['too-old', 'older than 0.9'],
  ] as const)('refuses an instance whose IPM is %s', async (ipm, words) => {
    using iris = new FakeIris({ ipm });
    using module = webModule();
    const error = await refusal(
      installModule(target, { irisProgram: iris.program, path: module.path, module: 'shop' }),
    );
    expect(error.message).toContain(words);
    expect(iris.state.lastLoad).toBeUndefined();
  });

  it.each([
    [{ path: 'relative/dir' }, 'IRIS_OPTION'],
    [{ path: '/a/../b' }, 'IRIS_OPTION'],
    [{ path: '/a/x.tar.gz' }, 'IRIS_OPTION'],
    [{ path: '/a\nhalt' }, 'IRIS_VALUE'],
    [{ module: 'a"b' }, 'IRIS_OPTION'],
    [{ parameters: { 'A B': '1' } }, 'IRIS_OPTION'],
    [{ parameters: { A: 'x\ny' } }, 'IRIS_VALUE'],
    [{ namespace: 'USER"' }, 'IRIS_OPTION'],
    [{ instance: '-x' }, 'IRIS_OPTION'],
  ])('refuses %j without running anything', async (change, code) => {
    using iris = new FakeIris();
    const options = { irisProgram: iris.program, path: '/m', module: 'm', ...change };
    expect(await refusal(installModule(target, options))).toMatchObject({ code });
    expect(iris.state.lines).toBeUndefined();
  });

  it('says what is wrong when no session opens', async () => {
    using iris = new FakeIris();
    const other = { irisProgram: iris.program, instance: 'OTHER', module: 'm' };
    expect((await refusal(verifyModule(target, other))).message).toContain('No such instance: OTHER');
    const missing = { irisProgram: '/nonexistent/iris', module: 'm' };
    expect(await refusal(verifyModule(target, missing))).toMatchObject({ code: 'IRIS_COMMAND_FAILED' });
  });

  it('logs in where the operating system user is not known, and keeps the password out of errors', async () => {
    using iris = new FakeIris({ login: { user: 'deployer', password: 'right' } });
    const query = { irisProgram: iris.program, module: 'm' };
    const login = (password: string) => ({ username: 'deployer', password: new Secret(password) });
    expect(await verifyModule(target, { ...query, login: login('right') })).toMatchObject({
      installed: false,
    });
    const error = await refusal(verifyModule(target, { ...query, login: login('wrong-one') }));
    expect(error).toMatchObject({ code: 'IRIS_LOGIN_REFUSED' });
    expect(JSON.stringify(error)).not.toContain('wrong-one');
  });
});

describe('uninstallModule', () => {
  const shop = { version: '1.0.0', webApps: ['/shop'] };

  it('removes the module and its web applications', async () => {
    using iris = new FakeIris({ modules: { shop }, webApps: ['/shop'] });
    const result = await uninstallModule(target, {
      irisProgram: iris.program,
      module: 'Shop',
      webApplications: ['/shop'],
    });
    expect(result).toMatchObject({ removed: true, version: '1.0.0' });
    expect(iris.state).toMatchObject({ modules: {}, webApps: [] });
  });

  it('does nothing when the module is not there', async () => {
    using iris = new FakeIris();
    expect(await uninstallModule(target, { irisProgram: iris.program, module: 'shop' })).toMatchObject({
      removed: false,
    });
  });

  it('does not take "Clean SKIPPED" for success; force does it', async () => {
    using iris = new FakeIris({ modules: { shop: { ...shop, requiredBy: 'mall' } }, webApps: ['/shop'] });
    const options = { irisProgram: iris.program, module: 'shop' };
    const error = await refusal(uninstallModule(target, options));
    expect(error.message).toContain('required by mall');
    expect(error.details).toMatchObject({ leftBehind: { module: true } });
    expect(await uninstallModule(target, { ...options, force: true })).toMatchObject({ removed: true });
  });
});

describe('listModules', () => {
  it('gives names and versions', async () => {
    using iris = new FakeIris({
      modules: { b: { version: '2.0.0', webApps: [] }, a: { version: '1.0.0-rc.1', webApps: [] } },
    });
    expect(await listModules(target, { irisProgram: iris.program })).toEqual([
      { name: 'a', version: '1.0.0-rc.1' },
      { name: 'b', version: '2.0.0' },
    ]);
  });

  it('fails without IPM', async () => {
    using iris = new FakeIris({ ipm: 'missing' });
    expect(await refusal(listModules(target, { irisProgram: iris.program }))).toMatchObject({
      code: 'IRIS_DEPLOY',
    });
  });
});

describe('parseIpmOutput', () => {
  it.each([
    ['IPM is not enabled in namespace USER.', 1],
    ["'x' not found in any repository.", 1],
    ['<UNDEFINED>zLoad+3^Shop.1 *x', 1],
    ['ERROR #5001: broken', 1],
    ['an ERROR! in the middle of a line', 0],
    ['<p>html</p>', 0],
    ['[USER|shop]\trequirements.txt FAILURE', 1],
  ])('%s', (line, errors) => {
    expect(parseIpmOutput(line).errors).toHaveLength(errors);
  });
});
