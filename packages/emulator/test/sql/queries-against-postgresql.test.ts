import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createSqlEngine } from '../../dist/engine/create-engine.js';
import type { EngineValue, SqlEngine } from '../../src/engine/engine.js';
import { openTestSession } from '../engine/sql-session.js';
import type { TestSession } from '../engine/sql-session.js';
import { PostgreSql } from './postgresql.js';

/**
 * Random queries on which IRIS and PostgreSQL agree: integers with NULL, texts that compare exactly, orders by unique
 * columns. `<ASC>` and `<DESC>` stand for an order with NULL as the lowest value in both.
 */
const START_MS = 60_000;
const RUN_MS = 120_000;

const TABLE_ROWS = [
  "(1, 1, 10, 'a')",
  "(2, 1, NULL, 'b')",
  '(3, 2, 10, NULL)',
  "(4, NULL, 30, 'b')",
  "(5, 3, -5, 'c')",
  "(6, 3, 0, 'a')",
];

const column = (table: string) => fc.constantFrom('id', 'x', 'y').map((name) => `${table}.${name}`);

const number = (table: string): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 3, arbitrary: column(table) },
    {
      weight: 1,
      arbitrary: fc.integer({ min: -3, max: 12 }).map((value) => (value < 0 ? `(${value})` : `${value}`)),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(column(table), fc.constantFrom('+', '-', '*'), column(table))
        .map(([a, operator, b]) => `(${a} ${operator} ${b})`),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(column(table), column(table))
        .map(([a, b]) => `CASE WHEN ${a} > 2 THEN ${b} ELSE 0 END`),
    },
    { weight: 1, arbitrary: column(table).map((a) => `COALESCE(${a}, 7)`) },
  );

const test = (table: string): fc.Arbitrary<string> =>
  fc.oneof(
    fc
      .tuple(number(table), fc.constantFrom('=', '<>', '<', '<=', '>', '>='), number(table))
      .map(([a, operator, b]) => `${a} ${operator} ${b}`),
    fc.tuple(column(table), fc.constantFrom('', 'NOT ')).map(([a, not]) => `${a} ${not}IN (1, 10, 3)`),
    fc.tuple(column(table), fc.constantFrom('', 'NOT ')).map(([a, not]) => `${a} ${not}BETWEEN 0 AND 9`),
    fc.tuple(column(table), fc.constantFrom('', 'NOT ')).map(([a, not]) => `${a} IS ${not}NULL`),
    fc.constantFrom('a', 'b', 'z').map((value) => `${table}.s = '${value}'`),
    fc.constantFrom('%b', '_', 'a%').map((value) => `${table}.s LIKE '${value}'`),
    fc
      .tuple(fc.constantFrom('', 'NOT '), number('q'))
      .map(([not, a]) => `${not}EXISTS (SELECT 1 FROM two q WHERE q.x = ${table}.x AND ${a} > 1)`),
    column('q').map((a) => `${table}.x IN (SELECT ${a} FROM two q WHERE q.y IS NOT NULL)`),
    fc
      .tuple(column(table), fc.constantFrom('> ALL', '= ANY', '<= SOME'))
      .map(([a, operator]) => `${a} ${operator} (SELECT q.x FROM two q WHERE q.x IS NOT NULL)`),
  );

const condition = (table: string): fc.Arbitrary<string> =>
  fc.oneof(
    test(table),
    fc
      .tuple(test(table), fc.constantFrom('AND', 'OR'), test(table))
      .map(([a, operator, b]) => `(${a}) ${operator} (${b})`),
    test(table).map((a) => `NOT (${a})`),
  );

const from = fc.oneof(
  fc.constant('one p'),
  fc.constant('(SELECT * FROM one WHERE id < 5) p'),
  fc
    .tuple(fc.constantFrom('JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN'), fc.constantFrom('x', 'y', 'id'))
    .map(([join, name]) => `one p ${join} two r ON p.${name} = r.${name}`),
  fc.constant('one p CROSS JOIN two r'),
);

const aggregate = fc
  .tuple(fc.constantFrom('COUNT(', 'SUM(', 'MIN(', 'MAX(', 'COUNT(DISTINCT ', 'SUM(DISTINCT '), number('p'))
  .map(([name, argument]) => `${name}${argument})`);

const window = fc
  .tuple(
    fc.constantFrom(
      'ROW_NUMBER()',
      'SUM(p.id)',
      'MAX(p.id)',
      'FIRST_VALUE(p.y)',
      'LAG(p.y)',
      'LEAD(p.id, 2, 0)',
      'NTILE(3)',
    ),
    fc.constantFrom('', 'PARTITION BY p.x '),
    fc.constantFrom('<ASC>', '<DESC>'),
  )
  .map(([call, partition, direction]) => `${call} OVER (${partition}ORDER BY p.id ${direction})`);

const plain = fc
  .tuple(fc.constantFrom('', 'DISTINCT '), number('p'), number('p'), from, condition('p'))
  .map(
    ([distinct, a, b, tables, where]) =>
      `SELECT ${distinct}${a} AS a, ${b} AS b FROM ${tables} WHERE ${where}`,
  );

const grouped = fc
  .tuple(fc.constantFrom('p.x', 'p.y', 'p.s', 'p.x + p.id'), aggregate, aggregate, from, condition('p'))
  .map(
    ([key, a, b, tables, where]) =>
      `SELECT ${key} AS k, ${a} AS a, ${b} AS b FROM ${tables} WHERE ${where} GROUP BY ${key} HAVING COUNT(*) > 1`,
  );

const query = fc.oneof(
  plain,
  grouped,
  fc
    .tuple(aggregate, aggregate, from, condition('p'))
    .map(([a, b, tables, where]) => `SELECT ${a} AS a, ${b} AS b FROM ${tables} WHERE ${where}`),
  fc.tuple(window, window).map(([a, b]) => `SELECT p.id, ${a} AS a, ${b} AS b FROM one p`),
  fc
    .tuple(plain, fc.constantFrom('UNION', 'UNION ALL', 'INTERSECT', 'EXCEPT'), plain)
    .map(([a, operator, b]) => `${a} ${operator} ${b}`),
  plain.map((a) => `WITH c AS (${a}) SELECT c.a, COUNT(*) AS n FROM c GROUP BY c.a`),
  fc
    .tuple(condition('p'), fc.constantFrom('<ASC>', '<DESC>'), fc.nat(4), fc.nat(3))
    .map(
      ([where, direction, limit, offset]) =>
        `SELECT p.y, p.id FROM one p WHERE ${where} ORDER BY p.y ${direction}, p.id LIMIT ${limit} OFFSET ${offset}`,
    ),
  number('q').map((a) => `SELECT p.id, (SELECT MAX(${a}) FROM two q WHERE q.x = p.x) AS m FROM one p`),
);

const normal = (value: unknown): string =>
  value === null || value === undefined
    ? 'NULL'
    : typeof value === 'string' && Number.isNaN(Number(value))
      ? value
      : `${Number(value)}`;

const rowsOf = (rows: readonly (readonly unknown[])[], isOrdered: boolean): string[] => {
  const texts = rows.map((row) => row.map(normal).join(', '));
  return isOrdered ? texts : texts.sort();
};

describe('queries that mean the same in PostgreSQL', () => {
  let engine: SqlEngine;
  let iris: TestSession;
  let postgres: PostgreSql;

  beforeAll(async () => {
    engine = await createSqlEngine();
    postgres = new PostgreSql();
    iris = await openTestSession(engine, 'USER');
    for (const [name, rows] of [
      ['one', TABLE_ROWS],
      ['two', TABLE_ROWS.slice(1, 5)],
    ] as const) {
      await iris.run(`CREATE TABLE ${name} (id INTEGER, x INTEGER, y INTEGER, s VARCHAR(9) COLLATE %EXACT)`);
      await postgres.rows(`CREATE TABLE ${name} (id int, x int, y int, s text)`);
      for (const row of rows) {
        await iris.run(`INSERT INTO ${name} VALUES ${row}`);
        await postgres.rows(`INSERT INTO ${name} VALUES ${row}`);
      }
    }
  }, START_MS);

  afterAll(async () => {
    await engine.close();
    await postgres.close();
  });

  it(
    'gives the same rows',
    async () => {
      await fc.assert(
        fc.asyncProperty(query, async (text) => {
          const wanted = await postgres.rows(
            text.replaceAll('<ASC>', 'ASC NULLS FIRST').replaceAll('<DESC>', 'DESC NULLS LAST'),
          );
          const got: readonly (readonly EngineValue[])[] = await iris.rows(
            text.replaceAll('<ASC>', 'ASC').replaceAll('<DESC>', 'DESC'),
          );
          const isOrdered = text.includes(' LIMIT ');
          expect(rowsOf(got, isOrdered)).toEqual(rowsOf(wanted, isOrdered));
        }),
        { numRuns: 400 },
      );
    },
    RUN_MS,
  );
});
