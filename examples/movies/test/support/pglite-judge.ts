import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';
import { CREATE_TABLES, distributorLine, movieLine, readMovies } from '@iris-devtools/example-movies';

/** PostgreSQL in this process with the same films, loaded by its own COPY. */
export async function startPgliteJudge(): Promise<PGlite> {
  const db = await PGlite.create({ extensions: { vector } });
  await db.exec('create extension vector');
  for (const sql of CREATE_TABLES) await db.exec(sql);
  const { movies, distributors } = readMovies();
  await copy(db, 'distributors', distributors.map(distributorLine));
  await copy(db, 'movies', movies.map(movieLine));
  return db;
}

async function copy(db: PGlite, table: string, lines: readonly string[]): Promise<void> {
  const blob = new Blob([...lines]);
  await db.query(`copy ${table} from '/dev/blob'`, [], { blob });
}
