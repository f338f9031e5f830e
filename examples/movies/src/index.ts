export { DIMENSIONS, hashFeatures, words } from './feature-hashing.js';
export { loadMovies } from './load.js';
export { distributorLine, movieLine } from './copy-text.js';
export { readMovies } from './movies.js';
export { CREATE_TABLES, CREATE_TABLES_WITHOUT_VECTOR } from './schema.js';

export type { Feature } from './feature-hashing.js';
export type { LoadOutcome } from './load.js';
export type { Distributor, Movie } from './movies.js';
