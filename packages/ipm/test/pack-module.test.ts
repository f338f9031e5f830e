import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  truncateSync,
  utimesSync,
} from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { moduleTemplate, packModule } from '@iris-devtools/ipm';
import { TemporaryDirectory } from './support/module-directory.js';

const service = () => new TemporaryDirectory(moduleTemplate({ kind: 'tcp', name: 'wire' }));

describe('packModule', () => {
  it('packs what belongs to the module, and nothing else', async () => {
    using module = service();
    using out = new TemporaryDirectory();
    for (const path of [
      'README.md',
      'requirements.txt',
      'notes.txt',
      '.git/config',
      'src/python/wire/__pycache__/server.pyc',
      'src/.DS_Store',
    ]) {
      module.write(path, path);
    }
    const result = await packModule(module.path, { outputPath: out.file('wire-1.0.0.tgz') });
    expect(result).toMatchObject({ name: 'wire', version: '1.0.0', warnings: [] });
    expect(result.files).toEqual([
      'README.md',
      'module.xml',
      'requirements.txt',
      'src/cls/Wire/Service.cls',
      'src/cpf/callin.cpf',
      'src/python/wire/__init__.py',
      'src/python/wire/server.py',
    ]);
    const listed = execFileSync('tar', ['-tzf', result.path], { encoding: 'utf8' }).trim().split('\n');
    expect(listed).toEqual(result.files);
    const server = execFileSync('tar', ['-xOzf', result.path, 'src/python/wire/server.py'], {
      encoding: 'utf8',
    });
    expect(server).toBe(readFileSync(module.file('src/python/wire/server.py'), 'utf8'));
    expect(readdirSync(out.path)).toEqual(['wire-1.0.0.tgz']);
  });

  it('gives the same bytes for the same files, whatever their times and owners', async () => {
    using first = service();
    using second = service();
    using out = new TemporaryDirectory();
    utimesSync(second.file('module.xml'), 1, 1);
    chmodSync(second.file('module.xml'), 0o600);
    const a = await packModule(first.path, { outputPath: out.file('a.tgz') });
    const b = await packModule(second.path, { outputPath: out.file('b.tgz') });
    expect(b.sha256).toBe(a.sha256);
    expect(readFileSync(b.path).equals(readFileSync(a.path))).toBe(true);
    chmodSync(second.file('src/python/wire/server.py'), 0o755);
    expect((await packModule(second.path, { outputPath: out.file('c.tgz') })).sha256).not.toBe(a.sha256);
  });

  it('packs long names, empty files and files of other alphabets', async () => {
    using module = service();
    using out = new TemporaryDirectory();
    const odd = `src/python/wire/${'long-name-'.repeat(20)}é 'x'.py`;
    module.write(odd, '');
    const result = await packModule(module.path, { outputPath: out.file('w.tgz') });
    expect(result.files).toContain(odd);
    execFileSync('tar', ['-xzf', result.path, '-C', out.path]);
    expect(existsSync(out.file(odd))).toBe(true);
  });

  it('packs extra paths on request', async () => {
    using module = service();
    using out = new TemporaryDirectory();
    module.write('data/a/b.csv', 'x');
    const result = await packModule(module.path, { outputPath: out.file('w.tgz'), include: ['data'] });
    expect(result.files).toContain('data/a/b.csv');
  });

  it('follows links inside the module and refuses those that leave it or run in circles', async () => {
    using module = service();
    using out = new TemporaryDirectory([['secret.txt', 'secret']]);
    symlinkSync('server.py', module.file('src/python/wire/alias.py'));
    const result = await packModule(module.path, { outputPath: out.file('w.tgz') });
    expect(result.files).toContain('src/python/wire/alias.py');
    symlinkSync(out.file('secret.txt'), module.file('src/python/wire/leak.py'));
    await expect(packModule(module.path, { outputPath: out.file('x.tgz') })).rejects.toMatchObject({
      code: 'IRIS_VALIDATION',
    });
    using circle = service();
    symlinkSync('..', circle.file('src/python/up'));
    await expect(packModule(circle.path, { outputPath: out.file('x.tgz') })).rejects.toMatchObject({
      code: 'IRIS_VALIDATION',
    });
    expect(readdirSync(out.path).sort()).toEqual(['secret.txt', 'w.tgz']);
  });

  it('refuses a file of 1 GB before it reads it', async () => {
    using module = service();
    using out = new TemporaryDirectory();
    truncateSync(module.write('src/python/wire/model.bin', ''), 1024 ** 3);
    await expect(packModule(module.path, { outputPath: out.file('w.tgz') })).rejects.toMatchObject({
      code: 'IRIS_LIMIT',
    });
    expect(readdirSync(out.path)).toEqual([]);
  });

  it.each([
    [
      'errors in the manifest',
      (module: TemporaryDirectory) =>
        module.write(
          'module.xml',
          readFileSync(module.file('module.xml'), 'utf8').replace('<FileCopy', '<FileCopi'),
        ),
      {},
      'IRIS_VALIDATION',
    ],
    [
      'a missing source',
      (module: TemporaryDirectory) =>
        module.write(
          'module.xml',
          readFileSync(module.file('module.xml'), 'utf8').replace('/src/python/wire/', '/src/python/wires/'),
        ),
      {},
      'IRIS_VALIDATION',
    ],
    ['paths that go up', () => undefined, { include: ['../x'] }, 'IRIS_VALIDATION'],
    ['another suffix', () => undefined, { outputPath: '/tmp/x.tar.gz' }, 'IRIS_OPTION'],
    ['a directory that is not there', () => undefined, { outputPath: '/nonexistent/x.tgz' }, 'IRIS_IO'],
    ['a file that is not there', () => undefined, { include: ['nothing'] }, 'IRIS_IO'],
  ] as const)('refuses %s', async (_name, prepare, options, code) => {
    using module = service();
    using out = new TemporaryDirectory();
    prepare(module);
    await expect(
      packModule(module.path, { outputPath: out.file('w.tgz'), ...options }),
    ).rejects.toMatchObject({ code: code });
  });

  it('refuses a directory without module.xml', async () => {
    using empty = new TemporaryDirectory();
    mkdirSync(empty.file('src'));
    await expect(packModule(empty.path, { outputPath: empty.file('w.tgz') })).rejects.toMatchObject({
      code: 'IRIS_IO',
    });
  });
});
