import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createSqlEngine } from '../../dist/engine/create-engine.js';
import type { SqlEngine } from '../../src/engine/engine.js';
import { openTestSession } from './sql-session.js';
import type { TestSession } from './sql-session.js';

/** What sqlalchemy-iris 0.20 and django-iris 0.3 read of tables whose key is an IDENTITY column, which is how they make them. */
describe('keys on an IDENTITY column', () => {
  let engine: SqlEngine;
  let sql: TestSession;
  beforeAll(async () => {
    engine = await createSqlEngine();
    sql = await openTestSession(engine, 'USER');
    await sql.run('CREATE TABLE Orm.Users (id IDENTITY NOT NULL, CONSTRAINT UsersKey PRIMARY KEY (id))');
    await sql.run('CREATE TABLE Orm.Plain (id IDENTITY NOT NULL)');
    await sql.run(
      'CREATE TABLE Orm.Orders (n INTEGER, u INTEGER, CONSTRAINT ToUsers FOREIGN KEY (u) REFERENCES Orm.Users (id))',
    );
  });
  afterAll(async () => {
    await engine.close();
  });

  it('a foreign key relies on the primary key and refers to the column by its name', async () => {
    expect(
      await sql.rows(
        `SELECT REFERENCED_TABLE_NAME, REFERENCED_COLUMN_NAME, REFERENCED_CONSTRAINT_NAME FROM INFORMATION_SCHEMA.KEY_COLUMN_USAGE
         WHERE CONSTRAINT_NAME = 'ToUsers'`,
      ),
    ).toEqual([['Users', 'id', 'UsersKey']]);
    expect(
      await sql.rows(
        "SELECT UNIQUE_CONSTRAINT_NAME FROM INFORMATION_SCHEMA.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_NAME = 'ToUsers'",
      ),
    ).toEqual([['UsersKey']]);
  });

  it('still holds: rows of the table that is referred to must exist', async () => {
    expect(await sql.code('INSERT INTO Orm.Orders (n, u) VALUES (1, 99)')).toBe(-121);
    await sql.run('INSERT INTO Orm.Users DEFAULT VALUES');
    expect(await sql.code('INSERT INTO Orm.Orders (n, u) VALUES (1, 1)')).toBe(0);
  });
});
