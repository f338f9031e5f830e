import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createSqlEngine } from '../../dist/engine/create-engine.js';
import type { EngineValue, SqlEngine, SqlSession } from '../../dist/engine/engine.js';

const SETUP = [
  'CREATE TABLE Sample.Person (Name VARCHAR(50), DOB DATE, Age INT, State VARCHAR(2), Spouse INT, Colors %Library.List)',
  `INSERT INTO Sample.Person (Name,DOB,Age,State,Colors) VALUES ('Adams,Zoe','1950-01-01',75,'NH',$LISTBUILD('Red','Green'))`,
  `INSERT INTO Sample.Person (Name,DOB,Age,State,Colors) VALUES ('Baker,Al','1990-02-02',35,'MA',$LISTBUILD('Blue'))`,
  `INSERT INTO Sample.Person (Name,DOB,Age,State) VALUES ('Cole,Mo','2005-03-03',20,'MA')`,
  'CREATE TABLE Sample.Bytes (B VARBINARY(10), S VARCHAR(10), Notes LONGVARCHAR)',
  `INSERT INTO Sample.Bytes VALUES (CAST('é' AS VARBINARY(10)), 'é', '<n>')`,
];

/** What the manual's pages about predicates and aggregates say, on rows small enough to check by eye. */
const CASES: readonly (readonly [sql: string, rows: readonly (readonly EngineValue[])[]])[] = [
  [
    'SELECT Name, COUNT(*), COUNT(Name %AFTERHAVING), AVG(Age %AFTERHAVING) FROM Sample.Person HAVING Age < 50',
    [
      ['Baker,Al', 3, 2, '27.5'],
      ['Cole,Mo', 3, 2, '27.5'],
    ],
  ],
  ['SELECT TOP 1 AVG(Age %AFTERHAVING), Name FROM Sample.Person HAVING Age < 50', [['27.5', 'Baker,Al']]],
  ['SELECT Age, LIST(Name %AFTERHAVING) FROM Sample.Person HAVING Age > AVG(Age)', [[75, 'Adams,Zoe']]],
  [
    'SELECT AVG(DISTINCT BY(State) Age), COUNT(DISTINCT BY(State) Age) FROM Sample.Person WHERE Age > 20',
    [['55', 2]],
  ],
  [
    "SELECT State, LIST(Name), LIST(Name %AFTERHAVING), AVG(Age %AFTERHAVING) FROM Sample.Person GROUP BY State HAVING Name LIKE 'B%'",
    [['MA', 'Baker,Al,Cole,Mo', 'Baker,Al', '35']],
  ],
  [
    'SELECT State, COUNT(DISTINCT Age %AFTERHAVING) FROM Sample.Person GROUP BY State HAVING COUNT(*) > 1 AND Age > 30 AND Age < 40',
    [['MA', 1]],
  ],
  ['SELECT State FROM Sample.Person GROUP BY State HAVING Age < 30 AND Age > 30', []],
  ["SELECT %DLIST(DISTINCT BY(State) Name) FROM Sample.Person WHERE State = 'NH'", [['Adams,Zoe']]],
  [
    'SELECT STDDEV(Age), STDDEV_SAMP(Age), VARIANCE(DISTINCT BY(State) Age) FROM Sample.Person WHERE Age = 20',
    [['0', null, '0']],
  ],
  ['SELECT JSON_ARRAYAGG(Spouse), LIST(Spouse), %DLIST(Spouse) FROM Sample.Person', [['[]', null, null]]],
  ['SELECT JSON_ARRAYAGG(Spouse), AVG(Name) FROM Sample.Person WHERE Age = 1', [[null, null]]],
  [
    'SELECT LIST(DOB), JSON_ARRAYAGG(DOB), XMLAGG(DOB) FROM Sample.Person WHERE Age > 70',
    [['1950-01-01', '["1950-01-01"]', '39812']],
  ],
  [
    "SELECT JSON_OBJECT('d':DOB,'c':Colors,'n':Age) FROM Sample.Person WHERE Age = 75",
    [['{"d":"1950-01-01","c":"Red,Green","n":75}']],
  ],
  [
    'SELECT Age FROM Sample.Person WHERE Name [ SOME (SELECT SUBSTRING(Name,1,2) FROM Sample.Person WHERE Age < 30)',
    [[20]],
  ],
  [
    'SELECT Age FROM Sample.Person WHERE Name NOT [ ANY (SELECT State FROM Sample.Person WHERE Age > 99)',
    [[75], [35], [20]],
  ],
  ['SELECT Age FROM Sample.Person WHERE Name ] ALL (SELECT Name FROM Sample.Person WHERE Age > 30)', [[20]]],
  [
    `SELECT XMLELEMENT("Para",XMLATTRIBUTES(%ID,Age AS Years),Name,XMLELEMENT("b",'a&b')) FROM Sample.Person WHERE Age = 75`,
    [[`<Para ID='1' Years='75' >Adams,Zoe<b>a&amp;b</b></Para>`]],
  ],
  [
    'SELECT XMLFOREST(Name,State AS State,Spouse) FROM Sample.Person WHERE Age = 75',
    [['<NAME>Adams,Zoe</NAME><State>NH</State>']],
  ],
  [
    'SELECT XMLELEMENT("t",Notes), XMLFOREST(Notes) FROM Sample.Bytes',
    [['<t><![CDATA[<n>]]></t>', '<NOTES><![CDATA[<n>]]></NOTES>']],
  ],
  ["SELECT B||'x', CHAR_LENGTH(B) FROM Sample.Bytes", [['éx', 1]]],
  ['SELECT COUNT(*) FROM Sample.Bytes WHERE CAST(S AS VARBINARY(10)) = B', [[1]]],
];

describe('queries of the manual', () => {
  let engine: SqlEngine;
  let session: SqlSession;

  const run = async (sql: string): Promise<readonly (readonly EngineValue[])[]> =>
    (await session.execute(await session.prepare(sql), [])).rows;

  beforeAll(async () => {
    engine = await createSqlEngine();
    session = await engine.openSession({ user: '_SYSTEM', namespace: 'USER' });
    for (const statement of SETUP) await run(statement);
  }, 60_000);

  afterAll(async () => {
    await session.close();
    await engine.close();
  });

  it.each(CASES)('%s', async (sql, rows) => {
    expect(await run(sql)).toEqual(rows);
  });
});
