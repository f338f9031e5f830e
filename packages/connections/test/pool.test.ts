import { describe, expect, it } from '@jest/globals';
import type { Session } from '@iris-devtools/core';
import { Pool, type PoolEvent, type PoolOptions } from '@iris-devtools/connections';
import { ManualClock } from './support/manual-clock.js';
import { MemorySession } from './support/memory-session.js';

function setUp(options: Partial<PoolOptions> = {}) {
  const clock = new ManualClock();
  const sessions: MemorySession[] = [];
  const events: PoolEvent[] = [];
  const open = (): Promise<Session> => {
    const session = new MemorySession();
    sessions.push(session);
    return Promise.resolve(session);
  };
  const pool = new Pool({ open, clock, onEvent: (event) => events.push(event), ...options });
  return { pool, clock, sessions, events };
}

describe('a pool', () => {
  it('uses a session again, the latest first', async () => {
    const { pool, sessions } = setUp();
    await (await pool.acquire()).close();
    await (await pool.acquire()).close();
    expect(sessions).toHaveLength(1);
    expect(pool.metrics).toMatchObject({ open: 1, idle: 1, inUse: 0, acquisitions: 2, opened: 1 });
  });

  it('serves those who wait in order, and closes the overflow when nobody waits', async () => {
    const { pool } = setUp({ size: 1, overflow: 1 });
    const first = await pool.acquire();
    const second = await pool.acquire();
    const order: string[] = [];
    const third = pool.acquire().then((session) => (order.push('third'), session));
    const fourth = pool.acquire().then((session) => (order.push('fourth'), session));
    expect(pool.metrics).toMatchObject({ inUse: 2, waiting: 2 });
    await second.close();
    await first.close();
    await (await third).close();
    await (await fourth).close();
    expect(order).toEqual(['third', 'fourth']);
    expect(pool.metrics).toMatchObject({ open: 1, idle: 1, closed: 1 });
  });

  it('stops waiting at the limit or when told to, and loses no session by it', async () => {
    const { pool, clock } = setUp({ size: 1, overflow: 0, acquireTimeoutMs: 100 });
    const held = await pool.acquire();
    const late = pool.acquire();
    const controller = new AbortController();
    const abandoned = pool.acquire(controller.signal);
    controller.abort();
    await expect(abandoned).rejects.toMatchObject({ code: 'IRIS_ABORTED', retry: 'safe' });
    clock.advance(100);
    await expect(late).rejects.toMatchObject({ code: 'IRIS_POOL', retry: 'safe' });
    await held.close();
    expect(pool.metrics).toMatchObject({ idle: 1, waiting: 0, timeouts: 1 });
    expect(clock.pending).toBe(1);
  });

  it('ends what a caller left open before the next one gets the session', async () => {
    const { pool, sessions } = setUp();
    const session = await pool.acquire();
    await session.begin();
    await session.prepare('SELECT 1');
    await session.stream('SELECT 2')[Symbol.asyncIterator]().next();
    await session.close();
    expect(sessions[0]?.log).toEqual(['end SELECT 2', 'end SELECT 2', 'close SELECT 1', 'ROLLBACK']);
    expect(pool.metrics.idle).toBe(1);
  });

  it('refuses a session that was given back', async () => {
    const { pool } = setUp();
    const session = await pool.acquire();
    await session.close();
    await session.close();
    await expect(session.query('SELECT 1')).rejects.toMatchObject({ code: 'IRIS_STATE' });
    expect(session.open).toBe(false);
    expect(pool.metrics.idle).toBe(1);
  });

  it('replaces a session that was lost, too old, or fails its check', async () => {
    const { pool, clock, sessions, events } = setUp({ maxLifetimeMs: 1000, validateAfterIdleMs: 10 });
    const lost = await pool.acquire();
    if (sessions[0]) sessions[0].open = false;
    await lost.close();
    const old = await pool.acquire();
    clock.advance(1000);
    await old.close();
    await (await pool.acquire()).close();
    clock.advance(10);
    const checked = await pool.acquire();
    expect(sessions[2]?.log).toEqual(['SELECT 1']);
    expect(sessions.map((session) => session.open)).toEqual([false, false, true]);
    await checked.close();
    if (sessions[2]) sessions[2].query = () => Promise.reject(new Error('gone'));
    clock.advance(10);
    await (await pool.acquire()).close();
    expect(sessions).toHaveLength(4);
    expect(events.map(({ kind }) => kind)).toContain('validation-failed');
  });

  it('closes idle sessions down to min, and keeps min filled', async () => {
    const { pool, clock } = setUp({ min: 1, idleTimeoutMs: 50 });
    const both = await Promise.all([pool.acquire(), pool.acquire()]);
    for (const session of both) await session.close();
    clock.advance(50);
    expect(pool.metrics).toMatchObject({ open: 1 });
    clock.advance(50);
    expect(pool.metrics).toMatchObject({ open: 1 });
  });

  it('gives the error of a failed opening to the one who waits for it', async () => {
    let fail = true;
    const { pool } = setUp({
      open: () => (fail ? Promise.reject(new Error('refused')) : Promise.resolve(new MemorySession())),
    });
    await expect(pool.acquire()).rejects.toThrow('refused');
    fail = false;
    await (await pool.acquire()).close();
    expect(pool.metrics).toMatchObject({ failed: 1, idle: 1, opening: 0 });
  });

  it('reports who holds a session for too long', async () => {
    const { pool, clock, events } = setUp({ leakDetectionMs: 500 });
    const session = await pool.acquire();
    clock.advance(500);
    expect(events.at(-1)).toMatchObject({ kind: 'leak', stack: expect.stringContaining('pool.test') });
    await session.close();
  });

  it('drains when closed: waits for loans, refuses the rest', async () => {
    const { pool, sessions } = setUp({ size: 1, overflow: 0 });
    const session = await pool.acquire();
    const waiting = pool.acquire();
    const done = pool.close();
    await expect(waiting).rejects.toMatchObject({ code: 'IRIS_CONNECTION_CLOSED' });
    await expect(pool.acquire()).rejects.toMatchObject({ code: 'IRIS_CONNECTION_CLOSED' });
    await session.query('SELECT 1');
    await session.close();
    await done;
    expect(sessions.every(({ open }) => !open)).toBe(true);
    expect(pool.metrics).toMatchObject({ open: 0, opening: 0, waiting: 0 });
  });

  it.each([
    [{ size: 0, overflow: 0 }],
    [{ size: -1 }],
    [{ size: 1, min: 2 }],
    [{ acquireTimeoutMs: Number.NaN }],
  ])('refuses the limits %j', (limits) => {
    expect(() => setUp(limits)).toThrow(expect.objectContaining({ code: 'IRIS_OPTION' }));
  });
});
