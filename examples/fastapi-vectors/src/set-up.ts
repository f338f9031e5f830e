import type { Iris } from '@iris-devtools/connections';

/** Places and how much they are of sea, mountains, city and forest. */
const PLACES = [
  ['Lisbon', [0.7, 0.1, 0.9, 0.1]],
  ['Zermatt', [0, 1, 0.2, 0.4]],
  ['Vancouver', [0.7, 0.7, 0.7, 0.7]],
  ['Hiiumaa', [0.9, 0, 0, 0.8]],
  ['Vienna', [0, 0.2, 1, 0.3]],
] as const;

/** Creates the table with a vector column, and fills it. Safe to run again. */
export async function setUp(iris: Iris): Promise<void> {
  await iris.query(
    'CREATE TABLE IF NOT EXISTS Travel.Place (Name VARCHAR(100) NOT NULL UNIQUE, Mood VECTOR(DOUBLE, 4))',
  );
  await iris.transaction(async (session) => {
    await session.query('DELETE FROM Travel.Place');
    for (const [name, mood] of PLACES)
      await session.query('INSERT INTO Travel.Place (Name, Mood) VALUES (?, TO_VECTOR(?, double, 4))', [
        name,
        mood.join(','),
      ]);
  });
}
