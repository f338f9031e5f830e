import { PG_TEXT } from './pg-writer.js';
import type { PgWriter } from './pg-writer.js';

export interface StorageRequest {
  readonly sql: string;
  /** In PostgreSQL's text form. */
  readonly parameters?: readonly (string | null)[];
  /** OIDs; text where absent. */
  readonly parameterTypes?: readonly number[];
  /** 0 or absent: all. */
  readonly maxRows?: number;
  /** Text that will not come again, e.g. with a literal in it: never kept prepared. */
  readonly once?: boolean;
}

interface Known {
  /** Undefined: seen once, so not yet worth the memory of a prepared statement. */
  name: string | undefined;
}

/**
 * Which texts the storage holds as prepared statements. A text gets a name when it comes for the second time:
 * each prepared statement costs tens of kB and generated texts with literals in them never come back.
 */
export class StatementNames {
  readonly #known = new Map<string, Known>();
  readonly #limit: number;
  #serial = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Writes Parse (when needed), Bind and Execute. @returns the name that was parsed just now, if any. */
  write(writer: PgWriter, request: StorageRequest): string | undefined {
    const parameters = request.parameters ?? [];
    const types = request.parameterTypes ?? parameters.map(() => PG_TEXT);
    const { name, isNew } =
      request.once === true ? { name: '', isNew: true } : this.#nameFor(writer, request.sql, types);
    if (isNew) writer.parse(name, request.sql, types);
    writer.bind(name, parameters).execute(request.maxRows ?? 0);
    return isNew && name !== '' ? name : undefined;
  }

  /** Forgets names whose Parse may not have happened. */
  forget(names: readonly string[]): void {
    for (const [key, known] of this.#known) {
      if (known.name !== undefined && names.includes(known.name)) this.#known.delete(key);
    }
  }

  /** After DDL, plans may describe tables that are no more. */
  clear(writer: PgWriter): void {
    for (const { name } of this.#known.values()) if (name !== undefined) writer.closeStatement(name);
    this.#known.clear();
  }

  #nameFor(writer: PgWriter, sql: string, types: readonly number[]): { name: string; isNew: boolean } {
    const key = `${types.join(',')} ${sql}`;
    const known = this.#known.get(key);
    if (known === undefined) {
      this.#known.set(key, { name: undefined });
      this.#evict(writer);
      return { name: '', isNew: true };
    }
    this.#known.delete(key);
    this.#known.set(key, known);
    if (known.name !== undefined) return { name: known.name, isNew: false };
    known.name = `s${++this.#serial}`;
    return { name: known.name, isNew: true };
  }

  #evict(writer: PgWriter): void {
    if (this.#known.size <= this.#limit) return;
    for (const [key, known] of this.#known) {
      this.#known.delete(key);
      if (known.name !== undefined) writer.closeStatement(known.name);
      return;
    }
  }
}
