import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createSqlEngine } from '../../dist/engine/create-engine.js';
import type { EngineValue, SqlEngine, SqlSession } from '../../dist/engine/engine.js';

describe('several actions of one ALTER TABLE', () => {
  let engine: SqlEngine;
  let session: SqlSession;
  let serial = 0;
  let table = '';

  beforeAll(async () => {
    engine = await createSqlEngine();
    session = await engine.openSession({ user: '_SYSTEM', namespace: 'USER' });
  }, 60_000);

  afterAll(async () => {
    await session.close();
    await engine.close();
  });

  const run = async (sql: string): Promise<readonly (readonly EngineValue[])[]> =>
    (await session.execute(await session.prepare(sql), [])).rows;

  beforeEach(async () => {
    table = `several${++serial}`;
    await run(`CREATE TABLE ${table} (k INT, v VARCHAR(20), q INT)`);
    await run(`INSERT INTO ${table} VALUES (1, 'a', 2)`);
  });

  it('adds columns and the constraints about them', async () => {
    await run(`ALTER TABLE ${table} ADD a INT, UNIQUE (k, a), b VARCHAR(5) DEFAULT 'x' NOT NULL, UNIQUE (b)`);
    expect(await run(`SELECT a, b FROM ${table}`)).toEqual([[null, 'x']]);
    await expect(run(`INSERT INTO ${table} (k) VALUES (5)`)).rejects.toMatchObject({ sqlcode: -119 });
  });

  it('does none of them when one fails', async () => {
    const change = `ALTER TABLE ${table} ADD c INT, PRIMARY KEY (c)`;
    await expect(run(change)).rejects.toMatchObject({ sqlcode: -305 });
    await expect(run(`SELECT c FROM ${table}`)).rejects.toMatchObject({ sqlcode: -29 });
    await run(`DELETE FROM ${table}`);
    await run(change);
    await expect(run(`INSERT INTO ${table} (k) VALUES (5)`)).rejects.toMatchObject({ sqlcode: -108 });
  });

  it('finds duplicates only after the first constraint is in place, and takes that back', async () => {
    await run(`INSERT INTO ${table} VALUES (2, 'a', 2)`);
    await expect(run(`ALTER TABLE ${table} ADD UNIQUE (k), UNIQUE (v)`)).rejects.toMatchObject({
      sqlcode: -125,
    });
    await run(`INSERT INTO ${table} VALUES (2, 'a', 2)`);
    expect(await run(`SELECT COUNT(*) FROM ${table} WHERE k = 2`)).toEqual([[2]]);
  });

  it('modifies several columns', async () => {
    await run(`ALTER TABLE ${table} MODIFY v VARCHAR(1) CONSTRAINT n NOT NULL, q BIGINT DEFAULT 7`);
    await expect(run(`INSERT INTO ${table} (k) VALUES (5)`)).rejects.toMatchObject({ sqlcode: -108 });
    await run(`INSERT INTO ${table} (k, v) VALUES (5, 'b')`);
    expect(await run(`SELECT q FROM ${table} ORDER BY k`)).toEqual([[2], [7]]);
  });

  it('drops several columns, each with its options', async () => {
    await run(`ALTER TABLE ${table} DROP COLUMN q CASCADE %DELDATA, v`);
    expect(await run(`SELECT * FROM ${table}`)).toEqual([[1]]);
  });
});
