import { execFile } from 'node:child_process';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  CREATE_TABLES_WITHOUT_VECTOR,
  distributorLine,
  movieLine,
  readMovies,
} from '@iris-devtools/example-movies';
import { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { answerOf } from '../test/support/answers.js';
import { COMPARISONS } from '../test/support/queries.js';
import { serveMovies, type ServedMovies } from '../test/support/served-movies.js';

const run = promisify(execFile);

/** Set by `npm run test:postgres`, which starts a PostgreSQL for the run. */
const judgeUrl = process.env['POSTGRES_TEST_URL'] ?? '';

async function loadJudge(client: Client): Promise<void> {
  const { movies, distributors } = readMovies();
  for (const sql of CREATE_TABLES_WITHOUT_VECTOR) await client.query(sql);
  await pipeline(
    Readable.from(distributors.map(distributorLine)),
    client.query(copyFrom('copy distributors from stdin')),
  );
  await pipeline(Readable.from(movies.map(movieLine)), client.query(copyFrom('copy movies from stdin')));
}

/** psql itself, without its start-up file. */
async function psql(url: string, ...commands: string[]): Promise<string> {
  const args = ['-X', ...commands.flatMap((command) => ['-c', command]), url];
  return (await run('psql', args)).stdout;
}

describe('pgwire over the emulator beside a PostgreSQL server', () => {
  let served: ServedMovies;
  let ours: Client;
  let judge: Client;

  beforeAll(async () => {
    served = await serveMovies();
    ours = new Client({ connectionString: served.url });
    judge = new Client({ connectionString: judgeUrl });
    await Promise.all([ours.connect(), judge.connect()]);
    await loadJudge(judge);
  }, 120_000);

  afterAll(async () => {
    await Promise.all([ours.end(), judge.end()]);
    await served.stop();
  });

  it.each(COMPARISONS)('$name', async (comparison) => {
    expect(await answerOf(ours, comparison)).toEqual(await answerOf(judge, comparison));
  });

  it.each(['\\d distributors', '\\d movies', '\\dn', '\\di', '\\dv', '\\dt public.*', 'select 1 as one'])(
    'psql prints the same for %s',
    async (command) => {
      const [mine, theirs] = await Promise.all([psql(served.url, command), psql(judgeUrl, command)]);
      // The judge has no vector type: that one column is text there.
      const comparable = (text: string) => text.replaceAll(/(vector\(1024\)|text {8})/g, 'VECTOR');
      expect(comparable(mine)).toBe(comparable(theirs));
    },
  );
});
