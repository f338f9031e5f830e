import type { SqlParameter } from '@iris-devtools/core';

/** A query and the values of its parameters. */
export type QueryCase = readonly [sql: string, parameters?: readonly SqlParameter[]];

/** Queries over the tables of films.ts that must give the same rows on PostgreSQL and, translated, on IRIS. */
export const QUERIES: Readonly<Record<string, readonly QueryCase[]>> = {
  text: [
    ['select id, title from movies order by title'],
    ['select id, title from movies order by title desc'],
    ['select id, genre from movies order by genre, id'],
    ["select title from movies where genre = 'horror'"],
    ['select title from movies where genre = $1', ['horror']],
    ["select id from movies where title > 'A' order by id"],
    ["select id from movies where title < '9' order by id"],
    ["select id from movies where title like 'a%' order by id"],
    ["select id from movies where title ilike 'a%' order by id"],
    ["select id from movies where title like '%\\_d%' order by id"],
    ["select id from movies where title like '%!_d%' escape '!' order by id"],
    ["select id, title || ' (' || year || ')', title || genre from movies order by id"],
    [
      "select id, length(title), upper(title), lower(genre), reverse(title), trim(title), ltrim(title, 'aA'), rtrim(title) from movies order by id",
    ],
    [
      'select id, substring(title, 2, 3), substring(title from 0 for 2), substring(title, 3), substring(title from -1), left(title, 2), left(title, -1), right(title, 2), right(title, -2) from movies order by id',
    ],
    [
      "select id, position('i' in title), strpos(title, ''), replace(title, 'l', 'LL'), split_part(title, 'i', 1), split_part(title, 'i', 2), lpad(title, 6, '*'), rpad(title, 3), repeat(title, 2) from movies order by id",
    ],
    ["select id, starts_with(title, 'A'), translate(title, 'ae', 'xy') from movies order by id"],
    ['select id, title::int from movies order by id'],
    ["select id from movies where code = 'ab' order by id"],
    ['select substring(title, 1, -1) from movies'],
    ["select title from movies where title = 'a''b%c_d\\e'"],
    ['select id, title::boolean from movies where id = 4'],
    ["select id from movies where code = 'zz  ' order by id"],
    ["select id, title from movies where upper(title) = 'ALIEN' order by id"],
    ["select id, name from people where born < '1940-01-01' order by born"],
    ['select name, $1 || name from people where name = $2', ['x', 'nobody']],
    ["select 'it''s' || title from movies where id = 1"],
    ["select trim('  x ' || title) from movies where id = 1"],
    ["select id, code || 'x', length(code) from movies order by id"],
  ],
  numbers: [
    ['select id, year / 3, year % 7, -year / 2, year * 2, year + 1, year - 2000 from movies order by id'],
    [
      'select id, rating / 3, rating * rating, rating + 1.25, -rating, price / rating from movies where rating <> 0 order by id',
    ],
    ['select id, score / 3, score * 2, score + 0.5 from movies order by id'],
    ['select id, sqrt(year), power(id, 2), exp(id), ln(id), log(id) from movies order by id'],
    ["select id from movies where tag = 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11' order by id"],
    ['select id from movies where rating = $1', ['8.5']],
    ['select id from movies where price = 0.25'],
    ['select id from movies where gross = 9223372036854775807'],
    ["select id from movies where id <> all('{1,2}') order by id"],
    ['select stddev(score), variance(score), var_pop(score) from movies where id < 4'],
    ['select id from movies where (id, year) < (3, 1986) order by id'],
    ['select id / 0 from movies'],
    ['select 1.0 / (id - 1) from movies'],
    ['select bool_and(year > 1900), every(id > 0) from movies'],
    ['select id, extra from movies where id < 3 order by id'],
    ["select '1999-01-0' || id from movies where id < 3 order by id"],
    ["select id, ('1999-01-0' || id)::date from movies where id < 3 order by id"],
    ['select id, gross::int from movies where id = 6'],
    ['select id, gross::int from movies where id < 6 order by id'],
    [
      'select id, year::smallint, year::float8, rating::float8, score::numeric(12,3) from movies where id <> 6 order by id',
    ],
    ['select m.id, r.person_id from movies m, roles r where m.id = r.movie_id order by 1, 2'],
    ['select 7 / 2, 7 % 3, -7 / 2, -7 % 3, 7.0 / 2, 2 ^ 10 from people where id = 1'],
    ['select id from movies where $1 and id < 3 order by id', [true]],
    ['select $1::int + id from people order by 1', [10]],
    ['select id from movies where year > $1 and rating >= $2 order by id', [1980, '6.5']],
    ['select id, score from movies where score > $1 order by id', [1.5]],
    [
      'select rating, rating * 2, rating + 0.05, rating / 2, round(rating / 3, 3), round(rating * 1.005, 2) from movies where id < 4 order by id',
    ],
    ['select price * rating, price + rating, price - 1, price % 3 from movies where id < 6 order by id'],
    [
      'select id, abs(score), ceil(score), floor(score), round(score), round(rating), round(price, 2), trunc(price, 1), trunc(score), sign(price), mod(id, 3) from movies where id <> 5 order by id',
    ],
    ['select id, abs(id - 4), sign(id - 4), power(id, 2), sqrt(id) from movies where id < 5 order by id'],
  ],
  conditions: [
    ['select id, genre from movies order by genre desc nulls last, id desc'],
    ["select id from movies where title in ('alien', '10') order by id"],
    [
      'select id, active, not active, active and year > 2000, active or year > 2000, year > 2000 from movies order by id',
    ],
    ['select id from movies where active is not true order by id'],
    ['select id from movies where active is null or not active order by id'],
    [
      'select id, active is true, active is false, active is unknown, active is not false from movies order by id',
    ],
    ["select id, coalesce(genre, 'none'), nullif(genre, ''), nullif(year, 2003) from movies order by id"],
    [
      "select id, case genre when 'Drama' then 1 when 'Horror' then 2 end, case when year > 1990 then 'new' when year is null then '?' else 'old' end from movies order by id",
    ],
    [
      "select id, concat(title, year, active, genre), concat_ws('-', title, genre, year) from movies order by id",
    ],
    ["select id, title::int from movies where title in ('10', '9') order by id"],
    ["select id, (title || '.5')::numeric(5,1) from movies where title in ('10', '9') order by id"],
    ['select id, gross from movies order by gross nulls first, id'],
    ["select id from movies where id = any('{1,3,5}') order by id"],
    ['select id from movies where id = any($1) order by id', ['{1,3,5}']],
    ['select id from movies where title = any($1) order by id', ['{Alien,"a\'b%c_d\\\\\\\\e"}']],
    ['select id from movies where id not in (1,2,3) order by id'],
    ["select id from movies where genre not in ('Drama', 'Horror') order by id"],
    ["select id from movies where (id, title) in ((1,'Alien'), (2,'x')) order by id"],
    ["select id, 'x' as a, null as b, 1.50 as c, true as d, -1 as e from movies where id = 1"],
    ['select id, tag, tag::text from movies where tag is not null'],
    ['select id, coalesce(rating, 3), coalesce(price, rating) from movies order by id'],
    ['select case when id = 1 then rating else price end from movies order by id'],
    ["select id from movies where title <> '' and title not like '%i%' order by id desc"],
    ["select 1 from people where null is null and 'a' < 'b' and 'a' = 'a' and id = 1"],
    ['select name from people where id between $1 and $2 order by name', [1, 3]],
    ['select id from movies where active = $1 order by id', [true]],
    ['select id from movies where not (year = 2003 and active) order by id'],
    ['select id from movies order by active desc nulls last, id'],
    ['select case when id > 2 then rating else null end, nullif(rating, 8.5) from movies order by id'],
    [
      'select id, greatest(year, id * 500), least(year, 2000), greatest(title, genre), least(rating, null, 9.9) from movies order by id',
    ],
  ],
  dates: [
    [
      'select id, year::text, rating::text, active::text, released::text, id::numeric(5,2), score::int, rating::int, price::numeric(10,1), gross::float8 from movies where gross <> 9223372036854775807 order by id',
    ],
    [
      "select id, released + 7, released - 1, released - date '2000-01-01', released + interval '1 month' from movies order by id",
    ],
    [
      "select id, added + interval '1 day 2 hours', added - interval '1 year', date_trunc('month', added), date_trunc('hour', added), date_trunc('week', released) from movies order by id",
    ],
    [
      'select id, extract(year from released), extract(month from added), extract(day from released), extract(dow from released), extract(isodow from released), extract(doy from released), extract(quarter from released), extract(hour from added), extract(epoch from released) from movies order by id',
    ],
    ["select id, to_char(added, 'YYYY-MM-DD HH24:MI:SS') from movies order by id"],
    ['select id, added, seen, released from movies order by id'],
    ["select id from movies where released > '1990-01-01' and added < '2021-01-01' order by id"],
    ['select id from movies where released between $1 and $2 order by id', ['1980-01-01', '2000-01-01']],
    ["select id from movies where seen >= '2020-01-01 12:00:00+02' order by id"],
    ["select id from movies where added = '2020-02-29 23:59:59.5' order by id"],
    ['select id from movies where year not in (select extract(year from born) from people) order by id'],
    [
      'select sum(year), sum(gross), sum(rating), sum(score), avg(id), avg(price), avg(score), max(released), min(added), bool_and(active), bool_or(active) from movies where id <> 6',
    ],
    [
      "select title from movies where released >= date '1985-01-01' and released < date '1985-01-01' + interval '2 years' order by released",
    ],
    [
      'select extract(year from released)::int as y, count(*) from movies group by extract(year from released) order by y',
    ],
    [
      "select date_trunc('year', released) as y, count(*) from movies group by date_trunc('year', released) order by y",
    ],
    ['select id from movies where seen < $1 order by id', ['2021-01-01 00:00:00']],
    ['select genre, max(released) - min(released) as span from movies group by genre order by genre'],
    ['select id from movies order by released, id'],
    ["select to_char(released, 'DD.MM.YYYY') from movies where id = 1"],
    [
      "select least(released, '1990-01-01'::date), greatest(added, released::timestamp) from movies order by id",
    ],
    ["select now() > '2020-01-01', current_date > '2020-01-01' from people where id = 1"],
    ["select id from movies where released in ('1979-05-25', '2000-01-01') order by id"],
    ["select id from movies where added in ('2020-01-01 10:00:00', $1) order by id", ['2000-01-01 00:00:00']],
    ["select id from movies where added::date = '2020-01-01' and released < added order by id"],
    [
      "select coalesce(added, '2000-01-01'), coalesce(released, current_date - current_date + date '2000-01-01') from movies order by id",
    ],
    [
      'select added from movies where added is not null union select released::timestamp from movies where id = 1 order by 1',
    ],
    ["select id, added + interval '1 hour' > '2020-01-01' from movies order by id"],
    ["select max(added) - interval '1 day', min(seen) from movies"],
  ],
  rows: [
    [
      'select genre, count(*), sum(rating), avg(rating), avg(year), min(title), max(title) from movies group by genre order by genre',
    ],
    ['select distinct genre from movies order by 1'],
    ['select count(distinct genre), count(genre), count(*) from movies'],
    ["select id, genre is distinct from 'Drama', genre is not distinct from null from movies order by id"],
    ['select id from movies where id in (select movie_id from roles) order by id'],
    ['select id from movies where year > all (select 1990 from people) order by id'],
    [
      'select id from movies m where exists (select 1 from roles r where r.movie_id = m.id and r.fee > 600) order by id',
    ],
    [
      'select id, (select count(*) from roles r where r.movie_id = m.id), (select name from people p where p.id = m.id) from movies m order by id',
    ],
    ['select id, (select part from roles r where r.movie_id = m.id) from movies m order by id'],
    [
      'select m.title, p.name, r.part from movies m join roles r on r.movie_id = m.id join people p on p.id = r.person_id order by 1, 2',
    ],
    ['select m.id, r.part from movies m left join roles r on r.movie_id = m.id order by m.id, r.part'],
    [
      'select m.id, r.part, p.name from roles r right join movies m on r.movie_id = m.id full join people p on p.id = r.person_id order by 1, 2, 3',
    ],
    ['select * from people join (select person_id as id, part from roles) r using (id) order by id, part'],
    [
      'select id, name, part from people natural left join (select person_id as id, part from roles) r order by id, part',
    ],
    ['select p.name, b.name from people p left join people b on p.boss = b.id order by p.id'],
    [
      'with g as (select genre, count(*) as n from movies group by genre) select genre, n from g where n > 1 order by n, genre',
    ],
    ['with a as (select id from movies), b as (select id from a where id > 3) select count(*) from b'],
    ['select id from movies union select id from people order by 1'],
    ['select genre from movies union select part from roles order by 1'],
    ['select id from movies union all select id from people order by id limit 5'],
    ['select id from movies intersect select id from people order by 1'],
    ['select id from movies except select id from people order by 1'],
    ["select a, b from (values (1,'x'),(2,'y'),(3,null)) as v(a,b), people where people.id = a and b > 'x'"],
    ["values (1, 'a'), (2, null)"],
    [
      'select id, row_number() over (order by year, id), rank() over (order by genre), dense_rank() over (partition by active order by year desc) from movies order by id',
    ],
    [
      'select id, sum(id) over (partition by genre), count(*) over (partition by genre), avg(score) over () from movies order by id',
    ],
    [
      'select id, lag(title) over (order by id), lead(id, 2, -1) over (order by id desc), first_value(title) over (partition by genre order by id) from movies order by id',
    ],
    [
      'select id, sum(id) over (order by id rows between unbounded preceding and current row), sum(id) over (order by id rows between 1 preceding and 1 following) from movies order by id',
    ],
    ['select distinct on (genre) genre, title, year from movies order by genre, year desc, id'],
    ['select id from movies order by id limit 3 offset 2'],
    ['select id from movies order by id offset 6'],
    ['select id from movies order by id limit $1 offset $2', [2, 1]],
    ['select id from movies order by year desc, id limit 0'],
    ['select * from (select id, title from movies order by year, id limit 3 offset 1) q order by id'],
    ["select id from movies order by embedding <=> '[1,1,0]', id limit 3"],
    ["select id, embedding <=> '[1,1,0]' from movies where id in (1,2,3) order by id"],
    ['select id from movies order by embedding <-> $1 limit 4', ['[0,0,1]']],
    ['select id, embedding, vector_dims(embedding) from movies order by id'],
    ['select count(*) filter (where active), sum(id) filter (where year > 2000) from movies'],
    ['select avg(rating) from movies where id > 100'],
    ["select genre, string_agg(title, '; ') from movies where id in (1, 3) group by genre order by genre"],
    [
      'select genre, avg(rating) a from movies group by genre order by avg(rating) desc nulls last, genre limit 3',
    ],
    ['select genre, round(avg(rating), 2), round(avg(price), 3) from movies group by genre order by genre'],
    ['select year / 2 as h, count(*) from movies group by year / 2 order by h'],
    ['select upper(genre), count(*) from movies group by upper(genre) order by 1'],
    ['select count(*) from movies where year between symmetric 2003 and 1980'],
    [
      'select exists(select 1 from movies where id = 99), (select max(id) from movies) from people where id = 1',
    ],
    ['select count(*), genre from movies group by genre having avg(id) > 3 order by genre nulls first'],
    ['select max(genre), min(genre) from movies'],
    ['select m.id, m.title from movies m where m.id = (select min(movie_id) from roles)'],
    [
      'select p.name, count(r.movie_id), coalesce(sum(r.fee), 0) from people p left join roles r on r.person_id = p.id group by p.name order by 2 desc, 1',
    ],
    [
      'select p.name, sum(r.fee) as total, avg(r.fee) as mean from people p join roles r on r.person_id = p.id group by p.id, p.name order by p.name',
    ],
    [
      'with t as (select person_id, count(*) as n from roles group by person_id), u as (select max(n) as m from t) select t.person_id from t, u where t.n = u.m order by 1',
    ],
    [
      'select id, rank() over (partition by genre order by rating desc nulls last, id) as r from movies order by genre nulls first, r, id',
    ],
    [
      'select id, ntile(3) over (order by id), percent_rank() over (order by id), cume_dist() over (order by id) from movies order by id',
    ],
    ['select id, count(*) over () from movies order by id limit 2'],
    ['select id, year - lag(year) over (order by id) from movies order by id'],
    [
      'select * from (select id, row_number() over (partition by genre order by id) as n from movies) q where n = 1 order by id',
    ],
    ["select genre from movies where genre is not null union select 'Extra' order by 1"],
    [
      '(select id from movies order by id limit 2) union all (select id from people order by id desc limit 1) order by 1',
    ],
    [
      'select id from movies where id in (select movie_id from roles where person_id = 3) and year is not null order by year, id',
    ],
    ['select id from movies m where (select count(*) from roles r where r.movie_id = m.id) >= 1 order by id'],
    ['select id from movies m where not exists (select 1 from roles r where r.movie_id = m.id) order by id'],
    ['select m.id from movies m join roles r using (id) order by 1'],
    ['select coalesce(m.id, p.id) as x from movies m full join people p on p.id = m.id + 6 order by 1'],
    ['select sum(case when active then 1 else 0 end), count(nullif(active, false)) from movies'],
    [
      "select id from people where boss is null or boss in (select id from people where name like 'T%') order by id",
    ],
    ['select embedding <=> $1 from movies where id = 1', ['[1,0,0]']],
    ["select id from movies where embedding <=> '[1,0,0]' < 0.5 order by id"],
    ["select avg(embedding <-> '[0,0,0]') from movies where id in (1,2)"],
    ['select lower(title) as t, count(*) from movies group by t having count(*) > 1'],
    ['select distinct lower(title) from movies order by lower(title)'],
    ['select distinct year / 10 * 10 as decade from movies order by decade desc'],
    ['select title, length(title) as l from movies order by l desc, title limit 3'],
    ['select id from movies where (year, id) in (select year, id from movies where id < 3) order by id'],
    ['select id from movies where year is distinct from 2003 order by id'],
    ['select id from movies order by score desc, id limit 3'],
    ['select title from movies order by title limit 2 offset 1'],
    ['select row_number() over () from people'],
    ["select string_agg(distinct genre, ',') from movies where id = 1"],
    ['select count(distinct lower(genre)), count(distinct year) from movies'],
    ['select sum(distinct year), avg(distinct rating) from movies'],
    ['select coalesce(sum(fee), 0), coalesce(avg(fee), 0) from roles where movie_id > 100'],
    [
      "select id, embedding <#> '[1,1,0]', embedding <-> '[1,1,0]' from movies where id not in (6, 8) order by id",
    ],
    [
      'select id, sum(id) over (order by id), count(*) over (order by id), sum(year) over (order by id) from movies order by id',
    ],
    [
      'select id, count(year) over (partition by active order by id rows 1 preceding) from movies order by id',
    ],
    [
      'select id, sum(rating) over (order by id rows between 2 following and 3 following) from movies order by id',
    ],
    [
      'select id, first_value(title) over (order by year, id), last_value(title) over (order by id) from movies order by id',
    ],
    [
      'select id, title from movies where (year, id) in (select year, id from movies) and (genre, id) in (select genre, id from movies) order by id',
    ],
    [
      'select title from movies order by embedding <=> (select embedding from movies where id = 1), id limit 3',
    ],
    ['select m.id, (select p.name from people p where p.id = m.id) from movies m order by m.id'],
    [
      'select id, (select p.embedding from movies p where p.id = m.id) <=> embedding < 0.0001 from movies m order by id',
    ],
    ["select id, seen at time zone 'UTC', added at time zone 'utc' from movies order by id"],
    ['select count(gen_random_uuid()), length(max(gen_random_uuid()::text)) from movies'],
    [
      'with a as (select genre, avg(rating) as r from movies group by genre) select m.id, a.r from movies m left join a on a.genre = m.genre order by m.id',
    ],
    [
      'with a as (select genre, avg(rating) as r, coalesce(sum(price), 0) as p, sum(rating) as s from movies group by genre) select * from a order by r desc nulls last, genre',
    ],
    [
      'select x.d from (select q.r as d from (select rating / 3 as r, id from movies) q where id < 4) x order by 1',
    ],
    [
      'select q.r from (select avg(year) as r, genre from movies group by genre) q order by q.r, genre limit 3',
    ],
    [
      'with g as (select genre, count(*) as n, round(avg(rating), 2) as r from movies group by genre) select g.genre, g.n, g.r, m.title from g join movies m on m.genre = g.genre order by g.n desc, m.id limit 4 offset 1',
    ],
    ['select 100.0 * count(*) filter (where active) / count(*), (avg(rating) * 10)::int from movies'],
    [
      'select year, count(*) as c from movies group by year having count(*) >= all (select count(*) from movies group by year) order by year',
    ],
  ],
};
