import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** The Node that the workspace brings with it, whatever Node started this script. */
export const nodeBinary = path.join(
  root,
  'node_modules',
  '.bin',
  process.platform === 'win32' ? 'node.cmd' : 'node',
);

export const bin = (...parts) => path.join(root, 'node_modules', ...parts);

/** Progress goes to stderr, so that stdout stays free for what a command answers. */
export const say = (text) => process.stderr.write(`${text}\n`);

/** Runs a command with this terminal; resolves to its exit code. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (signal) say(`${path.basename(command)} was ended by ${signal}`);
      resolve(signal ? 128 : (code ?? 1));
    });
  });
}

async function mustRun(what, command, args, options) {
  const code = await run(command, args, options);
  if (code === 0) return;
  say(`${what} failed with exit code ${code}.`);
  process.exit(code);
}

const modified = (file) => (existsSync(file) ? statSync(file).mtimeMs : 0);

/** npm writes node_modules/.package-lock.json last, so it is newer than the lock file it was made from. */
function isInstalled() {
  const installed = modified(bin('.package-lock.json'));
  return installed >= modified(path.join(root, 'package-lock.json')) && existsSync(nodeBinary);
}

export async function install() {
  if (isInstalled()) return;
  say('Installing dependencies (once; about a minute) ...');
  const npmCli = process.env.npm_execpath;
  const args = ['ci', '--loglevel=error', '--no-fund', '--no-audit'];
  const stdio = ['ignore', 2, 2];
  if (npmCli) await mustRun('npm ci', process.execPath, [npmCli, ...args], { stdio });
  else await mustRun('npm ci', 'npm', args, { stdio, shell: process.platform === 'win32' });
}

export async function build() {
  say('Building ...');
  await mustRun('The build', nodeBinary, [bin('typescript', 'bin', 'tsc'), '-b'], {
    stdio: ['ignore', 2, 2],
  });
}
