import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isIrisError } from '@iris-devtools/core';
import fc from 'fast-check';
import { createSqlEngine } from '../../dist/engine/create-engine.js';
import type { EngineValue, SqlEngine, SqlSession } from '../../dist/engine/engine.js';
import { functionNames } from '../../src/functions/registry.js';

/** Examples of the manual's function pages; a row holds a value for each select item. */
interface Example {
  readonly sql: string;
  readonly row?: readonly (string | number | null)[];
  readonly sqlcode?: number;
  readonly source: string;
}

const examples = readFileSync(join(__dirname, 'function-examples.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Example);

let engine: SqlEngine;
let session: SqlSession;

beforeAll(async () => {
  engine = await createSqlEngine();
  session = await engine.openSession({ user: '_SYSTEM', namespace: 'USER' });
});

afterAll(async () => {
  await session.close();
  await engine.close();
});

async function rowOf(sql: string): Promise<readonly EngineValue[]> {
  const { rows } = await session.execute(await session.prepare(sql), []);
  return rows[0] ?? [];
}

async function codeOf(sql: string): Promise<number | undefined> {
  try {
    await rowOf(sql);
    return undefined;
  } catch (error) {
    if (!isIrisError(error)) throw error;
    return error.sqlcode;
  }
}

describe('examples of the manual', () => {
  it.each(examples)('$source: $sql', async ({ sql, row, sqlcode }) => {
    if (row === undefined) {
      expect(await codeOf(sql)).toBe(sqlcode);
      return;
    }
    const values = await rowOf(sql);
    expect(values).toHaveLength(row.length);
    for (const [index, wanted] of row.entries()) {
      const value = values[index] ?? null;
      if (typeof wanted === 'number') expect(Number(value)).toBeCloseTo(wanted, 11);
      else expect(value).toBe(wanted);
    }
  });
});

describe('every system function', () => {
  const values = [
    ...['NULL', `''`, `'abc'`, '0', '-1', '1.5', '99999999999999999999', `'2020-02-30'`, `'2020-01-01'`],
    ...[
      `{d '2020-01-01'}`,
      `{t '10:00:00'}`,
      `$LISTBUILD('a', 2)`,
      `TO_VECTOR('1,2', DOUBLE)`,
      `'day'`,
      `'%'`,
    ],
    'CAST(1.5 AS DOUBLE)',
  ];
  const call = fc
    .tuple(fc.constantFrom(...functionNames()), fc.array(fc.constantFrom(...values), { maxLength: 4 }))
    .map(([name, list]) => {
      const text = `${name}(${list.join(', ')})`;
      return /^[A-Z]/.test(name) && !name.includes('.') ? `SELECT {fn ${text}}` : `SELECT ${text}`;
    });

  it('takes any arguments: a value, or an SQLCODE, but never an error that only the storage knows', async () => {
    await fc.assert(
      fc.asyncProperty(call, async (sql) => {
        try {
          await rowOf(sql);
        } catch (error) {
          if (!isIrisError(error)) throw error;
          expect(error.message).not.toMatch(/\(storage /);
        }
      }),
      { numRuns: 1_500 },
    );
  });

  it('is strict about the number of arguments', async () => {
    expect(await codeOf(`SELECT LENGTH('a', 'b')`)).toBe(-381);
    expect(await codeOf(`SELECT $PIECE('a')`)).toBe(-380);
    expect(await codeOf('SELECT NOSUCHFUNCTION(1)')).toBe(-359);
  });
});

describe('limits', () => {
  it('no string grows beyond 3,641,144 characters', async () => {
    expect(await codeOf(`SELECT REPEAT('ab', 2000000)`)).toBe(-400);
    expect(await codeOf('SELECT SPACE(999999999)')).toBe(-400);
    expect(await codeOf(`SELECT LPAD('a', 2000000000)`)).toBe(-400);
    expect(await codeOf(`SELECT REPLACE(REPEAT('a', 3000), 'a', REPEAT('b', 3000))`)).toBe(-400);
  });

  it('numbers that grow too large end in -400', async () => {
    expect(await codeOf('SELECT POWER(10, 400)')).toBe(-400);
    expect(await codeOf('SELECT {fn EXP(10000)}')).toBe(-400);
  });
});

describe('the clock', () => {
  it('gives one reading for a statement, cut to the digits asked for', async () => {
    const [plain, three, day, horolog] = await rowOf(
      'SELECT CURRENT_TIMESTAMP, CURRENT_TIMESTAMP(3), CURRENT_DATE, $HOROLOG',
    );
    expect(plain).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    expect(String(three).slice(0, 19)).toBe(plain);
    expect(String(plain).slice(0, 10)).toBe(day);
    expect(horolog).toMatch(/^\d{5},\d{1,5}$/);
  });
});

describe('a word where a date part should be', () => {
  it('never becomes SQL of the storage', async () => {
    for (const word of ["'day'') + 1 --'", "'$1'", "'%'", "'pg_sleep(1)'", "''", "'1'"]) {
      expect({ word, code: await codeOf(`SELECT DATEPART(${word}, '2020-01-01')`) }).toEqual({
        word,
        code: -8,
      });
      expect(await codeOf(`SELECT DATEADD(${word}, 1, '2020-01-01')`)).toBe(-8);
      expect(await codeOf(`SELECT {fn TIMESTAMPADD(${word}, 1, '2020-01-01')}`)).toBe(-8);
      expect(await codeOf(`SELECT HASHBYTES(${word}, 'a')`)).toBe(-400);
    }
  });

  it('that comes as a value and is none gives NULL', async () => {
    const statement = await session.prepare(`SELECT DATEPART(?, '2020-02-03'), DATENAME(?, '2020-02-03')`);
    const values = [
      { kind: 'string', value: 'month' },
      { kind: 'string', value: 'nonsense' },
    ] as const;
    const { rows } = await session.execute(statement, values);
    expect(rows).toEqual([[2, null]]);
  });
});
