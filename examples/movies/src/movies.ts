import { readFileSync } from 'node:fs';
import path from 'node:path';
import { hashFeatures, words, type Feature } from './feature-hashing.js';

/** One film of the vega-datasets collection, with the types that the table has. */
export interface Movie {
  readonly id: number;
  readonly title: string | null;
  readonly distributorId: number | null;
  readonly released: string;
  readonly genre: string | null;
  readonly director: string | null;
  readonly mpaaRating: string | null;
  readonly runningMinutes: number | null;
  readonly budget: number | null;
  readonly usGross: number | null;
  readonly worldwideGross: number | null;
  readonly imdbRating: number | null;
  readonly imdbVotes: number | null;
  readonly embedding: readonly number[];
}

export interface Distributor {
  readonly id: number;
  readonly name: string;
}

type RawMovie = Readonly<Record<string, string | number | null>>;

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Jun 12 1998` -> `1998-06-12`. Years that the collection guessed wrong (2046 for 1946) stay as they are. */
function isoDate(text: string): string {
  const [month = '', day = '', year = ''] = text.split(' ');
  const monthNumber = MONTHS.indexOf(month) + 1;
  if (monthNumber === 0) throw new Error(`not a release date: ${text}`);
  return `${year}-${String(monthNumber).padStart(2, '0')}-${day}`;
}

const text = (value: RawMovie[string] | undefined): string | null =>
  value === null || value === undefined ? null : String(value);
const number = (value: RawMovie[string] | undefined): number | null =>
  typeof value === 'number' ? value : null;

function features(raw: RawMovie): Feature[] {
  const found: Feature[] = [];
  for (const word of words(text(raw['Title']) ?? '')) found.push({ name: `title:${word}`, weight: 1 });
  for (const [field, weight] of [
    ['Major Genre', 1],
    ['Creative Type', 0.75],
    ['Source', 0.5],
    ['Director', 1.5],
    ['Distributor', 0.25],
    ['MPAA Rating', 0.25],
  ] as const) {
    const value = text(raw[field]);
    if (value !== null) found.push({ name: `${field}:${value.toLowerCase()}`, weight });
  }
  return found;
}

/** Reads the collection: 3,201 films and the distributors they name, in a fixed order. */
export function readMovies(): { movies: Movie[]; distributors: Distributor[] } {
  const data = path.join(path.dirname(require.resolve('vega-datasets')), '..', 'data', 'movies.json');
  const raws = JSON.parse(readFileSync(data, 'utf8')) as RawMovie[];
  const names = [...new Set(raws.flatMap((raw) => text(raw['Distributor']) ?? []))].sort();
  const distributors = names.map((name, index) => ({ id: index + 1, name }));
  const idOf = new Map(distributors.map(({ id, name }) => [name, id]));
  const movies = raws.map((raw, index) => ({
    id: index + 1,
    title: text(raw['Title']),
    distributorId: idOf.get(text(raw['Distributor']) ?? '') ?? null,
    released: isoDate(String(raw['Release Date'])),
    genre: text(raw['Major Genre']),
    director: text(raw['Director']),
    mpaaRating: text(raw['MPAA Rating']),
    runningMinutes: number(raw['Running Time min']),
    budget: number(raw['Production Budget']),
    usGross: number(raw['US Gross']),
    worldwideGross: number(raw['Worldwide Gross']),
    imdbRating: number(raw['IMDB Rating']),
    imdbVotes: number(raw['IMDB Votes']),
    embedding: hashFeatures(features(raw)),
  }));
  return { movies, distributors };
}
