import path from 'node:path';
import { runPgwire, type PgwireAccess } from '@iris-devtools/pgwire';
import { loadMovies } from './load.js';

/** Kept beside the checkout and ignored by git; the second start finds the films there. */
const DATA_DIRECTORY = path.resolve(__dirname, '..', '..', '..', '.iris-data');

const given = process.argv.slice(2);
const has = (...names: string[]) =>
  given.some((word) => names.some((name) => word === name || word.startsWith(`${name}=`)));
const usesEmulator = has('--embedded') || (!has('--iris') && process.env['IRIS_URI'] === undefined);

/** What a first try needs, unless it is said otherwise. A fixed password is for loopback only. */
function defaults(): string[] {
  const added: string[] = [];
  if (usesEmulator && !has('--data')) added.push('--data', DATA_DIRECTORY);
  const ownPassword =
    has('--password', '--password-file') || process.env['IRIS_PGWIRE_PASSWORD'] !== undefined;
  if (!ownPassword && !has('--listen')) added.push('--password', 'iris');
  return added;
}

function readyMessage({ url, user, password }: PgwireAccess): string {
  const films = usesEmulator
    ? `
  psql '${url}' -c '\\d movies'
  psql '${url}' -c "select d.name, count(*) as films, sum(worldwide_gross) as gross from movies m join distributors d on d.id = m.distributor_id group by d.name order by gross desc nulls last limit 5"
  psql '${url}' -c "with probe as (select embedding as e from movies where title = 'Jurassic Park') select title, 1 - (embedding <=> e) as similarity from movies, probe order by embedding <=> e, id limit 5"
`
    : `
  psql '${url}' -c '\\dt'
`;
  return `
PostgreSQL clients can connect now.
  connection string  ${url}
  user               ${user}
  password           ${password}
${films}
Ctrl-C stops the server.
`;
}

async function main(): Promise<void> {
  process.exitCode = await runPgwire([...defaults(), ...given], {
    readyMessage,
    ...(usesEmulator
      ? {
          beforeReady: async ({ url }) => {
            await loadMovies(url, (text) => void process.stderr.write(`${text}\n`));
          },
        }
      : {}),
  });
}

void main();
