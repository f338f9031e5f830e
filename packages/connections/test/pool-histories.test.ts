import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Session } from '@iris-devtools/core';
import { Pool } from '@iris-devtools/connections';
import { ManualClock } from './support/manual-clock.js';
import { MemorySession } from './support/memory-session.js';

const SIZE = 3;
const OVERFLOW = 2;

/** Everything that can happen to a pool, in any order. */
const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('acquire' as const), abortable: fc.boolean() }),
  },
  fc.record({
    kind: fc.constantFrom('release' as const, 'break' as const, 'abort' as const),
    pick: fc.nat(),
  }),
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('advance' as const), ms: fc.constantFrom(1, 60, 600, 5000) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('failNextOpens' as const), count: fc.nat(3) }) },
);

/** Lets every promise that can settle without the outside world settle. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

class History {
  readonly clock = new ManualClock();
  readonly sessions: MemorySession[] = [];
  readonly held: Session[] = [];
  readonly controllers: AbortController[] = [];
  #failures = 0;
  readonly pool = new Pool({
    size: SIZE,
    overflow: OVERFLOW,
    acquireTimeoutMs: 1000,
    idleTimeoutMs: 500,
    maxLifetimeMs: 4000,
    validateAfterIdleMs: 50,
    clock: this.clock,
    open: async () => {
      await settle();
      if (this.#failures > 0) {
        this.#failures -= 1;
        throw new Error('refused');
      }
      const session = new MemorySession();
      this.sessions.push(session);
      return session;
    },
  });

  async run(action: typeof step extends fc.Arbitrary<infer Step> ? Step : never): Promise<void> {
    if (action.kind === 'acquire') this.#acquire(action.abortable);
    else if (action.kind === 'advance') this.clock.advance(action.ms);
    else if (action.kind === 'failNextOpens') this.#failures = action.count;
    else if (action.kind === 'release')
      await this.held.splice(action.pick % (this.held.length || 1), 1)[0]?.close();
    else if (action.kind === 'break') await this.sessions[action.pick % (this.sessions.length || 1)]?.close();
    else this.controllers.splice(action.pick % (this.controllers.length || 1), 1)[0]?.abort();
  }

  #acquire(abortable: boolean): void {
    const controller = new AbortController();
    if (abortable) this.controllers.push(controller);
    void this.pool.acquire(controller.signal).then(
      (session) => this.held.push(session),
      () => undefined,
    );
  }

  check(): void {
    const { open, idle, inUse, opening, waiting } = this.pool.metrics;
    expect(open).toBe(idle + inUse);
    expect(open + opening).toBeLessThanOrEqual(SIZE + OVERFLOW);
    expect(inUse).toBe(this.held.length);
    if (waiting > 0) expect(idle).toBe(0);
    if (waiting > 0) expect(open + opening).toBeGreaterThan(0);
  }
}

it('keeps its promises over random histories with faults, and leaks nothing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), async (steps) => {
      const history = new History();
      for (const action of steps) {
        await history.run(action);
        for (let turn = 0; turn < 12; turn += 1) await settle();
        history.check();
      }
      // Those who still wait give up first: a session given back would go to them.
      history.clock.advance(1000);
      await settle();
      for (const session of history.held.splice(0)) await session.close();
      await history.pool.close();
      expect(history.sessions.filter(({ open }) => open)).toEqual([]);
      expect(history.clock.pending).toBe(0);
    }),
    { numRuns: 150 },
  );
});
