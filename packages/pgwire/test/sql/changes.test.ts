import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SqlParameter } from '@iris-devtools/core';
import { startIris, type Iris } from './support/iris.js';
import { Judge } from './support/judge.js';
import { Pair, type Answer } from './support/pair.js';

type Step = readonly [sql: string, parameters?: readonly SqlParameter[]];

/** Statements that run one after the other on both databases; after each the tables must be equal. */
const STORIES: Readonly<Record<string, readonly Step[]>> = {
  'INSERT and RETURNING': [
    ["insert into items (name) values ('one') returning id, name, upper(name) as loud"],
    ["insert into items (name, price) values ('two', 2.5), ('three', null), ('four', 4.255)"],
    ['insert into items (name, price) values ($1, $2) returning *', ["it's", '7.10']],
    [
      "insert into items (name, active, made, at) values ('x', true, '2020-02-29', '2020-02-29 01:02:03.5') returning active, made, at",
    ],
    ["insert into items (name, price) select name || '!', price * 2 from items where price is not null"],
    ["insert into items (name) select name || '?' from items where id < 3 order by id returning id, name"],
    ["insert into items (name) select name || '#' from items where id < 4 order by name desc limit 2"],
    ["insert into items (name) select name || '~' from items where id < 4 order by name desc"],
    ["insert into items (name, note) values ('default', default) returning note"],
    ["insert into items (name, note) values ('null', null) returning note"],
    ['insert into items (name) values ((select max(name) from items where id < 3))'],
    ['insert into items (name) values (null)'],
    ["insert into items (name, price) values ('long', 123456789.12)"],
    ["insert into items (code) values ('no name')"],
    // The last one: IRIS's counter goes on behind an explicit value, PostgreSQL's sequence does not know of it.
    ["insert into items (id, name) values (100, 'explicit')"],
  ],
  'ON CONFLICT': [
    ["insert into keys values (1, 'a', 1), (2, 'b', 1)"],
    ["insert into keys values (1, 'x', 9) on conflict do nothing"],
    ["insert into keys values (3, 'a', 9) on conflict do nothing"],
    ["insert into keys values (3, 'a', 9) on conflict (id) do nothing"],
    [
      "insert into keys values (1, 'a', 9) on conflict on constraint keys_pkey do update set n = 2 returning n",
    ],
    ["insert into keys values (1, 'x', 9), (4, 'd', 9) on conflict (id) do nothing returning id"],
    [
      "insert into keys values (1, 'a', 5) on conflict (id) do update set n = keys.n + excluded.n returning *",
    ],
    [
      "insert into keys values (9, 'b', 7) on conflict (name) do update set n = excluded.n, name = excluded.name || '!' where keys.n < 5 returning *",
    ],
    [
      "insert into keys values (9, 'b!', 8) on conflict (name) do update set n = excluded.n where keys.n < 5 returning *",
    ],
    ["insert into keys values (5, 'e', 1), (5, 'f', 2) on conflict (id) do update set n = 0"],
    [
      "insert into keys (id, name) select id + 1, name || '+' from keys on conflict (id) do update set name = excluded.name",
    ],
    ['insert into keys values ($1, $2, $3) on conflict (id) do update set n = excluded.n', [1, 'z', 77]],
    ["insert into keys values (1, 'dup', 0)"],
  ],
  UPDATE: [
    ["insert into keys values (1, 'a', 1), (2, 'b', 2), (3, 'c', null), (4, 'B', 4)"],
    ['update keys set n = n + 1'],
    ["update keys set n = n * 2, name = name || '!' where n > 2 returning id, name, n"],
    ["update keys k set n = coalesce(k.n, 0) where k.name = 'c'"],
    ["update keys set (n, name) = (5, 'five') where id = 1"],
    ['update keys set n = $1 where name = $2', [42, 'b!']],
    [
      'update keys set n = s.total from (select count(*) as total from keys) s where keys.id = 4 returning keys.id, keys.n',
    ],
    ['update keys set n = (select max(n) from keys) where id = 1'],
    ["update keys set name = 'five' where id = 2"],
    ['update keys set name = null where id = 2'],
    ['update keys set n = n / 0'],
    ['update keys set n = 0 where id = 99 returning id'],
  ],
  DELETE: [
    ["insert into keys values (1, 'a', 1), (2, 'b', 2), (3, 'c', 3), (4, 'd', 4), (5, 'e', 5)"],
    ['delete from keys where n = 3'],
    ["delete from keys k where k.name in ('a', 'A') returning id, name || '?' as q"],
    ['delete from keys using items i where i.id = keys.id'],
    ['delete from keys where id = $1 returning *', [4]],
    ['delete from keys'],
  ],
};

const TABLES: readonly string[] = [
  `create table items (id serial primary key, name text not null, price numeric(8,2), active boolean, made date,
     at timestamp, note text default 'none', code varchar(5))`,
  'create table keys (id integer primary key, name varchar(10) not null unique, n integer)',
];

let judge: Judge;
let iris: Iris;
let pair: Pair;

beforeAll(async () => {
  [judge, iris] = await Promise.all([Judge.start(), startIris()]);
  pair = new Pair(judge, iris.session);
}, 60_000);

afterAll(async () => {
  await iris.close();
  await judge.close();
});

function rowsOf(answer: Answer | string): unknown {
  return typeof answer === 'string' ? answer : answer.rows;
}

describe.each(Object.entries(STORIES))('%s', (_name, steps) => {
  beforeAll(async () => {
    await pair.setUp(['drop table if exists items', 'drop table if exists keys', ...TABLES]);
  });

  it.each(steps.map((each): [string, Step] => [each[0], each]))(
    '%s',
    async (_sql, [sql, parameters = []]) => {
      const [fromIris, fromPostgres] = await pair.both(sql, parameters);
      expect(fromIris).toEqual(fromPostgres);
      for (const table of ['items', 'keys']) {
        const [ours, theirs] = await pair.both(`select * from ${table} order by id`);
        expect(rowsOf(ours)).toEqual(rowsOf(theirs));
      }
    },
  );
});
