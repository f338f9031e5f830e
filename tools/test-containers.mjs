// `npm run test:containers`: discovery, recovery and deployment against a real container engine, with a stand-in image that
// is built here. Needs an engine (Docker or Podman's Docker socket, DOCKER_HOST) that can mount this directory.
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bin, build, install, nodeBinary, root, run, say } from './lib/workspace.mjs';
import { capture } from './lib/capture.mjs';

/** Another name for each checkout that is tested at the same time. */
const IMAGE = process.env.STANDIN_IMAGE ?? 'iris-devtools-stand-in:test';
const BASE = `${IMAGE}-base`;
const NO_ENGINE = 3;

async function must(what, promise) {
  const { code, output } = await promise;
  if (code !== 0) throw new Error(`${what} failed:\n${output}`);
  return output;
}

async function engineAnswers() {
  try {
    return (await capture('docker', ['version', '--format', '{{.Server.Version}}'])).code === 0;
  } catch {
    return false;
  }
}

/** What deployments run in a container, and what `iris` programs of the stand-ins need. */
const PROGRAMS = 'base64 cat chmod env gzip ls mkdir mv rm sh stat tail tar tee test wc'.split(' ');

/** Node and a few programs of this machine with the libraries that they load, as an image: no registry is needed. */
async function importBase() {
  const rootfs = mkdtempSync(path.join(tmpdir(), 'iris-standin-'));
  try {
    for (const directory of ['usr/bin', 'tmp', 'etc', 'proc', 'sys', 'dev', 'project'])
      mkdirSync(path.join(rootfs, directory), { recursive: true });
    symlinkSync('usr/bin', path.join(rootfs, 'bin'));
    chmodSync(path.join(rootfs, 'tmp'), 0o1777);
    await copyProgram(rootfs, 'node', path.join(root, 'node_modules', 'node', 'bin', 'node'));
    for (const name of PROGRAMS) {
      // Not `command -v`, which knows builtins of the shell.
      const file = ['/usr/bin', '/bin']
        .map((place) => path.join(place, name))
        .find((each) => existsSync(each));
      if (file === undefined) throw new Error(`This machine has no program ${name}`);
      await copyProgram(rootfs, name, file);
    }
    writeFileSync(
      path.join(rootfs, 'etc/passwd'),
      'root:x:0:0::/root:/bin/sh\nirisowner:x:51773:51773::/tmp:/bin/sh\n',
    );
    const tar = path.join(rootfs, '..', `${path.basename(rootfs)}.tar`);
    await must('tar', capture('tar', ['-C', rootfs, '-cf', tar, '.']));
    await must('docker import', capture('docker', ['import', tar, BASE]));
    rmSync(tar);
  } finally {
    rmSync(rootfs, { recursive: true, force: true });
  }
}

async function copyProgram(rootfs, name, file) {
  copyFileSync(realpathSync(file), path.join(rootfs, 'usr/bin', name));
  // A program without libraries is an error to ldd.
  const { output } = await capture('ldd', [realpathSync(file)]);
  for (const library of output.match(/\/\S+(?=\s\()/g) ?? []) {
    const target = path.join(rootfs, library);
    mkdirSync(path.dirname(target), { recursive: true });
    copyFileSync(realpathSync(library), target);
  }
}

async function buildImage() {
  say('Building the stand-in image ...');
  const args = [];
  if (process.platform === 'linux') {
    await importBase();
    args.push('--build-arg', `BASE=${BASE}`);
  }
  const context = path.join(root, 'tools', 'stand-in-image');
  const env = { ...process.env, DOCKER_BUILDKIT: '0' };
  await must('docker build', capture('docker', ['build', '-q', '-t', IMAGE, ...args, context], { env }));
}

await install();
await build();
if (await engineAnswers()) {
  await buildImage();
  const config = path.join(root, 'jest.containers.config.cjs');
  process.exitCode = await run(
    nodeBinary,
    [bin('jest', 'bin', 'jest.js'), '-c', config, '--runInBand', ...process.argv.slice(2)],
    { env: { ...process.env, STANDIN_IMAGE: IMAGE } },
  );
} else {
  say(
    'No container engine answers (docker version): nothing was tested. Start Docker or Podman, or set DOCKER_HOST.',
  );
  process.exitCode = NO_ENGINE;
}
