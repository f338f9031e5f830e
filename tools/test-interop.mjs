// `npm run test:interop`: clients that others wrote, unmodified, against the emulator (or IRIS_TEST_HOST/PORT).
// They are installed on demand into .interop/, since they are large and have licences of their own. Names on the command line select
// some: `npm run test:interop -- jdbc django`.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { build, install, nodeBinary, root, run, say } from './lib/workspace.mjs';
import { capture } from './lib/capture.mjs';
import { npm } from './lib/npm.mjs';

const home = path.join(root, '.interop');
const ADDON = '@intersystems/intersystems-iris-native@2.0.3';
const JDBC = 'com.intersystems:intersystems-jdbc:3.10.3';
const script = (...names) => path.join(root, 'interop', ...names);

/** A client that cannot be had on this machine: said, not counted as a failure. */
class Unavailable extends Error {}

async function must(what, promise) {
  const { code, output } = await promise;
  if (code !== 0) throw new Unavailable(`${what} failed:\n${output.trim().split('\n').slice(-5).join('\n')}`);
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
    args: [script('node-native', 'native.cjs')],
    env: { NODE_PATH: path.join(dir, 'node_modules') },
  };
}

/** A virtual environment of its own with these packages, and a script to run in it. */
function python(name, packages, file) {
  return async () => {
    const dir = path.join(home, name);
    const command = path.join(dir, 'bin', 'python');
    if (!existsSync(path.join(dir, 'ready'))) {
      say(`Installing ${packages.join(' ')} ...`);
      await must('python3 -m venv', capture('python3', ['-m', 'venv', dir]));
      await must('pip', capture(command, ['-m', 'pip', 'install', '-q', ...packages]));
      mkdirSync(path.join(dir, 'ready'));
    }
    return {
      command,
      args: [script('python', file)],
      env: { PATH: `${path.join(dir, 'bin')}:${process.env.PATH}` },
    };
  };
}

async function prepareJdbc() {
  const dir = path.join(home, 'jdbc');
  const [group, name, version] = JDBC.split(':');
  const repository = path.join(dir, 'repository');
  const jar = path.join(repository, ...group.split('.'), name, version, `${name}-${version}.jar`);
  mkdirSync(dir, { recursive: true });
  if (!existsSync(jar)) {
    say(`Fetching ${JDBC} ...`);
    const fetch = ['-q', 'dependency:get', `-Dartifact=${JDBC}`, `-Dmaven.repo.local=${repository}`];
    await must('mvn', capture('mvn', fetch));
  }
  await must('javac', capture('javac', ['-encoding', 'UTF-8', '-d', dir, script('java', 'Probe.java')]));
  const classPath = [dir, jar].join(path.delimiter);
  return { command: 'java', args: ['-Dfile.encoding=UTF-8', '-cp', classPath, 'Probe'], env: {} };
}

const SQLALCHEMY = ['SQLAlchemy==2.0.58', 'sqlalchemy-iris==0.20.0', 'intersystems-irispython==5.3.2'];

/** Name on the command line -> what it is, and how to get it. */
const CLIENTS = {
  dbapi: [
    'Python DB-API intersystems-irispython',
    python('python', ['intersystems-irispython==5.4.1'], 'dbapi.py'),
  ],
  native: ['Node addon @intersystems/intersystems-iris-native', prepareAddon],
  jdbc: ['JDBC driver com.intersystems:intersystems-jdbc', prepareJdbc],
  django: ['django-iris', python('django', ['Django==5.1.15', 'django-iris==0.3.0'], 'django_orm.py')],
  pandas: [
    'pandas and Alembic over sqlalchemy-iris',
    python('pandas', [...SQLALCHEMY, 'alembic==1.18.5', 'pandas==2.3.3'], 'pandas_alembic.py'),
  ],
  dbt: ['dbt-iris', python('dbt', ['dbt-iris==1.9.2', 'dbt-core==1.10.23'], 'dbt_project.py')],
  sqlalchemy: [
    "sqlalchemy-iris, SQLAlchemy's compliance suite",
    python('sqlalchemy', [...SQLALCHEMY, 'alembic==1.18.5', 'pytest==8.4.2'], 'sqlalchemy_suite.py'),
  ],
};

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

/** One client against a server of its own. @returns one word and, unless it passed, why */
async function outcome(prepare) {
  let client;
  try {
    client = await prepare();
  } catch (error) {
    if (error instanceof Unavailable || error.code === 'ENOENT') return `unavailable: ${error.message}`;
    throw error;
  }
  const server = await startServer();
  try {
    const { command, args, env } = client;
    const code = await run(command, args, {
      env: { ...process.env, ...env, IRIS_TEST_HOST: server.host, IRIS_TEST_PORT: server.port },
      timeout: 900_000,
    });
    return code === 0 ? 'passed' : `failed with exit code ${code}`;
  } finally {
    await server.stop();
  }
}

const wanted = process.argv.slice(2).filter((argument) => argument !== '--');
const unknown = wanted.filter((name) => !(name in CLIENTS));
if (unknown.length > 0) {
  say(`no such client: ${unknown.join(', ')}; there are ${Object.keys(CLIENTS).join(', ')}`);
  process.exit(2);
}
await install();
await build();
mkdirSync(home, { recursive: true });
const results = [];
for (const [name, [title, prepare]] of Object.entries(CLIENTS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  say(`\n== ${name}: ${title}`);
  results.push([name, await outcome(prepare)]);
}
say('');
for (const [name, result] of results) say(`${name}: ${result}`);
process.exitCode = results.some(([, result]) => result.startsWith('failed')) ? 1 : 0;
