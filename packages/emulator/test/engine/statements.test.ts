import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createSqlEngine } from '../../dist/engine/create-engine.js';
import type { SqlEngine } from '../../src/engine/engine.js';
import { openTestSession } from './sql-session.js';
import type { TestSession, Value } from './sql-session.js';

const START_MS = 60_000;

const SETUP = [
  'CREATE TABLE ppl (pid INTEGER PRIMARY KEY, name VARCHAR(20), age INTEGER, city VARCHAR(20))',
  "INSERT INTO ppl VALUES (1,'Able',30,'New York')",
  "INSERT INTO ppl VALUES (2,'Betty',25,'Boston')",
  "INSERT INTO ppl VALUES (3,'Charlie',NULL,'boston')",
  'CREATE TABLE pet (id IDENTITY, owner INTEGER REFERENCES ppl (pid), label VARCHAR(10) UNIQUE)',
  "INSERT INTO pet (owner,label) VALUES (1,'Rex')",
];

/** Statement, parameters, and its rows or the SQLCODE of its error. */
type Case = readonly [
  sql: string,
  parameters: readonly Value[],
  wanted: readonly (readonly unknown[])[] | number,
];

const QUERIES: readonly Case[] = [
  [
    'SELECT p.name, (SELECT COUNT(*) FROM pet WHERE owner = p.pid) n FROM ppl p ORDER BY 1',
    [],
    [
      ['Able', 1],
      ['Betty', 0],
      ['Charlie', 0],
    ],
  ],
  ['SELECT label, owner->name FROM pet', [], [['Rex', 'Able']]],
  ["SELECT id FROM pet WHERE owner->city = 'NEW YORK'", [], [[1]]],
  [
    'SELECT name, MAX(age) FROM ppl ORDER BY pid',
    [],
    [
      ['Able', 30],
      ['Betty', 30],
      ['Charlie', 30],
    ],
  ],
  [
    'SELECT city, COUNT(*) FROM ppl GROUP BY city ORDER BY COUNT(*) DESC',
    [],
    [
      ['BOSTON', 2],
      ['NEW YORK', 1],
    ],
  ],
  ['SELECT city FROM ppl GROUP BY city HAVING SUM(age) > 26', [], [['NEW YORK']]],
  ['SELECT pid FROM ppl HAVING age >= AVG(age)', [], [[1]]],
  ['SELECT DISTINCT BY (city) pid FROM ppl ORDER BY pid', [], [[1], [2]]],
  ['SELECT COUNT(DISTINCT BY(city) pid) FROM ppl', [], [[2]]],
  ['SELECT pid FROM ppl WHERE age = ? OR name = ? ORDER BY pid', ['30', 'BETTY'], [[1], [2]]],
  ['SELECT TOP ? pid FROM ppl ORDER BY age', [2], [[3], [2]]],
  [
    'SELECT x.pid, x.%VID FROM (SELECT TOP ALL pid FROM ppl ORDER BY pid DESC) x',
    [],
    [
      [3, 1],
      [2, 2],
      [1, 3],
    ],
  ],
  ['SELECT pid FROM ppl WHERE FOR SOME (pet) (pet.owner = ppl.pid)', [], [[1]]],
  ["SELECT LIST(name) FROM ppl WHERE city = 'BOSTON'", [], [['Betty,Charlie']]],
  ['SELECT %DLIST(pid) FROM ppl', [], [['1,2,3']]],
  [
    'SELECT pid, SUM(age) OVER (ORDER BY pid ROWS 1 PRECEDING) FROM ppl',
    [],
    [
      [1, 30],
      [2, 55],
      [3, 25],
    ],
  ],
  [
    "SELECT p.pid, j.v FROM ppl p, JSON_TABLE('[{\"k\":1,\"v\":\"a\"}]', '$' COLUMNS (k INTEGER PATH '$.k', v VARCHAR(5) PATH '$.v')) j WHERE j.k = p.pid",
    [],
    [[1, 'a']],
  ],
  ['SELECT %SYSTEM_SQL.Util_GetOption(?)', ['LockTimeout'], [['10']]],
  ['SELECT city FROM ppl UNION SELECT city FROM ppl ORDER BY 1', [], [['BOSTON'], ['NEW YORK']]],
  ['SELECT nosuch FROM ppl', [], -29],
  ['SELECT ppl.pid FROM ppl p', [], -23],
  ['SELECT pid FROM ppl a, ppl b', [], -27],
  ['SELECT a.pid FROM ppl a, ppl a', [], -20],
  ['SELECT pid FROM ppl WHERE COUNT(*) > 1', [], -19],
  ['SELECT pid FROM ppl ORDER BY COUNT(*)', [], -73],
  ['SELECT pid FROM ppl UNION SELECT pid, age FROM ppl', [], -9],
  ['SELECT nosuch(1)', [], -359],
  ['SELECT UPPER()', [], -380],
];

const CHANGES: readonly Case[] = [
  ["INSERT INTO ppl VALUES (1,'x',1,'y')", [], -119],
  ["INSERT INTO ppl (pid,name) VALUES (9,'a name of far too many letters')", [], -104],
  ['INSERT INTO ppl (name) VALUES (?)', ['x'], -108],
  ['INSERT INTO ppl (pid,age) VALUES (9,?)', ['abc'], -104],
  ['INSERT INTO ppl (pid,age) VALUES (9,?)', [2147483648], -104],
  ['INSERT INTO pet (owner) VALUES (77)', [], -121],
  ["INSERT INTO pet (label) VALUES ('REX  ')", [], -119],
  ['INSERT INTO pet (id) VALUES (5)', [], -111],
  ['INSERT INTO pet (id) VALUES (NULL)', [], -108],
  ['UPDATE pet SET id = 5', [], -107],
  ['UPDATE pet SET owner = 77', [], -122],
  ['UPDATE ppl SET pid = 8 WHERE pid = 1', [], -123],
  ['DELETE FROM ppl WHERE pid = 1', [], -124],
  ['UPDATE ppl SET pid = 1 WHERE pid = 2', [], -120],
  ['UPDATE ppl SET pid = NULL WHERE pid = 2', [], -108],
  ['TRUNCATE TABLE ppl', [], -124],
  ['DROP TABLE ppl', [], -320],
  ['ALTER TABLE ppl DROP COLUMN pid', [], -322],
  ['ALTER TABLE ppl DROP PRIMARY KEY', [], -317],
  ['ALTER TABLE ppl ALTER COLUMN age NOT NULL', [], -305],
];

describe('statements', () => {
  let engine: SqlEngine;
  let test: TestSession;
  let serial = 0;

  beforeAll(async () => {
    engine = await createSqlEngine();
  }, START_MS);

  afterAll(async () => {
    await engine.close();
  });

  beforeEach(async () => {
    test = await openTestSession(engine, `ST${++serial}`);
    for (const sql of SETUP) await test.run(sql);
  });

  it.each([...QUERIES, ...CHANGES])('%s', async (sql, parameters, wanted) => {
    if (typeof wanted === 'number') expect(await test.code(sql, ...parameters)).toBe(wanted);
    else expect(await test.rows(sql, ...parameters)).toEqual(wanted);
  });

  it('leaves no trace of a refused change', async () => {
    for (const [sql, parameters] of CHANGES) await test.code(sql, ...parameters);
    expect(await test.rows('SELECT COUNT(*), SUM(pid), SUM(age) FROM ppl')).toEqual([[3, 6, 55]]);
    expect(await test.rows('SELECT * FROM pet')).toEqual([[1, 1, 'Rex']]);
  });

  it('updates through views within their condition', async () => {
    await test.run(
      "CREATE VIEW bost (nr, who) AS SELECT pid, name FROM ppl WHERE city = 'boston' WITH CASCADED CHECK OPTION",
    );
    await test.run("UPDATE bost SET who = 'Bea' WHERE nr < 3");
    expect(await test.rows('SELECT name FROM ppl ORDER BY pid')).toEqual([['Able'], ['Bea'], ['Charlie']]);
    expect(await test.code("INSERT INTO bost (nr, who) VALUES (7, 'out')")).toBe(-136);
    expect(await test.rows('SELECT COUNT(*) FROM ppl')).toEqual([[3]]);
    expect((await test.run('DELETE FROM bost WHERE nr = 1')).sqlcode).toBe(100);
  });

  it('inserts or updates by any unique key', async () => {
    await test.run("INSERT OR UPDATE INTO pet (label, owner) VALUES ('rex', 2)");
    expect(await test.rows('SELECT id, owner, label FROM pet')).toEqual([[1, 2, 'rex']]);
    expect(
      (await test.run('INSERT OR UPDATE INTO pet (label, owner) SELECT name, pid FROM ppl')).rowCount,
    ).toBe(3);
    expect(test.session.lastIdentity).not.toBe('');
  });

  it('computes what it can and refuses the rest', async () => {
    await test.run('CREATE TABLE c (a INT, b INT COMPUTECODE { set {b} = 1+{a}*2 } COMPUTEONCHANGE (a))');
    await test.run('INSERT INTO c (a) VALUES (3)');
    expect(await test.rows('SELECT a, b FROM c')).toEqual([[3, 8]]);
    await test.run('CREATE TABLE o (a INT, b DATE COMPUTECODE { set {b} = $HOROLOG } CALCULATED)');
    expect(await test.code('INSERT INTO o (a) VALUES (3)')).toBe(-350);
    await test.run('CREATE TRIGGER tr1 AFTER INSERT ON c LANGUAGE OBJECTSCRIPT { SET ^x=1 }');
    expect(await test.code('INSERT INTO c (a) VALUES (4)')).toBe(-131);
    expect(await test.code('INSERT %NOTRIGGER INTO c (a) VALUES (4)')).toBe(0);
  });

  it('calls procedures in SQL', async () => {
    await test.run(
      'CREATE PROCEDURE older(IN who INTEGER, IN years INTEGER DEFAULT 1) BEGIN UPDATE ppl SET age = age + :years WHERE pid = :who; SELECT name, age FROM ppl WHERE pid = :who; END',
    );
    expect(await test.rows('CALL older(?, 5)', 1)).toEqual([['Able', 35]]);
    expect(await test.rows('CALL older(1)')).toEqual([['Able', 36]]);
    expect(await test.code('CALL older(1,2,3)')).toBe(-370);
  });

  it('refuses to be broken by deep JSON and long chains', async () => {
    const depth = 100_000;
    expect(await test.code('SELECT 1 WHERE ? IS JSON', '['.repeat(depth) + ']'.repeat(depth))).toBe(-400);
    expect(await test.code(`SELECT ${Array.from({ length: 5000 }, () => '1').join('+')}`)).toBe(-400);
    expect(await test.code('SELECT ?', 'a\0b')).toBe(-400);
    expect(await test.rows('SELECT 1')).toEqual([[1]]);
  });
});
