import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { connect, Lob, type CallControl, type IrisConnection } from '@iris-devtools/driver';
import { column, startFakeServer, type Answer } from './fake-server.js';

/** Never answers what has to do with `kind`; everything else at once. */
const silentFor =
  (kind: string): Answer =>
  (request, out) => {
    if (request.kind === kind || ('text' in request && request.text === kind)) return;
    if (request.kind === 'DirectQuery')
      out.rows([column('t', -1)], [[{ type: 'string', value: 'handle' }]], kind === 'Fetch', 0);
    else if (request.kind === 'DirectUpdate')
      out.send('DirectUpdate', { parameters: [], statementFlag: 0, rowsAffected: [1] });
    else if (request.kind !== 'ExternalInterrupt') out.status(0);
  };

async function lobOf(connection: IrisConnection): Promise<Lob> {
  const [row] = (await connection.query('select t from l')).rows;
  if (row?.['t'] instanceof Lob) return row['t'];
  throw new Error('no LOB');
}

/** Each call, and the request that it is stopped in. */
const CALLS: readonly (readonly [string, (c: IrisConnection, control: CallControl) => Promise<unknown>])[] = [
  ['DirectQuery', (c, control) => c.query('select 1', [], control)],
  ['DirectUpdate', (c, control) => c.executeMany('delete from t where a = ?', [[1]], control)],
  ['Prepare', (c, control) => c.prepare('select 1', control)],
  ['PrepareProcedure', (c, control) => c.call('S.P', [], control)],
  ['DirectQuery', (c, control) => c.stream('select 1', [], control).pages().next()],
  [
    'Fetch',
    async (c, control) => {
      for await (const _ of c.stream('select 1', [], control)) continue;
    },
  ],
  ['StreamSize', async (c, control) => (await lobOf(c)).size(control)],
  ['ReadStream', async (c, control) => (await lobOf(c)).text(control)],
  ['StreamPart', async (c, control) => (await lobOf(c)).part(0, 5, control)],
  ['Ping', (c, control) => c.ping(control)],
  ['START TRANSACTION', (c, control) => c.begin(control)],
  ['Commit', (c, control) => c.commit(control)],
  ['Rollback', (c, control) => c.rollback(control)],
  ['SAVEPOINT a', (c, control) => c.savepoint('a', control)],
  ['ROLLBACK TO SAVEPOINT a', (c, control) => c.rollbackToSavepoint('a', control)],
  ['SET TRANSACTION %COMMITMODE EXPLICIT', (c, control) => c.setAutocommit(false, control)],
  [
    'SET TRANSACTION ISOLATION LEVEL READ COMMITTED',
    (c, control) => c.setIsolationLevel('READ COMMITTED', control),
  ],
  ['DirectQuery', (c, control) => c.lastIdentity(control)],
  ['ClassMethodValue', (c, control) => c.native.with(control).classMethod('A', 'B')],
  ['GlobalGet', (c, control) => c.native.with(control).get('A', 1)],
  ['GlobalOrder', (c, control) => c.native.with(control).entries('A').next()],
  ['Lock', (c, control) => c.native.with(control).lock('A')],
];

describe.each(CALLS)('a call that waits for %s', (kind, call) => {
  it('ends with its signal or its time limit, and before it was sent it is safe to repeat', async () => {
    await using server = await startFakeServer(silentFor(kind));
    const open = (): Promise<IrisConnection> => connect(`${server.url}?lobs=handle&cancelTimeoutMs=20`);
    await using first = await open();
    await expect(call(first, { timeoutMs: 30 })).rejects.toMatchObject({
      code: 'IRIS_TIMEOUT',
      retry: 'unknown',
    });
    await using second = await open();
    const controller = new AbortController();
    const running = call(second, { signal: controller.signal });
    setTimeout(() => {
      controller.abort();
    }, 30);
    await expect(running).rejects.toMatchObject({ code: 'IRIS_ABORTED', retry: 'unknown' });
    await using third = await open();
    await expect(third.ping({ signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'IRIS_ABORTED',
      retry: 'safe',
    });
  });
});

/** Timers of this machine's sockets to `port`: 02 is keep-alive (Linux, proc(5)). */
function timersTo(port: number): string[] {
  const wanted = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[2] === wanted)
    .map((fields) => fields[5]?.slice(0, 2) ?? '');
}

describe('keep-alive', () => {
  it('is on for idle connections, and can be switched off', async () => {
    await using server = await startFakeServer(silentFor('nothing'));
    await using on = await connect(server.url);
    await on.ping();
    if (process.platform === 'linux') expect(timersTo(server.port)).toEqual(['02']);
    await on.close();
    await using off = await connect(`${server.url}?keepAliveMs=0`);
    await off.ping();
    if (process.platform === 'linux') expect(timersTo(server.port)).not.toContain('02');
  });
});
