/** Tables that the translator's tests share. */
export const SCHEMA = `
  create table movies (
    id integer primary key,
    title text not null,
    year integer,
    rating numeric(3,1),
    genre varchar(20),
    released date,
    added timestamp,
    seen timestamptz,
    score double precision,
    active boolean,
    gross bigint,
    price numeric,
    code char(4),
    tag uuid,
    extra jsonb,
    embedding vector(3)
  );
  create table people (id serial primary key, name text not null, born date, boss integer references people (id));
  create table roles (movie_id integer not null, person_id integer not null, part text, fee numeric(10,2),
    primary key (movie_id, person_id));
  create view recent as select id, title, year from movies where year > 2000;
`;
