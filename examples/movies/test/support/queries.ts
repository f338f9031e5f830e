/** A statement that PostgreSQL and pgwire must answer alike: same names, types, rows and order. */
export interface Comparison {
  readonly name: string;
  readonly sql: string;
  readonly parameters?: readonly (string | number | null)[];
}

/** Everyday reporting SQL over the films; every ORDER BY is total, so that row order can be compared. */
export const COMPARISONS: readonly Comparison[] = [
  { name: 'count', sql: 'select count(*) from movies' },
  {
    name: 'aggregate with join, GROUP BY, HAVING, ORDER BY, LIMIT and OFFSET',
    sql: `select d.name, count(*) as films, sum(m.worldwide_gross) as gross, max(m.imdb_rating) as best
from movies m join distributors d on d.id = m.distributor_id
where m.released between date '1990-01-01' and date '2010-12-31'
group by d.name having count(*) > 5
order by gross desc nulls last, d.name limit 10 offset 3`,
  },
  {
    name: 'CTE, then aggregate',
    sql: `with hits as (
  select genre, director, worldwide_gross - budget as profit from movies
  where budget > 0 and worldwide_gross > 3 * budget
)
select genre, count(*) as films, count(distinct director) as directors, min(profit) as least
from hits group by genre order by films desc, genre nulls last`,
  },
  {
    name: 'left join that finds nothing',
    sql: `select d.id, d.name from distributors d left join movies m on m.distributor_id = d.id and m.released > date '2009-01-01'
where m.id is null order by d.name limit 20`,
  },
  { name: 'NULLs sort last', sql: 'select title, genre from movies order by genre desc, title, id limit 15' },
  {
    name: 'NULLs first when asked',
    sql: 'select id, genre from movies order by genre nulls first, id limit 5',
  },
  {
    name: 'text is compared exactly',
    sql: `select count(*) filter (where title = 'the land girls') as lower,
count(*) filter (where title = 'The Land Girls') as exact from movies`,
  },
  { name: 'LIKE is case-sensitive', sql: `select count(*) from movies where title like '%love%'` },
  { name: 'ILIKE is not', sql: `select count(*) from movies where title ilike '%love%'` },
  {
    name: 'integer division truncates',
    sql: 'select id, running_minutes / 60 as hours, running_minutes % 60 as minutes from movies where running_minutes is not null order by id limit 10',
  },
  {
    name: 'numeric average',
    sql: 'select genre, avg(imdb_rating) as rating from movies group by genre order by genre',
  },
  {
    name: 'CASE and COALESCE',
    sql: `select coalesce(mpaa_rating, 'none') as rating, case when budget >= 100000000 then 'big' when budget is null then 'unknown' else 'small' end as size, count(*) from movies group by 1, 2 order by 1, 2`,
  },
  {
    name: 'subquery in WHERE',
    sql: 'select title from movies where imdb_rating = (select max(imdb_rating) from movies) order by title',
  },
  {
    name: 'EXISTS',
    sql: 'select d.name from distributors d where exists (select 1 from movies m where m.distributor_id = d.id and m.imdb_rating > 8.8) order by d.name',
  },
  {
    name: 'NOT IN with no NULLs',
    sql: 'select count(*) from distributors where id not in (select distributor_id from movies where distributor_id is not null and budget > 50000000)',
  },
  {
    name: 'UNION',
    sql: `select genre from movies where released < date '1950-01-01' union select mpaa_rating from movies where id < 20 order by 1`,
  },
  {
    name: 'EXCEPT',
    sql: `select director from movies where genre = 'Drama' except select director from movies where genre = 'Comedy' order by 1 limit 10`,
  },
  { name: 'DISTINCT keeps case', sql: 'select distinct genre from movies order by genre' },
  {
    name: 'window function',
    sql: `select title, genre, row_number() over (partition by genre order by worldwide_gross desc nulls last, id) as place from movies where genre in ('Action', 'Drama') order by genre, place limit 8`,
  },
  {
    name: 'derived table',
    sql: `select decade, count(*) as n from (select extract(year from released)::integer / 10 * 10 as decade from movies) as t group by decade order by decade`,
  },
  {
    name: 'string functions',
    sql: `select upper(title), length(title), substring(title from 2 for 3), position('e' in title), replace(title, 'a', '_') from movies where title is not null order by id limit 10`,
  },
  {
    name: 'concatenation',
    sql: `select title || ' (' || extract(year from released) || ')' from movies order by id limit 5`,
  },
  {
    name: 'date arithmetic',
    sql: `select released, released + 7 as later, released - date '1990-01-01' as days from movies order by id limit 5`,
  },
  {
    name: 'date_trunc',
    sql: `select date_trunc('month', released::timestamp) as month, count(*) from movies where released >= date '2010-01-01' and released < date '2011-01-01' group by 1 order by 1`,
  },
  {
    name: 'casts',
    sql: `select id::text, imdb_rating::integer, budget::numeric / 3, worldwide_gross::double precision / 3 from movies where imdb_rating is not null order by id limit 10`,
  },
  {
    name: 'booleans',
    sql: `select id, budget > us_gross as loss, (genre = 'Drama' or budget is null) as either from movies order by id limit 20`,
  },
  {
    name: 'parameters of each kind',
    sql: 'select id, title from movies where genre = $1 and imdb_rating >= $2 and released < $3 and budget > $4 order by id limit $5',
    parameters: ['Drama', '8.0', '2000-01-01', 1000000, 7],
  },
  {
    name: 'a parameter used twice, out of order',
    sql: 'select $2::text as b, count(*) from movies where genre = $1 or mpaa_rating = $1 group by 1',
    parameters: ['Comedy', 'x'],
  },
  {
    name: 'null parameter',
    sql: 'select count(*) from movies where genre is not distinct from $1',
    parameters: [null],
  },
  {
    name: 'IN list',
    sql: `select mpaa_rating, count(*) from movies where mpaa_rating in ('R', 'PG', 'G') group by mpaa_rating order by 2 desc`,
  },
  {
    name: '= ANY(array)',
    sql: 'select count(*) from movies where genre = any($1)',
    parameters: ['{Drama,Comedy}'],
  },
  {
    name: 'self join',
    sql: 'select a.title, b.title as other from movies a join movies b on a.director = b.director and a.id < b.id where a.imdb_rating > 8.5 and b.imdb_rating > 8.5 order by a.id, b.id limit 10',
  },
  {
    name: 'round and greatest',
    sql: 'select id, round(budget / 1000000.0, 2) as millions, greatest(us_gross, budget), least(us_gross, null) from movies order by id limit 10',
  },
  {
    name: 'grouping by expression',
    sql: 'select length(title) % 10 as k, count(*), sum(imdb_votes) from movies where title is not null group by length(title) % 10 order by k',
  },
  { name: 'empty result', sql: 'select title, budget from movies where false' },
  { name: 'VALUES', sql: `select * from (values (1, 'one'), (2, 'two')) as t (n, word) order by n desc` },
  { name: 'tableless', sql: `select 7 / 2 as i, 7.0 / 2 as n, 'a' || 'b' as s, null::date as d, 2 > 1 as b` },
];
