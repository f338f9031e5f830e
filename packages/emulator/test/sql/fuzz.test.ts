import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { isIrisError } from '@iris-devtools/core';
import fc from 'fast-check';
import { parseStatement } from '../../src/sql/parser.js';

const statements = readFileSync(join(__dirname, 'iris-sql-cases.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => (JSON.parse(line) as { sql: string }).sql);

const words = [...new Set(statements.join(' ').split(/(\s+|[(),])/))].filter((word) => word !== '');

/** The parser either gives a statement or an IRIS error with a code; anything else is a defect. */
function survives(sql: string): boolean {
  try {
    return parseStatement(sql).parameterCount >= 0;
  } catch (error) {
    if (isIrisError(error) && error.sqlcode !== undefined && error.sqlcode < 0) return true;
    throw error;
  }
}

const statement = fc.constantFrom(...statements);

describe('the parser never fails in another way than with an SQLCODE', () => {
  it('on any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), survives), { numRuns: 3_000 });
  });

  it('on words of SQL in any order', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words), { maxLength: 40 }), (list) => survives(list.join(' '))),
      { numRuns: 5_000 },
    );
  });

  it('on statements that are cut anywhere', () => {
    fc.assert(
      fc.property(statement, fc.nat(), (sql, at) => survives(sql.slice(0, at % (sql.length + 1)))),
      { numRuns: 5_000 },
    );
  });

  it('on statements with a piece taken out, doubled or replaced', () => {
    const mutation = fc.record({
      sql: statement,
      at: fc.nat(),
      length: fc.nat(12),
      text: fc.constantFrom(...words, '(', ')', "'", '"', '{', '?', ';'),
    });
    fc.assert(
      fc.property(mutation, ({ sql, at, length, text }) => {
        const start = at % (sql.length + 1);
        return (
          survives(sql.slice(0, start) + text + sql.slice(start + length)) && survives(sql + sql.slice(start))
        );
      }),
      { numRuns: 5_000 },
    );
  });

  it('on two statements crossed', () => {
    fc.assert(
      fc.property(statement, statement, fc.nat(), (a, b, at) =>
        survives(a.slice(0, at % (a.length + 1)) + b.slice(at % (b.length + 1))),
      ),
      { numRuns: 5_000 },
    );
  });
});

describe('limits', () => {
  const bombs: readonly (readonly [string, (n: number) => string])[] = [
    ['parentheses', (n) => `SELECT ${'('.repeat(n)}1${')'.repeat(n)}`],
    ['open parentheses', (n) => `SELECT ${'('.repeat(n)}`],
    ['conditions in parentheses', (n) => `SELECT 1 WHERE ${'('.repeat(n)}1=1${')'.repeat(n)}`],
    ['NOT', (n) => `SELECT 1 WHERE ${'NOT '.repeat(n)}1=1`],
    ['signs', (n) => `SELECT ${'- '.repeat(n)}1`],
    ['CASE', (n) => `SELECT ${'CASE WHEN 1=1 THEN '.repeat(n)}1${' END'.repeat(n)}`],
    ['functions', (n) => `SELECT ${'UPPER('.repeat(n)}'a'${')'.repeat(n)}`],
    ['casts', (n) => `SELECT ${'CAST('.repeat(n)}1${' AS INT)'.repeat(n)}`],
    ['collations', (n) => `SELECT ${'%EXACT '.repeat(n)}a`],
    ['prefix functions', (n) => `SELECT ${'%EXTERNAL '.repeat(n)}a`],
    ['subqueries', (n) => `SELECT ${'(SELECT '.repeat(n)}1${')'.repeat(n)}`],
    ['derived tables', (n) => `SELECT * FROM ${'(SELECT * FROM '.repeat(n)}t${')'.repeat(n)}`],
    ['parenthesized legs', (n) => `${'('.repeat(n)}SELECT 1${')'.repeat(n)}`],
    ['joins in parentheses', (n) => `SELECT * FROM ${'('.repeat(n)}a JOIN b ON a.x=b.x${')'.repeat(n)}`],
    ['EXPLAIN', (n) => `${'EXPLAIN '.repeat(n)}SELECT 1`],
    ['escapes', (n) => `SELECT ${'{fn ABS('.repeat(n)}1${')}'.repeat(n)}`],
    ['defaults', (n) => `CREATE TABLE t (a INT DEFAULT ${'('.repeat(n)}1${')'.repeat(n)})`],
    ['TOP', (n) => `SELECT TOP ${'('.repeat(n)}1${')'.repeat(n)} a FROM t`],
    ['nested joins', (n) => `SELECT * FROM a ${'JOIN b '.repeat(n)}${'ON 1=1 '.repeat(n)}`],
    ['joins', (n) => `SELECT * FROM a ${'JOIN b ON 1=1 '.repeat(n)}`],
    ['sums', (n) => `SELECT 1${'+1'.repeat(n)}`],
  ];

  it.each(bombs)('%s: 50,000 levels end in a typed error, not in a full stack', (_name, bomb) => {
    expect(survives(bomb(50_000))).toBe(true);
  });

  it('long flat statements are fine: AND, OR, IN and UNION have no depth', () => {
    const conditions = Array.from({ length: 20_000 }, (_, index) => `a=${String(index)}`);
    expect(survives(`SELECT 1 FROM t WHERE ${conditions.join(' OR ')}`)).toBe(true);
    expect(() => parseStatement(`SELECT 1 FROM t WHERE ${conditions.join(' AND ')}`)).not.toThrow();
    expect(() =>
      parseStatement(`SELECT 1 FROM t WHERE a IN (${conditions.map((_, i) => String(i)).join(',')})`),
    ).not.toThrow();
    expect(() =>
      parseStatement(Array.from({ length: 5_000 }, () => 'SELECT 1').join(' UNION ALL ')),
    ).not.toThrow();
  });

  it('text beyond the limit is refused before it is read', () => {
    expect(() => parseStatement('SELECT 1'.padEnd(101), { maxTextLength: 100 })).toThrow(/MAXSTRING/);
  });
});
