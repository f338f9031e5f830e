import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PgError } from '../../src/pg-error.js';
import { Judge } from './support/judge.js';
import { SCHEMA } from './support/schema.js';

/** What IRIS cannot do with PostgreSQL's meaning: the statement, what the message names, and where in the text. */
type Refusal = readonly [sql: string, what: string, position?: number];

const QUERIES: readonly Refusal[] = [
  ['select array[1, 2] from movies', 'an array value', 8],
  ["select id from movies where title ~ 'x'", 'operator ~ on text', 35],
  ["select id from movies where title similar to 'x'", 'SIMILAR TO', 35],
  ['select genre from movies group by rollup (genre)', 'GROUP BY with ROLLUP, CUBE or GROUPING SETS', 35],
  ["select extra ->> 'a' from movies", 'operator ->> on jsonb', 14],
  ['select id from movies for update', 'FOR UPDATE or FOR SHARE', 16],
  ['select id into other from movies', 'SELECT INTO', 16],
  ['select initcap(title) from movies', 'function initcap', 8],
  ['select id from movies, lateral (select 1) as x', 'LATERAL', 40],
  ['select id from movies, generate_series(1, 3)', 'a function in FROM', 24],
  [
    'with recursive c as (select 1 as n union all select n + 1 from c) select n from c, movies',
    'WITH RECURSIVE',
    1,
  ],
  ['with d as (delete from movies returning id) select * from d', 'INSERT, UPDATE or DELETE in WITH', 6],
  ['select sum(id) over (order by year) from movies', 'a running aggregate over the default RANGE frame', 8],
  [
    'select last_value(id) over (order by year) from movies',
    'a running aggregate over the default RANGE frame',
    8,
  ],
  ['select sum(count(*)) over () from movies group by genre', 'a window function over grouped rows', 8],
  ['select id from movies intersect all select id from people', 'INTERSECT ALL or EXCEPT ALL', 52],
  ['select id from movies limit (select 1)', 'an expression in LIMIT', 29],
  [
    'select (select id from movies group by id) from people',
    'a subquery as a value that may return several rows',
    16,
  ],
  ["select (title || 'x')::json from movies", 'a cast from text to json', 22],
  ['select score::text from movies', 'a cast from double precision to text', 13],
  ['select sqrt(rating) from movies', 'this function on numeric', 8],
  ['select stddev(id) from movies', 'stddev or variance of exact numbers', 8],
  ['select array_agg(id) from movies', 'function array_agg', 8],
  ["select string_agg(title, ',' order by id) from movies", 'ORDER BY in string_agg', 8],
  ['select percentile_cont(0.5) within group (order by id) from movies', 'function percentile_cont', 8],
  ['select id from movies tablesample system (10)', 'TABLESAMPLE in FROM', 35],
  ['select movies from movies', 'the whole row movies as a value', 8],
  [
    'select added - seen::timestamp from movies',
    'timestamp without time zone - timestamp without time zone',
    14,
  ],
  ["select released + interval '1.5 days' from movies", "the interval '1.5 days'", 17],
  ["select id from movies where released = 'Jan 5 2020'", "the date 'Jan 5 2020'", 38],
  ["select id from movies where released < '1700-01-01'", "the date '1700-01-01'", 38],
  ['select 12345678901234567890123 from movies', 'the number 12345678901234567890123', 8],
  ["select embedding <+> '[1,2,3]' from movies", 'the vector operator <+>', 18],
  ["select id from movies where embedding < '[1,2,3]'", '< on vector', 39],
  ["select id from movies where extra = '{}'", '= on jsonb', 35],
  ['select count(*) from movies having count(*) > 1', 'HAVING without GROUP BY', 45],
  ['select distinct on (genre) genre from movies offset 1', 'DISTINCT ON with grouping or OFFSET', 21],
  [
    'select p.name, (select q.name from (select name from people where id = p.id) q limit 1) from people p',
    'the outer column p.id here',
    72,
  ],
  ['select id & 1 from movies', 'operator & on integer', 11],
  ['select current_user, id from movies', 'this session function beside a table', 8],
  ["insert into movies (id, title) overriding user value values (1, 'x')", 'OVERRIDING USER VALUE'],
  ['insert into recent (id) values (1) returning id', 'RETURNING on a view'],
  ['update movies set year = default', 'SET column = DEFAULT', 19],
  ["update movies set (year, title) = (select 1, 'x')", 'SET (a, b) = a query or DEFAULT', 35],
  ['update movies set year = 1 from people p returning p.name', 'RETURNING with FROM', 52],
  ['delete from movies using people p returning p.name', 'RETURNING with USING', 45],
  ['merge into movies m using people p on m.id = p.id when matched then delete', 'MERGE', 12],
];

const DEFINITIONS: readonly Refusal[] = [
  ['create table t (a int check (a > 0))', 'CHECK', 23],
  ['create table t (a int generated always as (1) stored)', 'GENERATED column', 23],
  ['create table t (a int[])', 'an array column', 19],
  ['create table t (a interval)', 'a column of type interval', 19],
  ['create table t (a int default random())', 'function random', 31],
  ['create table t (a text collate "en_US")', 'COLLATE "en_US"', 24],
  ['create table t (a serial, b serial)', 'a second serial or identity column', 14],
  ['create table t (like movies)', 'LIKE in CREATE TABLE', 22],
  ['create table t () inherits (movies)', 'INHERITS', 14],
  ['create table t (a int) partition by range (a)', 'PARTITION BY', 14],
  ['create temp table t (a int)', 'a temporary table or view', 19],
  ['create table t (a int references movies (id) match full)', 'MATCH FULL', 23],
  ['create table t (a int unique deferrable)', 'DEFERRABLE', 30],
  ['create table t (a int, exclude using gist (a with =))', 'EXCLUSION', 24],
  ['create table "a,b" (a int)', 'the name "a,b"', 14],
  ['create materialized view v as select id from movies', 'CREATE MATERIALIZED VIEW', 26],
  ['create view v as select now() as t, id from movies', 'this query as a view', 13],
  ['create view v as select id from movies with check option', 'WITH CHECK OPTION', 13],
  ['create index on movies (lower(title))', 'an index over an expression', 25],
  ['create index on movies (title) where year > 2000', 'a partial index', 43],
  ['create index on movies using gin (extra)', 'an index of type gin', 17],
  ['create index on movies using hnsw (embedding vector_l2_ops)', 'an hnsw index with vector_l2_ops', 17],
  ['create index on movies using ivfflat (embedding vector_cosine_ops)', 'an index of type ivfflat', 17],
  ['alter table movies alter column title type integer', 'this change of type', 44],
  ['alter table movies alter column year type text using year::text', 'USING in ALTER COLUMN TYPE', 58],
  ['alter table movies add column n serial', 'adding a serial or identity column', 31],
  ['alter table movies set tablespace x', 'ALTER TABLE SetTableSpace', 13],
  ['alter table movies rename constraint a to b', 'this RENAME', 13],
  ['alter view recent rename to old', 'renaming a view', 12],
  ['drop function f', 'DROP FUNCTION'],
  ['drop schema public', 'DROP SCHEMA public'],
  ['truncate movies cascade', 'TRUNCATE .. CASCADE'],
  ["comment on table movies is 'x'", 'COMMENT'],
  ['create sequence s', 'CREATE SEQUENCE', 17],
  ['create extension postgis', 'extension postgis'],
  ["create function f() returns int as 'select 1' language sql", 'CREATE FUNCTION', 29],
];

function named([sql, what, position]: Refusal): { sql: string; what: string; position: number | undefined } {
  return { sql, what, position };
}

let judge: Judge;

beforeAll(async () => {
  judge = await Judge.start(SCHEMA);
});

afterAll(() => judge.close());

async function refusal(sql: string, describe: boolean): Promise<PgError['fields']> {
  const error: unknown = await judge.translate(sql, { describe }).catch((reason: unknown) => reason);
  return (error as PgError).fields;
}

describe('refused with 0A000', () => {
  it.each(QUERIES.map(named))('$sql', async ({ sql, what, position }) => {
    const fields = await refusal(sql, true);
    expect(fields).toMatchObject({ sqlstate: '0A000', message: `${what} is not supported` });
    expect(fields.position).toBe(position);
  });

  it.each(DEFINITIONS.map(named))('$sql', async ({ sql, what, position }) => {
    const fields = await refusal(sql, false);
    expect(fields).toMatchObject({ sqlstate: '0A000', message: `${what} is not supported` });
    expect(fields.position).toBe(position);
  });
});

describe('positions', () => {
  it('count characters, not bytes', async () => {
    const sql = "select 'Été 👽', initcap(title) from movies";
    expect((await refusal(sql, true)).position).toBe(
      Array.from(sql.slice(0, sql.indexOf('initcap'))).length + 1,
    );
  });
});
