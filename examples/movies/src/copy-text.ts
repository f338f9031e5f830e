import type { Distributor, Movie } from './movies.js';

type CopyValue = string | number | null;

/** One line of PostgreSQL's COPY text format. */
function line(values: readonly CopyValue[]): string {
  const fields = values.map((value) =>
    value === null
      ? '\\N'
      : String(value)
          .replaceAll('\\', '\\\\')
          .replaceAll('\t', '\\t')
          .replaceAll('\n', '\\n')
          .replaceAll('\r', '\\r'),
  );
  return `${fields.join('\t')}\n`;
}

export const distributorLine = ({ id, name }: Distributor): string => line([id, name]);

export const movieLine = (movie: Movie): string =>
  line([
    movie.id,
    movie.title,
    movie.distributorId,
    movie.released,
    movie.genre,
    movie.director,
    movie.mpaaRating,
    movie.runningMinutes,
    movie.budget,
    movie.usGross,
    movie.worldwideGross,
    movie.imdbRating,
    movie.imdbVotes,
    `[${movie.embedding.join(',')}]`,
  ]);
