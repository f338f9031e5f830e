import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Judge } from './support/judge.js';
import { SCHEMA } from './support/schema.js';

/** PostgreSQL's statement and the IRIS SQL for it. */
type Case = readonly [postgres: string, iris: string];

const CASES: Readonly<Record<string, readonly Case[]>> = {
  'select list and names': [
    [
      'select id, title as "The Title", count(*) over (), \'a\' || title from movies',
      'SELECT "movies"."id" AS "id", "movies"."title" AS "column_2", SUM(1) OVER () AS "count", (\'a\' || "movies"."title") AS "column_4" FROM "SQLUser"."movies" AS "movies"',
    ],
    [
      'select * from recent',
      'SELECT "recent"."id" AS "id", "recent"."title" AS "title", "recent"."year" AS "year" FROM "SQLUser"."recent" AS "recent"',
    ],
    [
      'select m.*, p.name from movies m, people p where p.id = m.id',
      'SELECT "m"."id" AS "id", "m"."title" AS "title", "m"."year" AS "year", "m"."rating" AS "rating", "m"."genre" AS "genre", "m"."released" AS "released", "m"."added" AS "added", "m"."seen" AS "seen", "m"."score" AS "score", "m"."active" AS "active", "m"."gross" AS "gross", "m"."price" AS "price", "m"."code" AS "code", "m"."tag" AS "tag", "m"."extra" AS "extra", "m"."embedding" AS "embedding", "p"."name" AS "name" FROM "SQLUser"."movies" AS "m", "SQLUser"."people" AS "p" WHERE "p"."id" = "m"."id"',
    ],
    [
      'select title, title, upper(title), upper(title) from movies',
      'SELECT "movies"."title" AS "title", "movies"."title" AS "title_2", UPPER("movies"."title") AS "upper", UPPER("movies"."title") AS "upper_2" FROM "SQLUser"."movies" AS "movies"',
    ],
  ],
  joins: [
    [
      'select r.part, p.name from roles r join people p on p.id = r.person_id left join people b on b.id = p.boss',
      'SELECT "r"."part" AS "part", "p"."name" AS "name" FROM "SQLUser"."roles" AS "r" INNER JOIN "SQLUser"."people" AS "p" ON "p"."id" = "r"."person_id" LEFT OUTER JOIN "SQLUser"."people" AS "b" ON "b"."id" = "p"."boss"',
    ],
    [
      'select id, name, part from people join (select person_id as id, part from roles) r using (id)',
      'SELECT "people"."id" AS "id", "people"."name" AS "name", "r"."part" AS "part" FROM "SQLUser"."people" AS "people" INNER JOIN (SELECT "roles"."person_id" AS "id", "roles"."part" AS "part" FROM "SQLUser"."roles" AS "roles") AS "r" ON "people"."id" = "r"."id"',
    ],
    [
      'select id from people full join (select person_id as id from roles) r using (id)',
      'SELECT COALESCE("people"."id", "r"."id") AS "id" FROM "SQLUser"."people" AS "people" FULL OUTER JOIN (SELECT "roles"."person_id" AS "id" FROM "SQLUser"."roles" AS "roles") AS "r" ON "people"."id" = "r"."id"',
    ],
    [
      'select 1 from movies natural join people',
      'SELECT 1 AS "column_1" FROM "SQLUser"."movies" AS "movies" INNER JOIN "SQLUser"."people" AS "people" ON "movies"."id" = "people"."id"',
    ],
    [
      'select 1 from movies cross join people',
      'SELECT 1 AS "column_1" FROM "SQLUser"."movies" AS "movies" CROSS JOIN "SQLUser"."people" AS "people"',
    ],
  ],
  grouping: [
    [
      'select genre, count(*) from movies group by genre',
      'SELECT "movies"."genre" AS "genre", COUNT(*) AS "count" FROM "SQLUser"."movies" AS "movies" GROUP BY "movies"."genre"',
    ],
    [
      'select genre as g, count(*) from movies group by g having count(*) > 2',
      'SELECT "movies"."genre" AS "g", COUNT(*) AS "count" FROM "SQLUser"."movies" AS "movies" GROUP BY "movies"."genre" HAVING COUNT(*) > 2',
    ],
    [
      'select year / 10 as decade, avg(rating) from movies group by 1',
      'SELECT ("movies"."year" \\ 10) AS "decade", SUM("movies"."rating") AS "avg", COUNT("movies"."rating") AS "divisor_2_" FROM "SQLUser"."movies" AS "movies" GROUP BY ("movies"."year" \\ 10)',
    ],
    [
      'select upper(genre), max(title) from movies group by upper(genre)',
      'SELECT UPPER("movies"."genre") AS "upper", SUBSTRING(MAX((\' \' || "movies"."title")), 2) AS "max" FROM "SQLUser"."movies" AS "movies" GROUP BY UPPER("movies"."genre")',
    ],
  ],
  'order, limit, offset': [
    [
      'select id from movies order by id',
      'SELECT "movies"."id" AS "id" FROM "SQLUser"."movies" AS "movies" ORDER BY "movies"."id"',
    ],
    [
      'select id from movies order by year desc, title',
      'SELECT "movies"."id" AS "id" FROM "SQLUser"."movies" AS "movies" ORDER BY CASE WHEN "movies"."year" IS NULL THEN 0 ELSE 1 END, "movies"."year" DESC, (\' \' || "movies"."title")',
    ],
    [
      'select id from movies order by year nulls first',
      'SELECT "movies"."id" AS "id" FROM "SQLUser"."movies" AS "movies" ORDER BY "movies"."year"',
    ],
    [
      'select id as n from movies order by n desc limit 5',
      'SELECT TOP 5 "movies"."id" AS "n" FROM "SQLUser"."movies" AS "movies" ORDER BY "movies"."id" DESC',
    ],
    [
      'select id from movies order by 1 limit 5 offset 10',
      'SELECT TOP 15 "movies"."id" AS "id" FROM "SQLUser"."movies" AS "movies" ORDER BY "movies"."id"',
    ],
    [
      'select id from movies limit $1 offset $2',
      'SELECT TOP ? "movies"."id" AS "id" FROM "SQLUser"."movies" AS "movies"',
    ],
    ['select id from movies offset 3', 'SELECT "movies"."id" AS "id" FROM "SQLUser"."movies" AS "movies"'],
    [
      'select genre, count(*) from movies group by genre order by count(*) desc, genre limit 3',
      'SELECT TOP 3 "s"."genre" AS "genre", "s"."count" AS "count" FROM (SELECT "movies"."genre" AS "genre", COUNT(*) AS "count" FROM "SQLUser"."movies" AS "movies" GROUP BY "movies"."genre") AS "s" ORDER BY "s"."count" DESC, CASE WHEN "s"."genre" IS NULL THEN 1 ELSE 0 END, (\' \' || "s"."genre")',
    ],
    [
      'select title from movies order by embedding <=> $1 limit 5',
      'SELECT TOP 5 "movies"."title" AS "title" FROM "SQLUser"."movies" AS "movies" ORDER BY VECTOR_COSINE("movies"."embedding", TO_VECTOR(?, DOUBLE)) DESC',
    ],
    [
      'select title from movies order by embedding <#> $1 limit 5',
      'SELECT TOP 5 "movies"."title" AS "title" FROM "SQLUser"."movies" AS "movies" ORDER BY VECTOR_DOT_PRODUCT("movies"."embedding", TO_VECTOR(?, DOUBLE)) DESC',
    ],
    [
      'select title from movies order by embedding <-> $1 limit 5',
      'SELECT TOP 5 "movies"."title" AS "title" FROM "SQLUser"."movies" AS "movies" ORDER BY CASE WHEN "movies"."embedding" IS NULL THEN 1 ELSE 0 END, (VECTOR_DOT_PRODUCT("movies"."embedding", "movies"."embedding") - 2 * VECTOR_DOT_PRODUCT("movies"."embedding", TO_VECTOR(?, DOUBLE)) + VECTOR_DOT_PRODUCT(TO_VECTOR(?, DOUBLE), TO_VECTOR(?, DOUBLE)))',
    ],
    [
      'select title, embedding <=> $1 as distance from movies order by distance limit 5',
      'SELECT TOP 5 "movies"."title" AS "title", (1 - VECTOR_COSINE("movies"."embedding", TO_VECTOR(?, DOUBLE))) AS "distance" FROM "SQLUser"."movies" AS "movies" ORDER BY VECTOR_COSINE("movies"."embedding", TO_VECTOR(?, DOUBLE)) DESC',
    ],
    [
      'select title from movies order by embedding <=> $1 desc limit 5',
      'SELECT TOP 5 "movies"."title" AS "title" FROM "SQLUser"."movies" AS "movies" ORDER BY VECTOR_COSINE("movies"."embedding", TO_VECTOR(?, DOUBLE))',
    ],
  ],
  distinct: [
    [
      'select distinct genre from movies',
      'SELECT DISTINCT "movies"."genre" AS "genre" FROM "SQLUser"."movies" AS "movies"',
    ],
    [
      'select distinct genre, year from movies order by year desc limit 3',
      'SELECT TOP 3 "s"."genre" AS "genre", "s"."year" AS "year" FROM (SELECT DISTINCT "movies"."genre" AS "genre", "movies"."year" AS "year" FROM "SQLUser"."movies" AS "movies") AS "s" ORDER BY CASE WHEN "s"."year" IS NULL THEN 0 ELSE 1 END, "s"."year" DESC',
    ],
    [
      'select distinct on (genre) genre, title from movies order by genre, year desc',
      'SELECT "d"."genre" AS "genre", "d"."title" AS "title" FROM (SELECT "movies"."genre" AS "genre", "movies"."title" AS "title", "movies"."genre" AS "key_1_", "movies"."year" AS "key_2_", ROW_NUMBER() OVER (PARTITION BY "movies"."genre" ORDER BY CASE WHEN "movies"."genre" IS NULL THEN 1 ELSE 0 END, (\' \' || "movies"."genre"), CASE WHEN "movies"."year" IS NULL THEN 0 ELSE 1 END, "movies"."year" DESC) AS "first_" FROM "SQLUser"."movies" AS "movies") AS "d" WHERE "d"."first_" = 1 ORDER BY CASE WHEN "d"."key_1_" IS NULL THEN 1 ELSE 0 END, (\' \' || "d"."key_1_"), CASE WHEN "d"."key_2_" IS NULL THEN 0 ELSE 1 END, "d"."key_2_" DESC',
    ],
  ],
  'queries in FROM, WITH, VALUES': [
    [
      'select q.id from (select id from movies order by year limit 3) as q',
      'SELECT "q"."id" AS "id" FROM (SELECT TOP 3 "movies"."id" AS "id" FROM "SQLUser"."movies" AS "movies" ORDER BY CASE WHEN "movies"."year" IS NULL THEN 1 ELSE 0 END, "movies"."year") AS "q"',
    ],
    [
      'select n from (select id from movies) as q (n)',
      'SELECT "q"."id" AS "n" FROM (SELECT "movies"."id" AS "id" FROM "SQLUser"."movies" AS "movies") AS "q"',
    ],
    [
      'with c as (select genre, count(*) as n from movies group by genre) select genre from c where n > 5 order by n',
      'SELECT "c"."genre" AS "genre" FROM (SELECT "movies"."genre" AS "genre", COUNT(*) AS "n" FROM "SQLUser"."movies" AS "movies" GROUP BY "movies"."genre") AS "c" WHERE "c"."n" > 5 ORDER BY "c"."n"',
    ],
    [
      'with a as (select id from movies), b (x) as (select id from a) select a.id from a join b on b.x = a.id',
      'SELECT "a"."id" AS "id" FROM (SELECT "movies"."id" AS "id" FROM "SQLUser"."movies" AS "movies") AS "a" INNER JOIN (SELECT "a_2"."id" AS "id" FROM (SELECT "movies_1"."id" AS "id" FROM "SQLUser"."movies" AS "movies_1") AS "a_2") AS "b" ON "b"."id" = "a"."id"',
    ],
    [
      "select a from (values (1, 'x'), (2, null)) as v (a, b) where b = 'x'",
      'SELECT "v"."column1" AS "a" FROM (SELECT 1 AS "column1", \'x\' AS "column2" UNION ALL SELECT 2 AS "column1", NULL AS "column2") AS "v" WHERE "v"."column2" = \'x\'',
    ],
  ],
  'set operations': [
    [
      'select id from movies union select id from people',
      'SELECT "movies_1"."id" AS "id" FROM "SQLUser"."movies" AS "movies_1" UNION SELECT "people_2"."id" AS "id" FROM "SQLUser"."people" AS "people_2"',
    ],
    [
      'select id from movies union all select year from movies order by 1 limit 3',
      'SELECT TOP 3 "u"."id" AS "id" FROM (SELECT "movies_2"."id" AS "id" FROM "SQLUser"."movies" AS "movies_2" UNION ALL SELECT "movies_3"."year" AS "year" FROM "SQLUser"."movies" AS "movies_3") AS "u" ORDER BY CASE WHEN "u"."id" IS NULL THEN 1 ELSE 0 END, "u"."id"',
    ],
    [
      'select title from movies intersect select name from people',
      'SELECT "movies_1"."title" AS "title" FROM "SQLUser"."movies" AS "movies_1" INTERSECT SELECT "people_2"."name" AS "name" FROM "SQLUser"."people" AS "people_2"',
    ],
    [
      'select id from movies except select id from people',
      'SELECT "movies_1"."id" AS "id" FROM "SQLUser"."movies" AS "movies_1" EXCEPT SELECT "people_2"."id" AS "id" FROM "SQLUser"."people" AS "people_2"',
    ],
    [
      'select id, rating from movies union all select id, id from people',
      'SELECT "movies_1"."id" AS "id", "movies_1"."rating" AS "rating" FROM "SQLUser"."movies" AS "movies_1" UNION ALL SELECT "people_2"."id" AS "id", "people_2"."id" AS "id_2" FROM "SQLUser"."people" AS "people_2"',
    ],
  ],
  subqueries: [
    [
      'select title from movies where year = (select max(year) from movies)',
      'SELECT "movies"."title" AS "title" FROM "SQLUser"."movies" AS "movies" WHERE "movies"."year" = (SELECT MAX("movies_2"."year") AS "max" FROM "SQLUser"."movies" AS "movies_2")',
    ],
    [
      'select (select name from people p where p.id = m.id) from movies m',
      'SELECT (SELECT "p_1"."name" AS "name" FROM "SQLUser"."people" AS "p_1" WHERE "p_1"."id" = "m"."id") AS "name" FROM "SQLUser"."movies" AS "m"',
    ],
    [
      'select title from movies m where exists (select 1 from roles r where r.movie_id = m.id)',
      'SELECT "m"."title" AS "title" FROM "SQLUser"."movies" AS "m" WHERE EXISTS (SELECT 1 AS "column_1" FROM "SQLUser"."roles" AS "r" WHERE "r"."movie_id" = "m"."id")',
    ],
    [
      'select title from movies order by (select count(*) from roles r where r.movie_id = movies.id)',
      'SELECT "s"."title" AS "title" FROM (SELECT "movies"."title" AS "title", (SELECT COUNT(*) AS "count" FROM "SQLUser"."roles" AS "r_1" WHERE "r_1"."movie_id" = "movies"."id") AS "sort_key" FROM "SQLUser"."movies" AS "movies") AS "s" ORDER BY CASE WHEN "s"."sort_key" IS NULL THEN 1 ELSE 0 END, "s"."sort_key"',
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
    expect(irisSql).toEqual([iris]);
  });
});
