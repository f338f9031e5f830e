import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { GlobalJournal } from '../../src/globals/global-journal.js';
import { GlobalStore } from '../../src/globals/global-store.js';
import { GlobalTransaction } from '../../src/globals/global-transaction.js';
import { LockTable } from '../../src/globals/lock-table.js';
import { addValues, Decimal, textOf } from '../../src/globals/native-value.js';
import { compareSubscripts, subscriptOf } from '../../src/globals/subscript.js';
import type { NativeValue } from '../../src/globals/native-value.js';

const at = (...subscripts: NativeValue[]) => ({ namespace: 'USER', name: 'a', subscripts });

function keysInOrder(store: GlobalStore, direction: 'next' | 'previous'): string[] {
  const keys: string[] = [];
  for (let key = store.order(at(''), direction); key !== ''; key = store.order(at(key), direction))
    keys.push(key);
  return keys;
}

describe('global store', () => {
  it('orders canonical numbers by value before strings', () => {
    const store = new GlobalStore();
    for (const key of ['b', 10, 'a', -1.5, 2, '01', 0, 'A', '1.50', new Decimal('.25'), -20])
      store.set(at(key), 1);
    const expected = ['-20', '-1.5', '0', '.25', '2', '10', '01', '1.50', 'A', 'a', 'b'];
    expect(keysInOrder(store, 'next')).toEqual(expected);
    expect(keysInOrder(store, 'previous')).toEqual([...expected].reverse());
  });

  it('finds the neighbour of a subscript that is not there', () => {
    const store = new GlobalStore();
    for (const key of [1, 3, 5]) store.set(at(key), key);
    expect(store.order(at(2), 'next')).toBe('3');
    expect(store.order(at(2), 'previous')).toBe('1');
    expect(store.order(at(5), 'next')).toBe('');
  });

  it('answers $DATA for each shape', () => {
    const store = new GlobalStore();
    expect(store.data(at())).toBe(0);
    store.set(at(1, 2), 'x');
    expect([store.data(at()), store.data(at(1)), store.data(at(1, 2))]).toEqual([10, 10, 1]);
    store.set(at(1), 'y');
    expect(store.data(at(1))).toBe(11);
    store.kill(at(1));
    expect([store.data(at(1)), store.data(at())]).toEqual([0, 0]);
  });

  it('keeps namespaces apart and shares percent globals', () => {
    const store = new GlobalStore();
    store.set({ namespace: 'USER', name: 'x', subscripts: [] }, 1);
    store.set({ namespace: 'USER', name: '%x', subscripts: [] }, 2);
    expect(store.get({ namespace: 'OTHER', name: 'x', subscripts: [] })).toBeUndefined();
    expect(store.get({ namespace: 'other', name: '%x', subscripts: [] })).toBe(2);
  });

  it('refuses the null subscript and bad names', () => {
    const store = new GlobalStore();
    expect(() => store.set(at(''), 1)).toThrow('<SUBSCRIPT>');
    expect(() => store.set({ namespace: 'USER', name: '^a b', subscripts: [] }, 1)).toThrow('<SYNTAX>');
  });

  it('increments exactly', () => {
    const store = new GlobalStore();
    expect(store.increment(at(1), 1)).toBe(1);
    expect(textOf(store.increment(at(1), 0.1))).toBe('1.1');
    expect(textOf(store.increment(at(1), 0.2))).toBe('1.3');
    store.set(at(2), '12abc');
    expect(store.increment(at(2), -20)).toBe(-8);
    expect(addValues(9007199254740993n, 1)).toBe(9007199254740994n);
  });

  it('is a total order on all strings', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string(), fc.double().map(String), fc.integer().map(String))),
        (texts) => {
          const sorted = texts.map(subscriptOf).sort(compareSubscripts);
          for (let index = 1; index < sorted.length; index += 1) {
            const [a, b] = [sorted[index - 1], sorted[index]];
            if (a !== undefined && b !== undefined) {
              expect(compareSubscripts(a, b)).toBeLessThanOrEqual(0);
              expect(Math.sign(compareSubscripts(b, a))).toBe(compareSubscripts(a, b) === 0 ? 0 : 1);
            }
          }
        },
      ),
      { seed: 7 },
    );
  });
});

describe('transactions on globals', () => {
  it('puts back values, absence and subtrees, newest change first', () => {
    const store = new GlobalStore();
    store.set(at(1), 'one');
    store.set(at(1, 1), 'deep');
    const before = [...store.changes()];
    const transaction = new GlobalTransaction(store);
    transaction.begin();
    transaction.set(at(1), 'changed');
    transaction.set(at(2, 3), 'new');
    transaction.kill(at(1));
    transaction.set(at(1, 9), 'x');
    expect(store.get(at(1, 1))).toBeUndefined();
    transaction.rollbackAll();
    expect([...store.changes()]).toEqual(before);
  });

  it('rolls one level back and commits the rest', () => {
    const store = new GlobalStore();
    const transaction = new GlobalTransaction(store);
    transaction.begin();
    transaction.set(at(1), 'outer');
    transaction.begin();
    transaction.set(at(2), 'inner');
    expect(transaction.level).toBe(2);
    transaction.rollbackOne();
    transaction.commit();
    expect([store.get(at(1)), store.get(at(2)), transaction.level]).toEqual(['outer', undefined, 0]);
    transaction.rollbackAll();
    expect(store.get(at(1))).toBe('outer');
  });

  it('undoes any run of changes', () => {
    const path = fc.array(fc.constantFrom('1', '2', 'a'), { maxLength: 3 });
    const change = fc.record({ kill: fc.boolean(), path, value: fc.string() });
    fc.assert(
      fc.property(fc.array(change), fc.array(change), (earlier, within) => {
        const store = new GlobalStore();
        for (const { kill, path: subscripts, value } of earlier) {
          if (kill) store.kill(at(...subscripts));
          else store.set(at(...subscripts), value);
        }
        const before = [...store.changes()];
        const transaction = new GlobalTransaction(store);
        transaction.begin();
        for (const { kill, path: subscripts, value } of within) {
          if (kill) transaction.kill(at(...subscripts));
          else transaction.set(at(...subscripts), value);
        }
        transaction.rollbackAll();
        expect([...store.changes()]).toEqual(before);
      }),
      { seed: 11 },
    );
  });
});

describe('locks', () => {
  const lockName = (...subscripts: string[]) => ({ namespace: 'USER', name: '^a', subscripts });

  it('blocks others on the node, its ancestors and descendants, until the last count is given back', async () => {
    const table = new LockTable();
    const [one, two] = [{}, {}];
    expect(await table.lock(one, lockName('1'), 'exclusive', 0)).toBe(true);
    expect(await table.lock(one, lockName('1'), 'exclusive', 0)).toBe(true);
    for (const blocked of [lockName(), lockName('1'), lockName('1', '2')]) {
      expect(await table.lock(two, blocked, 'exclusive', 0)).toBe(false);
    }
    expect(await table.lock(two, lockName('2'), 'exclusive', 0)).toBe(true);
    table.unlock(one, lockName('1'), 'exclusive', false);
    expect(await table.lock(two, lockName('1'), 'exclusive', 0)).toBe(false);
    const waiting = table.lock(two, lockName('1'), 'exclusive', undefined);
    table.unlock(one, lockName('1'), 'exclusive', false);
    expect(await waiting).toBe(true);
  });

  it('lets readers share and writers wait', async () => {
    const table = new LockTable();
    const [one, two, three] = [{}, {}, {}];
    expect(await table.lock(one, lockName(), 'shared', 0)).toBe(true);
    expect(await table.lock(two, lockName(), 'shared', 0)).toBe(true);
    expect(await table.lock(three, lockName(), 'exclusive', 10)).toBe(false);
    const waiting = table.lock(three, lockName(), 'exclusive', undefined);
    table.releaseAll(one);
    table.releaseAll(two);
    expect(await waiting).toBe(true);
  });

  it('keeps a lock that was given back in a transaction until its end', async () => {
    const table = new LockTable();
    const [one, two] = [{}, {}];
    await table.lock(one, lockName(), 'exclusive', 0);
    table.unlock(one, lockName(), 'exclusive', true);
    expect(await table.lock(two, lockName(), 'exclusive', 0)).toBe(false);
    table.endTransaction(one);
    expect(await table.lock(two, lockName(), 'exclusive', 0)).toBe(true);
    table.releaseAll(two);
    expect(table.size).toBe(0);
  });
});

describe('journal', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'globals-'));
  });
  afterEach(async () => {
    await rm(directory, { recursive: true });
  });

  async function reopen(): Promise<{ store: GlobalStore; journal: GlobalJournal }> {
    const opened: { journal?: GlobalJournal } = {};
    const store = new GlobalStore((event) => opened.journal?.append(event));
    const journal = await GlobalJournal.open(directory, store);
    opened.journal = journal;
    return { store, journal };
  }

  it('brings every kind of value back', async () => {
    const values = ['', 'text \u0416 \u0000', 1, -1.5, 9007199254740993n, new Decimal('12.50'), Infinity];
    const first = await reopen();
    values.forEach((value, index) => {
      first.store.set(at(index), value);
    });
    first.store.set(at('gone'), 1);
    first.store.kill(at('gone'));
    await first.journal.close();
    const second = await reopen();
    expect(values.map((_, index) => second.store.get(at(index)))).toEqual(values);
    expect(second.store.data(at('gone'))).toBe(0);
    await second.journal.close();
  });

  it('undoes the transactions that were open when the process ended', async () => {
    const first = await reopen();
    const [ended, lost, rolledBack] = [0, 1, 2].map(() => new GlobalTransaction(first.store));
    first.store.set(at(1), 'before');
    for (const transaction of [ended, lost, rolledBack]) transaction?.begin();
    ended?.set(at(2), 'committed');
    lost?.set(at(1), 'changed');
    lost?.kill(at(1));
    lost?.begin();
    lost?.set(at(3), 'inner');
    lost?.commit();
    rolledBack?.set(at(4), 'x');
    ended?.commit();
    rolledBack?.rollbackAll();
    await first.journal.close();
    const second = await reopen();
    expect([1, 2, 3, 4].map((key) => second.store.get(at(key)))).toEqual([
      'before',
      'committed',
      undefined,
      undefined,
    ]);
    await second.journal.close();
  });

  it('drops a last line that a crash cut short, and refuses damage before it', async () => {
    const first = await reopen();
    first.store.set(at(1), 'kept');
    first.store.set(at(2), 'also');
    await first.journal.close();
    const path = join(directory, 'globals.jsonl');
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.slice(0, -10));
    const second = await reopen();
    expect([second.store.get(at(1)), second.store.get(at(2))]).toEqual(['kept', undefined]);
    await second.journal.close();
    await writeFile(path, `garbage\n${text}`);
    await expect(reopen()).rejects.toMatchObject({ code: 'IRIS_IO' });
  });
});
