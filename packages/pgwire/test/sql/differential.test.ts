import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FILMS } from './support/films.js';
import { startIris, type Iris } from './support/iris.js';
import { Judge } from './support/judge.js';
import { Pair, type Answer } from './support/pair.js';
import { QUERIES, type QueryCase } from './support/queries.js';

/** PostgreSQL is the judge: what it answers, the translated statement must answer on the emulator, through the driver. */
let judge: Judge;
let iris: Iris;
let pair: Pair;

beforeAll(async () => {
  [judge, iris] = await Promise.all([Judge.start(), startIris()]);
  pair = new Pair(judge, iris.session);
  await pair.setUp(FILMS);
}, 60_000);

afterAll(async () => {
  await iris.close();
  await judge.close();
});

/** Without an order at the end of the query its rows are a bag. */
function comparable(sql: string, answer: Answer | string): unknown {
  if (typeof answer === 'string') return answer;
  const rows = answer.rows.map((row) => JSON.stringify(row));
  return /order by[^)]*$/i.test(sql) ? rows : rows.sort();
}

describe.each(Object.entries(QUERIES))('%s', (_name, cases) => {
  it.each(cases.map((each): [string, QueryCase] => [each[0], each]))(
    '%s',
    async (_sql, [sql, parameters = []]) => {
      const [fromIris, fromPostgres] = await pair.both(sql, parameters);
      expect(comparable(sql, fromIris)).toEqual(comparable(sql, fromPostgres));
    },
  );
});
