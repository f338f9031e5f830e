import type { Iris } from '@iris-devtools/connections';

const BOOKS = [
  ['Emma', 3],
  ['Ulysses', 1],
] as const;

/** Creates the table that the admin shows, and fills it. Safe to run again. */
export async function setUp(iris: Iris): Promise<void> {
  await iris.query(
    'CREATE TABLE IF NOT EXISTS Library.Book (Title VARCHAR(200) NOT NULL UNIQUE, Copies INTEGER NOT NULL)',
  );
  await iris.transaction(async (session) => {
    await session.query('DELETE FROM Library.Book');
    for (const [title, copies] of BOOKS)
      await session.query('INSERT INTO Library.Book (Title, Copies) VALUES (?, ?)', [title, copies]);
  });
}
