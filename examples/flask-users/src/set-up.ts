import type { Iris } from '@iris-devtools/connections';

const PEOPLE = [
  ['Ann', 'ann@example.org'],
  ['Bo', 'bo@example.org'],
] as const;

/** Creates the table that the application reads, and puts two people into it. Safe to run again. */
export async function setUp(iris: Iris): Promise<void> {
  await iris.query(
    'CREATE TABLE IF NOT EXISTS Directory.Person (Name VARCHAR(100) NOT NULL, Email VARCHAR(200) NOT NULL UNIQUE)',
  );
  await iris.transaction(async (session) => {
    for (const [name, email] of PEOPLE) {
      const { rows } = await session.query('SELECT 1 FROM Directory.Person WHERE Email = ?', [email]);
      if (rows.length === 0)
        await session.query('INSERT INTO Directory.Person (Name, Email) VALUES (?, ?)', [name, email]);
    }
  });
}
