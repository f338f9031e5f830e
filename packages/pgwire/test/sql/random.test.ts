import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FILMS } from './support/films.js';
import { startIris, type Iris } from './support/iris.js';
import { Judge } from './support/judge.js';
import { Pair, type Answer } from './support/pair.js';
import { randomQuery } from './support/random-sql.js';

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

/** Numbers without closing zeros: the scale of a sum over several scales is known to PostgreSQL alone. */
function plain(answer: Answer | string): unknown {
  if (typeof answer === 'string') return answer;
  const number = /^-?\d+\.\d+$/;
  return answer.rows.map((row) =>
    row.map((cell) => (cell !== null && number.test(cell) ? cell.replace(/\.?0+$/, '') : cell)),
  );
}

describe('random queries', () => {
  it('give what PostgreSQL gives, or are refused', async () => {
    await fc.assert(
      fc.asyncProperty(randomQuery, async (sql) => {
        const [ours, theirs] = await pair.both(sql);
        // PostgreSQL refuses what the generator got wrong; we refuse what IRIS cannot do.
        if (ours === 'error 0A000') return;
        expect(plain(ours)).toEqual(plain(theirs));
      }),
      { numRuns: 100, interruptAfterTimeLimit: 40_000 },
    );
  }, 120_000);
});
