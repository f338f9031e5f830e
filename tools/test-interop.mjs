// `npm run test:interop`: clients that others wrote, unmodified, against the emulator (or IRIS_TEST_HOST/PORT).
// They are installed on demand into .interop/, since they are large and have licences of their own.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { build, install, nodeBinary, root, run, say } from './lib/workspace.mjs';
import { capture } from './lib/capture.mjs';
import { npm } from './lib/npm.mjs';

const home = path.join(root, '.interop');
const ADDON = '@intersystems/intersystems-iris-native@2.0.3';
const PYTHON_CLIENT = 'intersystems-irispython==5.4.1';

async function must(what, promise) {
  const { code, output } = await promise;
  if (code !== 0) throw new Error(`${what} failed:\n${output}`);
}

/** The official Node addon; it has no binary named for Debian, the one for Ubuntu 22.04 fits. */
async function prepareAddon() {
  const dir = path.join(home, 'node-native');
  const binaries = path.join(dir, 'node_modules', '@intersystems', 'intersystems-iris-native', 'bin');
  if (!existsSync(binaries)) {
    mkdirSync(dir, { recursive: true });
    say(`Installing ${ADDON} (450 MB) ...`);
    await must('npm', npm(['install', '--prefix', dir, '--no-save', '--loglevel=error', ADDON]));
  }
  const debian = path.join(binaries, 'lnxrhx64');
  if (process.platform === 'linux' && !existsSync(debian)) symlinkSync('lnxubuntu2204x64', debian);
  return {
    command: nodeBinary,
    args: [path.join(root, 'interop', 'node-native', 'native.cjs')],
    env: { NODE_PATH: path.join(dir, 'node_modules') },
  };
}

async function preparePython() {
  const dir = path.join(home, 'python');
  const python = path.join(dir, 'bin', 'python');
  if (!existsSync(path.join(dir, 'ready'))) {
    say(`Installing ${PYTHON_CLIENT} ...`);
    await must('python3 -m venv', capture('python3', ['-m', 'venv', dir]));
    await must('pip', capture(python, ['-m', 'pip', 'install', '-q', PYTHON_CLIENT]));
    mkdirSync(path.join(dir, 'ready'));
  }
  return { command: python, args: [path.join(root, 'interop', 'python', 'dbapi.py')], env: {} };
}

/** Starts the emulator's own command and waits for its ready line. */
async function startServer() {
  const { IRIS_TEST_HOST, IRIS_TEST_PORT } = process.env;
  if (IRIS_TEST_HOST && IRIS_TEST_PORT)
    return { host: IRIS_TEST_HOST, port: IRIS_TEST_PORT, stop: async () => undefined };
  const bin = path.join(root, 'packages', 'emulator', 'dist', 'bin', 'iris-emulator.js');
  const args = [
    bin,
    '--listen',
    '127.0.0.1:0',
    '--data',
    'memory',
    '--user',
    '_SYSTEM',
    '--password',
    'SYS',
    '--json',
  ];
  const child = spawn(nodeBinary, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const line = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('exit', (code) => reject(new Error(`the emulator ended with ${code}`)));
  });
  const { host, port } = JSON.parse(line);
  const stop = () =>
    new Promise((resolve) => {
      child.removeAllListeners('exit').once('exit', resolve);
      child.kill('SIGTERM');
    });
  return { host, port: String(port), stop };
}

await install();
await build();
mkdirSync(home, { recursive: true });
const clients = [
  ['Python DB-API intersystems-irispython', preparePython],
  ['Node addon @intersystems/intersystems-iris-native', prepareAddon],
];
const server = await startServer();
const failed = [];

/** The Session behaviours that every client of `connections` must have, over the addon; against an emulator of its own. */
async function runSessionSuite() {
  say('\n== @iris-devtools/connections over the Node addon');
  const { env } = await prepareAddon();
  const jest = path.join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const config = path.join(root, 'packages', 'connections', 'jest.interop.config.cjs');
  const code = await run(nodeBinary, [jest, '-c', config], {
    env: { ...process.env, ...env },
    timeout: 600_000,
  });
  if (code !== 0) failed.push('connections over the Node addon');
}

try {
  for (const [name, prepare] of clients) {
    say(`\n== ${name}`);
    const { command, args, env } = await prepare();
    const code = await run(command, args, {
      env: { ...process.env, ...env, IRIS_TEST_HOST: server.host, IRIS_TEST_PORT: server.port },
      timeout: 120_000,
    });
    if (code !== 0) failed.push(name);
  }
  await runSessionSuite();
} finally {
  await server.stop();
}
if (failed.length > 0) say(`\nfailed: ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
