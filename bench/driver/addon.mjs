// `npm run bench -- driver --addon`: the same rows from the same emulator through this driver and through the official Node
// addon, which has no SQL API and fetches cell by cell with %SQL.Statement. Run `npm run test:interop` first: it installs the addon.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { createInterface } from 'node:readline';
import driver from '@iris-devtools/driver';
import { root } from '../../tools/lib/workspace.mjs';
import { compare, print } from '../lib/report.mjs';

const ROWS = 500;
const SQL = 'SELECT k, s, n, d, t FROM bench_rows';

/** In a process of its own: the addon blocks the thread that waits for an answer. */
async function startEmulator() {
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
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const line = await new Promise((resolve) => createInterface({ input: child.stdout }).once('line', resolve));
  return { ...JSON.parse(line), stop: () => child.kill() };
}

export async function compareWithAddon() {
  const require = createRequire(path.join(root, '.interop', 'node-native', 'package.json'));
  const addon = require('@intersystems/intersystems-iris-native');
  const { port, stop } = await startEmulator();
  const server = { host: '127.0.0.1', port };
  const connection = await driver.connect({ ...server, user: '_SYSTEM', password: 'SYS' });
  await connection.query(
    'CREATE TABLE bench_rows (k INTEGER, s VARCHAR(50), n NUMERIC(10,2), d DOUBLE, t TIMESTAMP)',
  );
  const rows = Array.from({ length: ROWS }, (_, k) => [
    k,
    `row ${k}`,
    `${k}.25`,
    k / 3,
    '2024-02-29 12:34:56',
  ]);
  await connection.executeMany('INSERT INTO bench_rows VALUES (?, ?, ?, ?, ?)', rows);

  const native = addon.createConnection({
    ...server,
    ns: 'USER',
    user: '_SYSTEM',
    pwd: 'SYS',
    sharedmemory: false,
  });
  const iris = native.createIris();
  const cellByCell = () => {
    const statement = iris.classMethodValue('%SQL.Statement', '%New', 1);
    statement.invoke('%Prepare', SQL);
    const result = statement.invoke('%Execute');
    const found = [];
    while (Number(result.invoke('%Next')) === 1)
      found.push(['k', 's', 'n', 'd', 't'].map((name) => result.invoke('%Get', name)));
    return found.length;
  };
  const results = await compare(3, [
    { name: '@iris-devtools/driver', run: async () => (await connection.query(SQL)).rows.length },
    { name: 'official addon, %SQL.Statement', run: async () => cellByCell() },
  ]);
  print(`${ROWS} rows of 5 columns from the emulator`, 'rows/s', results);
  native.close();
  await connection.close();
  stop();
}
