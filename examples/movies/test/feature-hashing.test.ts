import { describe, expect, it } from '@jest/globals';
import { hashFeatures, readMovies, words } from '@iris-devtools/example-movies';

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0);

describe('feature hashing', () => {
  it('splits words in any script', () => {
    expect(words("Amélie's 2nd Ночь")).toEqual(['amélie', 's', '2nd', 'ночь']);
  });

  it('gives a unit vector that depends on nothing but the features', () => {
    const vector = hashFeatures([
      { name: 'title:alien', weight: 1 },
      { name: 'genre:horror', weight: 2 },
    ]);
    expect(vector).toHaveLength(1024);
    expect(vector.filter((x) => x !== 0)).toHaveLength(2);
    expect(Math.abs(dot(vector, vector) - 1)).toBeLessThan(1e-5);
    expect(hashFeatures([])).toEqual(new Array(1024).fill(0));
  });

  it('puts sequels nearer than strangers', () => {
    const { movies } = readMovies();
    const find = (title: string) => movies.find((movie) => movie.title === title)?.embedding ?? [];
    const near = dot(find('Jurassic Park'), find('Jurassic Park 3'));
    const far = dot(find('Jurassic Park'), find('The Land Girls'));
    expect(near).toBeGreaterThan(far + 0.2);
  });
});

describe('the collection', () => {
  it('has 3,201 films and keeps every foreign key', () => {
    const { movies, distributors } = readMovies();
    const ids = new Set(distributors.map(({ id }) => id));
    expect(movies).toHaveLength(3201);
    expect(movies.filter(({ distributorId }) => distributorId !== null && !ids.has(distributorId))).toEqual(
      [],
    );
    expect(movies.filter(({ embedding }) => embedding.every((x) => x === 0)).length).toBeLessThan(5);
  });
});
