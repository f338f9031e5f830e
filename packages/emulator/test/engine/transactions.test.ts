import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createSqlEngine } from '../../dist/engine/create-engine.js';
import type { SqlEngine } from '../../src/engine/engine.js';
import { openTestSession } from './sql-session.js';
import type { TestSession } from './sql-session.js';

const START_MS = 60_000;

describe('transactions of several sessions', () => {
  let engine: SqlEngine;
  let a: TestSession;
  let b: TestSession;
  let serial = 0;

  beforeAll(async () => {
    engine = await createSqlEngine();
  }, START_MS);

  afterAll(async () => {
    await engine.close();
  });

  beforeEach(async () => {
    const namespace = `TXN${++serial}`;
    a = await openTestSession(engine, namespace);
    b = await openTestSession(engine, namespace);
    await a.run('SET OPTION LOCK_TIMEOUT = 10');
    await a.run('CREATE TABLE t (k INTEGER PRIMARY KEY, v VARCHAR(10), big VARBINARY(10), d DATE)');
    await a.run("INSERT INTO t (k,v,d) VALUES (1,'one','2020-01-01')");
    await a.run("INSERT INTO t (k,v) VALUES (2,'two')");
  });

  it('shows uncommitted rows to others and takes them back', async () => {
    await a.run('START TRANSACTION');
    await a.run("INSERT INTO t (k,v,big) VALUES (3,'three',?)", new Uint8Array([1, 0, 255]));
    await a.run("UPDATE t SET v = 'ONE' WHERE k = 1");
    await a.run('DELETE FROM t WHERE k = 2');
    expect(await b.rows('SELECT k, v FROM t ORDER BY k')).toEqual([
      [1, 'ONE'],
      [3, 'three'],
    ]);
    await a.run('ROLLBACK');
    expect(await b.rows('SELECT k, v, d FROM t ORDER BY k')).toEqual([
      [1, 'one', '2020-01-01'],
      [2, 'two', null],
    ]);
  });

  it('takes back one failed statement alone', async () => {
    await a.run('START TRANSACTION');
    await a.run("INSERT INTO t (k,v) VALUES (3,'three')");
    expect(await a.code('INSERT INTO t (k) SELECT k + 2 FROM t')).toBe(-119);
    expect(await a.code("UPDATE t SET v = 'much too long' WHERE k = 1")).toBe(-105);
    await a.run('COMMIT');
    expect(await b.rows('SELECT k FROM t ORDER BY k')).toEqual([[1], [2], [3]]);
  });

  it('rolls back to savepoints; a second one of the same name takes the place of the first', async () => {
    await a.run('START TRANSACTION');
    await a.run("UPDATE t SET v = 'x' WHERE k = 1");
    await a.run('SAVEPOINT earlier');
    await a.run("UPDATE t SET v = 'y' WHERE k = 1");
    await a.run('SAVEPOINT s');
    await a.run('SAVEPOINT s');
    expect(a.session.transactionLevel).toBe(3);
    await a.run("UPDATE t SET v = 'z' WHERE k = 1");
    await a.run('ROLLBACK TO SAVEPOINT S');
    expect(await a.rows('SELECT v FROM t WHERE k = 1')).toEqual([['y']]);
    await a.run('ROLLBACK TO SAVEPOINT earlier');
    expect(await a.rows('SELECT v FROM t WHERE k = 1')).toEqual([['x']]);
    await a.run('COMMIT');
    expect(await b.rows('SELECT v FROM t WHERE k = 1')).toEqual([['x']]);
  });

  it('rolls everything back when the savepoint is unknown', async () => {
    await a.run('START TRANSACTION');
    await a.run('DELETE FROM t');
    expect(await a.code('ROLLBACK TO SAVEPOINT nowhere')).toBe(-375);
    expect(a.session.transactionLevel).toBe(0);
    expect(await a.rows('SELECT COUNT(*) FROM t')).toEqual([[2]]);
  });

  it('makes a writer wait for the row until the other transaction ends', async () => {
    await a.run('START TRANSACTION');
    await a.run("UPDATE t SET v = 'a' WHERE k = 1");
    await b.run("UPDATE t SET v = 'free' WHERE k = 2");
    const waiting = b.run("UPDATE t SET v = v || 'b' WHERE k = 1");
    await a.run('ROLLBACK');
    expect((await waiting).rowCount).toBe(1);
    expect(await a.rows('SELECT v FROM t ORDER BY k')).toEqual([['oneb'], ['free']]);
  });

  it('ends a lock wait with -110, and a reader of committed rows with -114', async () => {
    await a.run('SET OPTION LOCK_TIMEOUT = 0');
    await a.run('START TRANSACTION');
    await a.run("UPDATE t SET v = 'a' WHERE k = 1");
    expect(await b.code('DELETE FROM t WHERE k = 1')).toBe(-110);
    expect(await b.rows('SELECT v FROM t WHERE k = 1')).toEqual([['a']]);
    await b.run('SET TRANSACTION ISOLATION LEVEL READ COMMITTED');
    expect(await b.code('SELECT v FROM t WHERE k = 1')).toBe(-114);
    expect(await b.rows('SELECT v FROM t WHERE k = 2')).toEqual([['two']]);
    expect(await b.rows('SELECT COUNT(*) FROM t')).toEqual([[2]]);
    await a.run('COMMIT');
    expect(await b.rows('SELECT v FROM t WHERE k = 1')).toEqual([['a']]);
  });

  it('locks tables', async () => {
    await a.run('SET OPTION LOCK_TIMEOUT = 0');
    await a.run('LOCK TABLE t IN EXCLUSIVE MODE');
    expect(await b.code("UPDATE t SET v = 'b'")).toBe(-110);
    expect(await b.code('LOCK TABLE t IN SHARE MODE WAIT 0')).toBe(-110);
    await a.run('UNLOCK TABLE t IN EXCLUSIVE MODE');
    expect(await b.code("UPDATE t SET v = 'b'")).toBe(0);
  });

  it('does not let a deleted child of an open transaction lose its parent', async () => {
    await a.run('SET OPTION LOCK_TIMEOUT = 0');
    await a.run('CREATE TABLE c (r INTEGER, FOREIGN KEY (r) REFERENCES t (k))');
    await a.run('INSERT INTO c VALUES (1)');
    await a.run('START TRANSACTION');
    await a.run('DELETE FROM c');
    expect(await b.code('DELETE FROM t WHERE k = 1')).toBe(-110);
    await a.run('INSERT INTO t (k) VALUES (9)');
    expect(await b.code('INSERT INTO c VALUES (9)')).toBe(-110);
    await a.run('ROLLBACK');
    expect(await b.code('INSERT INTO c VALUES (9)')).toBe(-121);
    expect(await b.code('DELETE FROM t WHERE k = 1')).toBe(-124);
  });

  it('undoes cascades', async () => {
    await a.run(
      'CREATE TABLE c (r INTEGER, FOREIGN KEY (r) REFERENCES t (k) ON DELETE CASCADE ON UPDATE CASCADE)',
    );
    await a.run('INSERT INTO c VALUES (1)');
    await a.run('START TRANSACTION');
    await a.run('UPDATE t SET k = 7 WHERE k = 1');
    expect(await b.rows('SELECT r FROM c')).toEqual([[7]]);
    await a.run('DELETE FROM t WHERE k = 7');
    expect(await b.rows('SELECT r FROM c')).toEqual([]);
    await a.run('ROLLBACK');
    expect(await b.rows('SELECT r FROM c')).toEqual([[1]]);
  });

  it('follows autocommit: off opens a transaction with the first change', async () => {
    await a.session.setAutocommit(false);
    await a.run("UPDATE t SET v = 'a' WHERE k = 1");
    expect(a.session.transactionLevel).toBe(1);
    await a.session.rollback();
    expect(await b.rows('SELECT v FROM t WHERE k = 1')).toEqual([['one']]);
    await a.run("UPDATE t SET v = 'a' WHERE k = 1");
    await a.session.commit();
    expect(await b.rows('SELECT v FROM t WHERE k = 1')).toEqual([['a']]);
  });

  it('rolls back what a closed session left open, but not its counters', async () => {
    await a.run('CREATE TABLE i (id IDENTITY, v VARCHAR(5))');
    await a.run('START TRANSACTION');
    await a.run("INSERT INTO i (v) VALUES ('a')");
    expect(a.session.lastIdentity).toBe('1');
    await a.session.close();
    expect(await b.rows('SELECT * FROM i')).toEqual([]);
    await b.run("INSERT INTO i (v) VALUES ('b')");
    expect(await b.rows('SELECT * FROM i')).toEqual([[2, 'b']]);
    expect(b.session.lastIdentity).toBe('2');
  });

  it('keeps DDL when the transaction is rolled back', async () => {
    await a.run('START TRANSACTION');
    await a.run('DELETE FROM t WHERE k = 1');
    await a.run('ALTER TABLE t ADD COLUMN extra INTEGER DEFAULT 4 NOT NULL');
    await a.run('DROP TABLE IF EXISTS nothing');
    await a.run('ROLLBACK');
    expect(await b.code('SELECT extra FROM t')).toBe(0);
  });

  it('has private rows in a global temporary table', async () => {
    await a.run('CREATE GLOBAL TEMPORARY TABLE g (x INTEGER UNIQUE)');
    await a.run('INSERT INTO g VALUES (1)');
    await b.run('INSERT INTO g VALUES (1)');
    await b.run('INSERT INTO g VALUES (2)');
    expect(await a.rows('SELECT x FROM g')).toEqual([[1]]);
    await b.run('UPDATE g SET x = x + 10');
    await b.run('TRUNCATE TABLE g');
    expect(await a.rows('SELECT x FROM g')).toEqual([[1]]);
  });
});
