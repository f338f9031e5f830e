import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createSqlEngine } from '../../dist/engine/create-engine.js';
import type { SqlEngine } from '../../src/engine/engine.js';
import { openTestSession } from './sql-session.js';
import type { TestSession } from './sql-session.js';

const START_MS = 60_000;
/** One or more matching rows is locked by another user. */
const LOCKED = -114;

describe('READ COMMITTED', () => {
  let engine: SqlEngine;
  let serial = 0;
  let writer: TestSession;
  let reader: TestSession;

  beforeAll(async () => {
    engine = await createSqlEngine();
  }, START_MS);

  afterAll(async () => {
    await engine.close();
  });

  beforeEach(async () => {
    const namespace = `COMMITTED${++serial}`;
    writer = await openTestSession(engine, namespace);
    reader = await openTestSession(engine, namespace);
    await writer.run('CREATE TABLE t (k INTEGER, v VARCHAR(10))');
    await writer.run('CREATE TABLE other (k INTEGER)');
    await writer.run('CREATE VIEW shown AS SELECT k, v FROM t');
    await writer.run('CREATE VIEW renamed (a, b) AS SELECT k, v FROM t');
    for (const k of [1, 2]) {
      await writer.run('INSERT INTO t VALUES (?, ?)', k, 'old');
      await writer.run('INSERT INTO other VALUES (?)', k);
    }
    await writer.run('START TRANSACTION');
    await writer.run("UPDATE t SET v = 'new' WHERE k = 1");
    await reader.run('SET OPTION LOCK_TIMEOUT = 0');
    await reader.run('SET TRANSACTION ISOLATION LEVEL READ COMMITTED');
  });

  afterEach(async () => {
    await writer.run('ROLLBACK');
    await writer.session.close();
    await reader.session.close();
  });

  it.each([
    'SELECT v FROM t WHERE k = %',
    'SELECT t.v FROM t JOIN other o ON o.k = t.k WHERE o.k = %',
    'SELECT v FROM (SELECT k, v FROM t) WHERE k = %',
    'SELECT q.v FROM (SELECT * FROM t) q WHERE q.k = %',
    'SELECT q.v FROM (SELECT i.v, i.k FROM (SELECT * FROM t) i) q WHERE q.k = %',
    'SELECT v FROM shown WHERE k = %',
    'SELECT s.v FROM shown s, other o WHERE s.k = o.k AND o.k = %',
    'SELECT b FROM renamed WHERE a = %',
    'WITH c AS (SELECT k, v FROM t) SELECT v FROM c WHERE k = %',
    'WITH c AS (SELECT k FROM other) SELECT v FROM t WHERE k IN (SELECT k FROM c WHERE k = %)',
    'WITH c AS (SELECT k, v FROM t), d AS (SELECT v, k FROM c) SELECT v FROM d WHERE k = %',
    "SELECT 'x' FROM other WHERE k = 9 UNION ALL SELECT v FROM t WHERE k = %",
    'SELECT v FROM t WHERE k = % INTERSECT SELECT v FROM t',
  ])('waits for the row that is being changed, and for no other: %s', async (sql) => {
    const isWhole = sql.includes('INTERSECT');
    expect(await reader.code(sql.replace('%', '1'))).toBe(LOCKED);
    expect(await reader.code(sql.replace('%', '2'))).toBe(isWhole ? LOCKED : 0);
  });

  it.each([
    'SELECT COUNT(*) FROM t',
    'SELECT DISTINCT v FROM t',
    'SELECT v FROM t GROUP BY v',
    'SELECT %NOLOCK v FROM t',
    'SELECT q.n FROM (SELECT COUNT(*) AS n FROM t) q',
    'SELECT k FROM other',
    'SELECT TABLE_NAME FROM INFORMATION_SCHEMA.TABLES',
  ])('sees uncommitted rows, or has none: %s', async (sql) => {
    expect(await reader.code(sql)).toBe(0);
  });
});
