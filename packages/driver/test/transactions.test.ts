import { describe, expect, it } from '@jest/globals';
import { connect } from '@iris-devtools/driver';
import { startFakeServer, type Answer } from './fake-server.js';

/** Fails statements that say so, with the SQLCODE that they say. */
const answer: Answer = (request, out) => {
  const failing = request.kind === 'DirectUpdate' ? /fail (-\d+)/.exec(request.text) : null;
  if (failing !== null) out.status(Number(failing[1]));
  else if (request.kind === 'DirectUpdate')
    out.send('DirectUpdate', { parameters: [], statementFlag: 0, rowsAffected: [1] });
  else if (request.kind === 'ErrorText') out.send('ErrorText', { message: 'failed' });
  else out.status(0);
};

describe('transaction()', () => {
  it('runs again after a lock conflict, once everything was undone', async () => {
    await using server = await startFakeServer(answer);
    await using connection = await connect(server.url);
    let runs = 0;
    const result = await connection.transaction(
      async (session) => {
        runs++;
        if (runs < 3) await session.query('update fail -114');
        return runs;
      },
      { attempts: 5, isolationLevel: 'READ COMMITTED' },
    );
    expect(result).toBe(3);
    expect(server.requests.filter((r) => r.kind === 'Rollback')).toHaveLength(2);
    expect(server.requests.at(-1)?.kind).toBe('Commit');
    expect(server.requests[0]).toMatchObject({ text: 'SET TRANSACTION ISOLATION LEVEL READ COMMITTED' });
  });

  it('does not run again after other errors, or too often', async () => {
    await using server = await startFakeServer(answer);
    await using connection = await connect(server.url);
    let runs = 0;
    const work = (code: number) => async (): Promise<void> => {
      runs++;
      await connection.query(`update fail ${code}`);
    };
    await expect(connection.transaction(work(-119), { attempts: 5 })).rejects.toMatchObject({
      sqlcode: -119,
    });
    expect(runs).toBe(1);
    await expect(connection.transaction(work(-114), { attempts: 2 })).rejects.toMatchObject({
      sqlcode: -114,
    });
    expect(runs).toBe(3);
    expect(connection.inTransaction).toBe(false);
    await expect(connection.transaction(work(0), { attempts: 0 })).rejects.toMatchObject({
      code: 'IRIS_OPTION',
    });
  });

  it('never runs again after a lost connection', async () => {
    await using server = await startFakeServer((request, out, frame) => {
      if (request.kind === 'Commit') server.dropAll();
      else answer(request, out, frame);
    });
    await using connection = await connect(server.url);
    let runs = 0;
    await expect(
      connection.transaction(
        () => {
          runs++;
          return Promise.resolve();
        },
        { attempts: 5 },
      ),
    ).rejects.toMatchObject({ code: 'IRIS_CONNECTION_LOST', retry: 'unknown' });
    expect(runs).toBe(1);
  });

  it('follows the transaction through SQL text too', async () => {
    await using server = await startFakeServer(answer);
    await using connection = await connect(server.url);
    const states: boolean[] = [];
    for (const sql of [
      'start transaction',
      'savepoint a',
      'rollback to savepoint a',
      'commit',
      'update t set a = 1',
    ]) {
      await connection.query(sql);
      states.push(connection.inTransaction);
    }
    expect(states).toEqual([true, true, true, false, false]);
    await connection.begin();
    await expect(connection.begin()).rejects.toMatchObject({ code: 'IRIS_STATE' });
    await expect(connection.savepoint('a; drop table t')).rejects.toMatchObject({ code: 'IRIS_VALUE' });
  });
});
