import { spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { capture } from './capture.mjs';
import { say } from './workspace.mjs';

const debianBase = '/usr/lib/postgresql';

/** Directory of `initdb` and `postgres`: PG_BIN, Debian's newest, or the path. */
function findBinaries() {
  if (process.env.PG_BIN) return process.env.PG_BIN;
  const versions = existsSync(debianBase)
    ? readdirSync(debianBase).sort((a, b) => Number(b) - Number(a))
    : [];
  const debian = versions
    .map((v) => path.join(debianBase, v, 'bin'))
    .find((dir) => existsSync(path.join(dir, 'initdb')));
  if (debian) return debian;
  const onPath = (process.env.PATH ?? '')
    .split(path.delimiter)
    .find((dir) => existsSync(path.join(dir, 'initdb')));
  return onPath;
}

/** Installs PostgreSQL 15 where the system can (Debian, as root); otherwise says what to do. */
export async function ensurePostgres() {
  if (findBinaries()) return;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    say('Installing postgresql-15 ...');
    await capture('apt-get', ['update', '-q']);
    await capture('apt-get', ['install', '-q', '-y', '--no-install-recommends', 'postgresql-15']);
  }
  if (!findBinaries())
    throw new Error('PostgreSQL is not installed; install it or set PG_BIN to its bin directory');
}

/** PostgreSQL refuses to run as root: there it runs as the user that its package made. */
async function serverIdentity() {
  if (process.getuid?.() !== 0) return {};
  const id = async (flag) => Number((await capture('id', [flag, 'postgres'])).output);
  return { uid: await id('-u'), gid: await id('-g') };
}

/**
 * A new, empty PostgreSQL that listens on a Unix socket only; `stop()` removes it.
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>}
 */
export async function startPostgres() {
  const binaries = findBinaries();
  if (!binaries)
    throw new Error('PostgreSQL is not installed; install it or set PG_BIN to its bin directory');
  const identity = await serverIdentity();
  const dir = mkdtempSync(path.join(tmpdir(), 'iris-devtools-pg-'));
  if (identity.uid !== undefined) chownSync(dir, identity.uid, identity.gid);
  const data = path.join(dir, 'data');
  const init = await capture(
    path.join(binaries, 'initdb'),
    ['-D', data, '-U', 'iris', '--auth=trust', '--locale=C', '--encoding=UTF8', '--no-sync'],
    { cwd: dir, ...identity },
  );
  if (init.code !== 0) throw new Error(`initdb failed: ${init.output}`);
  const server = spawn(path.join(binaries, 'postgres'), ['-D', data, '-k', dir, '-h', '', '-F'], {
    cwd: dir,
    stdio: ['ignore', 'ignore', 'pipe'],
    ...identity,
  });
  await ready(server);
  const stop = async () => {
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGINT');
    await ended;
    rmSync(dir, { recursive: true, force: true });
  };
  return { url: `postgresql://iris@/postgres?host=${encodeURIComponent(dir)}`, stop };
}

function ready(server) {
  return new Promise((resolve, reject) => {
    let log = '';
    server.stderr.on('data', (chunk) => {
      log += chunk;
      if (log.includes('ready to accept connections')) resolve();
    });
    server.once('exit', () => reject(new Error(`postgres ended early: ${log}`)));
  });
}
