import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { answerOf } from './support/answers.js';
import { PgliteJudge } from './support/pglite-judge.js';
import { COMPARISONS } from './support/queries.js';
import { serveMovies, type ServedMovies } from './support/served-movies.js';

describe('pgwire over the emulator answers as PostgreSQL does', () => {
  let served: ServedMovies;
  let client: Client;
  let judge: PgliteJudge;

  beforeAll(async () => {
    [served, judge] = await Promise.all([serveMovies(), PgliteJudge.start()]);
    client = new Client({ connectionString: served.url });
    await client.connect();
  }, 120_000);

  afterAll(async () => {
    await client.end();
    await served.stop();
    await judge.close();
  });

  it.each(COMPARISONS)('$name', async (comparison) => {
    const [ours, theirs] = await Promise.all([answerOf(client, comparison), judge.answer(comparison)]);
    expect(ours).toEqual(theirs);
  });
});
