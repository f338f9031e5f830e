// `npm run test:containers`: discovery and recovery against a real container engine, with a stand-in image that is built
// here. Needs an engine (Docker or Podman's Docker socket, DOCKER_HOST) that can mount this directory.
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bin, build, install, nodeBinary, root, run, say } from './lib/workspace.mjs';
import { capture } from './lib/capture.mjs';

const IMAGE = 'iris-devtools-stand-in:test';
const BASE = 'iris-devtools-stand-in-base:test';
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

/** Node of this machine with the libraries that it loads, as an image: no registry is needed. */
async function importBase() {
  const rootfs = mkdtempSync(path.join(tmpdir(), 'iris-standin-'));
  try {
    const real = path.join(root, 'node_modules', 'node', 'bin', 'node');
    const libraries = (await must('ldd', capture('ldd', [real]))).match(/\/\S+/g) ?? [];
    for (const directory of ['usr/bin', 'tmp', 'etc', 'proc', 'sys', 'dev', 'project'])
      mkdirSync(path.join(rootfs, directory), { recursive: true });
    copyFileSync(realpathSync(real), path.join(rootfs, 'usr/bin/node'));
    symlinkSync('usr/bin', path.join(rootfs, 'bin'));
    // `#!/usr/bin/env node` without a userland: env is Node too, told to run the script.
    const env = '#!/usr/bin/node\nconst [, , , script, ...args] = process.argv;\n';
    writeFileSync(
      path.join(rootfs, 'usr/bin/env'),
      `${env}process.argv = [process.execPath, script, ...args];\nrequire(script);\n`,
    );
    chmodSync(path.join(rootfs, 'usr/bin/env'), 0o755);
    chmodSync(path.join(rootfs, 'tmp'), 0o1777);
    for (const library of libraries) {
      const target = path.join(rootfs, library);
      mkdirSync(path.dirname(target), { recursive: true });
      copyFileSync(realpathSync(library), target);
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
  const config = path.join(root, 'packages', 'connections', 'jest.containers.config.cjs');
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
