import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Judge } from './support/judge.js';
import { SCHEMA } from './support/schema.js';

/** PostgreSQL's expression and the IRIS SQL for it; `m.` stands for `"m".` with the column in quotes. */
type Case = readonly [postgres: string, iris: string];

const CASES: Readonly<Record<string, readonly Case[]>> = {
  numbers: [
    ['m.year / 2', '(m.year \\ 2)'],
    ['m.year % 7', 'MOD(m.year, 7)'],
    ['m.rating / 3', 'm.rating, 3 AS "divisor_1_"'],
    ['m.score / 3', '(CAST(m.score AS DOUBLE) / 3)'],
    ['m.year + m.rating', '(m.year + m.rating)'],
    ['- m.year', '(- m.year)'],
    ['- -7', '7'],
    ['m.year ^ 2', 'POWER(CAST(m.year AS DOUBLE), CAST(2 AS DOUBLE))'],
    ['@ m.score', 'ABS(m.score)'],
    ['1.50', '1.50'],
    ['12345678901234', '12345678901234'],
    [
      'round(m.score)',
      'CASE WHEN ABS((m.score) - FLOOR(m.score)) = 0.5 THEN 2 * ROUND((m.score) / 2, 0) ELSE ROUND(m.score, 0) END',
    ],
    ['round(m.rating, 1)', 'ROUND(m.rating, 1)'],
    ['trunc(m.price, 2)', '{fn TRUNCATE(m.price, 2)}'],
    ['ceil(m.rating)', 'CEILING(m.rating)'],
    ['mod(m.id, 3)', 'MOD(m.id, 3)'],
    ['ln(m.score)', '{fn LOG(m.score)}'],
  ],
  text: [
    ['m.title || m.year', '(m.title || CAST(m.year AS VARCHAR(20)))'],
    [
      'concat(m.title, m.active)',
      "(m.title || COALESCE(CASE m.active WHEN 1 THEN 't' WHEN 0 THEN 'f' END, ''))",
    ],
    [
      "concat_ws('-', m.title, m.genre)",
      "SUBSTRING(CASE WHEN m.title IS NULL THEN '' ELSE '-' || m.title END || CASE WHEN m.genre IS NULL THEN '' ELSE '-' || m.genre END, CHAR_LENGTH('-') + 1)",
    ],
    ['length(m.title)', 'CHAR_LENGTH(m.title)'],
    ['substring(m.title, 2, 3)', 'SUBSTRING(m.title, 2, 3)'],
    ['substring(m.title, m.id)', 'CASE WHEN m.id < 1 THEN m.title ELSE SUBSTRING(m.title, m.id) END'],
    [
      'substring(m.title from 0 for m.id)',
      "CASE WHEN m.id < 0 THEN SUBSTRING(m.title, 1, m.id) WHEN m.id = 0 OR 0 + m.id <= 1 THEN '' WHEN 0 < 1 THEN SUBSTRING(m.title, 1, 0 + m.id - 1) ELSE SUBSTRING(m.title, 0, m.id) END",
    ],
    ['left(m.title, 2)', 'SUBSTRING(m.title, 1, 2)'],
    [
      'right(m.title, 2)',
      "CASE WHEN 2 < 0 THEN SUBSTRING(m.title, 1 - 2) WHEN 2 = 0 THEN '' WHEN 2 >= CHAR_LENGTH(m.title) THEN m.title ELSE SUBSTRING(m.title, CHAR_LENGTH(m.title) - 2 + 1) END",
    ],
    ["trim(both 'x' from m.title)", "TRIM(BOTH 'x' FROM m.title)"],
    ["position('a' in m.title)", "POSITION('a' IN m.title)"],
    [
      'strpos(m.title, m.genre)',
      "CASE WHEN m.genre IS NULL THEN NULL ELSE CASE WHEN m.genre = '' THEN 1 ELSE POSITION(m.genre IN m.title) END END",
    ],
    ["split_part(m.title, ' ', 2)", "COALESCE($PIECE(m.title, ' ', 2), '')"],
    ["replace(m.title, 'a', 'b')", "REPLACE(m.title, 'a', 'b')"],
    ['lpad(m.title, 5)', "LPAD(m.title, 5, ' ')"],
    ['repeat(m.title, 2)', 'REPEAT(m.title, 2)'],
    [
      "starts_with(m.title, 'A')",
      "CASE WHEN SUBSTRING(' ' || m.title, 1, CHAR_LENGTH('A') + 1) = ' ' || 'A' THEN 1 ELSE 0 END",
    ],
    ['upper(m.title)', 'UPPER(m.title)'],
    ["'it''s'", "'it''s'"],
    ["E'tab\\there'", '?'],
  ],
  'booleans and conditions': [
    ['m.active', 'm.active'],
    ['not m.active', 'CASE WHEN NOT (m.active = 1) THEN 1 WHEN NOT (NOT (m.active = 1)) THEN 0 END'],
    [
      'm.active and m.year > 2000',
      'CASE WHEN (m.active = 1) AND (m.year > 2000) THEN 1 WHEN NOT ((m.active = 1) AND (m.year > 2000)) THEN 0 END',
    ],
    ['m.year > 2000', 'CASE WHEN m.year > 2000 THEN 1 WHEN NOT (m.year > 2000) THEN 0 END'],
    ['m.id > 2000', 'CASE WHEN m.id > 2000 THEN 1 ELSE 0 END'],
    ['m.active is true', 'CASE WHEN (m.active IS NOT NULL AND m.active = 1) THEN 1 ELSE 0 END'],
    ['m.active is not true', 'CASE WHEN (m.active IS NULL OR m.active = 0) THEN 1 ELSE 0 END'],
    ['m.active is not false', 'CASE WHEN (m.active IS NULL OR m.active = 1) THEN 1 ELSE 0 END'],
    [
      '(m.year > 2000) is unknown',
      'CASE WHEN CASE WHEN m.year > 2000 THEN 1 WHEN NOT (m.year > 2000) THEN 0 END IS NULL THEN 1 ELSE 0 END',
    ],
    [
      "m.genre is distinct from 'x'",
      "CASE WHEN CASE WHEN m.genre = 'x' THEN 1 ELSE 0 END = 0 THEN 1 ELSE 0 END",
    ],
    ['m.id is distinct from 3', 'CASE WHEN NOT (m.id = 3) THEN 1 ELSE 0 END'],
    ['m.genre is not distinct from null', 'CASE WHEN m.genre IS NULL THEN 1 ELSE 0 END'],
    ['m.active = true', 'CASE WHEN m.active = 1 THEN 1 WHEN NOT (m.active = 1) THEN 0 END'],
    ['(m.id > 1) = false', 'CASE WHEN NOT (m.id > 1) THEN 1 ELSE 0 END'],
    ['true', '1'],
  ],
  comparisons: [
    ["m.title = 'x'", "CASE WHEN m.title = 'x' THEN 1 ELSE 0 END"],
    ["m.title < 'x'", "CASE WHEN (' ' || m.title) < (' ' || 'x') THEN 1 ELSE 0 END"],
    [
      "m.code = 'ab'",
      "CASE WHEN RTRIM(m.code) = RTRIM('ab') THEN 1 WHEN NOT (RTRIM(m.code) = RTRIM('ab')) THEN 0 END",
    ],
    [
      "m.released = '2020-01-31'",
      "CASE WHEN m.released = '2020-01-31' THEN 1 WHEN NOT (m.released = '2020-01-31') THEN 0 END",
    ],
    [
      "m.seen > '2020-01-01 00:00:00+02'",
      "CASE WHEN m.seen > '2019-12-31 22:00:00' THEN 1 WHEN NOT (m.seen > '2019-12-31 22:00:00') THEN 0 END",
    ],
    [
      'm.added < m.released',
      'CASE WHEN CAST(m.added AS TIMESTAMP) < CAST(m.released AS TIMESTAMP) THEN 1 WHEN NOT (CAST(m.added AS TIMESTAMP) < CAST(m.released AS TIMESTAMP)) THEN 0 END',
    ],
    [
      'm.year between 1990 and 1999',
      'CASE WHEN (m.year >= 1990 AND m.year <= 1999) THEN 1 WHEN NOT ((m.year >= 1990 AND m.year <= 1999)) THEN 0 END',
    ],
    [
      'm.year not between symmetric 3 and 1',
      'CASE WHEN NOT ((m.year >= 3 AND m.year <= 1) OR (m.year >= 1 AND m.year <= 3)) THEN 1 WHEN NOT (NOT ((m.year >= 3 AND m.year <= 1) OR (m.year >= 1 AND m.year <= 3))) THEN 0 END',
    ],
    [
      'm.year in (1, 2, null)',
      'CASE WHEN m.year IN (1, 2, CAST(NULL AS INTEGER)) THEN 1 WHEN NOT (m.year IN (1, 2, CAST(NULL AS INTEGER))) THEN 0 END',
    ],
    [
      'm.year not in (1, 2)',
      'CASE WHEN NOT (m.year IN (1, 2)) THEN 1 WHEN NOT (NOT (m.year IN (1, 2))) THEN 0 END',
    ],
    ["m.title like 'a\\%%'", "CASE WHEN m.title LIKE 'a\\%%' ESCAPE '\\' THEN 1 ELSE 0 END"],
    ["m.title not like 'a!%%' escape '!'", "CASE WHEN m.title NOT LIKE 'a!%%' ESCAPE '!' THEN 1 ELSE 0 END"],
    ["m.title ilike 'A%'", "CASE WHEN UPPER(m.title) LIKE UPPER('A%') ESCAPE '\\' THEN 1 ELSE 0 END"],
    [
      '(m.id, m.year) = (1, 2)',
      'CASE WHEN (m.id = 1 AND m.year = 2) THEN 1 WHEN NOT ((m.id = 1 AND m.year = 2)) THEN 0 END',
    ],
    [
      "(m.id, m.title) < (1, 'x')",
      "CASE WHEN (m.id < 1 OR (m.id = 1 AND (' ' || m.title) < (' ' || 'x'))) THEN 1 ELSE 0 END",
    ],
    [
      '(m.id, m.year) in ((1, 2), (3, 4))',
      'CASE WHEN ((m.id = 1 AND m.year = 2) OR (m.id = 3 AND m.year = 4)) THEN 1 WHEN NOT (((m.id = 1 AND m.year = 2) OR (m.id = 3 AND m.year = 4))) THEN 0 END',
    ],
    ['m.id = any(array[1, 2])', 'CASE WHEN (m.id = 1 OR m.id = 2) THEN 1 ELSE 0 END'],
    ["m.id = any('{1,2}')", 'CASE WHEN m.id IN (1, 2) THEN 1 WHEN NOT (m.id IN (1, 2)) THEN 0 END'],
    [
      "m.id <> all('{1,2}')",
      'CASE WHEN NOT (m.id IN (1, 2)) THEN 1 WHEN NOT (NOT (m.id IN (1, 2))) THEN 0 END',
    ],
    [
      'm.id = any($1)',
      'CASE WHEN (? > 0 AND m.id IN (?)) THEN 1 WHEN NOT ((? > 0 AND m.id IN (?))) THEN 0 END',
    ],
  ],
  'null and choice': [
    ['coalesce(m.year, 0)', 'COALESCE(m.year, 0)'],
    ["nullif(m.title, '')", "CASE WHEN m.title = '' THEN NULL ELSE m.title END"],
    ['greatest(m.year, m.id)', 'GREATEST(COALESCE(m.year, m.id), m.id)'],
    [
      'least(m.title, m.genre)',
      "SUBSTRING(LEAST((' ' || m.title), COALESCE((' ' || m.genre), (' ' || m.title))), 2)",
    ],
    ["case m.genre when 'a' then 1 else 0 end", "CASE WHEN m.genre = 'a' THEN 1 ELSE 0 END"],
    ["case when m.active then 'y' end", "CASE WHEN m.active = 1 THEN 'y' END"],
  ],
  casts: [
    ['m.year::text', 'CAST(m.year AS VARCHAR(20))'],
    ['m.rating::text', '$JUSTIFY(m.rating, 1, 1)'],
    ['m.active::text', "CASE m.active WHEN 1 THEN 'true' WHEN 0 THEN 'false' END"],
    ['m.released::text', "TO_CHAR(m.released, 'YYYY-MM-DD')"],
    [
      'm.rating::int',
      'CASE WHEN ROUND(m.rating, 0) IS NULL THEN NULL WHEN ROUND(m.rating, 0) BETWEEN -2147483648 AND 2147483647 THEN CAST(ROUND(m.rating, 0) AS INTEGER) ELSE LENGTH(SUBSTRING(CAST(ROUND(m.rating, 0) AS VARCHAR(40)), 1, -1)) END',
    ],
    [
      'm.score::int',
      'CASE WHEN CASE WHEN ABS((m.score) - FLOOR(m.score)) = 0.5 THEN 2 * ROUND((m.score) / 2, 0) ELSE ROUND(m.score, 0) END IS NULL THEN NULL WHEN CASE WHEN ABS((m.score) - FLOOR(m.score)) = 0.5 THEN 2 * ROUND((m.score) / 2, 0) ELSE ROUND(m.score, 0) END BETWEEN -2147483648 AND 2147483647 THEN CAST(CASE WHEN ABS((m.score) - FLOOR(m.score)) = 0.5 THEN 2 * ROUND((m.score) / 2, 0) ELSE ROUND(m.score, 0) END AS INTEGER) ELSE LENGTH(SUBSTRING(CAST(CASE WHEN ABS((m.score) - FLOOR(m.score)) = 0.5 THEN 2 * ROUND((m.score) / 2, 0) ELSE ROUND(m.score, 0) END AS VARCHAR(40)), 1, -1)) END',
    ],
    [
      'm.gross::int',
      'CASE WHEN m.gross IS NULL THEN NULL WHEN m.gross BETWEEN -2147483648 AND 2147483647 THEN CAST(m.gross AS INTEGER) ELSE LENGTH(SUBSTRING(CAST(m.gross AS VARCHAR(40)), 1, -1)) END',
    ],
    [
      'm.title::int',
      "CASE WHEN m.title IS NULL THEN NULL WHEN (TRIM(m.title) %PATTERN '1.N' OR TRIM(m.title) %PATTERN '1\"-\"1.N' OR TRIM(m.title) %PATTERN '1\"+\"1.N') THEN CASE WHEN TO_NUMBER(TRIM(m.title)) IS NULL THEN NULL WHEN TO_NUMBER(TRIM(m.title)) BETWEEN -2147483648 AND 2147483647 THEN CAST(TRIM(m.title) AS INTEGER) ELSE LENGTH(SUBSTRING(CAST(TO_NUMBER(TRIM(m.title)) AS VARCHAR(40)), 1, -1)) END ELSE LENGTH(SUBSTRING(m.title, 1, -1)) END",
    ],
    [
      'm.title::boolean',
      "CASE WHEN m.title IS NULL THEN NULL WHEN LOWER(TRIM(m.title)) IN ('t', 'true', 'y', 'yes', 'on', '1') THEN 1 WHEN LOWER(TRIM(m.title)) IN ('f', 'false', 'n', 'no', 'off', '0') THEN 0 ELSE LENGTH(SUBSTRING(m.title, 1, -1)) END",
    ],
    ['m.year::bigint', 'm.year'],
    ['m.year::float8', 'CAST(m.year AS DOUBLE)'],
    ['m.score::numeric(10,2)', 'ROUND(m.score, 2)'],
    ['m.title::varchar(3)', 'SUBSTRING(m.title, 1, 3)'],
    ['m.released::timestamp', 'CAST(m.released AS TIMESTAMP)'],
    ['m.added::date', 'CAST(m.added AS DATE)'],
    ["'12'::int", '12'],
    ["'yes'::boolean", '1'],
    ["'[1,2,3]'::vector", "TO_VECTOR('1,2,3', DOUBLE)"],
    ['$1::date', 'CAST(? AS DATE)'],
    ['$1::numeric', 'TO_NUMBER(?)'],
    ['$1::vector', 'TO_VECTOR(?, DOUBLE)'],
  ],
  dates: [
    ['m.released + 7', "CAST(DATEADD('day', 7, m.released) AS DATE)"],
    ["m.released - date '2000-01-01'", "DATEDIFF('day', CAST('2000-01-01' AS DATE), m.released)"],
    ["m.added + interval '1 month 2 days'", "DATEADD('day', 2, DATEADD('month', 1, m.added))"],
    ["m.released - interval '1:30:00'", "DATEADD('second', -5400, CAST(m.released AS TIMESTAMP))"],
    ['extract(year from m.released)', 'YEAR(m.released)'],
    ['extract(isodow from m.released)', '(MOD({fn DAYOFWEEK(m.released)} + 5, 7) + 1)'],
    ["date_trunc('month', m.added)", "DATE_TRUNC('month', m.added)"],
    [
      "date_trunc('week', m.added)",
      "DATE_TRUNC('day', DATEADD('day', (- MOD({fn DAYOFWEEK(m.added)} + 5, 7)), m.added))",
    ],
    ["to_char(m.added, 'YYYY-MM-DD')", "TO_CHAR(m.added, 'YYYY-MM-DD')"],
    ['now()', 'CAST(? AS TIMESTAMP)'],
    ['current_date', 'CAST(? AS DATE)'],
  ],
  vectors: [
    ["m.embedding <=> '[1,2,3]'", "(1 - VECTOR_COSINE(m.embedding, TO_VECTOR('1,2,3', DOUBLE)))"],
    ['m.embedding <#> $1', '(- VECTOR_DOT_PRODUCT(m.embedding, TO_VECTOR(?, DOUBLE)))'],
    [
      "m.embedding <-> '[0.5,0,0]'",
      "SQRT(GREATEST((VECTOR_DOT_PRODUCT(m.embedding, m.embedding) - 2 * VECTOR_DOT_PRODUCT(m.embedding, TO_VECTOR('0.5,0,0', DOUBLE)) + VECTOR_DOT_PRODUCT(TO_VECTOR('0.5,0,0', DOUBLE), TO_VECTOR('0.5,0,0', DOUBLE))), 0))",
    ],
    ['vector_dims(m.embedding)', 'CASE WHEN m.embedding IS NOT NULL THEN 3 END'],
  ],
  aggregates: [
    ['count(*)', 'COUNT(*)'],
    ['count(distinct m.genre)', 'COUNT(DISTINCT m.genre)'],
    ['count(*) filter (where m.active)', 'COUNT(CASE WHEN m.active = 1 THEN 1 END)'],
    ['sum(m.rating)', 'SUM(m.rating)'],
    ['avg(m.score)', 'AVG(m.score)'],
    ['min(m.title)', "SUBSTRING(MIN((' ' || m.title)), 2)"],
    ['max(m.released)', 'MAX(m.released)'],
    ['bool_and(m.active)', 'MIN(m.active)'],
    ["string_agg(m.title, ', ')", "$LISTTOSTRING(%DLIST(m.title), ', ')"],
  ],
  windows: [
    [
      'row_number() over (partition by m.genre order by m.year desc)',
      'ROW_NUMBER() OVER (PARTITION BY m.genre ORDER BY CASE WHEN m.year IS NULL THEN 0 ELSE 1 END, m.year DESC)',
    ],
    ['count(*) over (partition by m.genre)', 'SUM(1) OVER (PARTITION BY m.genre)'],
    [
      'sum(m.id) over (order by m.id rows between 1 preceding and current row)',
      'SUM(m.id) OVER (ORDER BY m.id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)',
    ],
    ['lag(m.title) over (order by m.id)', 'LAG(m.title) OVER (ORDER BY m.id)'],
    [
      'first_value(m.title) over (order by m.year)',
      'FIRST_VALUE(m.title) OVER (ORDER BY CASE WHEN m.year IS NULL THEN 1 ELSE 0 END, m.year)',
    ],
    [
      'sum(m.id) over (order by m.id)',
      'SUM(m.id) OVER (ORDER BY m.id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)',
    ],
    [
      'count(m.year) over (order by m.id rows 1 preceding)',
      'COALESCE(SUM(CASE WHEN m.year IS NULL THEN 0 ELSE 1 END) OVER (ORDER BY m.id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW), 0)',
    ],
    [
      'sum(m.year) over (order by m.id)',
      'CASE WHEN SUM(CASE WHEN m.year IS NULL THEN 0 ELSE 1 END) OVER (ORDER BY m.id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) > 0 THEN SUM(COALESCE(m.year, 0)) OVER (ORDER BY m.id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) END',
    ],
  ],
  subqueries: [
    [
      '(select max(r.fee) from roles r where r.movie_id = m.id)',
      '(SELECT MAX("r_1"."fee") AS "max" FROM "SQLUser"."roles" AS "r_1" WHERE "r_1"."movie_id" = m.id)',
    ],
    [
      '(select p.name from people p where p.id = m.id)',
      '(SELECT "p_1"."name" AS "name" FROM "SQLUser"."people" AS "p_1" WHERE "p_1"."id" = m.id)',
    ],
    [
      '(select p.name from people p where p.boss = m.id)',
      '(SELECT CASE WHEN COUNT(*) > 1 THEN SUBSTRING(CAST(COUNT(*) AS VARCHAR(20)), 1, -1) ELSE SUBSTRING(MIN((\' \' || "p"."name")), 2) END AS "name" FROM "SQLUser"."people" AS "p" WHERE "p"."boss" = m.id)',
    ],
    [
      '(select p.name from people p limit 1)',
      '(SELECT TOP 1 "p"."name" AS "name" FROM "SQLUser"."people" AS "p")',
    ],
    [
      'exists (select 1 from roles r where r.movie_id = m.id)',
      'CASE WHEN EXISTS (SELECT 1 AS "column_1" FROM "SQLUser"."roles" AS "r" WHERE "r"."movie_id" = m.id) THEN 1 ELSE 0 END',
    ],
    [
      'm.id in (select r.movie_id from roles r)',
      'CASE WHEN m.id IN (SELECT "r"."movie_id" AS "movie_id" FROM "SQLUser"."roles" AS "r") THEN 1 WHEN NOT (m.id IN (SELECT "r"."movie_id" AS "movie_id" FROM "SQLUser"."roles" AS "r")) THEN 0 END',
    ],
    [
      'm.id not in (select r.movie_id from roles r)',
      'CASE WHEN NOT (m.id IN (SELECT "r"."movie_id" AS "movie_id" FROM "SQLUser"."roles" AS "r")) THEN 1 WHEN NOT (NOT (m.id IN (SELECT "r"."movie_id" AS "movie_id" FROM "SQLUser"."roles" AS "r"))) THEN 0 END',
    ],
    [
      'm.title > all (select p.name from people p)',
      'CASE WHEN (\' \' || m.title) > ALL (SELECT (\' \' || "p"."name") AS "name" FROM "SQLUser"."people" AS "p") THEN 1 WHEN NOT ((\' \' || m.title) > ALL (SELECT (\' \' || "p"."name") AS "name" FROM "SQLUser"."people" AS "p")) THEN 0 END',
    ],
  ],
};

let judge: Judge;

beforeAll(async () => {
  judge = await Judge.start(SCHEMA);
});

afterAll(() => judge.close());

/** The translated select list, without the alias of its first column. */
async function translated(expression: string): Promise<string> {
  const { irisSql } = await judge.translate(`select ${expression} as x from movies m`);
  const list = /^SELECT ([\s\S]*) FROM "SQLUser"\."movies" AS "m"$/.exec(irisSql[0] ?? '')?.[1] ?? '';
  return list.replace(/ AS "x"/, '').replaceAll(/"m"\."(\w+)"/g, 'm.$1');
}

describe.each(Object.entries(CASES))('%s', (_name, cases) => {
  it.each(cases)('%s', async (postgres, iris) => {
    expect(await translated(postgres)).toBe(iris);
  });
});
