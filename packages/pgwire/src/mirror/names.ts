/**
 * Names of IRIS as names of PostgreSQL.
 *
 * IRIS compares names without case and keeps the case of the declaration; PostgreSQL folds unquoted names to lower
 * case and compares exactly. So a plain name of a table made in IRIS is shown in lower case, where every unquoted spelling
 * finds it. A table made through pgwire already has the case that its PostgreSQL statement meant, and keeps it.
 */

const PLAIN = /^[\p{L}_][\p{L}\p{N}_$]*$/u;
/** PostgreSQL's NAMEDATALEN, without the end mark. */
const MAX_NAME_BYTES = 63;
/** Each PostgreSQL table has these hidden columns. */
const SYSTEM_COLUMNS = new Set(['tableoid', 'ctid', 'xmin', 'xmax', 'cmin', 'cmax']);

/** PostgreSQL folds ASCII letters only. */
function foldCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

export function toPgName(irisName: string, keepCase: boolean): string {
  return keepCase || !PLAIN.test(irisName) ? irisName : foldCase(irisName);
}

/** Cuts at whole characters. */
function truncate(name: string, maxBytes: number): string {
  let cut = name;
  while (Buffer.byteLength(cut) > maxBytes) cut = Array.from(cut).slice(0, -1).join('');
  return cut;
}

/** Hands out names that fit into PostgreSQL and differ from each other. */
export class NameSpace {
  readonly #taken = new Set<string>();

  claim(wanted: string): string {
    const name = truncate(wanted, MAX_NAME_BYTES);
    if (!this.#taken.has(name)) {
      this.#taken.add(name);
      return name;
    }
    for (let number = 1; ; number += 1) {
      const numbered = `${truncate(name, MAX_NAME_BYTES - 1 - String(number).length)}_${number}`;
      if (this.#taken.has(numbered)) continue;
      this.#taken.add(numbered);
      return numbered;
    }
  }
}

/** Column names of one table. */
export function columnNameSpace(): NameSpace {
  const names = new NameSpace();
  for (const name of SYSTEM_COLUMNS) names.claim(name);
  return names;
}

export interface SchemaNames {
  /** The IRIS schema that PostgreSQL's clients see as `public`. */
  readonly publicSchema: string;
}

/** Schemas that PostgreSQL keeps for itself get a prefix. */
export function toPgSchema(irisSchema: string, { publicSchema }: SchemaNames): string {
  const folded = toPgName(irisSchema, false);
  if (folded.toLowerCase() === publicSchema.toLowerCase()) return 'public';
  const isReserved = folded.startsWith('pg_') || folded === 'public' || folded === 'information_schema';
  return isReserved ? `iris_${folded}` : folded;
}
