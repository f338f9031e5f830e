import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { hashFeatures, loadMovies, readMovies, type Movie } from '@iris-devtools/example-movies';
import { serveMovies, type ServedMovies } from './support/served-movies.js';

function cosineDistance(a: readonly number[], b: readonly number[]): number {
  let dot = 0;
  let aa = 0;
  let bb = 0;
  a.forEach((x, i) => {
    const y = b[i] ?? 0;
    dot += x * y;
    aa += x * x;
    bb += y * y;
  });
  return 1 - dot / Math.sqrt(aa * bb);
}

/** The answer without any database: every distance, sorted. */
function nearest(movies: readonly Movie[], probe: readonly number[], count: number) {
  return movies
    .filter(({ embedding }) => embedding.some((x) => x !== 0))
    .map(({ id, embedding }) => ({ id, distance: cosineDistance(embedding, probe) }))
    .sort((x, y) => x.distance - y.distance || x.id - y.id)
    .slice(0, count);
}

describe('the films through npm pg', () => {
  const { movies } = readMovies();
  let served: ServedMovies;
  let client: Client;

  beforeAll(async () => {
    served = await serveMovies();
    client = new Client({ connectionString: served.url });
    await client.connect();
  }, 120_000);

  afterAll(async () => {
    await client.end();
    await served.stop();
  });

  it('are loaded once', async () => {
    expect(await loadMovies(served.url)).toEqual({ loaded: false, movies: 3201 });
  });

  it.each(['Jurassic Park', 'Toy Story 2', 'The Godfather'])(
    'finds the five films most like %s with a bound vector of 1,024 dimensions',
    async (title) => {
      const probe = movies.find((movie) => movie.title === title)?.embedding ?? [];
      const { rows } = await client.query<{ id: number; distance: number }>(
        'select id, embedding <=> $1 as distance from movies order by embedding <=> $1, id limit 5',
        [`[${probe.join(',')}]`],
      );
      const expected = nearest(movies, probe, 5);
      expect(rows.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
      // pgvector's elements are single precision, so a bound vector is rounded to it.
      rows.forEach(({ distance }, i) => {
        expect(distance).toBeCloseTo(expected[i]?.distance ?? Number.NaN, 7);
      });
    },
  );

  it('computes <-> and <#> exactly too', async () => {
    const probe = hashFeatures([{ name: 'title:park', weight: 1 }]);
    const { rows } = await client.query<{ id: number; l2: number; ip: number }>(
      'select id, embedding <-> $1 as l2, embedding <#> $1 as ip from movies where id <= 50 order by id',
      [`[${probe.join(',')}]`],
    );
    for (const { id, l2, ip } of rows) {
      const { embedding } = movies[id - 1] ?? { embedding: [] };
      const dot = embedding.reduce((sum, x, i) => sum + x * (probe[i] ?? 0), 0);
      const square = embedding.reduce((sum, x, i) => sum + (x - (probe[i] ?? 0)) ** 2, 0);
      expect(ip).toBeCloseTo(-dot, 7);
      expect(l2).toBeCloseTo(Math.sqrt(square), 6);
    }
    expect(rows).toHaveLength(50);
  });

  it('leaves no trace of a transaction that is rolled back', async () => {
    await client.query('begin');
    await client.query("insert into distributors values (9001, 'Nobody'), (9002, 'No one')");
    await client.query('update movies set budget = 0 where id = 1');
    await client.query('delete from movies where id between 2 and 4');
    expect((await client.query('select id from movies where id < 5 and budget = 0')).rowCount).toBe(1);
    await client.query('rollback');
    const { rows } = await client.query<{ d: string; m: string; b: string }>(
      'select (select count(*) from distributors where id > 9000) as d, count(*) as m, sum(budget) as b from movies where id < 5',
    );
    const budget = movies.slice(0, 4).reduce((sum, movie) => sum + (movie.budget ?? 0), 0);
    expect(rows).toEqual([{ d: '0', m: '4', b: String(budget) }]);
  });

  it('refuses everything after an error in a transaction, with 25P02, until ROLLBACK', async () => {
    await client.query('begin');
    await client.query("insert into distributors values (9003, 'Nobody')");
    await expect(client.query('select no_such_column from movies')).rejects.toMatchObject({
      code: '42703',
      position: '8',
    });
    await expect(client.query('select 1')).rejects.toMatchObject({ code: '25P02' });
    await expect(client.query('commit')).resolves.toMatchObject({ command: 'ROLLBACK' });
    expect((await client.query('select 1 from distributors where id = 9003')).rowCount).toBe(0);
  });

  it('gives constraint errors as PostgreSQL does', async () => {
    await expect(client.query("insert into distributors values (1, 'again')")).rejects.toMatchObject({
      code: '23505',
    });
    await expect(client.query('insert into distributors values (9004, null)')).rejects.toMatchObject({
      code: '23502',
    });
    await expect(
      client.query('update movies set distributor_id = 424242 where id = 1'),
    ).rejects.toMatchObject({
      code: '23503',
    });
  });

  it('says what it cannot do instead of doing something else', async () => {
    await expect(client.query('select variance(running_minutes) from movies')).rejects.toMatchObject({
      code: '0A000',
      position: '8',
    });
  });
});
