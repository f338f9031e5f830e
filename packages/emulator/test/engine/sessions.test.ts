import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createSqlEngine } from '../../dist/engine/create-engine.js';
import type { SqlEngine } from '../../src/engine/engine.js';
import { openTestSession, parameter } from './sql-session.js';

const START_MS = 60_000;
/** Some 10^12 rows: never finished within a test. */
const ENDLESS = `SELECT COUNT(*) FROM ${Array.from({ length: 12 }, (_, index) => `n n${index}`).join(', ')}`;

describe('sessions', () => {
  let engine: SqlEngine;

  beforeAll(async () => {
    engine = await createSqlEngine({ watchdogMs: 20_000 });
  }, START_MS);

  afterAll(async () => {
    await engine.close();
  });

  it('keeps namespaces apart', async () => {
    const a = await openTestSession(engine, 'ONE');
    const b = await openTestSession(engine, 'TWO');
    await a.run('CREATE TABLE t (k INTEGER)');
    expect(await b.code('SELECT * FROM t')).toBe(-30);
    await b.run('CREATE TABLE t (v VARCHAR(5))');
    expect(
      await a.rows(
        'SELECT TABLE_NAME, COLUMN_NAME FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = ?',
        'T',
      ),
    ).toEqual([['t', 'k']]);
  });

  it('inserts many parameter sets as one unit', async () => {
    const { session, rows, run } = await openTestSession(engine, 'BATCH');
    await run('CREATE TABLE t (k INTEGER PRIMARY KEY, v VECTOR(DOUBLE, 2))');
    const insert = await session.prepare('INSERT INTO t (k, v) VALUES (?, TO_VECTOR(?, DOUBLE))');
    const sets = Array.from({ length: 500 }, (_, k) => [parameter(k), parameter(`${k},0.5`)]);
    expect((await session.executeBatch(insert, sets)).rowCount).toBe(500);
    await expect(
      session.executeBatch(insert, [
        [parameter(1000), parameter('1,1')],
        [parameter(0), parameter('1,1')],
      ]),
    ).rejects.toMatchObject({
      sqlcode: -119,
    });
    expect(await rows('SELECT COUNT(*), MAX(k) FROM t')).toEqual([[500, 499]]);
    expect(await rows('SELECT v FROM t WHERE k = 3')).toEqual([['3,.5']]);
  });

  it('refuses what a user was not given', async () => {
    const admin = await openTestSession(engine, 'RIGHTS');
    await admin.run('CREATE TABLE t (k INTEGER, w INTEGER)');
    await admin.run('CREATE VIEW v AS SELECT k FROM t');
    await admin.run('CREATE USER carl IDENTIFY BY secret1');
    await admin.run('CREATE ROLE readers');
    const carl = await openTestSession(engine, 'RIGHTS', 'carl');
    expect(await carl.code('SELECT k FROM t')).toBe(-99);
    expect(await carl.code('CREATE TABLE own (k INTEGER)')).toBe(-99);
    await admin.run('GRANT SELECT (k) ON t TO carl');
    expect(await carl.code('SELECT k FROM t')).toBe(0);
    expect(await carl.code('SELECT k FROM t WHERE w = 1')).toBe(-99);
    await admin.run('GRANT SELECT ON t TO readers');
    await admin.run('GRANT readers TO carl');
    await admin.run('GRANT %CREATE_TABLE TO carl');
    expect(await carl.code('SELECT w FROM t')).toBe(0);
    expect(await carl.code('INSERT INTO t VALUES (1, 2)')).toBe(-99);
    expect(await carl.code('SELECT k FROM v')).toBe(-99);
    expect(await carl.code('CREATE TABLE own (k INTEGER)')).toBe(0);
    expect(await carl.code('INSERT INTO own VALUES (1)')).toBe(0);
    expect((await carl.run('%CHECKPRIV UPDATE ON t')).sqlcode).toBe(100);
    await admin.run('REVOKE SELECT ON t FROM readers');
    expect(await carl.code('SELECT w FROM t')).toBe(-99);
  });

  it('refuses the wrong number of values and a statement of another engine', async () => {
    const { session } = await openTestSession(engine, 'WRONG');
    const statement = await session.prepare('SELECT ?');
    await expect(session.execute(statement, [])).rejects.toMatchObject({ sqlcode: -400 });
    await expect(session.execute({ ...statement }, [parameter(1)])).rejects.toMatchObject({ sqlcode: -400 });
  });

  it('describes columns and parameters', async () => {
    const { session, run } = await openTestSession(engine, 'DESCRIBE');
    await run('CREATE TABLE Person (Id IDENTITY, Name VARCHAR(40) NOT NULL, Born DATE, Pay NUMERIC(8,2))');
    const statement = await session.prepare(
      'SELECT ID, name, born, pay * 2, COUNT(*) FROM person WHERE pay > ? AND name = ?',
    );
    expect(statement.columns.map((column) => [column.label, column.type, column.nullable])).toEqual([
      ['Id', 'BIGINT', false],
      ['Name', 'VARCHAR', false],
      ['Born', 'DATE', true],
      ['Expression_4', 'NUMERIC', true],
      ['Aggregate_5', 'BIGINT', true],
    ]);
    expect(statement.columns[1]).toMatchObject({
      table: 'Person',
      schema: 'SQLUser',
      precision: 40,
      isCaseSensitive: false,
    });
    expect(statement.parameters.map((described) => described.typeCode)).toEqual([2, 12]);
  });

  it(
    'rolls back at the next start what a crash left open',
    async () => {
      const directory = await mkdtemp(join(tmpdir(), 'iris-emulator-'));
      const script = `
      const { createSqlEngine } = require(${JSON.stringify(join(__dirname, '../../dist/engine/create-engine.js'))});
      (async () => {
        const engine = await createSqlEngine({ data: ${JSON.stringify(join(directory, 'data'))} });
        const session = await engine.openSession({ user: '_SYSTEM', namespace: 'USER' });
        for (const sql of ['CREATE TABLE t (k INTEGER)', 'INSERT INTO t VALUES (1)', 'START TRANSACTION',
          'INSERT INTO t VALUES (2)', 'UPDATE t SET k = 9 WHERE k = 1']) {
          await session.execute(await session.prepare(sql), []);
        }
        process.kill(process.pid, 'SIGKILL');
      })();`;
      await promisify(execFile)(process.execPath, ['-e', script]).catch((error: unknown) => {
        expect(error).toMatchObject({ signal: 'SIGKILL' });
      });
      const again = await createSqlEngine({ data: join(directory, 'data') });
      try {
        const { rows } = await openTestSession(again, 'USER');
        expect(await rows('SELECT k FROM t')).toEqual([[1]]);
      } finally {
        await again.close();
        await rm(directory, { recursive: true });
      }
    },
    START_MS,
  );

  it('ends a waiting statement with -456 on cancel, and what runs too long with -450', async () => {
    const a = await openTestSession(engine, 'CANCEL');
    const b = await openTestSession(engine, 'CANCEL');
    await a.run('CREATE TABLE t (k INTEGER)');
    await a.run('INSERT INTO t VALUES (1)');
    await a.run('START TRANSACTION');
    await a.run('UPDATE t SET k = 2');
    const update = await b.session.prepare('UPDATE t SET k = 3');
    const waiting = b.session.execute(update, []);
    setImmediate(() => {
      b.session.cancel();
    });
    await expect(waiting).rejects.toMatchObject({ sqlcode: -456 });
    await expect(b.session.execute(update, [], { timeoutMs: 50 })).rejects.toMatchObject({ sqlcode: -450 });
    await a.run('COMMIT');
    expect(await b.rows('SELECT k FROM t')).toEqual([[2]]);
  });

  it(
    'stops a storage that no longer answers, without keeping its callers',
    async () => {
      const own = await createSqlEngine({ watchdogMs: 1_500 });
      const { session, run, code } = await openTestSession(own, 'USER');
      await run('CREATE TABLE n (k INTEGER)');
      for (let index = 0; index < 5; index++)
        await run('INSERT INTO n SELECT ? UNION ALL SELECT k FROM n', index);
      const endless = await session.prepare(ENDLESS);
      await expect(session.execute(endless, [], { timeoutMs: 100 })).rejects.toMatchObject({ sqlcode: -450 });
      expect(await code('SELECT 1')).toBe(-400);
      await own.close();
    },
    START_MS,
  );
});
