/** Plain PostgreSQL DDL: the same text goes to pgwire, to PGlite and to PostgreSQL when they are compared. */
export const CREATE_TABLES = [
  `create table distributors (
  id integer primary key,
  name text not null
)`,
  `create table movies (
  id integer primary key,
  title text,
  distributor_id integer references distributors (id),
  released date not null,
  genre text,
  director text,
  mpaa_rating text,
  running_minutes integer,
  budget bigint,
  us_gross bigint,
  worldwide_gross bigint,
  imdb_rating numeric(3,1),
  imdb_votes integer,
  embedding vector(1024) not null
)`,
] as const;

/** The same tables for a PostgreSQL without the vector extension: the vector is kept as text. */
export const CREATE_TABLES_WITHOUT_VECTOR = CREATE_TABLES.map((sql) => sql.replace('vector(1024)', 'text'));
