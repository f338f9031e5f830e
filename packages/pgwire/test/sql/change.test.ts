import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Judge } from './support/judge.js';
import { SCHEMA } from './support/schema.js';

/** PostgreSQL's statement and the IRIS statements that its plan may run, in order. */
type Case = readonly [postgres: string, iris: readonly string[]];

const CASES: Readonly<Record<string, readonly Case[]>> = {
  INSERT: [
    [
      "insert into movies (id, title) values (1, 'x')",
      ['INSERT INTO "SQLUser"."movies" ("id", "title") VALUES (?, ?)'],
    ],
    [
      'insert into movies (id, title, released, active, embedding) values ($1, $2, $3, $4, $5)',
      [
        'INSERT INTO "SQLUser"."movies" ("id", "title", "released", "active", "embedding") VALUES (?, ?, ?, ?, TO_VECTOR(?, DOUBLE))',
      ],
    ],
    [
      "insert into movies (id, title) values (1, 'x'), (2, 'y')",
      ['INSERT INTO "SQLUser"."movies" ("id", "title") VALUES (?, ?)'],
    ],
    [
      "insert into movies (id, title, year) values (1, 'x', default), (2, upper('y'), 3)",
      [
        'INSERT INTO "SQLUser"."movies" ("id", "title") VALUES (?, ?)',
        'INSERT INTO "SQLUser"."movies" ("id", "title", "year") VALUES (?, UPPER(\'y\'), ?)',
      ],
    ],
    ['insert into people default values', ['INSERT INTO "SQLUser"."people" DEFAULT VALUES']],
    [
      'insert into people (name) values ((select max(title) from movies))',
      [
        'INSERT INTO "SQLUser"."people" ("name") SELECT (SELECT SUBSTRING(MAX((\' \' || "movies_1"."title")), 2) AS "max" FROM "SQLUser"."movies" AS "movies_1")',
      ],
    ],
    [
      'insert into people (name) select title from movies where year > 2000',
      [
        'INSERT INTO "SQLUser"."people" ("name") SELECT "movies"."title" AS "title" FROM "SQLUser"."movies" AS "movies" WHERE "movies"."year" > 2000',
      ],
    ],
    [
      "insert into people (name) values ('x') returning id, name as n",
      [
        'INSERT INTO "SQLUser"."people" ("name") VALUES (?)',
        'SELECT LAST_IDENTITY()',
        'SELECT "people"."id" AS "id", "people"."name" AS "n" FROM "SQLUser"."people" AS "people" WHERE "people".%ID = ?',
      ],
    ],
    [
      "insert into movies (id, title) values (1, 'x') on conflict do nothing",
      ['INSERT INTO "SQLUser"."movies" ("id", "title") VALUES (?, ?)'],
    ],
    [
      "insert into movies (id, title) values (1, 'x') on conflict (id) do nothing",
      [
        'SELECT "movies".%ID FROM "SQLUser"."movies" AS "movies" WHERE "movies"."id" = 1',
        'INSERT INTO "SQLUser"."movies" ("id", "title") VALUES (?, ?)',
      ],
    ],
    [
      "insert into movies (id, title) values ($1, $2) on conflict (id) do update set title = excluded.title || '!', year = movies.year + 1 where movies.year < 2000",
      [
        'SELECT "movies".%ID FROM "SQLUser"."movies" AS "movies" WHERE "movies"."id" = ?',
        'UPDATE "SQLUser"."movies" AS "movies" SET "title" = (? || \'!\'), "year" = ("movies"."year" + 1) WHERE "movies".%ID = ? AND ("movies"."year" < 2000)',
        'INSERT INTO "SQLUser"."movies" ("id", "title") VALUES (?, ?)',
      ],
    ],
  ],
  UPDATE: [
    [
      "update movies set year = year + 1, title = 'x' where id = 3",
      [
        'UPDATE "SQLUser"."movies" AS "movies" SET "year" = ("movies"."year" + 1), "title" = ? WHERE "movies"."id" = 3',
      ],
    ],
    [
      'update movies m set active = (year > 2000), price = $1, added = now()',
      [
        'UPDATE "SQLUser"."movies" AS "m" SET "active" = CASE WHEN "m"."year" > 2000 THEN 1 WHEN NOT ("m"."year" > 2000) THEN 0 END, "price" = ?, "added" = CAST(? AS TIMESTAMP)',
      ],
    ],
    [
      "update movies set (year, title) = (1, 'y') where id = 1",
      ['UPDATE "SQLUser"."movies" AS "movies" SET "year" = ?, "title" = ? WHERE "movies"."id" = 1'],
    ],
    [
      "update movies set title = 'x' where year = 1 returning id",
      [
        'SELECT "movies".%ID FROM "SQLUser"."movies" AS "movies" WHERE "movies"."year" = 1',
        'UPDATE "SQLUser"."movies" AS "movies" SET "title" = ? WHERE "movies".%ID = ? AND ("movies"."year" = 1)',
        'SELECT "movies"."id" AS "id" FROM "SQLUser"."movies" AS "movies" WHERE "movies".%ID = ?',
      ],
    ],
    [
      'update movies set rating = p.id from people p where p.id = movies.id',
      [
        'SELECT "movies".%ID, "p"."id" AS "value_1" FROM "SQLUser"."movies" AS "movies", "SQLUser"."people" AS "p" WHERE "p"."id" = "movies"."id"',
        'UPDATE "SQLUser"."movies" AS "movies" SET "rating" = ? WHERE "movies".%ID = ?',
      ],
    ],
  ],
  DELETE: [
    ['delete from movies', ['DELETE FROM "SQLUser"."movies" AS "movies"']],
    [
      'delete from movies m where m.id in (select movie_id from roles)',
      [
        'DELETE FROM "SQLUser"."movies" AS "m" WHERE "m"."id" IN (SELECT "roles"."movie_id" AS "movie_id" FROM "SQLUser"."roles" AS "roles")',
      ],
    ],
    [
      'delete from movies using people p where p.id = movies.id',
      [
        'SELECT "movies".%ID FROM "SQLUser"."movies" AS "movies", "SQLUser"."people" AS "p" WHERE "p"."id" = "movies"."id"',
        'DELETE FROM "SQLUser"."movies" AS "movies" WHERE "movies".%ID = ?',
      ],
    ],
    [
      'delete from movies where year < 2000 returning id, title',
      [
        'SELECT "movies".%ID, "movies"."id" AS "id", "movies"."title" AS "title" FROM "SQLUser"."movies" AS "movies" WHERE "movies"."year" < 2000',
        'DELETE FROM "SQLUser"."movies" AS "movies" WHERE "movies".%ID = ?',
      ],
    ],
  ],
};

let judge: Judge;

beforeAll(async () => {
  judge = await Judge.start(SCHEMA);
});

afterAll(() => judge.close());

describe.each(Object.entries(CASES))('%s', (_name, cases) => {
  it.each(cases)('%s', async (postgres, iris) => {
    const { irisSql } = await judge.translate(postgres);
    expect(irisSql).toEqual(iris);
  });
});
