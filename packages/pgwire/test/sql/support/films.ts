/** Definitions and rows that both databases get. Text in several cases, blanks, digits, NULLs and ties on purpose. */
export const FILMS: readonly string[] = [
  `create table movies (id integer primary key, title text not null, year integer, rating numeric(3,1), genre varchar(20),
     released date, added timestamp, seen timestamptz, score double precision, active boolean, gross bigint,
     price numeric(12,4), code char(4), tag uuid, extra jsonb, embedding vector(3))`,
  `create table people (id serial primary key, name text not null, born date, boss integer)`,
  `create table roles (movie_id integer not null references movies (id), person_id integer not null, part text,
     fee numeric(10,2), primary key (movie_id, person_id))`,
  `insert into movies values
    (1, 'Alien', 1979, 8.5, 'Horror', '1979-05-25', '2020-01-01 10:00:00', '2020-01-01 10:00:00+00', 1.5, true, 104931801, 10.5, 'ab', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '{"a": 1}', '[1,0,0]'),
    (2, 'alien', 1986, 8.4, 'horror', '1986-07-18', '2020-02-29 23:59:59.5', null, 2.5, false, 131060248, 0.25, 'AB', null, null, '[0,1,0]'),
    (3, 'Brazil', 1985, 7.9, 'Comedy', '1985-02-20', null, '2021-06-01 00:00:00+02', 3.5, null, null, null, null, null, null, '[0.5,0.5,0]'),
    (4, '10', 2000, null, null, null, null, null, null, true, 0, 7, 'zz', null, null, null),
    (5, '9', null, 5.0, '', '2000-01-01', '2000-01-01 00:00:00', null, -0.5, false, -5, -1.5, '', null, null, '[1,1,1]'),
    (6, 'Été ', 2003, 6.5, 'Drama', '2003-12-31', '2003-12-31 12:30:45.123456', null, 1e10, true, 9223372036854775807, 1234.5678, 'abcd', null, null, '[-1,-2,-3]'),
    (7, 'a''b%c_d\\e', 2003, 6.5, 'Drama ', '2003-12-30', null, null, 0.1, true, 3, 0.0001, null, null, null, '[3,2,1]'),
    (8, '', 1999, 0.0, 'Drama', '1999-02-28', null, null, 0, false, 2, 99, null, null, null, '[0.1,0.2,0.3]')`,
  `insert into people (name, born, boss) values ('Ridley Scott', '1937-11-30', null), ('Terry Gilliam', '1940-11-22', 1),
    ('Sigourney Weaver', '1949-10-08', 1), ('nobody', null, 2)`,
  `insert into roles values (1, 1, 'director', 1000.50), (1, 3, 'Ripley', 500), (2, 3, 'Ripley', 800.25), (3, 2, null, null)`,
];
