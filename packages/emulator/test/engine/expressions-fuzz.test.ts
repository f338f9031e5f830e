import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isIrisError } from '@iris-devtools/core';
import fc from 'fast-check';
import { createSqlEngine } from '../../dist/engine/create-engine.js';
import type { SqlEngine } from '../../src/engine/engine.js';
import { openTestSession, parameter } from './sql-session.js';
import type { TestSession, Value } from './sql-session.js';

const START_MS = 60_000;
const RUN_MS = 120_000;
const COLUMNS = ['i', 'b', 'n', 'f', 's', 'e', 'd', 't', 'ts', 'pt', 'bt', 'vb', '%ID'];
const LITERALS = [
  '1',
  '-2.5',
  "'abc'",
  "'12'",
  "''",
  'NULL',
  "{d '2020-02-03'}",
  "{t '10:11:12'}",
  "'2020-02-03'",
  '?',
];
const FUNCTIONS = [
  'UPPER',
  'LENGTH',
  'ABS',
  'FLOOR',
  '%EXACT',
  '%SQLUPPER',
  'YEAR',
  'REVERSE',
  'ISNUMERIC',
  'TO_NUMBER',
];
const PAIRS = [
  'COALESCE',
  'NVL',
  'NULLIF',
  'GREATEST',
  'LEAST',
  'IFNULL',
  'MOD',
  'CHARINDEX',
  'STRING',
  '$LISTBUILD',
];
const TYPES = [
  'INTEGER',
  'VARCHAR(10)',
  'NUMERIC(8,2)',
  'DOUBLE',
  'DATE',
  'TIME',
  'TIMESTAMP',
  'BIT',
  'VARBINARY(5)',
];

const { expression, condition } = fc.letrec<{ expression: string; condition: string }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.constantFrom(...COLUMNS),
    fc.constantFrom(...LITERALS),
    fc
      .tuple(tie('expression'), fc.constantFrom('+', '-', '*', '/', '\\', '#', '||'), tie('expression'))
      .map(([a, operator, b]) => `(${a} ${operator} ${b})`),
    fc.tuple(fc.constantFrom(...FUNCTIONS), tie('expression')).map(([name, a]) => `${name}(${a})`),
    fc
      .tuple(fc.constantFrom(...PAIRS), tie('expression'), tie('expression'))
      .map(([name, a, b]) => `${name}(${a}, ${b})`),
    fc.tuple(tie('expression'), fc.constantFrom(...TYPES)).map(([a, type]) => `CAST(${a} AS ${type})`),
    fc
      .tuple(tie('condition'), tie('expression'), tie('expression'))
      .map(([when, a, b]) => `CASE WHEN ${when} THEN ${a} ELSE ${b} END`),
    fc
      .tuple(fc.constantFrom('MAX', 'COUNT', 'SUM', 'LIST'), tie('expression'))
      .map(([name, a]) => `(SELECT ${name}(${a}) FROM ft)`),
  ),
  condition: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc
      .tuple(
        tie('expression'),
        fc.constantFrom('=', '<>', '<', '>=', '[', '%STARTSWITH', 'LIKE'),
        tie('expression'),
      )
      .map(([a, operator, b]) => `${a} ${operator} ${b}`),
    fc
      .tuple(tie('expression'), tie('expression'), tie('expression'))
      .map(([a, b, c]) => `${a} IN (${b}, ${c})`),
    fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `${a} IN (SELECT ${b} FROM ft)`),
    tie('expression').map((a) => `${a} IS NOT NULL`),
    fc.tuple(tie('condition'), tie('condition')).map(([a, b]) => `(${a} AND NOT (${b}))`),
  ),
}));

const aggregate = fc
  .tuple(
    fc.constantFrom('MAX(', 'SUM(', 'AVG(', 'COUNT(DISTINCT ', 'LIST(DISTINCT ', 'JSON_ARRAYAGG('),
    expression,
  )
  .map(([name, argument]) => `${name}${argument})`);

const statement = fc.oneof(
  fc.tuple(expression, condition).map(([a, where]) => `SELECT ${a} FROM ft WHERE ${where}`),
  fc.tuple(expression, aggregate).map(([a, b]) => `SELECT ${a}, ${b} FROM ft`),
  fc
    .tuple(expression, aggregate, expression)
    .map(([a, b, key]) => `SELECT ${a}, ${b} FROM ft GROUP BY ${key} ORDER BY 1`),
  fc
    .tuple(expression, fc.constantFrom(...COLUMNS))
    .map(([a, key]) => `SELECT DISTINCT ${a} FROM ft ORDER BY ${key}`),
  fc.tuple(expression, expression).map(([a, b]) => `SELECT ${a} FROM ft UNION SELECT ${b} FROM ft`),
  fc.tuple(expression, expression).map(([a, b]) => `SELECT SUM(${a}) OVER (ORDER BY ${b}) FROM ft`),
  fc
    .tuple(fc.constantFrom(...COLUMNS.slice(0, -1)), expression, condition)
    .map(([column, a, where]) => `UPDATE ft SET ${column} = ${a} WHERE ${where}`),
);

const VALUES: readonly Value[] = [null, '7', 'zz', 3, 2.5, 10n];

describe('any expression', () => {
  let engine: SqlEngine;
  let test: TestSession;

  beforeAll(async () => {
    engine = await createSqlEngine();
    test = await openTestSession(engine, 'USER');
    await test.run(`CREATE TABLE ft (i INTEGER, b BIGINT, n NUMERIC(10,2), f DOUBLE, s VARCHAR(50),
      e VARCHAR(50) COLLATE %EXACT, d DATE, t TIME, ts TIMESTAMP, pt TIMESTAMP2, bt BIT, vb VARBINARY(50))`);
    await test.run(`INSERT INTO ft VALUES (1,2,3.5,1.5,'abc','Xyz','2020-01-02','10:00:00','2020-01-02 10:00:00',
      '2020-01-02 10:00:00.25',1,'ab')`);
    await test.run("INSERT INTO ft (i,s) VALUES (2,'12')");
  }, START_MS);

  afterAll(async () => {
    await engine.close();
  });

  it(
    'runs or fails with a code of IRIS, never with one of the storage',
    async () => {
      await fc.assert(
        fc.asyncProperty(statement, fc.constantFrom(...VALUES), async (sql, value) => {
          await test.run('START TRANSACTION');
          try {
            const prepared = await test.session.prepare(sql);
            await test.session.execute(
              prepared,
              prepared.parameters.map(() => parameter(value)),
            );
          } catch (error) {
            if (!isIrisError(error) || error.sqlcode === undefined) throw error;
            expect(error.message).not.toContain('(storage');
          } finally {
            await test.session.rollback();
          }
        }),
        { numRuns: 400 },
      );
    },
    RUN_MS,
  );
});
