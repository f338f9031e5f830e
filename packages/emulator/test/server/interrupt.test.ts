import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { STATUS } from '@iris-devtools/protocol';
import { startEmulator } from '@iris-devtools/emulator';
import type { Emulator } from '@iris-devtools/emulator';
import { RawClient } from './raw-client.js';
import { query, update } from './requests.js';

/** `width` million combinations. The storage cannot be stopped in the middle, so the next statement waits for it. */
const combinations = (width: number) =>
  `SELECT COUNT(*) FROM Long.T a CROSS JOIN Long.T b CROSS JOIN Long.T c CROSS JOIN Long.T d WHERE d.n < ${String(width)} AND a.n + b.n + c.n + d.n = 1`;
const LONG_QUERY = combinations(10);
/** Longer than the second that is the shortest timeout, on any machine. */
const VERY_LONG_QUERY = combinations(30);
/** What the statements above still do in the storage has to end first; on a busy machine that takes its time. */
const BUSY_MS = 240_000;

describe('a statement that takes long', () => {
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await startEmulator();
    const client = await RawClient.login(emulator.port);
    await client.exchange(update('CREATE TABLE Long.T (n INTEGER)'), 1);
    const sets = Array.from({ length: 100 }, (_, n) => [{ type: 'integer', value: n } as const]);
    expect((await client.exchange(update('INSERT INTO Long.T (n) VALUES (?)', ...sets), 1)).code).toBe(0);
    await client.close();
  });
  afterAll(async () => {
    await emulator.stop();
  });

  it('is interrupted on its own connection, which goes on', async () => {
    const client = await RawClient.login(emulator.port);
    client.send(query(LONG_QUERY), 1);
    client.send({ kind: 'ExternalInterrupt' });
    expect((await client.frame())?.code).toBe(456);
    expect((await client.frame())?.code).toBe(STATUS.OK);
    expect((await client.exchange(query('SELECT 1'), 2)).code).toBe(STATUS.OK);
    await client.close();
  });

  it('ends at its timeout', async () => {
    const client = await RawClient.login(emulator.port);
    expect((await client.exchange({ ...query(VERY_LONG_QUERY), timeoutSeconds: 1 }, 1)).code).toBe(450);
    await client.close();
  });

  it(
    'ends with the connection, and others are served',
    async () => {
      const leaving = await RawClient.login(emulator.port);
      leaving.send(query(LONG_QUERY), 1);
      await leaving.close();
      const client = await RawClient.login(emulator.port);
      expect((await client.exchange(query('SELECT 1'), 2)).code).toBe(STATUS.OK);
      await client.close();
    },
    BUSY_MS,
  );
});
