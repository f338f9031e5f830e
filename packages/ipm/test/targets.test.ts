import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { CommandOptions, CommandRunner } from '@iris-devtools/core';
import { ContainerTarget, LocalTarget } from '@iris-devtools/ipm';
import { codeOf } from './support/errors.js';
import { TemporaryDirectory } from './support/module-directory.js';

const node = process.execPath;

describe('LocalTarget', () => {
  const target = new LocalTarget();

  it('hands arguments over as they are, without a shell', async () => {
    const words = ['a b', '$HOME', "it's", '"q"', '*', ';ls', '', '\n', 'é😀'];
    const { stdout } = await target.run([
      node,
      '-e',
      'console.log(JSON.stringify(process.argv.slice(1)))',
      '--',
      ...words,
    ]);
    expect(JSON.parse(stdout)).toEqual(words);
  });

  it('passes standard input, environment and directory; streams output', async () => {
    const chunks: string[] = [];
    const script = 'process.stdin.on("data",d=>process.stdout.write(process.env.X+process.cwd()+d))';
    const result = await target.run([node, '-e', script], {
      stdin: 'in',
      cwd: '/',
      env: { X: 'x' },
      onStdout: (chunk) => chunks.push(chunk),
    });
    expect(result).toMatchObject({ exitCode: 0, stdout: 'x/in' });
    expect(chunks.join('')).toBe('x/in');
  });

  it('makes a non-zero exit an error unless it is asked for', async () => {
    const argv = [node, '-e', 'console.error("bad");process.exit(3)'];
    await expect(target.run(argv)).rejects.toMatchObject({ code: 'IRIS_COMMAND_FAILED' });
    expect(await target.run(argv, { allowFailure: true })).toMatchObject({ exitCode: 3, stderr: 'bad\n' });
  });

  it('ends a command at its time limit and on abort', async () => {
    const endless = [node, '-e', 'process.stdin.resume();setInterval(()=>{},1000)'];
    await expect(target.run(endless, { timeoutMs: 200 })).rejects.toMatchObject({ code: 'IRIS_TIMEOUT' });
    const controller = new AbortController();
    const ready = [node, '-e', 'console.log("up");setInterval(()=>{},1000)'];
    const work = target.run(ready, {
      signal: controller.signal,
      onStdout: () => {
        controller.abort();
      },
    });
    await expect(work).rejects.toMatchObject({ code: 'IRIS_ABORTED' });
    await expect(target.run(ready, { signal: controller.signal })).rejects.toMatchObject({
      code: 'IRIS_ABORTED',
    });
  });

  it('stops a command that never stops printing', async () => {
    const flood = [
      node,
      '-e',
      'const b=Buffer.alloc(1<<20);(function w(){while(process.stdout.write(b));process.stdout.once("drain",w)})()',
    ];
    await expect(target.run(flood)).rejects.toMatchObject({ code: 'IRIS_LIMIT' });
  });

  it('refuses a program that is not there and a word with a zero byte', async () => {
    await expect(target.run(['/nonexistent/program'])).rejects.toMatchObject({ code: 'IRIS_COMMAND_FAILED' });
    await expect(target.run([node, 'a\0b'])).rejects.toMatchObject({ code: 'IRIS_OPTION' });
    await expect(target.run([])).rejects.toMatchObject({ code: 'IRIS_OPTION' });
  });

  it('copies, reads and removes files and directories', async () => {
    using source = new TemporaryDirectory([
      ['a/b.txt', 'one'],
      ['c.txt', 'two'],
    ]);
    using out = new TemporaryDirectory();
    await target.copyTo(source.path, out.file('x/y'));
    expect(readFileSync(out.file('x/y/a/b.txt'), 'utf8')).toBe('one');
    await target.copyTo(source.file('c.txt'), out.file('x/z/c.txt'));
    expect(Buffer.from(await target.readFile(out.file('x/z/c.txt'))).toString()).toBe('two');
    expect(await target.exists(out.file('x/z'))).toBe(true);
    await target.remove(out.file('x'));
    await target.remove(out.file('x'));
    expect(await target.exists(out.file('x/z'))).toBe(false);
    await expect(target.readFile(out.file('x'))).rejects.toMatchObject({ code: 'IRIS_IO' });
  });

  it.each(['relative', '', '../x'])('refuses the path %j', async (path) => {
    await expect(target.exists(path)).rejects.toMatchObject({ code: 'IRIS_OPTION' });
  });

  it.each(['/', '/usr', '/usr/..', '/usr/', '/etc/../usr'])('never removes %s', async (path) => {
    await expect(target.remove(path)).rejects.toMatchObject({ code: 'IRIS_OPTION' });
  });
});

describe('ContainerTarget', () => {
  /** Records what the engine would be told, and answers from a list. */
  class RecordingRunner implements CommandRunner {
    readonly calls: { readonly argv: readonly string[]; readonly options: CommandOptions }[] = [];
    readonly #exitCodes: number[];
    readonly #stdout: string;
    readonly #stderr: string;

    constructor(exitCodes: number[] = [], stdout = '', stderr = '') {
      this.#exitCodes = exitCodes;
      this.#stdout = stdout;
      this.#stderr = stderr;
    }

    run(argv: readonly string[], options: CommandOptions = {}) {
      this.calls.push({ argv, options });
      return Promise.resolve({
        exitCode: this.#exitCodes.shift() ?? 0,
        stdout: this.#stdout,
        stderr: this.#stderr,
      });
    }

    get lines(): string[] {
      return this.calls.map(({ argv }) => argv.join(' '));
    }
  }

  it('runs through exec, with values of variables off the command line', async () => {
    const runner = new RecordingRunner();
    const target = new ContainerTarget({ container: 'iris-1', engine: 'podman', runner });
    await target.run(['iris', 'list'], {
      user: 'irisowner',
      cwd: '/tmp',
      env: { TOKEN: 'secret' },
      stdin: 'x',
      timeoutMs: 5,
    });
    expect(runner.calls).toEqual([
      {
        argv: [
          'podman',
          'exec',
          '-i',
          '--user',
          'irisowner',
          '--workdir',
          '/tmp',
          '--env',
          'TOKEN',
          'iris-1',
          'iris',
          'list',
        ],
        options: { env: { TOKEN: 'secret' }, stdin: 'x', timeoutMs: 5 },
      },
    ]);
  });

  it('copies the contents of a directory and makes them readable for IRIS', async () => {
    using source = new TemporaryDirectory([['a.txt', 'x']]);
    const runner = new RecordingRunner();
    await new ContainerTarget({ container: 'c', runner }).copyTo(source.path, '/tmp/app');
    expect(runner.lines).toEqual([
      'docker exec -i --user root c mkdir -p /tmp/app',
      `docker cp --follow-link ${source.path}/. c:/tmp/app`,
      'docker exec -i --user root c chmod -R a+rX /tmp/app',
    ]);
  });

  it('tells a missing file from a container that does not answer', async () => {
    expect(await new ContainerTarget({ container: 'c', runner: new RecordingRunner([0]) }).exists('/a')).toBe(
      true,
    );
    expect(await new ContainerTarget({ container: 'c', runner: new RecordingRunner([1]) }).exists('/a')).toBe(
      false,
    );
    const refusal = new RecordingRunner([1], '', 'Error response from daemon: No such container: c');
    const gone = new ContainerTarget({ container: 'c', runner: refusal });
    await expect(gone.exists('/a')).rejects.toMatchObject({ code: 'IRIS_COMMAND_FAILED' });
  });

  it('reads bytes and removes with care', async () => {
    const runner = new RecordingRunner([], Buffer.from([0, 255, 10]).toString('base64'));
    const target = new ContainerTarget({ container: 'c', runner });
    expect([...(await target.readFile('/a/b'))]).toEqual([0, 255, 10]);
    await target.remove('/tmp/app');
    expect(runner.lines.at(-1)).toBe('docker exec -i --user root c rm -rf -- /tmp/app');
    await expect(target.remove('/tmp')).rejects.toMatchObject({ code: 'IRIS_OPTION' });
  });

  it.each(['', '-it', '--privileged', 'a b', 'a;b'])('refuses the container name %j', (container) => {
    expect(codeOf(() => new ContainerTarget({ container }))).toBe('IRIS_OPTION');
  });
});
