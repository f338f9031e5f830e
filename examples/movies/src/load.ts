import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { distributorLine, movieLine } from './copy-text.js';
import { readMovies } from './movies.js';
import { CREATE_TABLES } from './schema.js';

async function copy(client: Client, sql: string, lines: readonly string[]): Promise<number> {
  const stream = client.query(copyFrom(sql));
  await pipeline(Readable.from(lines), stream);
  return stream.rowCount;
}

/** Is the sample there, whole? A first start that was interrupted leaves less, and is loaded again. */
async function isLoaded(client: Client, expected: number): Promise<boolean> {
  const found = await client.query(
    "select 1 from information_schema.tables where table_schema = 'public' and table_name = 'movies'",
  );
  if (found.rowCount === 0) return false;
  const counted = await client.query<{ n: string }>('select count(*) as n from movies');
  return Number(counted.rows[0]?.n) === expected;
}

export interface LoadOutcome {
  /** `false`: the sample was there already. */
  readonly loaded: boolean;
  readonly movies: number;
}

/**
 * Loads the films with COPY through any PostgreSQL server that has `vector`; does nothing when they are there.
 * @param connectionString e.g. `postgresql://_SYSTEM:SYS@127.0.0.1:5432/USER`
 * @param progress told what is being done, one short sentence at a time
 */
export async function loadMovies(
  connectionString: string,
  progress: (text: string) => void = () => undefined,
): Promise<LoadOutcome> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    const { movies, distributors } = readMovies();
    if (await isLoaded(client, movies.length)) return { loaded: false, movies: movies.length };
    progress(`Loading ${String(movies.length)} films (first start only) ...`);
    await client.query('drop table if exists movies');
    await client.query('drop table if exists distributors');
    for (const sql of CREATE_TABLES) await client.query(sql);
    await copy(client, 'copy distributors from stdin', distributors.map(distributorLine));
    const count = await copy(client, 'copy movies from stdin', movies.map(movieLine));
    return { loaded: true, movies: count };
  } finally {
    await client.end();
  }
}
