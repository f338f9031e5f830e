import type { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { answerOf, answerOfPglite } from './support/answers.js';
import { startPgliteJudge } from './support/pglite-judge.js';
import { COMPARISONS } from './support/queries.js';
import { serveMovies, type ServedMovies } from './support/served-movies.js';

describe('pgwire over the emulator answers as PostgreSQL does', () => {
  let served: ServedMovies;
  let client: Client;
  let judge: PGlite;

  beforeAll(async () => {
    [served, judge] = await Promise.all([serveMovies(), startPgliteJudge()]);
    client = new Client({ connectionString: served.url });
    await client.connect();
  }, 120_000);

  afterAll(async () => {
    await client.end();
    await served.stop();
    await judge.close();
  });

  it.each(COMPARISONS)('$name', async (comparison) => {
    const [ours, theirs] = await Promise.all([
      answerOf(client, comparison),
      answerOfPglite(judge, comparison),
    ]);
    expect(ours).toEqual(theirs);
  });
});
